import { badRequest } from '../../errors.ts'
import { isRecord, record } from '../../json.ts'

/** What the parameters of a definition or a set are used in. */
interface Usage {
  /** `policy` or `policy set`, with its name. */
  readonly what: string
  readonly declared: unknown
  readonly used: unknown
  readonly place: string
}

/**
 * Parameters that are used are declared, and those that are declared are used.
 * @throws ArmError `InvalidPolicyParameters`, `UnusedPolicyParameters`
 */
export function checkParametersUsed({ what, declared, used, place }: Usage): void {
  const names = new Set(namesIn(used))
  const declaredNames = Object.keys(record(declared))
  const isDeclared = (name: string) => declaredNames.some((one) => one.toLowerCase() === name.toLowerCase())
  const undeclared = [...names].find((name) => !isDeclared(name))
  if (undeclared !== undefined)
    throw badRequest(
      'InvalidPolicyParameters',
      `A function or parameter in ${what} could not be validated. If using template functions, try following the tips in: https://aka.ms/policy-avoiding-template-failures. The inner exception 'The ${what} has undefined parameter '${undeclared}' which is used in the ${place}. Please either define it in policy definition or remove the reference in ${place}.'.`,
    )
  const usedKeys = new Set([...names].map((name) => name.toLowerCase()))
  const unused = declaredNames.filter((name) => !usedKeys.has(name.toLowerCase()))
  if (unused.length > 0)
    throw badRequest(
      'UnusedPolicyParameters',
      `The ${what} has defined parameters '${unused.join(',')}' which are not used in the ${place}. Please either remove these parameters from the definition or ensure that they are used in the ${place}.`,
    )
}

/** Names of the parameters that expressions anywhere in a value name. */
function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return isExpression(value) ? parametersIn(value) : []
  if (Array.isArray(value)) return value.flatMap(namesIn)
  if (!isRecord(value)) return []
  // A template has parameters of its own.
  return Object.entries(value).flatMap(([key, one]) => (isTemplate(key, one) ? [] : namesIn(one)))
}

const isExpression = (value: string): boolean => value.startsWith('[') && !value.startsWith('[[')

const parametersIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/\bparameters\(\s*'([^']*)'\s*\)/gi)].map(([, name = '']) => name)

const isTemplate = (key: string, value: unknown): boolean =>
  key.toLowerCase() === 'template' && isRecord(value) && 'resources' in value
