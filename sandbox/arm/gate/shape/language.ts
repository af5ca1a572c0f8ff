/**
 * The language of the descriptions beside this folder: what a resource of a type may contain. An object is written as an
 * object, a list as a list of one, and everything else as a text:
 *
 * - `string`, `string 3..24`, `string /^[a-z]+$/`, `guid`, `int`, `int 1..12`, `number`, `bool`, `object`, `any`
 * - `Enabled | Disabled` for one of these, whatever the case, `= A` for the only one, `flags A | B` for any of these
 * - `<texts>` for a shape of `common.json`, `<virtualNetworks/subnets>` for a child of that type of the same provider
 *
 * A member that ends in `!` is required, in `!2024-05-01` since that version. Behind `@` stands since when there is one: `@2024-05-01`; `@A,B` in previews since
 * A and in all versions since B; `@A..B` until B; `@A..preview` in previews only. `read-only` lists what nobody can set,
 * `*` is what any other member is, and `by kind` what there is besides for each value of `kind`.
 */
import { guidPattern } from '../../../guid.ts'

/** What a value must be. */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' | 'number'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'text'; readonly least?: number; readonly most?: number; readonly pattern?: RegExp }
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly several: boolean }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'named'; readonly name: string }
  | ObjectShape

/** What an object may contain. Names are found in lower case. */
export interface ObjectShape {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, Member>
  /** Shape of all other members; without it there are none. */
  readonly others?: Shape
  /** The member that decides what else there is, and what that is for each of its values in lower case. */
  readonly variants?: { readonly by: string; readonly of: ReadonlyMap<string, ObjectShape> }
}

/** A member of an object. */
export interface Member {
  readonly name: string
  readonly shape: Shape
  readonly isRequired: (apiVersion: string) => boolean
  readonly readOnly: boolean
  /** Whether an API version has it. */
  readonly isIn: (apiVersion: string) => boolean
}

/** A description as it is written. */
export type Written = string | readonly Written[] | { readonly [member: string]: Written }

const always = (): boolean => true
const never = (): boolean => false

/** Reads a description. */
export function readShape(written: Written): Shape {
  if (typeof written === 'string') return readText(written)
  if (isList(written)) return { kind: 'list', of: readShape(written[0] ?? 'any') }
  return readObject(written)
}

const isList = (written: Written): written is readonly Written[] => Array.isArray(written)

function readObject(written: { readonly [member: string]: Written }): ObjectShape {
  const members = new Map<string, Member>()
  let others: Shape | undefined
  let variants: ObjectShape['variants']
  for (const [key, value] of Object.entries(written)) {
    if (key === '*') others = readShape(value)
    else if (key === 'read-only')
      for (const name of String(value).split(' ')) members.set(...readOnlyMember(name))
    else if (key.startsWith('by ')) variants = readVariants(key.slice('by '.length), value)
    else members.set(...readMember(key, value))
  }
  return {
    kind: 'object',
    members,
    ...(others === undefined ? {} : { others }),
    ...(variants === undefined ? {} : { variants }),
  }
}

function readVariants(by: string, written: Written): ObjectShape['variants'] {
  const of = typeof written === 'object' && !isList(written) ? Object.entries(written) : []
  return {
    by,
    of: new Map(
      of.map(([value, members]) => [
        value.toLowerCase(),
        readObject(typeof members === 'object' && !isList(members) ? members : {}),
      ]),
    ),
  }
}

function readOnlyMember(name: string): [string, Member] {
  return [
    name.toLowerCase(),
    { name, shape: { kind: 'any' }, isRequired: never, readOnly: true, isIn: always },
  ]
}

function readMember(key: string, written: Written): [string, Member] {
  const [, name = key, required, range] = /^(.*?)(?:!([\d-]\S*?)?)?(?:@([\d.].*))?$/.exec(key) ?? []
  const isIn = range === undefined ? always : availability(range)
  return [
    name.toLowerCase(),
    { name, shape: readShape(written), isRequired: requirement(key, required), readOnly: false, isIn },
  ]
}

function requirement(key: string, since: string | undefined): (apiVersion: string) => boolean {
  if (!/!/.test(key)) return never
  return since === undefined ? always : (version) => version >= since
}

const isPreview = (version: string): boolean => /-(preview|alpha|beta)/.test(version)

/** The descriptions were written from previews since then; what older ones had is not known, and they are served still. */
const firstPreview = '2024-01-01'

function availability(range: string): (apiVersion: string) => boolean {
  const [first = '', last] = range.split('..')
  const [preview = '', stable] = first.split(',')
  const known = (version: string): boolean => {
    if (last === 'preview') return isPreview(version) && version >= first
    if (stable !== undefined) return version >= stable || (isPreview(version) && version >= preview)
    return version >= first && (last === undefined || version <= last)
  }
  return (version) => (isPreview(version) && version < firstPreview) || known(version)
}

function readText(written: string): Shape {
  if (written.startsWith('<')) return { kind: 'named', name: written.slice(1, -1) }
  if (written.startsWith('= ')) return { kind: 'choice', values: [written.slice(2)], several: false }
  if (written.includes(' | ')) {
    const several = written.startsWith('flags ')
    return { kind: 'choice', values: written.slice(several ? 'flags '.length : 0).split(' | '), several }
  }
  const [word, ...limits] = written.split(' ')
  const range = limits.find((limit) => /^-?\d*\.\.\d*$/.test(limit))
  const bounds = range === undefined ? {} : readBounds(range)
  switch (word) {
    case 'guid':
      return { kind: 'text', pattern: guidPattern }
    case 'string':
      return { kind: 'text', ...bounds, ...readPattern(written) }
    case 'int':
      return { kind: 'integer', ...bounds }
    case 'number':
      return { kind: 'number', ...bounds }
    case 'bool':
      return { kind: 'boolean' }
    case 'object':
      return { kind: 'object', members: new Map(), others: { kind: 'any' } }
    default:
      return { kind: 'any' }
  }
}

function readBounds(range: string): { least?: number; most?: number } {
  const [least = '', most = ''] = range.split('..')
  return { ...(least === '' ? {} : { least: Number(least) }), ...(most === '' ? {} : { most: Number(most) }) }
}

function readPattern(written: string): { pattern?: RegExp } {
  const source = / \/(.*)\/$/.exec(written)?.[1]
  return source === undefined ? {} : { pattern: new RegExp(source) }
}
