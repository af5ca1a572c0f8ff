import { isDeepStrictEqual } from 'node:util'
import type { Case, Expectation } from './case-file.ts'
import type { Outcome } from './driver.ts'

/** Whether a case ended as Azure would end it, or as the sandbox says it does where it lacks something. */
export type Verdict = 'as Azure' | 'absent' | 'wrong'

/** Why an outcome is not the expected one; empty when it is. */
export function faultsOf(expected: Expectation, outcome: Outcome): readonly string[] {
  return [
    ...faultsOfTool(outcome),
    ...faultsOfEnd(expected, outcome),
    ...faultsOfText(expected, outcome),
    ...faultsOfOutput(expected, outcome),
    ...faultsOfHeaders(expected, outcome),
  ]
}

/** The verdict on a case whose faults are known. */
export function verdictOf(judged: Case, faults: readonly string[]): Verdict {
  if (faults.length > 0) return 'wrong'
  return judged.absent === undefined ? 'as Azure' : 'absent'
}

function faultsOfTool({ broken, left }: Outcome): readonly string[] {
  return [
    ...(broken === undefined ? [] : [`the tool broke: ${broken}`]),
    ...(left ?? []).map((host) => `wanted to leave this machine, for ${host}`),
  ]
}

function failed({ exit, status, kind }: Outcome): boolean {
  return exit === undefined ? kind !== undefined || (status ?? 0) >= 400 : exit !== 0
}

function faultsOfEnd({ exit, status, error }: Expectation, outcome: Outcome): readonly string[] {
  const shown = failed(outcome)
    ? [outcome.exit, outcome.status, outcome.code, outcome.message ?? outcome.text].join(' ').trim()
    : `success ${outcome.status ?? ''}`
  const may = [status ?? []].flat()
  const succeeds = error === undefined && exit === undefined && may.length === 0
  const wrong = [
    succeeds && failed(outcome) && 'success',
    error !== undefined && (!failed(outcome) || outcome.code !== error) && error,
    exit !== undefined && outcome.exit !== exit && `exit code ${exit}`,
    may.length > 0 && !may.includes(outcome.status ?? 0) && `status ${may.join(' or ')}`,
  ].filter((what) => typeof what === 'string')
  return wrong.length === 0 ? [] : [`expected ${wrong.join(', ')}; got ${shown}`]
}

function faultsOfText({ message }: Expectation, outcome: Outcome): readonly string[] {
  const text = `${outcome.message ?? ''}\n${outcome.text ?? ''}`
  return message === undefined || text.includes(message)
    ? []
    : [`expected the text '${message}', got '${text.trim()}'`]
}

function faultsOfOutput({ output, holds }: Expectation, outcome: Outcome): readonly string[] {
  const missing = output === undefined ? undefined : difference(outcome.output, output, 'output')
  const found = outcome.values ?? {}
  return [
    ...(missing === undefined ? [] : [missing]),
    ...Object.entries(holds ?? {})
      .filter(([query, value]) => !isDeepStrictEqual(found[query] ?? null, value))
      .map(([query, value]) => expected(query, value, found[query])),
  ]
}

const expected = (what: string, value: unknown, found: unknown): string =>
  `expected ${what} to be ${JSON.stringify(value)}, got ${JSON.stringify(found)}`

function faultsOfHeaders({ headers }: Expectation, outcome: Outcome): readonly string[] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) => {
    const found = outcome.headers?.[name.toLowerCase()]
    const fits = typeof value === 'boolean' ? (found !== undefined) === value : found === value
    return fits ? [] : [`expected the header ${name}: ${value}, got ${found}`]
  })
}

/**
 * The first thing that a pattern names and a value lacks, in words: properties of objects, items of lists in any order.
 * Nothing when the value has them all.
 */
export function difference(value: unknown, pattern: unknown, where: string): string | undefined {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value)) return expected(where, pattern, value)
    const lacking = pattern.find((item) => value.every((one) => difference(one, item, where) !== undefined))
    return lacking === undefined
      ? undefined
      : `expected ${where} to have ${JSON.stringify(lacking)}, got ${JSON.stringify(value)}`
  }
  if (isRecord(pattern)) {
    if (!isRecord(value)) return expected(where, pattern, value)
    return Object.entries(pattern)
      .map(([key, item]) => difference(value[key], item, `${where}.${key}`))
      .find((fault) => fault !== undefined)
  }
  return (value ?? null) === pattern ? undefined : expected(where, pattern, value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
