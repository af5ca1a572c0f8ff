import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { deliverySteps } from '../../src/report/chain.ts'
import { read, readAction, readWorkflow } from './documents.ts'

const documentSchema = z.object({
  inputs: z.record(
    z.string(),
    z.object({
      description: z.string().min(10),
      default: z.string().optional(),
      required: z.boolean().optional(),
    }),
  ),
  outputs: z.record(z.string(), z.object({ description: z.string().min(10), value: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        uses: z.string(),
        if: z.string().optional(),
        with: z.record(z.string(), z.string()),
      }),
    ),
  }),
})
const { inputs, outputs, runs } = documentSchema.parse(parse(read('action.yml')))
const own = /^\$\/(actions\/[a-z-]+)$/
const folderOf = (uses: string): string => own.exec(uses)?.[1] ?? uses

/** The mode of a step when the whole is applied: the last word before that of a plan. */
const modeOf = (mode: string): string => /&& '([\w-]+)'/.exec(mode)?.[1] ?? mode

describe('the action that delivers a project to one environment', () => {
  test('has the steps of a delivery in their order, as the workflow that delivers has', () => {
    const workflow = readWorkflow('.github/workflows/deliver-environment.yml')
    const ofWorkflow = (workflow.jobs['deliver']?.steps ?? []).filter(({ uses = '' }) => own.test(uses))
    const named = (
      steps: readonly { uses?: string | undefined; with: Readonly<Record<string, unknown>> }[],
    ) => steps.map(({ uses = '', with: given }) => `${folderOf(uses)} ${modeOf(String(given['mode']))}`)
    expect(named(runs.steps)).toEqual([
      ...deliverySteps.map(({ action, mode }) => `actions/${action} ${mode}`),
      'actions/provision-project report',
    ])
    expect(named(ofWorkflow)).toEqual(named(runs.steps))
    expect(ofWorkflow.map(({ name }) => name)).toEqual(runs.steps.map(({ name }) => name))
  })

  test('names its steps and inputs correctly wherever it refers to them', () => {
    const text = read('action.yml')
    const ids = runs.steps.map(({ id }) => id)
    for (const [, id = '', output = ''] of text.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g)) {
      const step = runs.steps[ids.indexOf(id)]
      expect(Object.keys(readAction(`${folderOf(step?.uses ?? id)}/action.yml`).outputs)).toContain(output)
    }
    for (const [, name] of text.matchAll(/inputs\.([\w-]+)/g)) expect(Object.keys(inputs)).toContain(name)
    expect(Object.keys(outputs)).toContain('changed')
  })

  test('passes each step only inputs that it has, and all of its own that it has', () => {
    for (const { uses, with: given } of runs.steps) {
      const declared = Object.keys(readAction(`${folderOf(uses)}/action.yml`).inputs)
      expect(declared).toEqual(expect.arrayContaining(Object.keys(given)))
      const shared = Object.keys(inputs).filter((name) => declared.includes(name))
      // A page calls nothing.
      const wanted = given['mode'] === 'report' ? ['project', 'environment', 'factory-file'] : shared
      expect(Object.keys(given)).toEqual(expect.arrayContaining(wanted))
    }
  })

  test('plans by default, and has the words of the actions for the inputs that they share', () => {
    expect(inputs['mode']?.default).toBe('plan')
    const shared = readAction('actions/provision-project/action.yml').inputs
    for (const name of ['factory-file', 'environment', 'github-token', 'azure-cloud'])
      expect(inputs[name]).toEqual(shared[name])
    // Only the action has something else that it can be about.
    expect(shared['project']?.description).toContain(inputs['project']?.description)
  })
})
