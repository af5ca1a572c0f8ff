import type { ListedResource, Resources } from '../../azure/resources.ts'
import type { ExistingAssignment } from '../../azure/role-assignments.ts'
import { keysOf } from '../../by-key.ts'
import { type ArmType, apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue } from '../../catalog/index.ts'
import { isWithin } from '../../resource-id.ts'
import { isOfOtherProject } from '../group-owner.ts'
import { ownerOf } from '../owner.ts'
import { knownVersionOf } from '../removal/piece.ts'
import type { NumberedProject } from './project-by-number.ts'

/** Which role assignments are others', whatever is written on them. */
interface Others {
  /** Does an identity that is there hold it, or is it on something in the group of another project? */
  readonly has: (assignment: Pick<ExistingAssignment, 'principalId' | 'scope'>) => boolean
}

/**
 * Reads them for assignments that no known identity of the project holds. Azure's own lists say which identities are there: Entra
 * knows one for a while after its resource, and who delivers may not look at service principals.
 */
export async function readOthers(target: NumberedProject, resources: Resources): Promise<Others> {
  const subscription = `/subscriptions/${target.project.factory.subscriptionId}`
  const [holders, groups] = await Promise.all([
    livingHolders(subscription, resources),
    resources.list(`${subscription}/resourceGroups`, apiVersions['Microsoft.Resources/resourceGroups']),
  ])
  const owner = ownerOf(target.project)
  const foreign = groups.filter((group) => isOfOtherProject(group, owner))
  return {
    has: ({ principalId, scope }) =>
      holders.has(principalId.toLowerCase()) || foreign.some(({ id }) => isWithin(scope, id)),
  }
}

/** Object ids, in small letters, of the identities in a subscription of all types that a project has. */
async function livingHolders(subscription: string, resources: Resources): Promise<ReadonlySet<string>> {
  const identified = keysOf(catalogue.resources)
    .map((key) => catalogue.resources[key])
    .filter(({ identity }) => identity !== undefined)
  const types = new Set(identified.map(({ type }) => type))
  const found = await Promise.all([...types].map((type) => listType(type, subscription, resources)))
  const ids = found.flat().map((one) => one.identityPrincipalId ?? one.properties['principalId'])
  return new Set(ids.flatMap((id) => (typeof id === 'string' ? [id.toLowerCase()] : [])))
}

/** All of a type in a subscription; parts of resources by what they are in, which is all that Azure lists of them. */
async function listType(
  type: ArmType,
  subscription: string,
  resources: Resources,
): Promise<readonly ListedResource[]> {
  const [namespace = '', first = '', part] = type.split('/')
  const whole = `${namespace}/${first}`
  const found = await resources.list(
    `${subscription}/providers/${whole}`,
    knownVersionOf(whole) ?? apiVersions[type],
  )
  if (part === undefined) return found
  const parts = await Promise.all(found.map(({ id }) => resources.list(`${id}/${part}`, apiVersions[type])))
  return parts.flat()
}
