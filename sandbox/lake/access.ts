/** Who may do what to a path: roles first, then access control lists. */
import type { Authorization, Caller, Directory } from '../contracts.ts'
import type { Rights } from './acl.ts'
import { StorageError } from './errors.ts'
import type { Account, Container } from './state.ts'
import type { PathNode } from './tree.ts'

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'

/** What a request wants from a path, as the roles name it. */
const dataActions = {
  read: `${blobs}/read`,
  write: `${blobs}/write`,
  delete: `${blobs}/delete`,
  move: `${blobs}/move/action`,
  modifyPermissions: `${blobs}/modifyPermissions/action`,
  manageOwnership: `${blobs}/manageOwnership/action`,
} as const

/** The name that stands for the account itself as an owner. */
export const superuser = '$superuser'

/** What one caller may do in one container. */
export interface Access {
  /** Whether a role grants the action, or the access control lists grant the rights on every node named. */
  may(action: keyof typeof dataActions, needs: readonly Need[]): boolean
  /** Whether a role grants the action; access control lists do not count. */
  granted(action: keyof typeof dataActions): boolean
  /** @throws StorageError `AuthorizationPermissionMismatch` when it may not */
  require(action: keyof typeof dataActions, needs: readonly Need[]): void
  /** Whether the caller may set the access control list of this node: a super-user, or its owner. */
  mayManage(node: PathNode): boolean
  /** Whether the caller may give a path to another owner: super-users only. */
  readonly isSuperuser: boolean
  /** Lower case. */
  readonly objectId: string
  /** Object ids of all groups the caller is in, lower case. */
  readonly groups: ReadonlySet<string>
}

/** Rights on one node. */
export interface Need {
  readonly node: PathNode
  readonly rights: Rights
}

/** Execute on every directory of a way: without it nothing below can be reached. */
export const traverse = (ancestors: readonly PathNode[]): readonly Need[] =>
  ancestors.map((node) => ({ node, rights: 1 }))

/**
 * The published access check. Owner without the mask; then the caller's own entry; then any one entry of a group that
 * suffices alone; then others.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#how-permissions-are-evaluated
 */
const aclAllows = ({ node, rights }: Need, objectId: string, groups: ReadonlySet<string>): boolean => {
  const { access } = node.acl
  const mask = access.mask ?? 7
  const suffices = (granted: Rights): boolean => (rights & granted) === rights
  if (node.owner === objectId) return suffices(access.user)
  const own = access.users.get(objectId)
  if (own !== undefined) return suffices(own & mask)
  if (groups.has(node.group) && suffices(access.group & mask)) return true
  for (const [group, granted] of access.groups) {
    if (groups.has(group) && suffices(granted & mask)) return true
  }
  return suffices(access.other & mask)
}

/** What this caller may do in this container, each question to the other areas asked once. */
export const accessOf = (
  caller: Caller,
  account: Account,
  container: Container,
  deps: { readonly authorization: Authorization; readonly directory: Directory },
): Access => {
  const scope = `${account.resourceId}/blobServices/default/containers/${container.name}`
  const objectId = caller.objectId.toLowerCase()
  const groups = new Set(deps.directory.groupsOf(caller.objectId).map((id) => id.toLowerCase()))
  const granted = new Map<string, boolean>()
  const grants = (action: keyof typeof dataActions): boolean => {
    const known = granted.get(action)
    if (known !== undefined) return known
    const answer = deps.authorization.allowsData(caller, scope, dataActions[action])
    granted.set(action, answer)
    return answer
  }
  const may = (action: keyof typeof dataActions, needs: readonly Need[]): boolean =>
    grants(action) || needs.every((need) => aclAllows(need, objectId, groups))
  return {
    may,
    granted: grants,
    require(action, needs) {
      if (!may(action, needs)) throw new StorageError('AuthorizationPermissionMismatch')
    },
    mayManage: (node) => node.owner === objectId || grants('modifyPermissions'),
    isSuperuser: grants('manageOwnership'),
    objectId,
    groups,
  }
}
