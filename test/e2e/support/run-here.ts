import { realpathSync } from 'node:fs'
import path from 'node:path'
import { readInputs as readMemberInputs } from '../../../actions/add-member/inputs.ts'
import { readInputs as readLakeInputs } from '../../../actions/datalake-acl/inputs.ts'
import { readInputs as readNetworkInputs } from '../../../actions/ip-calc/inputs.ts'
import { readInputs as readRequestInputs } from '../../../actions/project-request/inputs.ts'
import { readInputs as readProvisionInputs } from '../../../actions/provision-project/inputs.ts'
import { type LogLine, parseLine } from '../../../sandbox/runner/commands.ts'
import { inputVariable, inputVariables, type Step, type StepResult } from '../../../sandbox/runner/step.ts'
import { escaped } from '../../../src/diagnostics/escape.ts'
import type { Location } from '../../../src/diagnostics/user-error.ts'
import { manageMembers } from '../../../src/operations/modes/add-member.ts'
import { manageLake } from '../../../src/operations/modes/datalake-acl.ts'
import { provisionProject } from '../../../src/operations/modes/provision-project.ts'
import { manageSubnets } from '../../../src/operations/network/manage-subnets.ts'
import { requestProject } from '../../../src/operations/request/request-project.ts'
import type { Host } from '../../../src/runtime/host.ts'
import { runAction } from '../../../src/runtime/run-action.ts'
import { idToken } from '../../azure/on-sandbox.ts'

/** What the `main.ts` of each action runs. */
const actions: Readonly<Record<string, (host: Host) => Promise<boolean>>> = {
  'add-member': (host) => runAction('add-member', readMemberInputs, manageMembers, host),
  'datalake-acl': (host) => runAction('datalake-acl', readLakeInputs, manageLake, host),
  'ip-calc': (host) => runAction('ip-calc', readNetworkInputs, manageSubnets, host),
  'project-request': (host) => runAction('project-request', readRequestInputs, requestProject, host),
  'provision-project': (host) => runAction('provision-project', readProvisionInputs, provisionProject, host),
}

interface Left {
  readonly outputs: Record<string, string>
  readonly lines: LogLine[]
  summary: string
}

const annotated = (where: Location | undefined): Readonly<Record<string, string>> =>
  where === undefined ? {} : { file: where.file, line: String(where.line), col: String(where.column) }

/** A host that keeps what a run leaves, as GitHub's runner reads it. */
function hostOf(step: Step, left: Left): Host {
  const { environment } = step
  const inputs = inputVariables(step)
  const log = (...lines: readonly LogLine[]): void => void left.lines.push(...lines)
  const info = (text: string): void => log(...escaped(text).split('\n').map(parseLine))
  return {
    environment: { ...environment, GITHUB_WORKSPACE: step.workspace },
    input: (name) => inputs[inputVariable(name)]?.trim() ?? '',
    setOutput: (name, value) => {
      left.outputs[name] = value
    },
    info,
    startGroup: (title) => {
      log({ kind: 'group', text: escaped(title) })
      return () => log({ kind: 'endgroup', text: '' })
    },
    debug: (text) => log({ kind: 'debug', text }),
    notice: (text) => log({ kind: 'notice', text, properties: {} }),
    warning: (text, where) => log({ kind: 'warning', text, properties: annotated(where) }),
    fail: (text, where) => log({ kind: 'error', text, properties: annotated(where) }),
    writeSummary: async (markdown) => {
      left.summary += `${markdown}\n`
    },
    cancellation: () => new Promise(() => undefined),
    idToken: async (audience) => {
      const token = await idToken(environment)(audience)
      log({ kind: 'mask', text: token })
      return token
    },
  }
}

/** How many runs are under way here, and where the process was before them. */
let underWay = { count: 0, before: '' }

/** An action runs in its workspace, and a process is in one folder at a time. @throws Error when it is in another */
function enter(workspace: string): void {
  if (underWay.count === 0) {
    underWay = { count: 1, before: process.cwd() }
    process.chdir(workspace)
  } else if (process.cwd() === realpathSync(workspace)) underWay.count += 1
  else throw new Error('Two factories run at once here. Use `test`, or open them with `bundles: true`.')
}

function leave(): void {
  underWay.count -= 1
  if (underWay.count === 0) process.chdir(underWay.before)
}

/**
 * Runs one action in this process, without its bundle. What only a process of its own shows (how it ends, how it asks
 * GitHub for a token) is left to the tests that run bundles. Not for `test.concurrent`: Jest lets nothing be imported
 * between two tests, and the operations import what they need when they need it.
 */
export async function runHere(step: Step): Promise<StepResult> {
  const action = actions[path.basename(step.action)]
  if (action === undefined) throw new Error(`There is no action in '${step.action}'.`)
  const left: Left = { outputs: {}, lines: [], summary: '' }
  const host = hostOf(step, left)
  const start = performance.now()
  enter(step.workspace)
  try {
    const succeeded = await action(host)
    return { ...left, exitCode: succeeded ? 0 : 1, milliseconds: Math.round(performance.now() - start) }
  } finally {
    leave()
  }
}
