import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runStep, type Step } from './step.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'step-test-'))
const workspace = path.join(folder, 'workspace')
beforeAll(() => mkdirSync(workspace))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
/** Makes an action of this code, and a step that uses it. */
function step(code: string, more: Partial<Step> = {}): Step {
  count += 1
  const action = path.join(folder, `action${count}`)
  mkdirSync(action)
  writeFileSync(path.join(action, 'index.mjs'), `import fs from 'node:fs'\n${code}`)
  writeFileSync(
    path.join(action, 'action.yml'),
    [
      'inputs:',
      '  mode: { description: x, default: plan }',
      '  two words: { description: x }',
      '  empty: { description: x, default: "" }',
      '  token: { description: x, default: "${{ github.token }}" }',
      'runs: { using: node24, main: index.mjs }',
    ].join('\n'),
  )
  return { action, with: {}, environment: {}, workspace, ...more }
}
const shows = (expression: string): string => `console.log(JSON.stringify(${expression}))`
const shown = async (given: Step): Promise<unknown> => {
  const { lines } = await runStep(given)
  return JSON.parse(lines[0]?.text ?? 'null')
}

describe('a step', () => {
  test('gets its inputs as the runner passes them, with the defaults of action.yml', async () => {
    const inputs = shows("Object.entries(process.env).filter(([name]) => name.startsWith('INPUT_')).sort()")
    expect(await shown(step(inputs, { with: { 'two words': 'x y' } }))).toEqual([
      ['INPUT_EMPTY', ''],
      ['INPUT_MODE', 'plan'],
      ['INPUT_TOKEN', ''],
      ['INPUT_TWO_WORDS', 'x y'],
    ])
  })

  test('gets the token of its job where action.yml names it, unless it is given another', async () => {
    const token = shows('process.env.INPUT_TOKEN')
    expect(await shown(step(token, { token: 'ghs_job' }))).toBe('ghs_job')
    expect(await shown(step(token, { token: 'ghs_job', with: { token: '' } }))).toBe('')
  })

  test.each(['typo', 'constructor'])(
    'with an input that the action does not have is refused: %s',
    async (name) => {
      await expect(runStep(step('', { with: { [name]: 'x' } }))).rejects.toThrow(
        `The action has no input '${name}'.`,
      )
    },
  )

  test('sees nothing of the environment of who runs it, but its own', async () => {
    process.env['A_SECRET_OF_THE_TEST'] = 'x'
    try {
      const names = (await shown(
        step(shows('Object.keys(process.env)'), { environment: { OWN: '1' } }),
      )) as string[]
      expect(names).toEqual(expect.arrayContaining(['OWN', 'GITHUB_ACTIONS', 'GITHUB_WORKSPACE', 'PATH']))
      expect(names).not.toContain('A_SECRET_OF_THE_TEST')
      expect(names).not.toContain('HOME')
    } finally {
      delete process.env['A_SECRET_OF_THE_TEST']
    }
  })

  test('works in the checked-out repository', async () => {
    expect(await shown(step(shows('[process.cwd(), process.env.GITHUB_WORKSPACE]')))).toEqual([
      workspace,
      workspace,
    ])
  })

  test('returns outputs and summary, and reports each line as it is written', async () => {
    const seen: string[] = []
    const code = `
      fs.appendFileSync(process.env.GITHUB_OUTPUT, 'a<<X\\n1\\n2\\nX\\n')
      fs.appendFileSync(process.env.GITHUB_STEP_SUMMARY, '## Done')
      console.log('::notice::first'); console.error('second')
      process.exitCode = 3`
    const result = await runStep(step(code, { onLine: ({ kind, text }) => seen.push(`${kind} ${text}`) }))
    expect(result).toMatchObject({ exitCode: 3, outputs: { a: '1\n2' }, summary: '## Done' })
    expect(seen.sort()).toEqual(['notice first', 'text second'])
    expect(result.milliseconds).toBeGreaterThan(0)
  })

  test('that is cancelled ends as one that was killed', async () => {
    const cancel = new AbortController()
    const code = "console.log('started'); setInterval(() => undefined, 1000)"
    const result = await runStep(step(code, { signal: cancel.signal, onLine: () => cancel.abort() }))
    expect(result).toMatchObject({ exitCode: 137, lines: [{ kind: 'text', text: 'started' }] })
  })

  test('that was cancelled before it began does not run', async () => {
    const result = await runStep(step("console.log('started')", { signal: AbortSignal.abort() }))
    expect(result).toMatchObject({ exitCode: 137, lines: [] })
  })
})
