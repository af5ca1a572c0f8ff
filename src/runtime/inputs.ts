import { nearest } from '../diagnostics/nearest.ts'
import { UserError } from '../diagnostics/user-error.ts'
import type { Host } from './host.ts'

/** Reads and checks the inputs of an action. Every method throws a UserError that names the input. */
export interface InputReader {
  /** The value, or undefined when it was not given. */
  readonly optional: (name: string) => string | undefined
  readonly required: (name: string) => string
  readonly choice: <T extends string>(name: string, allowed: readonly T[], defaultValue?: T) => T
  readonly boolean: (name: string, defaultValue: boolean) => boolean
  /** A value of a fixed form; `allowed` says in words what the form is. */
  readonly matching: (name: string, form: RegExp, allowed: string) => string
  /** One entry a line, or separated by commas; empty entries are dropped. */
  readonly list: (name: string) => readonly string[]
}

const shown = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)

const orList = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** The inputs as the runner passes them. */
export function inputReader(host: Host): InputReader {
  const optional = (name: string): string | undefined => {
    const value = host.input(name).trim()
    return value === '' ? undefined : value
  }

  const required = (name: string): string => {
    const value = optional(name)
    if (value !== undefined) return value
    throw new UserError({
      what: `Input '${name}' is missing.`,
      fix: `Give the step a value for it: "with:" and below it "${name}: …".`,
    })
  }

  return {
    optional,
    required,
    choice: (name, allowed, defaultValue) => {
      const value = defaultValue === undefined ? required(name) : (optional(name) ?? defaultValue)
      const match = allowed.find((candidate) => candidate === value)
      if (match !== undefined) return match
      const meant = nearest(value, allowed)
      throw new UserError({
        what: `Input '${name}' is ${shown(value)}.`,
        fix: `Use ${orList(allowed)}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
      })
    },
    boolean: (name, defaultValue) => {
      const value = optional(name)?.toLowerCase()
      if (value === undefined) return defaultValue
      if (value === 'true') return true
      if (value === 'false') return false
      throw new UserError({ what: `Input '${name}' is ${shown(value)}.`, fix: 'Use true or false.' })
    },
    matching: (name, form, allowed) => {
      const value = required(name)
      if (form.test(value)) return value
      throw new UserError({ what: `Input '${name}' is ${shown(value)}.`, fix: `It has to be ${allowed}.` })
    },
    list: (name) =>
      (optional(name) ?? '')
        .split(/[\n,]/)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
  }
}
