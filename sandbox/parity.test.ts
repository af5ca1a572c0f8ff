import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'

const here = import.meta.dirname
const map = readFileSync(path.join(here, 'PARITY.md'), 'utf8')

interface Claim {
  readonly line: string
  readonly status: string
  readonly tests: readonly string[]
}

const named = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+ › [^`]+)`/g)].map(([, name = '']) => name)

/** The counts of the judges' cases are no claims. */
const generated = /<!-- judge: .*?<!-- end of generated part -->/s

const claims: readonly Claim[] = map
  .replace(generated, '')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| call'))
  .map((line) => ({ line, status: line.split('|')[2]?.trim() ?? '', tests: named(line) }))

/** The text of all tests of an area; the area `sandbox` is what lies beside this file. */
const testsOf = (area: string): string => {
  const folder = area === 'sandbox' ? here : path.join(here, area)
  if (!existsSync(folder)) return ''
  return readdirSync(folder, { recursive: area !== 'sandbox', encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')
}

/** The cases of the judges, `SUBJECT/CASE`. */
const judged: ReadonlySet<string> = new Set(
  readdirSync(path.join(here, '../judge/cases'))
    .map((file) => parse(readFileSync(path.join(here, '../judge/cases', file), 'utf8')))
    .flatMap(({ subject, cases }) => cases.map(({ name }: { name: string }) => `${subject}/${name}`)),
)

/** How many tests, or groups of tests, of an area have exactly this name. */
const count = (reference: string): number => {
  const [area = '', ...rest] = reference.split(' › ')
  const name = rest.join(' › ')
  if (area === 'judge') return judged.has(name) ? 1 : 0
  const text = testsOf(area)
  return ["'", '"', '`'].reduce((sum, quote) => sum + text.split(`${quote}${name}${quote}`).length - 1, 0)
}

describe('the parity map', () => {
  test('makes claims, each with a status and at least one test', () => {
    expect(claims.length).toBeGreaterThan(50)
    const wrong = claims.filter(
      ({ status, tests }) => !['as Azure', 'simpler', 'absent'].includes(status) || tests.length === 0,
    )
    expect(wrong).toEqual([])
  })

  test('names tests that exist, each by a name that no other has', () => {
    const references = named(map)
    expect(references.filter((reference) => count(reference) !== 1)).toEqual([])
  })

  test('would notice a test that does not exist, and a name that several have', () => {
    expect(count('sandbox › the parity map')).toBe(1)
    expect(count(['sandbox', 'the parity', 'map'].join(' › '))).toBe(0)
    expect(count('nowhere › the parity map')).toBe(0)
    expect(count('deployments › %s')).toBeGreaterThan(1)
    expect(count('judge › Groups/is shown')).toBe(1)
    expect(count('judge › Groups/is hidden')).toBe(0)
  })

  test('speaks of every area that has tests', () => {
    const areas = readdirSync(here, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => readdirSync(path.join(here, name)).some((file) => file.endsWith('.test.ts')))
    expect(areas.filter((area) => !map.includes(`\`${area} › `))).toEqual(['seeds'])
  })
})
