import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { Plan } from '../../src/plan/model.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { recordingHost } from './recording-host.ts'

const plan: Plan = {
  version: 1,
  action: 'ip-calc',
  changes: [{ change: 'create', kind: 'subnet', name: 'a' }],
  warnings: ['Look.'],
}
const report: Report = {
  plan,
  outcome: 'applied',
  outputs: { subnets: '{}', 'what-if': 'x'.repeat(2_000_000) },
  files: { 'map-file': { name: 'map.svg', text: '<svg/>' } },
  notice: 'Done.',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'record-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const inputs = { project: '001', environment: 'dev', mode: 'reserve' }

async function run(work: () => Promise<Report>, given: Readonly<Record<string, string>> = inputs) {
  const host = recordingHost(given, { environment: { RUNNER_TEMP: folder } })
  const succeeded = await runAction('ip-calc', () => ({ summary: false }), work, host)
  return { succeeded, host }
}

/** The records that were left, by file name. */
const records = (): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    readdirSync(path.join(folder, 'ai-factory'))
      .filter((name) => name.endsWith('.run.json'))
      .map((name): [string, unknown] => [
        name,
        JSON.parse(readFileSync(path.join(folder, 'ai-factory', name), 'utf8')),
      ]),
  )

describe('a run leaves a record', () => {
  test('of what it was about, how it ended, what it changed and what it published, but nothing huge', async () => {
    await run(async () => report)
    expect(records()).toEqual({
      'prj001.dev.ip-calc.reserve.run.json': {
        version: 1,
        action: 'ip-calc',
        ...inputs,
        started: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        milliseconds: expect.any(Number),
        outcome: 'applied',
        changed: true,
        plan,
        outputs: { subnets: '{}' },
        files: { 'map-file': '<svg/>' },
        warnings: ['Look.'],
        notice: 'Done.',
      },
    })
  })

  test('when it failed, with the cause in its parts and what was found before', async () => {
    const error = new UserError({ what: 'Refused.', fix: 'Ask.', cause: new Error('secret stack') })
    const { succeeded } = await run(() =>
      Promise.reject(new FailureWithReport(error, { ...report, outcome: 'refused' })),
    )
    expect(succeeded).toBe(false)
    expect(Object.values(records())).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        changed: false,
        plan,
        failure: { what: 'Refused.', fix: 'Ask.', isDefect: false },
      }),
    ])
  })

  test('when it failed before it knew anything', async () => {
    await run(() => Promise.reject(new TypeError('x')))
    const [record] = Object.values(records())
    expect(record).toMatchObject({ outcome: 'failed', failure: { isDefect: true }, outputs: {}, files: {} })
    expect(record).not.toHaveProperty('changed')
  })

  test('in its folder, whatever the inputs are', async () => {
    await run(async () => report, { project: '../../001', environment: 'dev/../..', mode: '\n' })
    expect(Object.keys(records())).toEqual(['prj..-..-001.dev-..-...ip-calc.plan.run.json'])
  })

  test('and succeeds where it cannot be written', async () => {
    writeFileSync(path.join(folder, 'ai-factory'), 'not a folder')
    const { succeeded, host } = await run(async () => ({ outcome: 'planned', outputs: {} }))
    expect(succeeded).toBe(true)
    expect(host.record.join()).toContain('debug The record of the run cannot be written')
  })
})
