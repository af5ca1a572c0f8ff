import type { AccessMode } from '../vocabulary.ts'
import type { DescribedEnvironment } from './delivery.ts'
import type { DeliveryFacts, EnvironmentFacts } from './facts.ts'
import { type Content, html, type Markup } from './html.ts'
import { link, portalLink } from './links.ts'
import { bounded, code, counted, listed } from './parts.ts'
import { partsOfProject } from './purpose.ts'

const mostAddresses = 20

/** How people reach a project's services, by the factory's access mode. */
const connecting: Readonly<Record<AccessMode, string>> = {
  'private-peered':
    'Work from a network that is peered with the project’s VNet, such as the company network or its VPN. The services have no public address.',
  'private-vpn':
    'Connect with the Azure VPN client to the gateway of the project’s VNet; the network team hands out the profile. The services have no public address.',
  'private-bastion':
    'Sign in through Azure Bastion to a virtual machine in the project’s VNet, which the network team gives you, and work from there. The services have no public address.',
  'private-ip-allowlist': 'Work from one of the addresses that the factory allows',
  'public-perimeter':
    'Work from anywhere. Your sign-in decides, so expect multi-factor authentication and conditional access.',
}

function connect({ project: { factory } }: DescribedEnvironment): Content {
  const { accessMode, allowedIps } = factory
  if (accessMode !== 'private-ip-allowlist') return connecting[accessMode]
  const { shown, more } = bounded(allowedIps, mostAddresses)
  const addresses = shown.map((address, index) => html`${index === 0 ? '' : ', '}${code(address)}`)
  return html`${connecting[accessMode]}: ${shown.length === 0 ? 'none is allowed yet' : addresses}${more === 0 ? '' : ` and ${more} more`}.`
}

/** The folder in which teams put data, as the lake's list says it. */
function inbox({ acl = [] }: EnvironmentFacts): string | undefined {
  return acl.find(({ path }) => /^projects\/[^/]+\/in$/.test(path))?.path
}

interface NextStep {
  readonly title: string
  readonly text: Content
}

function teamSteps(facts: DeliveryFacts, first: EnvironmentFacts): readonly NextStep[] {
  const { described, origin } = facts
  if (described === undefined) return []
  const { project, resourceGroup, ids } = described
  const portal = (id: string, content: Content): Markup =>
    link(portalLink(origin.portal, project.factory.tenantId, id), content)
  const services = partsOfProject(described).filter(({ purpose }) => purpose !== undefined)
  const openable = services.map(
    ({ title, resourceIds: [id = ''] }, index) => html`${index === 0 ? '' : ', '}${portal(id, title)}`,
  )
  const folder = inbox(first)
  return [
    { title: 'Connect', text: connect(described) },
    {
      title: 'Sign in with your own account',
      text: `There are no keys or passwords to ask for: groups hold the roles. ${whoIsIn(first)}`,
    },
    {
      title: `Open the project in ${first.title}`,
      text: html`Resource group ${portal(ids.resourceGroup, code(resourceGroup))}, with ${openable}.`,
    },
    ...(folder === undefined
      ? []
      : [
          {
            title: 'Bring data',
            text: html`Into folder ${code(folder)} of the container ${code(project.factory.lake.container)} in ${portal(ids.lake, 'the data lake')}.`,
          },
        ]),
    {
      title: 'Change something',
      text: html`People, services, sizes: edit ${link(origin.manifest?.url, code(origin.manifest?.name ?? 'the manifest'))} in a pull request. Once it is merged, it is delivered.`,
    },
  ]
}

function whoIsIn({ groups = [], title }: EnvironmentFacts): string {
  const people = new Set(
    groups
      .filter(({ key }) => key.startsWith('persona:'))
      .flatMap(({ members }) => members)
      .filter((member) => member.includes('@')),
  )
  return people.size === 0
    ? `Nobody is in a group of ${title} yet: add people to the manifest.`
    : `${counted(people.size, 'person is', 'people are')} in the groups of ${title}: ${listed([...people].slice(0, 12))}${people.size > 12 ? ` and ${people.size - 12} more` : ''}.`
}

/** What the team does first, when at least one environment is complete. */
export function nextSteps(facts: DeliveryFacts): Markup | undefined {
  const ready = facts.environments.find(
    ({ steps }) =>
      steps.length > 0 && steps.every(({ state }) => ['passed', 'changed', 'unchanged'].includes(state)),
  )
  const steps = ready === undefined ? [] : teamSteps(facts, ready)
  if (steps.length === 0) return undefined
  return html`<section class="block next" aria-labelledby="next">
<h2 id="next">What to do next</h2>
<ol class="next-steps">${steps.map(({ title, text }) => html`<li><strong>${title}.</strong> ${text}</li>\n`)}</ol>
</section>`
}
