import type { ResourceBody } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { isRecord, memberOf, record } from '../json.ts'
import type { Write } from '../rules.ts'
import { conform } from './shape/conform.ts'
import { descriptionOf } from './shape/descriptions.ts'
import { Misfit, type Place } from './shape/misfit.ts'
import { refusalOf } from './shape/refusals.ts'

/**
 * A write as its type describes it: what it contains is known, spelled as the type spells it, of the right kind, complete,
 * and can be set. A type without a description takes everything.
 * @param existing the resource as a reader sees it now; asked only when a request repeats what nobody can set
 * @param unresolved expressions that only the running deployment evaluates
 * @throws ArmError in the words of the type's provider
 */
export function checkShape(write: Write, existing: () => unknown, unresolved: readonly string[] = []): Write {
  const { address, apiVersion, body } = write
  const description = descriptionOf(address.type)
  const occasion = {
    type: address.type,
    apiVersion,
    unresolved: new Set<unknown>(unresolved),
    current: (place: Place) => counterpart(body, existing(), place),
  }
  try {
    checkNamedOnce(body)
    if (description === undefined) return write
    const shaped = conform(body, description, [], occasion)
    return shaped === body
      ? write
      : { ...write, body: record(shaped), properties: record(record(shaped)['properties']) }
  } catch (error) {
    throw error instanceof Misfit ? refusalOf(error, write) : error
  }
}

/** Azure reads the members of a resource whatever their case: two that differ in nothing else are one said twice. */
function checkNamedOnce(body: ResourceBody): void {
  const keys = Object.keys(body)
  const twice = keys.find((key, index) => keys.slice(0, index).some((other) => sameId(other, key)))
  if (twice !== undefined) throw new Misfit({ kind: 'twice', member: twice }, [twice])
}

/** What stands in a resource at the place of a request. Members of lists are the same when their names or ids are. */
function counterpart(sent: unknown, existing: unknown, [step, ...rest]: Place): unknown {
  if (step === undefined || existing === undefined) return existing
  if (typeof step === 'string') return counterpart(memberOf(sent, step), memberOf(existing, step), rest)
  const item = Array.isArray(sent) ? sent[step] : undefined
  const items = Array.isArray(existing) ? existing : []
  const other = isRecord(item) ? items.find((candidate) => isSame(item, candidate)) : items[step]
  return counterpart(item, other, rest)
}

const isSame = (one: unknown, other: unknown): boolean =>
  ['name', 'id'].some((key) => {
    const value = memberOf(one, key)
    return value !== undefined && String(value).toLowerCase() === String(memberOf(other, key)).toLowerCase()
  })
