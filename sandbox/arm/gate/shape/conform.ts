import { isRecord, type Json, memberOf } from '../../json.ts'
import { resolved } from './descriptions.ts'
import type { Member, ObjectShape, Shape } from './language.ts'
import { Misfit, type Place } from './misfit.ts'

/** What a request is compared with. */
export interface Occasion {
  readonly type: string
  readonly apiVersion: string
  /** What the resource has now at the place of a value. */
  readonly current: (place: Place) => unknown
  /** Expressions that only the running deployment evaluates: any of them may stand for a value. */
  readonly unresolved: ReadonlySet<unknown>
}

/** Members that a client may send back as it read them, and that say nothing. */
const idle = new Set(['id', 'name', 'type', 'etag', 'systemdata'])
/**
 * What Azure Resource Manager takes for every type and leaves out where a type has none: Microsoft's own policies deploy
 * `privateDnsZoneGroups` with a location. https://github.com/Azure/azure-policy
 */
const ignored = new Set(['location', 'tags'])
/** Read-only values that change by themselves: what a client read may be old. */
const changing = new Set(['provisioningstate', 'etag'])

/**
 * A value with its members named as the description names them, whatever their case was.
 * @throws Misfit at the first place that does not fit
 */
export function conform(value: unknown, written: Shape, place: Place, occasion: Occasion): unknown {
  if (value === null || value === undefined || occasion.unresolved.has(value)) return value
  const shape = resolved(written, occasion.type)
  switch (shape.kind) {
    case 'any':
      return value
    case 'list':
      if (!Array.isArray(value)) throw wrongType(value, 'array', place)
      return keepIfSame(
        value,
        value.map((item, index) => conform(item, shape.of, [...place, index], occasion)),
      )
    case 'object':
      if (!isRecord(value)) throw wrongType(value, 'object', place)
      return conformObject(value, shape, place, occasion)
    case 'integer':
    case 'number':
      return conformNumber(value, shape, place)
    default:
      conformScalar(value, shape, place)
      return value
  }
}

/** A number may come as text, as the Azure CLI sends the capacity of a deployment: Azure reads it all the same. */
function conformNumber(value: unknown, shape: Numeric, place: Place): unknown {
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value
  const fits = typeof number === 'number' && (shape.kind === 'number' || Number.isInteger(number))
  if (!fits) throw wrongType(value, shape.kind === 'number' ? 'System.Double' : 'System.Int32', place)
  checkBounds(number, number, shape, place)
  return number
}

function keepIfSame(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((item, index) => item === before[index]) ? before : after
}

type Numeric = Extract<Shape, { readonly kind: 'integer' | 'number' }>
type Scalar = Exclude<Shape, { kind: 'any' | 'integer' | 'number' | 'list' | 'object' | 'named' }>

function conformScalar(value: unknown, shape: Scalar, place: Place): void {
  switch (shape.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(value, 'System.Boolean', place)
      return
    case 'choice':
      if (typeof value !== 'string') throw wrongType(value, 'System.String', place)
      checkChoice(value, shape, place)
      return
    default:
      if (typeof value !== 'string') throw wrongType(value, 'System.String', place)
      checkBounds(value, value.length, shape, place)
      if ('pattern' in shape && shape.pattern !== undefined && !shape.pattern.test(value))
        throw new Misfit(
          { kind: 'bounds', value, reason: `match the pattern '${shape.pattern.source}'` },
          place,
        )
  }
}

function checkBounds(
  value: unknown,
  size: number,
  { least, most }: { readonly least?: number; readonly most?: number },
  place: Place,
): void {
  const subject = typeof value === 'string' ? 'have a length' : 'be a number'
  if (least !== undefined && size < least)
    throw new Misfit({ kind: 'bounds', value, reason: `${subject} of at least ${least}` }, place)
  if (most !== undefined && size > most)
    throw new Misfit({ kind: 'bounds', value, reason: `${subject} of at most ${most}` }, place)
}

function checkChoice(
  value: string,
  { values, several }: { readonly values: readonly string[]; readonly several: boolean },
  place: Place,
): void {
  const allowed = new Set(values.map(comparable))
  const given = several ? value.split(',') : [value]
  if (!given.every((one) => allowed.has(comparable(one))))
    throw new Misfit({ kind: 'choice', value, allowed: values }, place)
}

/** Azure compares names of an enumeration without regard to case, and lists of them without regard to blanks. */
const comparable = (text: string): string => text.toLowerCase().replaceAll(' ', '')

function wrongType(value: unknown, expected: string, place: Place): Misfit {
  return new Misfit({ kind: 'type', value, expected }, place)
}

function conformObject(value: Json, shape: ObjectShape, place: Place, occasion: Occasion): Json {
  const variant = variantOf(value, shape, place, occasion)
  if (variant === 'unknown yet') return value
  const shapes = variant === undefined ? [shape] : [shape, variant]
  const find = (key: string): Member | undefined =>
    shapes.map(({ members }) => members.get(key)).find((member) => member?.isIn(occasion.apiVersion))
  const result: Record<string, unknown> = {}
  const named = new Set<string>()
  let same = true
  for (const [key, item] of Object.entries(value)) {
    const member = find(key.toLowerCase())
    if (member === undefined && place.length === 0 && ignored.has(key.toLowerCase())) {
      same = false
      continue
    }
    const name = member?.name ?? key
    if (member !== undefined && named.has(name))
      throw new Misfit({ kind: 'twice', member: key }, [...place, key])
    named.add(name)
    result[name] =
      member === undefined
        ? conformOther(key, item, variant?.others ?? shape.others, place, occasion)
        : conformMember(member, item, [...place, name], occasion)
    same &&= name === key && result[name] === item
  }
  requireMembers(shapes, result, place, occasion)
  return same ? value : result
}

function variantOf(
  value: Json,
  { variants }: ObjectShape,
  place: Place,
  { unresolved }: Occasion,
): ObjectShape | 'unknown yet' | undefined {
  if (variants === undefined) return undefined
  const tag = memberOf(value, variants.by)
  if (unresolved.has(tag)) return 'unknown yet'
  if (tag === undefined || tag === null) throw new Misfit({ kind: 'missing', member: variants.by }, place)
  const variant = variants.of.get(String(tag).toLowerCase())
  if (variant === undefined)
    throw new Misfit({ kind: 'choice', value: String(tag), allowed: [...variants.of.keys()] }, [
      ...place,
      variants.by,
    ])
  return withTag(variant, variants.by)
}

const withTag = (variant: ObjectShape, name: string): ObjectShape => ({
  ...variant,
  members: new Map([
    ...variant.members,
    [
      name.toLowerCase(),
      { name, shape: { kind: 'any' }, isRequired: () => true, readOnly: false, isIn: () => true },
    ],
  ]),
})

function conformMember(member: Member, item: unknown, place: Place, occasion: Occasion): unknown {
  if (!member.readOnly) return conform(item, member.shape, place, occasion)
  if (item === null || isKept(member.name, item, place, occasion)) return item
  throw new Misfit({ kind: 'read-only', member: member.name }, place)
}

/** A client may send back what it read: a list or an object as it was when it read it, a value as it is. */
function isKept(name: string, item: unknown, place: Place, { current }: Occasion): boolean {
  const before = current(place)
  if (before === undefined) return false
  return typeof item === 'object' || changing.has(name.toLowerCase()) || item === before
}

function conformOther(
  key: string,
  item: unknown,
  others: Shape | undefined,
  place: Place,
  occasion: Occasion,
): unknown {
  if (others !== undefined) return conform(item, others, [...place, key], occasion)
  if (item === null || occasion.unresolved.has(key) || idle.has(key.toLowerCase())) return item
  // What another API version has is sent back by who read it.
  const before = occasion.current([...place, key])
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(item)) return item
  throw new Misfit({ kind: 'unknown', member: key }, [...place, key])
}

function requireMembers(
  shapes: readonly ObjectShape[],
  value: Json,
  place: Place,
  { apiVersion }: Occasion,
): void {
  for (const { members } of shapes) {
    for (const { name, isRequired, isIn } of members.values()) {
      const isGiven = value[name] !== undefined && value[name] !== null
      if (!isGiven && isRequired(apiVersion) && isIn(apiVersion))
        throw new Misfit({ kind: 'missing', member: name }, place)
    }
  }
}
