import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { combinedError } from '../../src/diagnostics/fault.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { recordingHost } from './recording-host.ts'

const nothing: Report = { outcome: 'planned', outputs: {} }

async function recordOf(
  work: () => Promise<Report>,
  host = recordingHost(),
  read = () => ({ summary: true }),
): Promise<readonly string[]> {
  await runAction('test', read, work, host)
  return host.record
}

/** The log, without what only a run with debug logging shows; the job summary is no part of it. */
const shown = (record: readonly string[]): readonly string[] =>
  record.filter((line) => !line.startsWith('debug') && !line.startsWith('summary'))

const circular: Record<string, unknown> = {}
circular['self'] = circular
const endless = new Error('turns in circles')
endless.cause = endless

const defect = (what: string): string =>
  `fail This is a defect of the action, not of your input: ${what} Please report it in the issues of the repository this action comes from, with the log of a run with debug logging on.`

describe('whatever is thrown ends in exactly one error', () => {
  test.each<[string, unknown, string]>([
    ['an Error', new TypeError('x is not a function'), defect('TypeError: x is not a function')],
    [
      'an Error with causes',
      new Error('outer', { cause: new Error('middle', { cause: 'inner' }) }),
      defect('Error: outer Cause: Error: middle Cause: inner'),
    ],
    ['a string', 'just text', defect('just text')],
    ['null', null, defect('null')],
    ['undefined', undefined, defect('undefined')],
    ['an object', { code: 7 }, defect('{"code":7}')],
    ['an object that refers to itself', circular, defect('[object Object]')],
    ['a number too big for JSON', 1n, defect('[object BigInt]')],
    ['a function', Math.max, defect(String(Math.max))],
    ['a command for the runner', '::add-mask::x', defect('::add-mask::x')],
    [
      'a UserError',
      new UserError({ what: 'Too small.', fix: 'Make it smaller.' }),
      'fail Too small. Make it smaller.',
    ],
    [
      'a UserError with a place',
      new UserError({ what: 'Unknown key.', where: { file: 'factory.yml', line: 3, column: 1 } }),
      'fail [factory.yml] factory.yml:3:1: Unknown key.',
    ],
    [
      'a UserError with a hidden command',
      new UserError({ what: 'No\n::stop-commands::x' }),
      'fail No\n│ ::stop-commands::x',
    ],
  ])('%s', async (_what, thrown, expected) => {
    expect(shown(await recordOf(() => Promise.reject(thrown)))).toEqual([expected])
    const whenReading = (): never => {
      throw thrown
    }
    expect(shown(await recordOf(async () => nothing, recordingHost(), whenReading))).toEqual([expected])
  })

  test('an Error that is its own cause', async () => {
    const [line, ...more] = shown(await recordOf(() => Promise.reject(endless)))
    expect(more).toEqual([])
    expect(line).toContain('Error: turns in circles Cause: Error: turns in circles')
  })

  test('an Error of many megabytes is cut', async () => {
    const [line = ''] = shown(await recordOf(() => Promise.reject(new Error('x'.repeat(5_000_000)))))
    expect(line.length).toBeLessThan(5_000)
  })

  test('a stack trace is for debug logging only', async () => {
    const all = await recordOf(() => Promise.reject(new Error('broken')))
    const record = all.filter((line) => !line.startsWith('summary'))
    expect(record[0]).toBe('debug Error: broken')
    expect(record.slice(1).join()).not.toContain('.ts:')
  })
})

describe('results are published', () => {
  test('also by a run that fails, before its one error', async () => {
    const failure = new FailureWithReport(new UserError({ what: 'Refused.' }), {
      outcome: 'refused',
      outputs: { comment: 'No.' },
    })
    expect(shown(await recordOf(() => Promise.reject(failure)))).toEqual([
      'output changed=false',
      'output comment=No.',
      'fail Refused.',
    ])
  })

  test('a summary that cannot be written fails the run, once, and is not called a defect', async () => {
    const work = async (): Promise<Report> => ({ ...nothing, summary: '## Done' })
    const record = await recordOf(work, recordingHost({}, { broken: 'writeSummary' }))
    expect(shown(record).filter((line) => line.startsWith('fail'))).toEqual([
      expect.stringMatching(
        /^fail The work was done, but its job summary cannot be written: Error: no writeSummary\. .*GITHUB_STEP_SUMMARY/,
      ),
    ])
  })

  test('results that cannot be published do not hide why the run failed', async () => {
    const failure = new FailureWithReport(new UserError({ what: 'Refused.' }), nothing)
    const record = await recordOf(() => Promise.reject(failure), recordingHost({}, { broken: 'setOutput' }))
    expect(shown(record)).toEqual([
      'warning The results of the failed run could not be published: Error: no setOutput',
      'fail Refused.',
    ])
  })
})

describe('why a run failed is in the job summary too', () => {
  const failure = new UserError({
    what: 'Azure refused <b>it</b> for @team.',
    where: { file: 'factory.yml', line: 3, column: 1 },
    why: 'The identity lacks the right.',
    fix: 'Assign the role.',
    more: 'https://learn.microsoft.com/azure/role-based-access-control/overview',
    correlationId: '7c0e',
  })
  const summaries = async (host = recordingHost(), read?: () => { summary: boolean }) =>
    (await recordOf(() => Promise.reject(failure), host, read)).filter((line) => line.startsWith('summary'))

  test('part by part, escaped', async () => {
    expect(await summaries()).toMatchInlineSnapshot(`
      [
        "summary ## ❌ test failed

      Azure refused &#60;b&#62;it&#60;/b&#62; for &#64;&#8203;team.

      **Fix:** Assign the role.

      **Where:** factory.yml, line 3, column 1

      **Why:** The identity lacks the right.

      [More](https://learn.microsoft.com/azure/role-based-access-control/overview)

      **Azure correlation id:** 7c0e

      ",
      ]
    `)
  })

  test('each of several faults in a row with its place, the fix first', async () => {
    const where = (line: number) => ({ file: 'prj001.yml', line, column: 3 })
    const several = combinedError('The subnets of the project have', [
      { what: "Subnet 'a' is too small.", where: where(7), why: 'Agents need /27.', fix: 'Make it /27.' },
      { what: `Subnet 'b' is ${'far '.repeat(200)}away.`, where: where(9), fix: 'Move it.' },
    ])
    const [summary = ''] = (await recordOf(() => Promise.reject(several))).filter((line) =>
      line.startsWith('summary'),
    )
    expect(summary).toContain('The subnets of the project have 2 faults:')
    expect(summary.split('\n').filter((line) => line.startsWith('|'))).toEqual([
      '| Fix | Where | What is wrong | Why |',
      '| --- | --- | --- | --- |',
      "| Make it /27. | prj001.yml, line 7, column 3 | Subnet 'a' is too small. | Agents need /27. |",
      `| Move it. | prj001.yml, line 9, column 3 | Subnet 'b' is ${'far '.repeat(200)}away. |  |`,
    ])
  })

  test('before the results of the run', async () => {
    const withReport = new FailureWithReport(failure, { ...nothing, summary: '## Plan' })
    const record = await recordOf(() => Promise.reject(withReport))
    expect(record.filter((line) => line.startsWith('summary')).map((line) => line.split('\n')[0])).toEqual([
      'summary ## ❌ test failed',
      'summary ## Plan',
    ])
  })

  test('unless the input summary is false, also when an input cannot be read', async () => {
    const host = () => recordingHost({ summary: 'false' })
    const refuse = (): never => {
      throw failure
    }
    expect(await summaries(host(), () => ({ summary: false }))).toEqual([])
    expect(await summaries(host(), refuse)).toEqual([])
    expect(await summaries(recordingHost(), refuse)).toHaveLength(1)
  })

  test('and one that cannot be written changes nothing else', async () => {
    const record = await recordOf(
      () => Promise.reject(failure),
      recordingHost({}, { broken: 'writeSummary' }),
    )
    expect(shown(record)).toEqual([`fail [factory.yml] ${failure.message}`])
  })
})

describe('the process of a step', () => {
  const moduleOf = (name: string): string =>
    JSON.stringify(path.join(import.meta.dirname, `../../src/runtime/${name}.ts`))
  const step = (body: string) => {
    const source = `
      import { endStep } from ${moduleOf('end-step')}
      import { runAction } from ${moduleOf('run-action')}
      import { connect, createServer } from 'node:net'
      const server = createServer(() => undefined)
      await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
      const open = connect(server.address().port, '127.0.0.1')
      endStep(runAction('test', () => ({ summary: true }), async () => { ${body} }), 50)`
    return spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
      encoding: 'utf8',
      timeout: 20_000,
    })
  }

  test('ends with 0 although connections are open', () => {
    expect(step('return { outcome: "planned", outputs: {}, notice: "Done." }')).toMatchObject({
      status: 0,
      signal: null,
      stdout: '\n::set-output name=changed::false\n::notice::Done.\n',
    })
  })

  test('ends with 1 and one error although connections are open', () => {
    const { status, signal, stdout } = step('throw new Error("broken")')
    expect({ status, signal }).toEqual({ status: 1, signal: null })
    expect(stdout.match(/^::error/gm)).toHaveLength(1)
  })

  test.each([
    [
      'waits for an answer that never comes',
      'server.close(); open.destroy(); await new Promise(() => undefined)',
    ],
    ['is ended by something else', 'await undefined; process.exit(0)'],
  ])('ends with 1 and one error when it %s', (_what, body) => {
    const { status, signal, stdout } = step(body)
    expect({ status, signal }).toEqual({ status: 1, signal: null })
    expect(stdout).toMatch(/^::error::The process ended before the action did\. .*Run the job again/)
    expect(stdout.match(/^::/gm)).toHaveLength(1)
  })
})
