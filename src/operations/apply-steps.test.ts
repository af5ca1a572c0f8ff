import { describe, expect, test } from '@jest/globals'
import { UserError } from '../diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../plan/report.ts'
import { applySteps, runSteps, type Step } from './apply-steps.ts'

const log: string[] = []
const info = (line: string): void => void log.push(line)
const step = (name: string, apply: () => Promise<void> = async () => undefined): Step => ({ name, apply })
const failing = (error: unknown) => step('Fail', () => Promise.reject(error))

describe('steps', () => {
  test('run one after the other, each logged as it starts', async () => {
    log.length = 0
    await applySteps([step('Create a', async () => info('a exists')), step('Create b')], info, fail)
    expect(log).toEqual(['1/2 Create a', 'a exists', '2/2 Create b'])
  })

  test('of one stage go together, and those after it wait for all of them', async () => {
    log.length = 0
    const slow = (name: string, stage?: string): Step => ({
      ...step(name, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        info(`${name} is done`)
      }),
      ...(stage && { stage }),
    })
    await runSteps([slow('a', 'x'), slow('b', 'x'), slow('c'), slow('d', 'x')], info)
    expect(log).toEqual([
      '1/4 a',
      '2/4 b',
      'a is done',
      'b is done',
      '3/4 c',
      'c is done',
      '4/4 d',
      'd is done',
    ])
  })

  test('of one lane follow one another, beside the rest of their stage', async () => {
    log.length = 0
    const slow = (name: string, lane?: string): Step => ({
      ...step(name, async () => {
        await new Promise((resolve) => setImmediate(resolve))
        info(`${name} is done`)
      }),
      stage: 'x',
      ...(lane && { lane }),
    })
    await runSteps([slow('a', 'l'), slow('b', 'l'), slow('c')], info)
    expect(log).toEqual(['1/3 a', '3/3 c', 'a is done', '2/3 b', 'c is done', 'b is done'])
  })

  test('that are not needed any more are passed over', async () => {
    log.length = 0
    let needed = true
    const first = step('Delete a', async () => {
      needed = false
    })
    await runSteps([first, { ...step('Delete b'), isNeeded: () => needed }, step('Delete c')], info)
    expect(log).toEqual(['1/3 Delete a', '3/3 Delete c'])
  })

  test('end with the first that has a result', async () => {
    const steps: readonly Step<string | undefined>[] = [undefined, 'taken', 'never asked'].map((result) => ({
      name: 'Create',
      apply: async () => result,
    }))
    expect(await runSteps(steps, info)).toBe('taken')
    expect(await runSteps(steps.slice(0, 1), info)).toBeUndefined()
  })
})

const fail = (): Report => ({ outcome: 'failed', outputs: {} })

describe('a step that fails', () => {
  const error = new UserError({ what: 'Refused.', fix: 'Get the right.' })
  const failureOf = async (steps: readonly Step[]): Promise<FailureWithReport> => {
    const failure = await applySteps(steps, info, fail).catch((thrown: unknown) => thrown)
    if (failure instanceof FailureWithReport) return failure
    throw new Error('It did not fail with a report.')
  }

  test('ends the run, which says what was applied before it, and reports', async () => {
    const { cause, report } = await failureOf([step('a'), failing(error), step('c')])
    expect(cause).toMatchObject({
      message:
        'Refused. 1 of 3 steps were applied before that. Get the right. Running again applies only what is missing.',
    })
    expect(report).toEqual(fail())
  })

  test('waits for those that go together with it, and counts them', async () => {
    const together = [failing(error), step('b'), step('c')].map((one) => ({ ...one, stage: 'x' }))
    expect((await failureOf([...together, step('d')])).cause).toMatchObject({
      message: expect.stringMatching(/^Refused\. [12] of 4 steps were applied before that\./),
    })
  })

  test('as the first ends the run as it is', async () => {
    expect((await failureOf([failing(error), step('b')])).cause).toBe(error)
  })

  test('with a defect stays that defect', async () => {
    const defect = new TypeError('x is not a function')
    expect((await failureOf([step('a'), failing(defect)])).cause).toBe(defect)
  })
})
