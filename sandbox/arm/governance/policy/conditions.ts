import { isRecord, type Json, text } from '../../json.ts'
import { comparisons } from './comparisons.ts'
import { resolved, type Surroundings } from './expressions.ts'
import { type Bound, type Found, findField, type Subject } from './fields.ts'

/** One condition of a rule as it came out, in the form in which Azure reports it. */
export interface EvaluatedExpression {
  readonly result: 'True' | 'False'
  readonly expressionKind: 'Field' | 'Value' | 'Count'
  readonly expression: string
  readonly path: string
  readonly expressionValue: unknown
  readonly targetValue: unknown
  readonly operator: string
}

/** What a rule is about, and what was looked at on the way. */
export interface Question {
  readonly subject: Subject
  readonly parameters: ReadonlyMap<string, unknown>
  readonly subscription: unknown
  readonly resourceGroup: unknown
  readonly seen: EvaluatedExpression[]
  readonly bound: readonly Bound[]
  readonly currents: readonly { readonly name: string | undefined; readonly value: unknown }[]
}

/** What expressions of the rule see. */
export const surroundingsOf = (question: Question): Surroundings => ({
  ...question,
  field: (name) => {
    const { values, isMany } = findField(name, question.subject, question.bound)
    return isMany ? values : values[0]
  },
  current: (name) =>
    question.currents.findLast((one) => name === undefined || one.name?.toLowerCase() === name.toLowerCase())
      ?.value,
})

/**
 * Whether the conditions of a rule hold. Those that the sandbox cannot read never do: see `checkRule`.
 * https://learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule
 */
export function holds(condition: unknown, question: Question): boolean {
  if (!isRecord(condition)) return false
  if (Array.isArray(condition['allOf'])) return condition['allOf'].every((one) => holds(one, question))
  if (Array.isArray(condition['anyOf'])) return condition['anyOf'].some((one) => holds(one, question))
  if ('not' in condition) return !holds(condition['not'], question)
  if ('count' in condition) return countHolds(condition, question)
  const operator = operatorOf(condition)
  if (operator === undefined) return false
  const wanted = resolved(condition[operator], surroundingsOf(question))
  const subject = 'field' in condition ? fieldOf(condition, question) : givenValue(condition, question)
  const compare = comparisons[operator]
  const result =
    compare !== undefined &&
    (subject.isMany
      ? subject.values.every((value) => compare(value, wanted))
      : compare(subject.values[0], wanted))
  note(question, { ...subject, operator, wanted, result })
  return result
}

const operatorOf = (condition: Json): string | undefined =>
  Object.keys(condition).find((key) => Object.hasOwn(comparisons, key))

interface Compared extends Found {
  readonly kind: EvaluatedExpression['expressionKind']
  readonly expression: string
}

function fieldOf(condition: Json, question: Question): Compared {
  const name = String(resolved(condition['field'], surroundingsOf(question)) ?? '')
  return { ...findField(name, question.subject, question.bound), kind: 'Field', expression: name }
}

function givenValue(condition: Json, question: Question): Compared {
  const value = resolved(condition['value'], surroundingsOf(question))
  const expression = String(condition['value'])
  return { path: expression, values: [value], isMany: false, kind: 'Value', expression }
}

function countHolds(condition: Json, question: Question): boolean {
  const count = isRecord(condition['count']) ? condition['count'] : {}
  const operator = operatorOf(condition)
  const where = (inner: Partial<Question>): boolean =>
    count['where'] === undefined || holds(count['where'], { ...question, seen: [], ...inner })
  const field = text(resolved(count['field'], surroundingsOf(question)))
  const found = field === undefined ? undefined : findField(field, question.subject, question.bound)
  const values = found?.values ?? listOf(resolved(count['value'], surroundingsOf(question)))
  const fitting = values.filter((value) =>
    field === undefined
      ? where({ currents: [...question.currents, { name: text(count['name']), value }] })
      : where({ bound: [...question.bound, { field, element: value }] }),
  ).length
  const wanted = resolved(condition[operator ?? ''], surroundingsOf(question))
  const result = operator !== undefined && comparisons[operator]?.(fitting, wanted) === true
  const path = found?.path ?? String(count['value'])
  const about = { path, values: [fitting], isMany: false, kind: 'Count' as const, expression: field ?? path }
  note(question, { ...about, operator: operator ?? '', wanted, result })
  return result
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function note(
  { seen }: Question,
  found: Compared & { readonly operator: string; readonly wanted: unknown; readonly result: boolean },
): void {
  seen.push({
    result: found.result ? 'True' : 'False',
    expressionKind: found.kind,
    expression: found.expression,
    path: found.path,
    expressionValue: found.isMany ? found.values : (found.values[0] ?? null),
    targetValue: found.wanted,
    operator: `${found.operator.charAt(0).toUpperCase()}${found.operator.slice(1)}`,
  })
}

/** What is wrong with the conditions of a rule, as far as one can tell without a resource; `undefined` when nothing is. */
export function faultOf(condition: unknown): string | undefined {
  if (!isRecord(condition)) return 'a condition is an object'
  for (const several of ['allOf', 'anyOf'] as const) {
    if (!(several in condition)) continue
    const list = condition[several]
    if (!Array.isArray(list) || list.length === 0) return `'${several}' is a list of conditions`
    return list.map(faultOf).find((fault) => fault !== undefined)
  }
  if ('not' in condition) return faultOf(condition['not'])
  const subjects = ['field', 'value', 'count', 'source'].filter((key) => key in condition)
  if (subjects.length !== 1 || subjects[0] === 'source')
    return "a condition has one of 'field', 'value' and 'count'"
  const others = Object.keys(condition).filter((key) => key !== subjects[0])
  if (others.length !== 1 || !Object.hasOwn(comparisons, others[0] ?? ''))
    return `'${others.join("', '")}' is no operator of a condition`
  const where = isRecord(condition['count']) ? condition['count']['where'] : undefined
  return where === undefined ? undefined : faultOf(where)
}
