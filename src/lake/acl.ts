/** Read, write and execute, written as in every listing. On a folder, execute means to pass through it. */
export type Rights = `${'r' | '-'}${'w' | '-'}${'x' | '-'}`

/**
 * Whom one entry of an access control list is about. Without `id`: the owner (`user`), the owning group (`group`),
 * everybody else (`other`), or the mask, the most that named entries and the owning group can have.
 */
export type AclEntry =
  | { readonly type: 'user' | 'group'; readonly id?: string; readonly rights: Rights }
  | { readonly type: 'mask' | 'other'; readonly rights: Rights }

/**
 * The access control lists of a path in a data lake.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control
 */
export interface Acl {
  /** Who may do what with the path itself. */
  readonly access: readonly AclEntry[]
  /** What is copied to new things inside a folder. Empty for files, and for folders without. */
  readonly defaults: readonly AclEntry[]
}

/** An access control list that is not written as Azure writes it. */
export class AclSyntaxError extends Error {
  override readonly name = 'AclSyntaxError'
}

/**
 * The most named entries of one list. Azure allows 32 entries, of which owner, owning group, others and mask are four.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model#limits-on-azure-role-assignments-and-acl-entries
 */
export const mostNamedEntries = 28

const bits: readonly Rights[] = ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx']

/** Rights as bits: read 4, write 2, execute 1. */
const toBits = (rights: Rights): number => bits.indexOf(rights)

/** The rights of these bits; higher bits do not count. */
export const fromBits = (value: number): Rights => bits[value & 7] ?? '---'

/** What either allows. */
export const union = (a: Rights, b: Rights): Rights => fromBits(toBits(a) | toBits(b))
/** What both allow. */
export const intersection = (a: Rights, b: Rights): Rights => fromBits(toBits(a) & toBits(b))
/** What the first allows and the second does not. */
export const without = (a: Rights, b: Rights): Rights => fromBits(toBits(a) & ~toBits(b))
/** Does the first allow all of the second? */
export const includes = (a: Rights, b: Rights): boolean => without(b, a) === '---'

/** The object id of a named entry, undefined for all others. */
export const idOf = (entry: AclEntry): string | undefined =>
  entry.type === 'user' || entry.type === 'group' ? entry.id : undefined

/** Whom an entry is about, e.g. `group:` followed by an object id, or `mask:`. Unique within a list. */
export const keyOf = (entry: AclEntry): string => `${entry.type}:${idOf(entry) ?? ''}`

/** The entries that name somebody. */
export const namedEntries = (entries: readonly AclEntry[]): readonly AclEntry[] =>
  entries.filter((entry) => idOf(entry) !== undefined)

/** The rights of the entry with this key, undefined when there is none. */
export const rightsOf = (entries: readonly AclEntry[], key: string): Rights | undefined =>
  entries.find((entry) => keyOf(entry) === key)?.rights

const order = ['user:', 'user', 'group:', 'group', 'mask:', 'other:']
const rank = (entry: AclEntry): number =>
  order.indexOf(idOf(entry) === undefined ? `${entry.type}:` : entry.type)

/** Entries in the order in which Azure lists them, those with an id sorted by it. */
export const inOrder = (entries: readonly AclEntry[]): readonly AclEntry[] =>
  entries.toSorted((a, b) => rank(a) - rank(b) || (keyOf(a) < keyOf(b) ? -1 : 1))

const formatEntry = (entry: AclEntry): string => `${keyOf(entry)}:${entry.rights}`

/** One list as separate texts, e.g. `group:<object id>:r-x`. */
export const formatEntries = (entries: readonly AclEntry[]): readonly string[] =>
  inOrder(entries).map(formatEntry)

/** Both lists as Azure's text form: `user::rwx,group::r-x,other::---,default:user::rwx,…`. */
export const formatAcl = ({ access, defaults }: Acl): string =>
  [...formatEntries(access), ...formatEntries(defaults).map((text) => `default:${text}`)].join(',')

const entryForm =
  /^(?<scope>default:)?(?:(?<type>user|group):(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?|(?<base>mask|other):):(?<rights>[r-][w-][x-])$/i

interface ScopedEntry {
  readonly scope: 'access' | 'default'
  readonly entry: AclEntry
}

function parseEntry(text: string): ScopedEntry {
  const { scope, type, id, base, rights = '' } = entryForm.exec(text)?.groups ?? {}
  const known = bits.find((each) => each === rights)
  if (known === undefined) throw new AclSyntaxError(`"${text}" is not an entry of an access control list.`)
  const where = scope === undefined ? 'access' : 'default'
  if (base === 'mask' || base === 'other') return { scope: where, entry: { type: base, rights: known } }
  if (type !== 'user' && type !== 'group') throw new AclSyntaxError(`"${text}" has an unknown type.`)
  return {
    scope: where,
    entry: id === undefined ? { type, rights: known } : { type, id: id.toLowerCase(), rights: known },
  }
}

/**
 * Reads Azure's text form strictly. Either list must be complete: owner, owning group and others exactly once, and a
 * mask as soon as somebody is named.
 * @throws AclSyntaxError
 */
export function parseAcl(text: string): Acl {
  const entries = text.split(',').map(parseEntry)
  const list = (scope: ScopedEntry['scope']): readonly AclEntry[] =>
    inOrder(entries.filter((each) => each.scope === scope).map(({ entry }) => entry))
  const acl = { access: list('access'), defaults: list('default') }
  assertComplete(acl.access, 'access')
  if (acl.defaults.length > 0) assertComplete(acl.defaults, 'default')
  return acl
}

function assertComplete(entries: readonly AclEntry[], list: string): void {
  const keys = entries.map(keyOf)
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined) throw new AclSyntaxError(`The ${list} list has two entries for "${twice}".`)
  const needed = ['user:', 'group:', 'other:', ...(namedEntries(entries).length > 0 ? ['mask:'] : [])]
  const missing = needed.find((key) => !keys.includes(key))
  if (missing !== undefined) throw new AclSyntaxError(`The ${list} list has no entry for "${missing}".`)
}
