import { describe, expect, test } from '@jest/globals'
import { parseSubject, readSubjects } from './case-file.ts'
import { fill } from './values.ts'

const subjects = readSubjects()

describe('the cases', () => {
  test('are at least 120, of commands, calls and plain requests', () => {
    const all = subjects.flatMap(({ cases }) => cases)
    expect(all.length).toBeGreaterThanOrEqual(120)
    for (const tool of ['az', 'python', 'http']) expect(all.filter((one) => tool in one)).not.toEqual([])
  })

  test.each(subjects.map(({ subject, cases }) => [subject, cases] as const))(
    'of %s have each a name of its own',
    (_, cases) => {
      const names = cases.map(({ name }) => name)
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    },
  )

  test('have subjects with names of their own', () => {
    const names = subjects.map(({ subject }) => subject)
    expect(new Set(names).size).toBe(names.length)
  })

  test.each(subjects.map((subject) => [subject.subject, subject] as const))(
    'of %s refer only to values that are known, or that an earlier case saved',
    (_, { cases, identities }) => {
      const known = knownAtFirst(Object.keys(identities))
      for (const one of cases) {
        expect([one.name, faultOf(() => fill(one, known))]).toEqual([one.name, undefined])
        for (const name of Object.keys(one.save ?? {})) known.set(name, '')
      }
    },
  )

  test('name only identities that their subject has', () => {
    for (const { cases, identities } of subjects)
      for (const { as } of cases) if (as !== undefined) expect(Object.keys(identities)).toContain(as)
  })
})

describe('a file of cases', () => {
  test.each([
    ['a misspelt expectation', 'subject: Things\ncases: [{ name: one, az: a b, expect: { eror: X } }]'],
    ['two tools in one case', 'subject: Things\ncases: [{ name: one, az: a b, http: GET / }]'],
    ['a link without TLS', 'subject: Things\ncases: [{ name: one, az: a b, see: "http://x.example" }]'],
    ['no case', 'subject: Things\ncases: []'],
  ])('with %s is refused', (_, text) => {
    expect(() => parseSubject(text)).toThrow()
  })
})

test('a value alone keeps its type, and becomes text within a text', () => {
  const port = '$' + '{port}'
  const values = new Map<string, unknown>([['port', 80]])
  expect(fill({ [port]: [port, `at ${port}`] }, values)).toEqual({ '80': [80, 'at 80'] })
  expect(() => fill('$' + '{host}', values)).toThrow("No earlier case saved 'host'.")
})

const knownAtFirst = (identities: readonly string[]): Map<string, unknown> =>
  new Map([
    ...['url', 'tenant', 'subscription', 'otherSubscription'].map((name) => [name, ''] as const),
    ...['owner', ...identities].flatMap((who) =>
      ['objectId', 'appId', 'secret'].map((what) => [`${who}.${what}`, ''] as const),
    ),
  ])

const faultOf = (work: () => unknown): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return String(error)
  }
}
