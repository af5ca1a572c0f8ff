// How many calls in a row a delivery takes, where each has to wait for the one before it: a first delivery of a
// genai-1 project with Cosmos DB and AI Search, and one that finds nothing to change. The sandbox answers every request
// late, so that calls that could go together do; the actions run from their sources. Signing in, and polling of Azure's
// own work, are counted apart. The figures hold on any machine as long as it is not so busy that it falls behind the answers.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { StepResult } from '../sandbox/runner/step.ts'
import { type Sandbox, startSandbox } from '../sandbox/start.ts'
import { deliverySteps } from '../src/report/chain.ts'
import { type Call, callsOf, type Link, longestRow, type Purpose } from './calls-in-a-row.ts'
import { runFromSources, templates } from './from-sources.ts'

const latency = 400
/** The project of the documentation that is of this kind. */
const project = '002'
const environment = 'dev'

interface StepCalls {
  readonly step: string
  readonly calls: readonly Call[]
  readonly result: StepResult
}

async function deliver(sandbox: Sandbox, folder: string): Promise<readonly StepCalls[]> {
  const steps: StepCalls[] = []
  let subnets = ''
  for (const { action, mode } of deliverySteps) {
    const since = sandbox.requestCount()
    const result = await runFromSources({ sandbox, folder, environment }, action, {
      mode,
      project,
      ...(action === 'provision-project' ? { subnets } : {}),
    })
    subnets = result.outputs['subnets'] ?? subnets
    steps.push({ step: `${action} ${mode}`, calls: callsOf(sandbox.requests(since)), result })
  }
  return steps
}

const rowOf = (calls: readonly Call[], ...purposes: readonly Purpose[]): readonly Link[] =>
  longestRow(calls.filter(({ purpose }) => purposes.includes(purpose)))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

function print(heading: string, steps: readonly StepCalls[]): void {
  const figures = steps.map(({ step, calls }) => {
    const row = rowOf(calls, 'signing in', 'work')
    const signingIn = rowOf(calls, 'signing in').length
    const polls = calls.filter(({ purpose }) => purpose === 'polling').length
    return { step, row, signingIn, rest: row.length - signingIn, polls, all: calls.length }
  })
  const line = (...cells: readonly (string | number)[]): string =>
    cells.map((cell, column) => (column === 0 ? String(cell).padEnd(26) : String(cell).padStart(12))).join('')
  console.log(`\n${heading}`)
  console.log(line('', 'in a row', 'signing in', 'polling', 'all calls'))
  for (const { step, rest, signingIn, polls, all } of figures) {
    console.log(line(step, rest, signingIn, polls, all))
  }
  const total = (of: (one: (typeof figures)[number]) => number): number => sum(figures.map(of))
  console.log(
    line(
      'all steps',
      total(({ rest }) => rest),
      total(({ signingIn }) => signingIn),
      total(({ polls }) => polls),
      total(({ all }) => all),
    ),
  )
  for (const { step, row } of figures) {
    console.log(`\n  ${step}`)
    for (const [index, { call, together }] of row.entries()) {
      const others = together > 1 ? `  with ${together - 1} more` : ''
      console.log(`  ${String(index + 1).padStart(4)}  ${call.label}${others}`)
    }
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'calls-'))
cpSync(templates, path.join(folder, 'repository'), { recursive: true })
const sandbox = await startSandbox({
  durationScale: 0,
  faults: [{ path: '', delay: latency, times: 'always' }],
})
try {
  print('Calls of a first delivery (genai-1 with Cosmos DB and AI Search)', await deliver(sandbox, folder))
  print('Calls of a delivery that finds nothing to change', await deliver(sandbox, folder))
} finally {
  await sandbox.close()
  rmSync(folder, { recursive: true })
}
