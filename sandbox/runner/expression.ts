import { z } from 'zod'

/** What an expression may refer to, by its path in small letters, e.g. `steps.check.outputs.changed`. */
export type Context = ReadonlyMap<string, string>

type Value = string | boolean | Readonly<Record<string, string>>

/** A literal, an operator or a path, as they are written. */
const token = /\s*('(?:[^']|'')*'|==|!=|&&|\|\||!|[()[\]]|[A-Za-z_][\w.-]*)/y

function tokensOf(expression: string): readonly string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < expression.trimEnd().length) {
    const found = token.exec(expression)?.[1]
    if (found === undefined) throw new Error(`The expression cannot be read: ${expression}`)
    tokens.push(found)
  }
  return tokens
}

const isTrue = (value: Value): boolean => value !== '' && value !== false

const labels = z.record(z.string(), z.string())

/** Texts are compared without regard to case. */
const isEqual = (a: Value, b: Value): boolean => String(a).toLowerCase() === String(b).toLowerCase()

function called(name: string, argument: string): Value {
  if (name === 'always') return true
  if (name === 'fromJSON') return labels.parse(JSON.parse(argument))
  throw new Error(`The function ${name} of an expression is not played.`)
}

/**
 * Evaluates an expression of an action or a workflow: literals, paths, `== != && || !`, brackets, `always()`, and `fromJSON()`
 * of an object of texts with an index. What is not there is an empty text. https://docs.github.com/actions/reference/workflows-and-actions/expressions
 */
function evaluate(expression: string, context: Context): Value {
  const tokens = [...tokensOf(expression)]
  const takes = (wanted: string): boolean => tokens[0] === wanted && tokens.shift() !== undefined
  const expect = (wanted: string): void => {
    if (!takes(wanted)) throw new Error(`The expression lacks '${wanted}': ${expression}`)
  }
  const either = (): Value => {
    let value = both()
    while (takes('||')) {
      const next = both()
      value = isTrue(value) ? value : next
    }
    return value
  }
  const both = (): Value => {
    let value = comparison()
    while (takes('&&')) {
      const next = comparison()
      value = isTrue(value) ? next : value
    }
    return value
  }
  const comparison = (): Value => {
    const value = single()
    if (takes('==')) return isEqual(value, single())
    return takes('!=') ? !isEqual(value, single()) : value
  }
  const single = (): Value => {
    let value = operand()
    while (takes('[')) {
      const key = String(either())
      value = typeof value === 'object' ? (new Map(Object.entries(value)).get(key) ?? '') : ''
      expect(']')
    }
    return value
  }
  const operand = (): Value => {
    if (takes('!')) return !isTrue(single())
    if (takes('(')) {
      const value = either()
      expect(')')
      return value
    }
    const text = tokens.shift() ?? ''
    if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'")
    if (!takes('(')) return context.get(text.toLowerCase()) ?? ''
    const argument = tokens[0] === ')' ? '' : String(either())
    expect(')')
    return called(text, argument)
  }
  const value = either()
  if (tokens.length > 0) throw new Error(`The expression goes on unexpectedly: ${expression}`)
  return value
}

const whole = /\$\{\{(.*?)\}\}/gs

/** A text with its expressions evaluated. */
export const interpolated = (text: string, context: Context): string =>
  text.replaceAll(whole, (_, expression: string) => String(evaluate(expression, context)))

/** Does an `if` hold? */
export const holds = (condition: string, context: Context): boolean =>
  isTrue(evaluate(condition.replaceAll(whole, '$1'), context))

/** Does an `if` say for itself when it runs, so that a failure before it does not matter? */
export const runsAlways = (condition: string): boolean => /\balways\(\)/.test(condition)
