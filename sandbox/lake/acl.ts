/**
 * POSIX access control lists as Azure Data Lake Storage keeps them: text form, mask, limits and the three ways to
 * change one. https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control
 */
import { StorageError } from './errors.ts'

/** A set of rights: 4 read, 2 write, 1 execute, added up. */
export type Rights = number

/** One list: the entries of owner, owning group and others, the mask, and the named users and groups by object id. */
export interface AclList {
  readonly user: Rights
  readonly group: Rights
  readonly other: Rights
  /** Absent while there are no named entries: then the owning group's entry stands for it. */
  readonly mask: Rights | undefined
  readonly users: ReadonlyMap<string, Rights>
  readonly groups: ReadonlyMap<string, Rights>
}

/** What a path carries. Values are never changed, so many paths may share one. */
export interface Acl {
  readonly access: AclList
  /** What new children begin with; directories only. */
  readonly default: AclList | undefined
  readonly sticky: boolean
}

/** One entry of the text form; `permissions` is absent in a list of entries to remove. */
export interface AclEntry {
  readonly scope: 'access' | 'default'
  readonly kind: 'user' | 'group' | 'mask' | 'other'
  /** Object id of a named entry, lower case; empty for owner, owning group, mask and others. */
  readonly id: string
  readonly permissions: Rights | undefined
}

/** Most entries of one list, those of owner, owning group, others and mask included. */
export const maximumEntries = 32

const rightsText = (rights: Rights): string =>
  `${rights & 4 ? 'r' : '-'}${rights & 2 ? 'w' : '-'}${rights & 1 ? 'x' : '-'}`

const parseRights = (text: string): Rights => {
  if (!/^[r-][w-][x-]$/.test(text)) throw new StorageError('InvaldAccessControlList')
  return (text[0] === 'r' ? 4 : 0) | (text[1] === 'w' ? 2 : 0) | (text[2] === 'x' ? 1 : 0)
}

const entryPattern = /^(default:)?(user|group|mask|other):([^:]*)(?::([^:]*))?$/
const objectId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const parseEntry = (text: string, mode: 'with-permissions' | 'without-permissions'): AclEntry => {
  const match = entryPattern.exec(text.trim())
  if (match === null) throw new StorageError('InvaldAccessControlList')
  const [, scope, kind, name = '', permissions] = match
  if (kind !== 'user' && kind !== 'group' && kind !== 'mask' && kind !== 'other') {
    throw new StorageError('InvaldAccessControlList')
  }
  const id = name.toLowerCase()
  const named = id !== ''
  if (named && (kind === 'mask' || kind === 'other' || !objectId.test(id))) {
    throw new StorageError('InvaldAccessControlList')
  }
  if ((mode === 'with-permissions') !== (permissions !== undefined && permissions !== '')) {
    throw new StorageError('InvaldAccessControlList')
  }
  return {
    scope: scope === undefined ? 'access' : 'default',
    kind,
    id,
    permissions: permissions === undefined || permissions === '' ? undefined : parseRights(permissions),
  }
}

/**
 * Reads the `x-ms-acl` header: `[default:]user|group|mask|other:[object id]:rwx`, comma separated.
 * @throws StorageError `InvaldAccessControlList` for anything else, and for an entry that comes twice
 */
export const parseEntries = (
  text: string,
  mode: 'with-permissions' | 'without-permissions' = 'with-permissions',
): readonly AclEntry[] => {
  const entries = text.split(',').map((entry) => parseEntry(entry, mode))
  const keys = new Set(entries.map(({ scope, kind, id }) => `${scope}:${kind}:${id}`))
  if (keys.size !== entries.length) throw new StorageError('InvaldAccessControlList')
  return entries
}

const listText = (list: AclList, prefix: string): string[] => [
  `${prefix}user::${rightsText(list.user)}`,
  ...[...list.users].map(([id, rights]) => `${prefix}user:${id}:${rightsText(rights)}`),
  `${prefix}group::${rightsText(list.group)}`,
  ...[...list.groups].map(([id, rights]) => `${prefix}group:${id}:${rightsText(rights)}`),
  ...(list.mask === undefined ? [] : [`${prefix}mask::${rightsText(list.mask)}`]),
  `${prefix}other::${rightsText(list.other)}`,
]

/** The `x-ms-acl` header of a path. */
export const formatAcl = (acl: Acl): string =>
  [...listText(acl.access, ''), ...(acl.default === undefined ? [] : listText(acl.default, 'default:'))].join(
    ',',
  )

/** The `x-ms-permissions` header of a path: nine letters, the mask standing for the group, `+` when there are named entries. */
export const formatPermissions = (acl: Acl): string => {
  const { user, group, other, mask } = acl.access
  const letters = `${rightsText(user)}${rightsText(mask ?? group)}${rightsText(other)}`
  const last = acl.sticky ? (other & 1 ? 't' : 'T') : letters.slice(8)
  return `${letters.slice(0, 8)}${last}${mask === undefined && acl.default === undefined ? '' : '+'}`
}

interface Draft {
  user: Rights | undefined
  group: Rights | undefined
  other: Rights | undefined
  mask: Rights | undefined
  users: Map<string, Rights>
  groups: Map<string, Rights>
}

const emptyDraft = (): Draft => ({
  user: undefined,
  group: undefined,
  other: undefined,
  mask: undefined,
  users: new Map(),
  groups: new Map(),
})

const draftOf = (list: AclList | undefined): Draft =>
  list === undefined ? emptyDraft() : { ...list, users: new Map(list.users), groups: new Map(list.groups) }

const write = (draft: Draft, entry: AclEntry, rights: Rights): void => {
  if (entry.kind === 'user' && entry.id !== '') draft.users.set(entry.id, rights)
  else if (entry.kind === 'group' && entry.id !== '') draft.groups.set(entry.id, rights)
  else draft[entry.kind] = rights
}

/** The mask that lets every named entry and the owning group have all it was given. */
const widestMask = (draft: Draft): Rights =>
  [...draft.users.values(), ...draft.groups.values()].reduce(
    (union, rights) => union | rights,
    draft.group ?? 0,
  )

const finish = (draft: Draft, keepMask: boolean): AclList => {
  const { user, group, other } = draft
  if (user === undefined || group === undefined || other === undefined) {
    throw new StorageError('SetAclMissingAces')
  }
  const named = draft.users.size + draft.groups.size
  const mask = keepMask ? draft.mask : named > 0 ? widestMask(draft) : undefined
  const count = 3 + named + (mask === undefined ? 0 : 1)
  if (count > maximumEntries) throw new StorageError('InvaldAccessControlList')
  return { user, group, other, mask, users: draft.users, groups: draft.groups }
}

const inScope = (entries: readonly AclEntry[], scope: AclEntry['scope']): readonly AclEntry[] =>
  entries.filter((entry) => entry.scope === scope)

const fresh = (entries: readonly AclEntry[]): AclList => {
  const draft = emptyDraft()
  for (const entry of entries) write(draft, entry, entry.permissions ?? 0)
  return finish(draft, draft.mask !== undefined)
}

/**
 * The whole list replaced. Without default entries the path has no default list afterwards.
 * @throws StorageError `SetAclMissingAces` when owner, owning group or others are missing in a list that is given
 */
export const setEntries = (acl: Acl, entries: readonly AclEntry[]): Acl => {
  const defaults = inScope(entries, 'default')
  return {
    access: fresh(inScope(entries, 'access')),
    default: defaults.length === 0 ? undefined : fresh(defaults),
    sticky: acl.sticky,
  }
}

const modifyList = (before: AclList, entries: readonly AclEntry[]): AclList => {
  const draft = draftOf(before)
  for (const entry of entries) write(draft, entry, entry.permissions ?? 0)
  return finish(
    draft,
    entries.some(({ kind }) => kind === 'mask'),
  )
}

/** What a default list begins with when its first entry is a named one: the rights of the path itself. */
const baseOf = (access: AclList): AclList => ({
  ...access,
  mask: undefined,
  users: new Map(),
  groups: new Map(),
})

/** Entries added or given other rights; the mask is made anew unless it is among them. */
export const modifyEntries = (acl: Acl, entries: readonly AclEntry[]): Acl => {
  const access = inScope(entries, 'access')
  const defaults = inScope(entries, 'default')
  const newAccess = access.length === 0 ? acl.access : modifyList(acl.access, access)
  return {
    access: newAccess,
    default: defaults.length === 0 ? acl.default : modifyList(acl.default ?? baseOf(newAccess), defaults),
    sticky: acl.sticky,
  }
}

const removeFrom = (before: AclList, entries: readonly AclEntry[]): AclList | undefined => {
  const draft = draftOf(before)
  for (const entry of entries) {
    if (entry.kind === 'user' && entry.id !== '') draft.users.delete(entry.id)
    else if (entry.kind === 'group' && entry.id !== '') draft.groups.delete(entry.id)
    else draft[entry.kind] = undefined
  }
  const bare = draft.users.size + draft.groups.size === 0
  if (bare && draft.user === undefined && draft.group === undefined && draft.other === undefined) {
    return undefined
  }
  return finish(draft, false)
}

/**
 * Entries taken away; those that are not there are passed over. Owner, owning group and others of a default list go
 * only together with all the rest of it, those of the access list never.
 */
export const removeEntries = (acl: Acl, entries: readonly AclEntry[]): Acl => {
  const access = inScope(entries, 'access')
  const defaults = inScope(entries, 'default')
  const newAccess = access.length === 0 ? acl.access : removeFrom(acl.access, access)
  if (newAccess === undefined) throw new StorageError('SetAclMissingAces')
  return {
    access: newAccess,
    default:
      acl.default === undefined || defaults.length === 0 ? acl.default : removeFrom(acl.default, defaults),
    sticky: acl.sticky,
  }
}

/** The list of a path as a file may carry it: files have no default entries. */
export const withoutDefault = (acl: Acl): Acl =>
  acl.default === undefined ? acl : { ...acl, default: undefined }
