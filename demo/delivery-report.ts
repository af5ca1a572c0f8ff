import path from 'node:path'
import { describeEnvironment } from '../src/operations/report/describe.ts'
import { portalOf } from '../src/operations/report/origin.ts'
import { requestStep } from '../src/report/chain.ts'
import type { DeliveredRun, Delivery, DescribedEnvironment } from '../src/report/delivery.ts'
import { type Environment, environments } from '../src/vocabulary.ts'
import type { StepRecord } from './deliver.ts'
import type { Workspace } from './workspace.ts'

const note =
  'Delivered to the sandbox, an Azure on this machine. Links to the portal are as they would be for Azure, and find nothing there.'

/** What a run left behind; of one that was killed, what it logged last. */
function runOf({ run, action, mode, environment, project, result, calls }: StepRecord): DeliveredRun {
  if (run !== undefined) return { ...run, calls }
  const errors = result.lines.flatMap((line) => (line.kind === 'error' ? [line.text] : []))
  const what = errors.at(-1) ?? `The process of ${action} ended with exit code ${result.exitCode}.`
  return {
    ...{ version: 1, action, mode, environment, calls, outcome: 'failed' },
    ...(project !== undefined && { project }),
    milliseconds: result.milliseconds,
    started: new Date(Date.now() - result.milliseconds).toISOString(),
    ...{ outputs: {}, files: {}, warnings: [] },
    failure: { what, isDefect: true },
  }
}

const isEnvironment = (key: string): key is Environment => environments.some((known) => known === key)

/** The environments that the request asked for. */
export function environmentsOf(requested: StepRecord | undefined): readonly string[] {
  const list: unknown = JSON.parse(requested?.result.outputs['environments'] ?? '[]')
  if (!Array.isArray(list)) throw new Error("The output 'environments' of project-request is not a list.")
  return list.map(String)
}

/**
 * A demonstration as a report shows it.
 * @param records what has run, in its order
 * @param again the command that ran it
 */
export function deliveryOf(records: readonly StepRecord[], workspace: Workspace, again: string): Delivery {
  const requested = records.find(({ action }) => action === requestStep.action)
  const project = requested?.result.outputs['project'] ?? ''
  const factoryFile = path.join(workspace.repository, 'aifactory', 'factory.yml')
  const keys = environmentsOf(requested)
  const described = keys.filter(isEnvironment).flatMap((environment) => {
    const found =
      project === ''
        ? undefined
        : describeEnvironment({ factoryFile, project, environment, azureCloud: 'AzureCloud' })
    return found === undefined ? [] : [[environment, found] satisfies [string, DescribedEnvironment]]
  })
  const portal = portalOf('AzureCloud')
  const manifest = `aifactory/projects/prj${project}.yml`
  return {
    runs: records.map(runOf),
    environments: keys,
    described: new Map(described),
    origin: {
      ...(portal !== undefined && { portal }),
      ...(project !== '' && {
        manifest: { name: manifest, url: `${path.basename(workspace.repository)}/${manifest}` },
      }),
      again,
      note,
    },
  }
}
