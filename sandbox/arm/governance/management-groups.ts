import { badRequest, conflict, refusal } from '../errors.ts'
import { text } from '../json.ts'
import type { World } from '../rules.ts'
import type { Subscription } from '../state.ts'
import { managementGroupId, managementGroupType, parentOf } from './scopes.ts'

const longestName = 90
const deepest = 6

/** A management group with what lies directly in it. */
export interface ManagementGroup {
  readonly name: string
  readonly displayName: string
  /** Name of the group above; `undefined` of the root group. */
  readonly parent: string | undefined
}

/**
 * The tenant's management groups: the root group, which is there from the beginning and has the tenant's id, and those
 * below it. https://learn.microsoft.com/azure/governance/management-groups/overview
 */
export function managementGroups(world: World): readonly ManagementGroup[] {
  const root = findGroup(world.tenantId, world)
  const others = world.store
    .ofType(managementGroupType)
    .flatMap(({ name }) => (isRoot(name, world) ? [] : (findGroup(name, world) ?? [])))
  return root === undefined ? others : [root, ...others]
}

/** The management group of a name. */
export function findGroup(name: string, world: World): ManagementGroup | undefined {
  const stored = world.store.get(managementGroupId(name))
  if (stored === undefined && !isRoot(name, world)) return undefined
  return {
    name: stored?.name ?? world.tenantId,
    displayName: text(stored?.['displayName']) ?? 'Tenant Root Group',
    parent: parentOf(world.store.state, world.tenantId, name),
  }
}

const isRoot = (name: string, { tenantId }: World): boolean => name.toLowerCase() === tenantId.toLowerCase()

/** The management groups directly in one. */
export const groupsIn = (name: string, world: World): readonly ManagementGroup[] =>
  managementGroups(world).filter(({ parent }) => parent?.toLowerCase() === name.toLowerCase())

/** The subscriptions directly in one. */
export const subscriptionsIn = (name: string, world: World): readonly Subscription[] =>
  Object.values(world.store.state.subscriptions).filter(
    ({ managementGroup }) => (managementGroup ?? world.tenantId).toLowerCase() === name.toLowerCase(),
  )

/** Creates a group, or gives it another display name or parent. @throws ArmError */
export function writeGroup(
  name: string,
  wanted: { readonly displayName?: string | undefined; readonly parent?: string | undefined },
  world: World,
): void {
  const before = findGroup(name, world)
  const parent = wanted.parent ?? before?.parent ?? world.tenantId
  if (!/^[\w().-]+$/.test(name) || name.length > longestName || name.endsWith('.'))
    throw badRequest('InvalidGroupId', `The management group ID '${name}' is not valid.`)
  if (isRoot(name, world) && wanted.parent !== undefined)
    throw badRequest('BadRequest', 'The root management group cannot be moved.')
  if (!isRoot(name, world)) checkParent(name, parent, world)
  world.store.set({
    id: managementGroupId(before?.name ?? name),
    name: before?.name ?? name,
    type: managementGroupType,
    displayName: wanted.displayName ?? before?.displayName ?? name,
    ...(isRoot(name, world) ? {} : { parent }),
  })
}

function checkParent(name: string, parent: string, world: World): void {
  if (findGroup(parent, world) === undefined) throw groupNotFound(parent)
  const above = world.store.scopesAbove(managementGroupId(parent))
  if (above.includes(managementGroupId(name).toLowerCase()))
    throw badRequest('BadRequest', `The management group '${name}' cannot be below itself.`)
  // The root group and the tenant do not count.
  if (above.length - 2 >= deepest)
    throw badRequest('BadRequest', `Management groups are at most ${deepest} levels deep.`)
}

/** Deletes a group that is empty. @throws ArmError */
export function deleteGroup(name: string, world: World): void {
  if (isRoot(name, world)) throw badRequest('BadRequest', 'The root management group cannot be deleted.')
  if (groupsIn(name, world).length + subscriptionsIn(name, world).length > 0)
    throw conflict(
      'Conflict',
      `The management group '${name}' cannot be deleted because it has children: move them first.`,
    )
  for (const { id } of world.store.within(managementGroupId(name))) world.store.delete(id)
  world.store.delete(managementGroupId(name))
}

/** 404 of a management group. */
export const groupNotFound = (name: string) =>
  refusal(404, 'NotFound', `'/providers/${managementGroupType}/${name}' not found`)
