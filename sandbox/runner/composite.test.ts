import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { type CompositeResult, runComposite } from './composite.ts'

const repository = mkdtempSync(path.join(os.tmpdir(), 'composite-test-'))
afterAll(() => rmSync(repository, { recursive: true }))

/** An expression as it stands in an action.yml. */
const asked = (expression: string): string => `\${{ ${expression} }}`

const inner = path.join(repository, 'actions', 'inner')
mkdirSync(inner, { recursive: true })
writeFileSync(
  path.join(inner, 'action.yml'),
  'inputs: { text: { description: x }, exit: { description: x, default: "0" } }\nruns: { using: node24, main: index.mjs }\n',
)
writeFileSync(
  path.join(inner, 'index.mjs'),
  `import fs from 'node:fs'
fs.appendFileSync(process.env.GITHUB_OUTPUT, 'said=' + process.env.INPUT_TEXT + '\\n')
process.exitCode = Number(process.env.INPUT_EXIT)
`,
)

const run = async (
  steps: readonly object[],
  given: Readonly<Record<string, string>> = {},
): Promise<CompositeResult> => {
  writeFileSync(
    path.join(repository, 'action.yml'),
    JSON.stringify({
      inputs: { mode: { default: 'plan' }, 'the-token': { default: asked('github.token') } },
      outputs: { last: { value: asked("steps.second.outputs.said || 'nothing'") } },
      runs: { using: 'composite', steps },
    }),
  )
  return runComposite(
    { action: repository, with: given, environment: {}, workspace: repository, token: 'ghs_job' },
    repository,
  )
}
const step = (id: string, text: string, more: object = {}) => ({
  id,
  uses: '$/actions/inner',
  ...more,
  with: { text, ...('exit' in more ? { exit: more.exit } : {}) },
})
const said = ({ steps }: CompositeResult) => steps.map(({ id, outputs }) => [id, outputs['said']])

describe('a composite action', () => {
  test('hands its inputs and the outputs of earlier steps on', async () => {
    const result = await run(
      [
        step('first', `${asked('inputs.mode')} with ${asked('inputs.the-token')}`),
        step('second', `after ${asked('steps.first.outputs.said')}`),
      ],
      { mode: 'apply' },
    )
    expect(said(result)).toEqual([
      ['first', 'apply with ghs_job'],
      ['second', 'after apply with ghs_job'],
    ])
    expect(result).toMatchObject({ exitCode: 0, outputs: { last: 'after apply with ghs_job' } })
  })

  test('ends at the first step that fails, but for those that always run', async () => {
    const result = await run([
      step('first', 'a', { 'continue-on-error': true, exit: '1' }),
      step('second', 'b', { exit: '3' }),
      step('third', 'c'),
      step('last', 'd', { if: asked("always() && inputs.mode == 'plan'"), exit: '1' }),
    ])
    expect(said(result).map(([id]) => id)).toEqual(['first', 'second', 'last'])
    expect(result.exitCode).toBe(3)
  })

  test('leaves out a step whose condition does not hold', async () => {
    const result = await run([step('second', 'b', { if: asked("inputs.mode != 'PLAN'") })])
    expect([said(result), result.outputs]).toEqual([[], { last: 'nothing' }])
  })

  test.each([
    ["(inputs.mode == 'apply' || inputs.mode == 'plan') && 'known' || 'unknown'", 'known'],
    ["inputs.mode == 'it''s' && 'a' || 'b'", 'b'],
    ['!inputs.nothing', 'true'],
  ])('evaluates %s', async (expression, expected) => {
    expect(said(await run([step('one', asked(expression))]))).toEqual([['one', expected]])
  })

  test.each(['toJSON(inputs)', "inputs.mode == 'plan", "(inputs.mode == 'plan'", "inputs.mode 'plan'"])(
    'refuses what is not played: %s',
    async (expression) => {
      await expect(run([step('one', asked(expression))])).rejects.toThrow('expression')
    },
  )

  test('refuses an input that it does not have', async () => {
    await expect(run([], { typo: 'x' })).rejects.toThrow("The action has no input 'typo'.")
  })
})
