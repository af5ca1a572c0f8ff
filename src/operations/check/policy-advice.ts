import type { AssignedPolicy } from '../../azure/policies.ts'
import { fieldsSeen, type LookedAt } from '../../azure/policy-fields.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import type { Finding } from './finding.ts'
import { placeOf } from './service-of.ts'
import type { PlannedResource, Situation } from './situation.ts'

const mostNamed = 4

/** A resource as rules of policies see it. */
export const subjectOf = ({ id, type, name, body }: PlannedResource) => ({
  id,
  body,
  name: lastSegment(name),
  type: sameText(type, 'Microsoft.Resources/resourceGroups')
    ? // Policies know resource groups as part of their subscription.
      'Microsoft.Resources/subscriptions/resourceGroups'
    : type,
})

/** Why a policy denies a resource, where that can be changed, and how. */
export type PolicyAdvice = Pick<Finding, 'why' | 'fix' | 'where'>

/** What can be changed about what is written. */
export interface Curable {
  readonly factory: ResolvedFactory
  /** What decides about a type, where it is neither tags nor the region. */
  readonly otherwise: (type: string) => Cure
}

/** It. */
export function adviceFor(policy: AssignedPolicy, denied: PlannedResource, curable: Curable): PolicyAdvice {
  const seen = fieldsSeen(policy.condition, subjectOf(denied), policy.parameters)
  const { fix, where } = cureOf(denied, seen, curable)
  return { why: explanation(policy, seen), fix: `${fix}, or request an exemption.`, ...(where && { where }) }
}

/** What the rule looks at, and the values that its assignment gives, which say what is allowed or required. */
function explanation({ parameters }: AssignedPolicy, seen: readonly LookedAt[]): string {
  const given = Object.entries(parameters)
    .filter(([name, value]) => value !== undefined && !/^effect$/i.test(name))
    .slice(0, mostNamed)
    .map(([name, value]) => `${name}: ${JSON.stringify(value).slice(0, 200)}`)
  const fields = seen.slice(0, mostNamed).map(({ field, found }) => `${field} is ${found}`)
  return [
    fields.length === 0 ? 'It forbids this type as such.' : `It looks at: ${fields.join(', ')}.`,
    ...(given.length === 0 ? [] : [`It is assigned with ${given.join('; ')}.`]),
  ].join(' ')
}

/** Which key of the documents decides about something. */
export interface Cure {
  /** The beginning of a sentence. */
  readonly fix: string
  readonly where: Finding['where']
}

function cureOf({ type }: PlannedResource, seen: readonly LookedAt[], { factory, otherwise }: Curable): Cure {
  if (seen.some(({ field }) => /^tags\b/i.test(field)))
    return { fix: "Add what it asks for to 'tags' in factory.yml", where: factory.at('tags') }
  if (seen.some(({ field }) => sameText(field, 'location')))
    return { fix: "Choose another 'location' in factory.yml", where: factory.at('location') }
  return otherwise(type)
}

/** What decides about a type in a project. */
export const projectCure =
  (situation: Situation) =>
  (type: string): Cure => {
    const { project } = situation.target
    const { factory, environment } = project
    switch (type.toLowerCase()) {
      case 'microsoft.network/virtualnetworks/subnets':
        return {
          fix: `Give the subnet what it asks for by routeTableId, natGatewayId, networkSecurityGroupId, serviceEndpoints or defaultOutboundAccess, under 'environments.${environment}.network.subnets.KIND' in factory.yml or the manifest`,
          where: project.at('network.subnets'),
        }
      case 'microsoft.network/networksecuritygroups':
        return {
          fix: "Let the network team create the subnet with its network security group, and name it by 'network.subnets.KIND.id' in the manifest",
          where: project.at('network.subnets'),
        }
      case 'microsoft.network/privateendpoints/privatednszonegroups':
        return {
          fix: "Set 'dns: { mode: policy }' in factory.yml, if the platform's own policy writes the records",
          where: factory.at('dns'),
        }
      case 'microsoft.authorization/roleassignments':
        return {
          fix: 'Ask the owner of the assignment to let the delivering identity assign roles',
          where: undefined,
        }
      default:
        return {
          fix: 'Comply with it by the options of the service in the manifest or by accessMode in factory.yml, switch the service off',
          where: placeOf(situation, type),
        }
    }
  }
