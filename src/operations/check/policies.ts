import { type AssignedPolicy, openPolicies } from '../../azure/policies.ts'
import { holdsFor } from '../../azure/policy-rule.ts'
import { tagsOf } from '../../compose/project-context.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { createSteps } from '../../network/reserve.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import { type Finding, unchecked } from './finding.ts'
import type { PlannedResource, Situation } from './situation.ts'

/** Does a policy deny something that the delivery creates? Judged from the assignments, as far as the rules are simple. */
export async function checkPolicies(situation: Situation): Promise<readonly Finding[]> {
  const { session, resources, target } = situation
  const { factory } = target.project
  const [policies, subnets] = await Promise.all([
    openPolicies(session).then(({ enforced }) => enforced(factory.subscriptionId, new Date())),
    subnetsToCome(situation),
  ])
  const judged = [...(subnets ?? []), ...resources]
  const findings = policies.flatMap((policy) => policyFindings(policy, judged))
  const where = factory.at('tags')
  if (findings.length > 0) return findings.map((finding) => ({ where, ...finding }))
  if (subnets === undefined && policies.length > 0) {
    const why = 'Which subnets are to come is not known: the check of the network says why.'
    return [unchecked('Whether a policy denies the subnets and their network security groups.', why)]
  }
  return [
    { severity: 'good', what: `None of the ${policies.length} policies denies what the delivery creates.` },
  ]
}

/** The subnets that ip-calc creates, with their network security groups; undefined when they cannot be known. */
async function subnetsToCome({
  network,
  requests,
  target,
}: Situation): Promise<readonly PlannedResource[] | undefined> {
  try {
    const { network: place, subnets, missing } = await network()
    const wanted = requests.flatMap((request) => {
      const subnet = subnets[request.key]
      const isToCome = subnet !== undefined && missing.includes(subnet.name)
      return request.kind === 'own' && isToCome ? [{ request, subnet }] : []
    })
    const tags = tagsOf(target.project)
    const { id: virtualNetworkId, location } = place
    return createSteps(wanted, { virtualNetworkId, location, tags }).map(({ id, kind, name, body }) => ({
      id,
      type:
        kind === 'subnet'
          ? 'Microsoft.Network/virtualNetworks/subnets'
          : 'Microsoft.Network/networkSecurityGroups',
      name,
      body,
    }))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

const mostNamed = 4

/** What one policy says of the resources. Pure. */
function policyFindings(policy: AssignedPolicy, resources: readonly PlannedResource[]): readonly Finding[] {
  if (policy.effect !== undefined && !sameText(policy.effect, 'deny')) return []
  const judged = resources
    .filter((resource) => isConcerned(policy, resource))
    .map((resource) => ({ resource, truth: truthOf(policy, resource) }))
  const denied = judged.filter(({ truth }) => truth === true).map(({ resource }) => resource)
  const unknown = judged.filter(({ truth }) => truth === undefined)
  const it = `the policy '${policy.policy}'${policy.initiative === undefined ? '' : ` of the initiative '${policy.initiative}'`} (assignment '${policy.assignment}' at ${policy.scope})`
  return [
    ...(denied.length === 0
      ? []
      : [
          {
            severity: 'fault',
            what: `Azure would deny ${shown(denied)}: ${it}.`,
            why: explanation(policy),
            fix: 'Comply with it (location, tags and accessMode are in factory.yml), or request an exemption for the resource group.',
            more: 'https://learn.microsoft.com/azure/governance/policy/concepts/exemption-structure',
          } as const,
        ]),
    ...(unknown.length === 0
      ? []
      : [
          unchecked(
            `Whether ${it} denies ${shown(unknown.map(({ resource }) => resource))}.`,
            'Its rule asks for what a request alone does not say. Azure answers when the template is validated.',
          ),
        ]),
  ]
}

function isConcerned(
  { scope, notScopes, exemptions, mode }: AssignedPolicy,
  { id, body }: PlannedResource,
): boolean {
  // Above the subscription are management groups: what is listed for the subscription is inherited.
  const isCovered = /\/managementGroups\//i.test(scope) || isWithin(id, scope)
  const isExcepted = [...notScopes, ...exemptions].some((outer) => isWithin(id, outer))
  if (!isCovered || isExcepted) return false
  if (sameText(mode, 'All')) return true
  // Indexed policies look only at what has a place and tags. Others are about what is inside of resources.
  return sameText(mode, 'Indexed') && body['location'] !== undefined
}

function truthOf(policy: AssignedPolicy, { id, type, name, body }: PlannedResource): boolean | undefined {
  const subject = { id, body, name: lastSegment(name), type: typeFor(type) }
  const truth = holdsFor(policy.condition, subject, policy.parameters)
  if (truth === false) return false
  return policy.isSpecial || policy.effect === undefined ? undefined : truth
}

/** Policies know resource groups as part of their subscription. */
const typeFor = (type: string): string =>
  sameText(type, 'Microsoft.Resources/resourceGroups')
    ? 'Microsoft.Resources/subscriptions/resourceGroups'
    : type

const shown = (resources: readonly PlannedResource[]): string => {
  const named = resources.slice(0, mostNamed).map(({ type, name }) => `${type} '${name}'`)
  const more = resources.length - named.length
  return `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** The values that the assignment gives, which say what is allowed or required. */
function explanation({ parameters }: AssignedPolicy): string {
  const given = Object.entries(parameters).filter(
    ([name, value]) => value !== undefined && !/^effect$/i.test(name),
  )
  const texts = given
    .slice(0, mostNamed)
    .map(([name, value]) => `${name}: ${JSON.stringify(value).slice(0, 200)}`)
  return texts.length === 0
    ? 'It is assigned without parameters.'
    : `It is assigned with ${texts.join('; ')}.`
}
