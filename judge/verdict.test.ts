import { describe, expect, test } from '@jest/globals'
import { contains, faultsOf, verdictOf } from './verdict.ts'

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

test('an output contains named properties, and items of lists in any order', () => {
  const output = { a: [{ n: 1, m: 2 }, { n: 3 }], b: { c: 'd' } }
  expect(contains(output, { a: [{ n: 3 }, { n: 1 }], b: {} })).toBe(true)
  expect(contains(output, { a: [{ n: 4 }] })).toBe(false)
  expect(contains(output, { b: { c: 'D' } })).toBe(false)
  expect(contains(output, { x: null })).toBe(true)
  expect(contains(output, { b: null })).toBe(false)
})
