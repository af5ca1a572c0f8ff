import { covers } from '../../wildcards.ts'
import type { Attribute, Expression, Literal, Pairing } from './expression.ts'
import { comparisonOf } from './operators.ts'

/** What a condition is asked about. */
export interface Question {
  readonly action: string
  /** Values of an attribute; `undefined` when it has none, or nobody knows. */
  readonly valuesOf: (attribute: Attribute) => readonly string[] | undefined
  /** Whether there is an attribute; `undefined` when nobody knows. */
  readonly has: (attribute: Attribute) => boolean | undefined
}

/** Whether a condition holds; `undefined` when that depends on what nobody knows. */
export function evaluate(expression: Expression, question: Question): boolean | undefined {
  switch (expression.kind) {
    case 'and':
      return and(evaluate(expression.left, question), evaluate(expression.right, question))
    case 'or':
      return not(and(not(evaluate(expression.left, question)), not(evaluate(expression.right, question))))
    case 'not':
      return not(evaluate(expression.inner, question))
    case 'action':
      return covers(expression.pattern, question.action)
    case 'subOperation':
      // Which suboperation of an action a request is, nobody tells: it is taken as none.
      return false
    case 'exists':
      return question.has(expression.attribute)
    case 'comparison':
      return compare(expression, question)
  }
}

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value)

function and(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  if (left === false || right === false) return false
  return left === undefined || right === undefined ? undefined : true
}

function compare(
  { left, right, operator, pairing }: Extract<Expression, { kind: 'comparison' }>,
  question: Question,
): boolean | undefined {
  const holds = comparisonOf(operator)
  const values = question.valuesOf(left)
  const others = operandValues(right, question)
  if (holds === undefined || values === undefined || others === undefined) return undefined
  return paired(pairing ?? 'ForAllOfAllValues', values, others, holds)
}

const operandValues = (operand: Attribute | Literal, question: Question): readonly string[] | undefined =>
  operand.kind === 'literal' ? operand.values : question.valuesOf(operand)

function paired(
  pairing: Pairing,
  values: readonly string[],
  others: readonly string[],
  holds: (left: string, right: string) => boolean,
): boolean {
  const fits = (value: string) =>
    /AnyValues$/.test(pairing)
      ? others.some((other) => holds(value, other))
      : others.every((other) => holds(value, other))
  return /^ForAny/.test(pairing) ? values.some(fits) : values.every(fits)
}
