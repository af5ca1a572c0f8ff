import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Plan } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { publish } from '../../src/runtime/publish.ts'
import { recordingHost } from './recording-host.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'publish-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const plan: Plan = {
  version: 1,
  action: 'ip-calc',
  project: '001',
  environment: 'dev',
  changes: [{ change: 'create', kind: 'subnet', name: 'a' }],
  warnings: ['A::b', '::error::fake'],
}

async function published(report: Report, summary = true): Promise<readonly string[]> {
  const host = recordingHost({}, { environment: { RUNNER_TEMP: folder } })
  await publish(host, report, { summary })
  return host.record.map((line) => line.replaceAll(folder, '…'))
}

describe('a report is published', () => {
  const report: Report = {
    plan,
    outcome: 'planned',
    outputs: { subnets: '{}' },
    files: { 'map-file': { name: 'map.svg', text: '<svg/>' } },
    summary: '## Plan',
    notice: 'Done.',
  }

  test('outputs first, then warnings, the summary, and the notice last', async () => {
    expect(await published(report)).toEqual([
      'output changed=true',
      'output plan-file=…/ai-factory/prj001.dev.ip-calc.plan.json',
      'output map-file=…/ai-factory/map.svg',
      'output subnets={}',
      'warning A::b',
      'warning │ ::error::fake',
      'summary ## Plan',
      'notice Done.',
    ])
    const file = path.join(folder, 'ai-factory', 'prj001.dev.ip-calc.plan.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(plan)
  })

  test('without a summary when the input summary is false', async () => {
    expect((await published(report, false)).filter((line) => line.startsWith('summary'))).toEqual([])
  })

  test.each<[string, Partial<Report>, readonly string[]]>([
    ['an applied plan', { outcome: 'applied' }, ['true']],
    ['a refused plan', { outcome: 'refused' }, ['false']],
    ['a plan that failed half way, which may have changed something', { outcome: 'failed' }, ['true']],
    ['a plan without changes', { plan: { ...plan, changes: [] } }, ['false']],
  ])('says whether something changed: %s', async (_what, changes, expected) => {
    const lines = await published({ ...report, ...changes })
    const prefix = 'output changed='
    expect(lines.flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : []))).toEqual(
      expected,
    )
  })

  test('says nothing of changes when it failed before it had a plan', async () => {
    expect(await published({ outcome: 'failed', outputs: { a: 'b' } })).toEqual(['output a=b'])
    expect(await published({ outcome: 'planned', outputs: {} })).toEqual(['output changed=false'])
  })
})

test('the plan of one project and environment never takes the place of another', async () => {
  const plans = [
    plan,
    { ...plan, environment: 'prod' as const },
    { ...plan, project: '002' },
    { ...plan, action: 'add-member' },
  ]
  const files: string[] = []
  for (const each of plans) {
    const lines = await published({ plan: each, outcome: 'planned', outputs: {} })
    files.push(path.basename(lines.find((line) => line.startsWith('output plan-file')) ?? ''))
  }
  expect(files).toEqual([
    'prj001.dev.ip-calc.plan.json',
    'prj001.prod.ip-calc.plan.json',
    'prj002.dev.ip-calc.plan.json',
    'prj001.dev.add-member.plan.json',
  ])
})
