import { type AclEntry, fromBits, idOf, includes, intersection, type Rights, rightsOf } from './acl.ts'

/** Somebody who wants to do something: an object id, and the ids of all groups it is in, directly or not. */
export interface LakeCaller {
  readonly id: string
  readonly groups: ReadonlySet<string>
}

/** A path as the access check sees it. */
export interface GuardedPath {
  readonly access: readonly AclEntry[]
  /** Object id of the owner, or `$superuser`. */
  readonly owner: string
  /** Object id of the owning group, or `$superuser`. */
  readonly group: string
}

/**
 * May the caller do this with the path, by its access control list alone? Roles on the storage account are asked
 * before, and when one of them allows it, this list is not asked at all. In the published order: the owner, without
 * the mask; the caller's own entry; any one entry of a group that suffices; everybody else.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#how-permissions-are-evaluated
 */
export function allows(
  { access, owner, group }: GuardedPath,
  { id, groups }: LakeCaller,
  wanted: Rights,
): boolean {
  const mask = rightsOf(access, 'mask:') ?? 'rwx'
  const given = (key: string): Rights => rightsOf(access, key) ?? '---'
  if (owner === id) return includes(given('user:'), wanted)
  const own = access.find((entry) => entry.type === 'user' && entry.id === id)?.rights
  if (own !== undefined) return includes(intersection(own, mask), wanted)
  const ofGroups = access.filter((entry) => entry.type === 'group' && groups.has(idOf(entry) ?? group))
  if (ofGroups.some(({ rights }) => includes(intersection(rights, mask), wanted))) return true
  return includes(intersection(given('other:'), mask), wanted)
}

/** Everything the caller may do with the path, by its access control list alone. */
export const effectiveAccess = (path: GuardedPath, caller: LakeCaller): Rights =>
  fromBits([4, 2, 1].reduce((sum, bit) => (allows(path, caller, fromBits(bit)) ? sum | bit : sum), 0))

/** What somebody can really do with a path, given that every folder above has to be passed. */
export interface Reach {
  readonly rights: Rights
  /** The first folder on the way that cannot be passed; '' is the root. */
  readonly blockedAt?: string
}

/**
 * What the caller can do with a path, counting the folders above it.
 * @param tree Every path from the root ('') down to this one
 */
export function reach(tree: ReadonlyMap<string, GuardedPath>, path: string, caller: LakeCaller): Reach {
  for (const ancestor of ancestorsOf(path)) {
    const guarded = tree.get(ancestor)
    if (guarded === undefined || !allows(guarded, caller, '--x'))
      return { rights: '---', blockedAt: ancestor }
  }
  const guarded = tree.get(path)
  return { rights: guarded === undefined ? '---' : effectiveAccess(guarded, caller) }
}

/** The folders above a path, from the root. */
function ancestorsOf(path: string): readonly string[] {
  if (path === '') return []
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index).join('/'))
}
