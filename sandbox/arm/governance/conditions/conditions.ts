import { badRequest } from '../../errors.ts'
import type { Attributes } from './attributes.ts'
import { hasAttribute, isKnownAttribute } from './attributes.ts'
import { evaluate } from './evaluate.ts'
import { type Attribute, ConditionSyntaxError, type Expression } from './expression.ts'
import { parseCondition } from './parser.ts'

const largest = 8 * 1024
const read = new Map<string, Expression | undefined>()

/** The condition as an expression, read once; `undefined` when it cannot be read. */
function expressionOf(condition: string): Expression | undefined {
  if (!read.has(condition)) {
    try {
      read.set(condition, parseCondition(condition))
    } catch (error) {
      if (!(error instanceof ConditionSyntaxError)) throw error
      read.set(condition, undefined)
    }
  }
  return read.get(condition)
}

/**
 * Whether a condition lets an action pass. What nobody knows grants nothing; before a deployment, when the request is
 * not known yet (`attributes` undefined), it is left for later.
 */
export function fulfils(condition: string, action: string, attributes: Attributes | undefined): boolean {
  const expression = expressionOf(condition)
  if (expression === undefined) return false
  const valuesOf = ({ source, name }: Attribute) => attributes?.[source]?.get(name.toLowerCase())
  const has = (attribute: Attribute) => hasAttribute(attribute, attributes)
  const outcome = evaluate(expression, { action, valuesOf, has })
  return attributes === undefined ? outcome !== false : outcome === true
}

/**
 * Refuses a condition that Azure refuses: another version than 2.0, one that cannot be read, one that names an
 * attribute that there is not, or an action that the role does not have.
 * https://learn.microsoft.com/azure/role-based-access-control/conditions-troubleshoot
 * @throws ArmError `InvalidRoleAssignmentCondition`
 */
export function checkCondition(
  condition: string,
  version: string | undefined,
  grants: (action: string) => boolean,
): void {
  const expression = condition.length > largest ? undefined : expressionOf(condition)
  if (
    version === '2.0' &&
    expression !== undefined &&
    partsOf(expression).every((part) => fits(part, grants))
  )
    return
  throw badRequest('InvalidRoleAssignmentCondition', 'The given role assignment condition is invalid.')
}

function fits(part: Expression, grants: (action: string) => boolean): boolean {
  if (part.kind === 'action') return part.pattern.includes('*') || grants(part.pattern)
  const named =
    part.kind === 'exists' ? [part.attribute] : part.kind === 'comparison' ? [part.left, part.right] : []
  return named.every((operand) => operand.kind === 'literal' || isKnownAttribute(operand))
}

/** The expression and all within it. */
function partsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'not') return [expression, ...partsOf(expression.inner)]
  if (expression.kind !== 'and' && expression.kind !== 'or') return [expression]
  return [expression, ...partsOf(expression.left), ...partsOf(expression.right)]
}
