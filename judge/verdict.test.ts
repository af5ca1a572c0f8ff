import { describe, expect, test } from '@jest/globals'
import { difference, faultsOf, verdictOf } from './verdict.ts'

const shown = { az: 'group show -n a', name: 'is shown', expect: {} }

describe('an outcome', () => {
  test('is as expected when the command succeeds and nothing else is said', () => {
    expect(faultsOf({}, { exit: 0 })).toEqual([])
    expect(faultsOf({}, { exit: 1, text: 'ERROR: no' })).toEqual(['expected success; got 1   ERROR: no'])
  })

  test.each([
    ['success', { exit: 0 }],
    ['another code', { exit: 1, code: 'Other' }],
    ['another code of a request', { status: 409, code: 'Other' }],
    ['an exception without code', { kind: 'ValueError', message: 'no' }],
  ])('is not the expected refusal when it is %s', (_, outcome) => {
    expect(faultsOf({ error: 'ScopeLocked' }, outcome)).toHaveLength(1)
  })

  test('is the expected refusal when the code is', () => {
    expect(faultsOf({ error: 'ScopeLocked' }, { exit: 1, code: 'ScopeLocked' })).toEqual([])
    expect(faultsOf({ error: 'ScopeLocked', status: [409] }, { status: 409, code: 'ScopeLocked' })).toEqual(
      [],
    )
  })

  test('has the expected text, values and headers, or says what it has', () => {
    const outcome = { exit: 0, text: 'WARNING: old', values: { 'length(@)': 2 }, headers: { etag: 'x' } }
    const fits = { message: 'old', holds: { 'length(@)': 2 }, headers: { ETag: true, location: false } }
    expect(faultsOf(fits, outcome)).toEqual([])
    const other = { message: 'new', holds: { 'length(@)': 3 }, headers: { ETag: 'y', location: true } }
    expect(faultsOf(other, outcome)).toHaveLength(4)
  })

  test('is wrong when the tool wanted to leave the machine, whatever it answered', () => {
    expect(faultsOf({}, { exit: 0, left: ['management.azure.com'] })).toEqual([
      'wanted to leave this machine, for management.azure.com',
    ])
  })

  test('is wrong when the driver broke, even where an error was expected', () => {
    expect(faultsOf({ error: 'A' }, { exit: 1, code: 'A', broken: 'Traceback' })).toEqual([
      'the tool broke: Traceback',
    ])
  })
})

test('the verdict on what is absent is never that it is as Azure', () => {
  expect(verdictOf(shown, [])).toBe('as Azure')
  expect(verdictOf({ ...shown, absent: 'no quotas' }, [])).toBe('absent')
  expect(verdictOf({ ...shown, absent: 'no quotas' }, ['expected …'])).toBe('wrong')
})

test('an output has named properties, and items of lists in any order; what it lacks first is said', () => {
  const output = { a: [{ n: 1, m: 2 }, { n: 3 }], b: { c: 'd' } }
  const lacking = (pattern: unknown) => difference(output, pattern, 'output')
  expect(lacking({ a: [{ n: 3 }, { n: 1 }], b: {} })).toBeUndefined()
  expect(lacking({ x: null })).toBeUndefined()
  expect(lacking({ a: [{ n: 4 }] })).toContain('expected output.a to have {"n":4}')
  expect(lacking({ b: { c: 'D' } })).toBe('expected output.b.c to be "D", got "d"')
  expect(lacking({ b: null })).toContain('expected output.b to be null')
  expect(lacking({ b: [] })).toContain('expected output.b to be []')
})
