import { literally } from '../../wildcards.ts'

type Compare = (left: string, right: string) => boolean

const insensitive =
  (compare: Compare): Compare =>
  (left, right) =>
    compare(left.toLowerCase(), right.toLowerCase())
const negated =
  (compare: Compare): Compare =>
  (left, right) =>
    !compare(left, right)

const equal: Compare = (left, right) => left === right
const startsWith: Compare = (left, right) => left.startsWith(right)
/** `*` stands for any text, `?` for one character; a backslash takes their meaning away. */
const like: Compare = (left, right) => {
  const source = right.replace(/\\?[\s\S]/g, (part) => {
    if (part === '*') return '[\\s\\S]*'
    return part === '?' ? '[\\s\\S]' : literally(part.slice(-1))
  })
  return new RegExp(`^${source}$`).test(left)
}
/** A role is the same whether its id is written alone or with its scope. */
const sameGuid: Compare = (left, right) => guidIn(left) === guidIn(right)
const guidIn = (text: string): string => text.slice(text.lastIndexOf('/') + 1).toLowerCase()

const pairs: readonly (readonly [string, string, Compare])[] = [
  ['StringEquals', 'StringNotEquals', equal],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', insensitive(equal)],
  ['StringStartsWith', 'StringNotStartsWith', startsWith],
  ['StringStartsWithIgnoreCase', 'StringNotStartsWithIgnoreCase', insensitive(startsWith)],
  ['StringLike', 'StringNotLike', like],
  ['StringLikeIgnoreCase', 'StringNotLikeIgnoreCase', insensitive(like)],
  ['GuidEquals', 'GuidNotEquals', sameGuid],
  ['BoolEquals', 'BoolNotEquals', insensitive(equal)],
  ['NumericEquals', 'NumericNotEquals', (left, right) => Number(left) === Number(right)],
]

/** By name in lower case. https://learn.microsoft.com/azure/role-based-access-control/conditions-format#function-operators */
const operators: ReadonlyMap<string, Compare> = new Map(
  pairs.flatMap(([name, opposite, compare]) => [
    [name.toLowerCase(), compare] as const,
    [opposite.toLowerCase(), negated(compare)] as const,
  ]),
)

/** Operators that Azure has and the sandbox does not compute: a condition with one of them grants nothing. */
const notComputed = new Set(
  [
    ...['LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((end) => `Numeric${end}`),
    ...['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
      (end) => `DateTime${end}`,
    ),
    ...['TimeOfDayEquals', 'TimeOfDayNotEquals', 'TimeOfDayInRange', 'IpMatch', 'IpNotMatch'],
  ].map((name) => name.toLowerCase()),
)

/** Whether Azure has an operator of this name. */
export const isOperator = (name: string): boolean =>
  operators.has(name.toLowerCase()) || notComputed.has(name.toLowerCase())

/** How two values are compared; `undefined` when the sandbox does not compute it. */
export const comparisonOf = (name: string): Compare | undefined => operators.get(name.toLowerCase())
