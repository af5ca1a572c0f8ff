import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { LogLine } from '../sandbox/runner/commands.ts'
import { runStep, type StepResult } from '../sandbox/runner/step.ts'
import type { Sandbox } from '../sandbox/start.ts'
import { actionFolder, type Workspace } from './workspace.ts'

/** One action of the chain, and what it does in the words of somebody who watches. */
export interface ChainStep {
  readonly action: string
  readonly mode: string
  readonly does: string
}

/** What happens to a project in each environment, in this order. */
export const chain: readonly ChainStep[] = [
  { action: 'provision-project', mode: 'check', does: 'check all that would stop it' },
  { action: 'ip-calc', mode: 'reserve', does: 'allocate and create subnets' },
  { action: 'provision-project', mode: 'apply', does: 'deploy the private resources' },
  { action: 'add-member', mode: 'apply', does: 'create groups and assign roles' },
  { action: 'datalake-acl', mode: 'apply', does: 'create folders in the data lake' },
  { action: 'ip-calc', mode: 'release-unneeded', does: 'release subnets nobody needs' },
]

/** One action that has run. */
export interface StepRecord {
  readonly environment: string
  readonly action: string
  readonly mode: string
  readonly does: string
  readonly result: StepResult
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
  return { environment, action, mode, does, result, calls: sandbox.requestCount() - before }
}

const requestStep: ChainStep = {
  action: 'project-request',
  mode: 'apply',
  does: 'turn the issue into a manifest',
}

/** Turns the issue's text into a manifest in the repository. */
export const request = (runner: Runner, issueBody: string, issueNumber: number): Promise<StepRecord> =>
  recorded(runner, requestStep, 'request', {
    'issue-body': issueBody,
    'issue-number': String(issueNumber),
    'issue-author': 'anna',
  })

/** Runs one action of the chain for a project in an environment. */
export const deliverStep = (
  runner: Runner,
  step: ChainStep,
  project: string,
  environment: string,
  subnets: string,
): Promise<StepRecord> =>
  recorded(runner, step, environment, {
    project,
    environment,
    'azure-cloud': runner.sandbox.url,
    ...(step.action === 'provision-project' && step.mode === 'apply' ? { subnets } : {}),
  })
