import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { LogLine } from '../sandbox/runner/commands.ts'
import { runStep, type StepResult } from '../sandbox/runner/step.ts'
import type { Sandbox } from '../sandbox/start.ts'
import { readRecord } from '../src/operations/report/read-records.ts'
import { type RunRecord, recordName } from '../src/plan/run-record.ts'
import { type ChainStep, requestStep } from '../src/report/chain.ts'
import { actionFolder, type Workspace } from './workspace.ts'

/** One action that has run. */
export interface StepRecord {
  /** Where; of what is done once, a word for it. */
  readonly environment: string
  /** Absent for what is of no project. */
  readonly project?: string | undefined
  readonly action: string
  readonly mode: string
  readonly does: string
  readonly result: StepResult
  /** What it left for the report; absent when it was killed before. */
  readonly run: RunRecord | undefined
  /** Requests that the sandbox answered meanwhile. */
  readonly calls: number
}

/** All that a run of a step needs besides its inputs. */
export interface Runner {
  readonly sandbox: Sandbox
  readonly workspace: Workspace
  readonly onLine: (line: LogLine) => void
}

async function recorded(
  { sandbox, workspace, onLine }: Runner,
  { action, mode, does }: ChainStep,
  environment: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepRecord> {
  const results = path.join(workspace.results, environment)
  mkdirSync(results, { recursive: true })
  const { project } = inputs
  const subject = { action, mode, ...(project && { project }), ...(inputs['environment'] && { environment }) }
  const record = path.join(results, 'ai-factory', recordName(subject))
  rmSync(record, { force: true })
  const before = sandbox.requestCount()
  const { env, token } = sandbox.beginJob({ environment })
  const result = await runStep({
    action: actionFolder(action),
    workspace: workspace.repository,
    onLine,
    with: { mode, ...inputs },
    token,
    environment: { ...sandbox.env, ...env, RUNNER_TEMP: results },
  })
  const calls = sandbox.requestCount() - before
  return { environment, action, mode, does, project, result, run: readRecord(record), calls }
}

/** Turns the issue's text into a manifest in the repository. */
export const request = (runner: Runner, issueBody: string, issueNumber: number): Promise<StepRecord> =>
  recorded(runner, requestStep, 'request', {
    'issue-body': issueBody,
    'issue-number': String(issueNumber),
    'issue-author': 'anna',
  })

/** Runs one action for the common area of an environment. */
export const commonStep = (runner: Runner, step: ChainStep, environment: string): Promise<StepRecord> =>
  recorded(runner, step, environment, {
    environment,
    'azure-cloud': runner.sandbox.url,
    // The core team is said by the mode.
    ...(step.action === 'add-member' ? {} : { target: 'common' }),
  })

/** Runs one action for a project in an environment. */
export const projectStep = (
  runner: Runner,
  step: ChainStep,
  {
    project,
    environment,
    subnets,
  }: { readonly project: string; readonly environment: string; readonly subnets: string },
): Promise<StepRecord> =>
  recorded(runner, step, environment, {
    project,
    environment,
    'azure-cloud': runner.sandbox.url,
    ...(step.action === 'provision-project' && step.mode === 'apply' ? { subnets } : {}),
  })
