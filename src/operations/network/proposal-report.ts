import { type Cidr, formatCidr, totalSizeOf } from '../../cidr.ts'
import { limits } from '../../network/capacity/limits.ts'
import { commonSubnets, growth, type ProjectCount, type Proposal } from '../../network/capacity/proposal.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Plan } from '../../plan/model.ts'
import { grouped } from '../../plan/numbers.ts'
import type { Report } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import { environments, projectTypes } from '../../vocabulary.ts'
import type { ProposalOptions } from './options.ts'

/** Reports a proposal in each profile. */
export function reportProposal(
  options: ProposalOptions,
  proposals: readonly Proposal[],
  action: string,
): Report {
  const warnings = proposals.slice(0, 1).flatMap(splitWarning)
  const plan: Plan = { version: 1, action, changes: [], warnings }
  return {
    plan,
    outcome: 'planned',
    outputs: { capacity: JSON.stringify({ version: 1, growth, proposals: proposals.map(asJson) }) },
    notice: `${proposals.map(inOneSentence).join(' ')} Calculated without a call to Azure.`,
    summary: fitting([
      `## ${cell(`Address spaces for ${counted(requested(options))} projects`)}`,
      ...warnings.map((warning) => `> ⚠️ ${cell(warning, 1_000)}`),
      proposalTable(proposals),
      assumptions(proposals),
      ...proposals.map((proposal) => snippets(proposal, options.reserved)),
    ]),
  }
}

const requested = ({ projects }: ProposalOptions): readonly ProjectCount[] =>
  projectTypes.flatMap((type) => {
    const count = projects[type]
    return count === undefined ? [] : [{ type, count }]
  })

const counted = (projects: readonly ProjectCount[]): string =>
  projects.map(({ type, count }) => `${grouped(count)} ${type}`).join(', ')

const sizes = ({ prefixLengths }: Proposal): string =>
  prefixLengths.map((prefixLength) => `/${prefixLength}`).join(' + ')

/** More than one instance is what a person has to know first. No limit but that of addresses depends on the profile. */
function splitWarning({ instances, projects, exceededLimits }: Proposal): readonly string[] {
  if (instances === 1) return []
  const reasons = exceededLimits.map(
    ({ limit, needed, max }) => `${grouped(needed)} ${limits[limit].noun} where ${grouped(max)} are allowed`,
  )
  return [
    `${counted(projects)} projects (with ${growth * 100}% for growth) do not fit one VNet and subscription per environment: they need ${reasons.join(', and ')}. It takes ${instances} instances of the factory, each with VNets and subscriptions of its own.`,
  ]
}

function inOneSentence(proposal: Proposal): string {
  const { profile, instances, networks } = proposal
  if (networks === undefined) return `Profile ${profile}: does not fit the private ranges.`
  const many = instances === 1 ? '' : ` in each of ${instances} instances`
  return `Profile ${profile}: ${sizes(proposal)} for each environment${many}.`
}

function proposalTable(proposals: readonly Proposal[]): string {
  const rows = proposals.flatMap((proposal) => {
    const { profile, instances, networks } = proposal
    return Array.from({ length: instances }, (_, index) => index + 1).map((instance) => [
      profile,
      instances === 1 ? '' : instanceName(instance),
      counted(proposal.perInstance),
      grouped(proposal.addresses),
      sizes(proposal),
      ...environments.map((environment) =>
        networks === undefined ? 'does not fit' : spaceOf(proposal, instance, environment).join(', '),
      ),
    ])
  })
  return table(['Profile', 'Instance', 'Projects', 'Addresses needed', 'VNet', ...environments], rows)
}

const instanceName = (instance: number): string => String(instance).padStart(3, '0')

const spaceOf = (
  { networks = [] }: Proposal,
  instance: number,
  environment: (typeof environments)[number],
): readonly string[] =>
  networks
    .filter((network) => network.instance === instance && network.environment === environment)
    .flatMap(({ addressSpace }) => addressSpace.map(formatCidr))

function assumptions(proposals: readonly Proposal[]): string {
  const common = totalSizeOf(commonSubnets)
  const planned = proposals[0]?.projects ?? []
  return [
    `- Planned for ${counted(planned)} projects: ${growth * 100}% more than requested, because factories grow.`,
    `- Every VNet reserves ${common} addresses for the common area: ${commonSubnets.map(({ name, prefixLength }) => `${cell(name)} /${prefixLength}`).join(', ')}.`,
    '- Choose one profile: standard has large subnets, compact sizes them by what the services of a project need, so that it takes fewer addresses.',
    '- Within a profile the address spaces do not overlap each other, what is reserved, or the ranges that Docker and Kubernetes use inside.',
  ].join('\n')
}

/** What to paste into the factory.yml of each instance; the second profile is folded away. */
function snippets(proposal: Proposal, reserved: readonly Cidr[]): string {
  const { profile, instances, networks } = proposal
  if (networks === undefined) return ''
  const reservedLines =
    reserved.length === 0 ? [] : [`      reserved: [${reserved.map(formatCidr).join(', ')}]`]
  const blocks = Array.from({ length: instances }, (_, index) => {
    const text = snippet(proposal, index + 1, reservedLines)
    return `\`\`\`yaml\n${text}\`\`\``
  })
  const open = profile === 'standard' && instances === 1 ? ' open' : ''
  return `<details${open}><summary>For factory.yml, with the profile ${profile}</summary>\n\n${blocks.join('\n\n')}\n\n</details>`
}

function snippet(proposal: Proposal, instance: number, reservedLines: readonly string[]): string {
  const { profile, instances } = proposal
  const lines = environments.flatMap((environment) => [
    `  ${environment}:`,
    '    network:',
    `      addressSpace: [${spaceOf(proposal, instance, environment).join(', ')}]`,
    ...(profile === 'standard' ? [] : [`      profile: ${profile}`]),
    ...reservedLines,
  ])
  const name = instances === 1 ? [] : [`instance: "${instanceName(instance)}"`]
  return `${[...name, 'environments:', ...lines].join('\n')}\n`
}

/** One proposal in the output `capacity`: its keys stay as they are. */
const asJson = ({ networks, ...rest }: Proposal) => ({
  ...rest,
  networks:
    networks?.map((network) => ({ ...network, addressSpace: network.addressSpace.map(formatCidr) })) ?? null,
})
