import { describe, expect, test } from '@jest/globals'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { inputReader } from '../../src/runtime/inputs.ts'
import { readProjectInputs } from '../../src/runtime/project-inputs.ts'
import { recordingHost } from './recording-host.ts'

const reader = (inputs: Readonly<Record<string, string>>) => inputReader(recordingHost(inputs))

function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  throw new Error('It was not refused.')
}

describe('an input that is not given', () => {
  test.each(['', '  ', '\n'])('is %j', (value) => {
    const read = reader({ x: value })
    expect(read.optional('x')).toBeUndefined()
    expect(read.list('x')).toEqual([])
    expect(read.boolean('x', true)).toBe(true)
    expect(read.choice('x', ['a', 'b'], 'b')).toBe('b')
    expect(refusalOf(() => read.required('x'))).toBe(
      'Input \'x\' is missing. Give the step a value for it: "with:" and below it "x: …".',
    )
    expect(refusalOf(() => read.choice('x', ['a', 'b']))).toContain("Input 'x' is missing.")
    expect(refusalOf(() => read.matching('x', /a/, 'an a'))).toContain("Input 'x' is missing.")
  })
})

describe('an input that is given', () => {
  test('is trimmed', () => {
    expect(reader({ x: ' a ' }).required('x')).toBe('a')
    expect(reader({ x: ' a ' }).optional('x')).toBe('a')
  })

  test('as a choice is one of those allowed, exactly, case included', () => {
    expect(reader({ mode: 'apply' }).choice('mode', ['plan', 'apply'], 'plan')).toBe('apply')
    expect(refusalOf(() => reader({ mode: 'Apply' }).choice('mode', ['plan', 'apply', 'render']))).toBe(
      'Input \'mode\' is "Apply". Use plan, apply or render. Did you mean apply?',
    )
  })

  test.each([
    ['true', true],
    ['TRUE', true],
    ['false', false],
    [' False ', false],
  ])('as a boolean: %j is %s', (value, expected) => {
    expect(reader({ x: value }).boolean('x', !expected)).toBe(expected)
  })

  test.each(['yes', '1', 'on', 'truee'])('as a boolean is refused: %s', (value) => {
    expect(refusalOf(() => reader({ summary: value }).boolean('summary', true))).toBe(
      `Input 'summary' is "${value}". Use true or false.`,
    )
  })

  test('as a list has one entry a line, or separated by commas', () => {
    expect(reader({ x: 'a, b\n c\r\n,,\n d' }).list('x')).toEqual(['a', 'b', 'c', 'd'])
  })

  test('of a fixed form is refused in the words of the form', () => {
    expect(reader({ x: 'abc' }).matching('x', /^[a-c]+$/, 'letters')).toBe('abc')
    expect(refusalOf(() => reader({ x: 'abd' }).matching('x', /^[a-c]+$/, 'letters from a to c'))).toBe(
      'Input \'x\' is "abd". It has to be letters from a to c.',
    )
  })

  test('that is long or has special characters is shown shortened, on one line', () => {
    const message = refusalOf(() => reader({ x: `a\n::error::${'z'.repeat(500)}` }).choice('x', ['a']))
    expect(message).not.toContain('\n')
    expect(message.length).toBeLessThan(150)
  })
})

describe('the inputs of an action about a project', () => {
  const given = { project: '001', environment: 'dev' }

  test('have the defaults of action.yml', () => {
    expect(readProjectInputs(reader(given), ['plan'])).toEqual({
      project: '001',
      environment: 'dev',
      factoryFile: 'aifactory/factory.yml',
      azureCloud: 'AzureCloud',
      clientId: undefined,
      githubToken: undefined,
      allowed: [],
      summary: true,
    })
  })

  test('take somebody else to sign in as in modes that change nothing, and in no other', () => {
    const clientId = '33333333-3333-3333-3333-333333333399'
    const other = { ...given, 'client-id': clientId }
    expect(readProjectInputs(reader({ ...other, mode: 'verify' }), ['plan', 'verify']).clientId).toBe(
      clientId,
    )
    expect(refusalOf(() => readProjectInputs(reader({ ...other, mode: 'apply' }), ['plan']))).toContain(
      "Input 'client-id' means nothing in mode 'apply'.",
    )
  })

  test.each(['1', '000', '1000', 'prj001', '００１', '001\n002'])('refuse the project %j', (project) => {
    expect(refusalOf(() => readProjectInputs(reader({ ...given, project }), []))).toContain(
      "Input 'project' is",
    )
  })

  test.each(['test', 'DEV', ''])('refuse the environment %j', (environment) => {
    expect(refusalOf(() => readProjectInputs(reader({ ...given, environment }), []))).toContain(
      "Input 'environment' is",
    )
  })
})
