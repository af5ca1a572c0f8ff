/** Permission bits: octal and symbolic text, what new paths begin with, and `chmod`. */
import { type Acl, type AclList, type Rights, withoutDefault } from './acl.ts'
import { StorageError } from './errors.ts'

/** The nine permission bits and the sticky bit. */
export interface Mode {
  readonly user: Rights
  readonly group: Rights
  readonly other: Rights
  readonly sticky: boolean
}

const octal = /^([01])?([0-7])([0-7])([0-7])$/
const symbolic = /^([r-][w-][x-])([r-][w-][x-])([r-][w-])([xtT-])\+?$/

const letters = (text: string): Rights =>
  (text.includes('r') ? 4 : 0) | (text.includes('w') ? 2 : 0) | (text.includes('x') ? 1 : 0)

/**
 * Reads `x-ms-permissions`: `0750`, `750`, `1777` or `rwxr-x--t`, where a `+` at the end says nothing.
 * @throws StorageError `InvalidPermissions`
 */
export const parseMode = (text: string): Mode => {
  const digits = octal.exec(text)
  if (digits !== null) {
    const [, sticky, user, group, other] = digits
    return { user: Number(user), group: Number(group), other: Number(other), sticky: sticky === '1' }
  }
  const match = symbolic.exec(text)
  if (match === null) throw new StorageError('InvalidPermissions')
  const [, user = '', group = '', other = '', last = ''] = match
  return {
    user: letters(user),
    group: letters(group),
    other: letters(other) | (last === 'x' || last === 't' ? 1 : 0),
    sticky: last === 't' || last === 'T',
  }
}

/**
 * Reads `x-ms-umask`: four or three octal digits. What is set in it is taken away from new paths.
 * @throws StorageError `InvalidHeaderValue`
 */
export const parseUmask = (text: string): Mode => {
  if (!octal.test(text)) throw new StorageError('InvalidHeaderValue')
  return parseMode(text)
}

/** What the service takes away when the request names no umask: all of others, write of the owning group. */
export const defaultUmask: Mode = { user: 0, group: 2, other: 7, sticky: false }

const fullMode = {
  directory: { user: 7, group: 7, other: 7, sticky: false },
  file: { user: 6, group: 6, other: 6, sticky: false },
} as const satisfies Record<'file' | 'directory', Mode>

const bare = (mode: Mode): Acl => ({
  access: {
    user: mode.user,
    group: mode.group,
    other: mode.other,
    mask: undefined,
    users: new Map(),
    groups: new Map(),
  },
  default: undefined,
  sticky: mode.sticky,
})

/** The list of a new container's root directory: `rwxr-x---`. */
export const rootAcl: Acl = bare({ user: 7, group: 5, other: 0, sticky: false })

const narrowed = (list: AclList, mode: Mode): AclList => ({
  ...list,
  user: list.user & mode.user,
  other: list.other & mode.other,
  ...(list.mask === undefined ? { group: list.group & mode.group } : { mask: list.mask & mode.group }),
})

/**
 * The list of a new path. Under a parent with default entries these are the child's (and, for a directory, its own
 * default entries too), narrowed only by permissions that the request names, and the umask does not count. Under any
 * other parent it is the named or full permissions without what the umask takes away.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#default-permissions-on-new-files-and-directories
 */
export const inheritedAcl = (
  parent: Acl,
  kind: 'file' | 'directory',
  mode: Mode | undefined,
  umask: Mode,
): Acl => {
  if (parent.default === undefined) {
    const wanted = mode ?? fullMode[kind]
    return bare({
      user: wanted.user & ~umask.user,
      group: wanted.group & ~umask.group,
      other: wanted.other & ~umask.other,
      sticky: wanted.sticky,
    })
  }
  const access = mode === undefined ? parent.default : narrowed(parent.default, mode)
  const acl: Acl = { access, default: parent.default, sticky: mode?.sticky ?? false }
  return kind === 'file' ? withoutDefault(acl) : acl
}

/** The list after `x-ms-permissions`: with named entries the middle digit is the mask, as `chmod` does it. */
export const withMode = (acl: Acl, mode: Mode): Acl => {
  const { access } = acl
  const middle = access.mask === undefined ? { group: mode.group } : { mask: mode.group }
  return {
    access: { ...access, user: mode.user, other: mode.other, ...middle },
    default: acl.default,
    sticky: mode.sticky,
  }
}
