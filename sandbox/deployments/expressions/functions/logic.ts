import { type Arguments, many, takes } from '../arguments.ts'
import { ExpressionError } from '../errors.ts'
import { equal, type Json } from '../json.ts'

function order(given: Arguments): number {
  const [left, right] = [given.at(0), given.at(1)]
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [first, second] = [given.text(0), given.text(1)]
  return first < second ? -1 : first > second ? 1 : 0
}

const truths: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

const truth = (value: Json): boolean | undefined => {
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return value !== 0
  return typeof value === 'string' ? truths[value.toLowerCase()] : undefined
}

/**
 * Functions for comparing. `if`, `and`, `or` and `coalesce` evaluate only what they need: see lazy.ts.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-logical
 */
export const logicFunctions = {
  equals: takes(2, undefined, (given) => equal(given.at(0), given.at(1))),
  not: takes(1, undefined, (given) => !given.boolean(0)),
  less: takes(2, undefined, (given) => order(given) < 0),
  lessOrEquals: takes(2, undefined, (given) => order(given) <= 0),
  greater: takes(2, undefined, (given) => order(given) > 0),
  greaterOrEquals: takes(2, undefined, (given) => order(given) >= 0),
  true: takes(0, undefined, () => true),
  false: takes(0, undefined, () => false),
  null: takes(0, undefined, () => null),
  xor: takes(2, many, (given) => given.values.filter((_, index) => given.boolean(index)).length % 2 === 1),
  fail: takes(1, undefined, (given) => {
    throw new ExpressionError(given.text(0))
  }),
  bool: takes(1, undefined, (given) => {
    const value = truth(given.at(0))
    if (value === undefined) throw given.wrong('the value cannot be converted to a boolean')
    return value
  }),
}
