import { isRecord } from '../../json.ts'
import { literally } from '../../wildcards.ts'

type Compare = (actual: unknown, wanted: unknown) => boolean

/** What is not there is the empty text. */
const textOf = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

const equal: Compare = (actual, wanted) => textOf(actual).toLowerCase() === textOf(wanted).toLowerCase()

const listed: Compare = (actual, wanted) =>
  Array.isArray(wanted) && wanted.some((item) => equal(actual, item))

const contains: Compare = (actual, wanted) =>
  Array.isArray(actual)
    ? actual.some((item) => equal(item, wanted))
    : textOf(actual).toLowerCase().includes(textOf(wanted).toLowerCase())

const containsKey: Compare = (actual, wanted) =>
  isRecord(actual) && Object.keys(actual).some((key) => equal(key, wanted))

/** One `*` stands for any text. */
const like: Compare = (actual, wanted) => {
  const [before = '', after] = textOf(wanted).toLowerCase().split('*')
  const text = textOf(actual).toLowerCase()
  if (after === undefined) return text === before
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
}

/** `#` stands for a digit, `?` for a letter, `.` for any character. */
const match =
  (flags: string): Compare =>
  (actual, wanted) => {
    const source = textOf(wanted).replace(/[\s\S]/g, (character) => {
      if (character === '#') return '\\d'
      if (character === '?') return '[a-zA-Z]'
      return character === '.' ? '[\\s\\S]' : literally(character)
    })
    return new RegExp(`^${source}$`, flags).test(textOf(actual))
  }

const exists: Compare = (actual, wanted) => {
  const isThere = actual !== undefined && actual !== null
  return isThere === (textOf(wanted).toLowerCase() === 'true')
}

/** Numbers by value, dates and texts by their letters. What is not there is neither less nor greater. */
const ordered =
  (fits: (order: number) => boolean): Compare =>
  (actual, wanted) => {
    if (actual === undefined || actual === null) return false
    const [left, right] = [Number(actual), Number(wanted)]
    if (!Number.isNaN(left) && !Number.isNaN(right)) return fits(left - right)
    return fits(textOf(actual) < textOf(wanted) ? -1 : textOf(actual) > textOf(wanted) ? 1 : 0)
  }

const pairs: readonly (readonly [string, string, Compare])[] = [
  ['equals', 'notEquals', equal],
  ['in', 'notIn', listed],
  ['contains', 'notContains', contains],
  ['containsKey', 'notContainsKey', containsKey],
  ['like', 'notLike', like],
  ['match', 'notMatch', match('')],
  ['matchInsensitively', 'notMatchInsensitively', match('i')],
]

/** The conditions of rules, by name. https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule#conditions */
export const comparisons: Readonly<Record<string, Compare>> = Object.fromEntries<Compare>([
  ...pairs.flatMap(([name, opposite, compare]): [string, Compare][] => [
    [name, compare],
    [opposite, (actual, wanted) => !compare(actual, wanted)],
  ]),
  ['exists', exists],
  ['less', ordered((order) => order < 0)],
  ['lessOrEquals', ordered((order) => order <= 0)],
  ['greater', ordered((order) => order > 0)],
  ['greaterOrEquals', ordered((order) => order >= 0)],
])
