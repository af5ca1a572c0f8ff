import { createHash } from 'node:crypto'
import type { NameRule, Placeholder } from './types.ts'

/** What stands in a pattern's placeholders. */
export type PlaceholderValues = Readonly<Partial<Record<Placeholder, string>>>

/** Characters of the hash at the end of a shortened value: 36^8 different ones. */
const hashLength = 8

/**
 * Renders a name by its rule. When the whole would be longer than the service allows, the placeholder that gives way is
 * shortened and ends in a hash of what it was, so that different values stay different; every other part keeps its
 * place, and with it what distinguishes projects, environments, instances and salts.
 * @throws RangeError when no name within the rule exists: a defect, since allowed input always has one
 */
export function renderName(rule: NameRule, values: PlaceholderValues): string {
  const given: Readonly<Record<string, string | undefined>> = values
  const read = (placeholder: string): string => {
    const value = given[placeholder]
    if (value === undefined) throw new RangeError(`'${rule.pattern}' was given no {${placeholder}}.`)
    return value
  }
  const fill = (givesWay: string): string =>
    rule.pattern.replaceAll(/\{(\w+)\}/g, (_, placeholder: string) =>
      placeholder === rule.givesWay ? givesWay : read(placeholder),
    )

  const full = fill(read(rule.givesWay))
  const available = rule.maxLength - fill('').length
  const name = full.length <= rule.maxLength ? full : fill(shorten(read(rule.givesWay), available))
  if (!rule.accepts.test(name) || name.length < rule.minLength || name.length > rule.maxLength) {
    throw new RangeError(`'${name}' is not a name that the rule '${rule.pattern}' allows.`)
  }
  return name
}

/** The beginning of a text and a hash of the whole text, together exactly `length` characters. */
function shorten(text: string, length: number): string {
  if (length < 1) throw new RangeError(`No characters are left for '${text}'.`)
  const hash = stableHash(text)
  return `${text.slice(0, Math.max(0, length - hash.length))}${hash.slice(0, length)}`
}

/** Eight characters of a-z0-9 that depend on nothing but the text. */
function stableHash(text: string): string {
  const digest = createHash('sha256').update(text, 'utf8').digest()
  return (digest.readBigUInt64BE() % 36n ** BigInt(hashLength)).toString(36).padStart(hashLength, '0')
}
