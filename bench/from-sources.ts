/** Runs the actions from their sources instead of their bundles, as steps of a job on the sandbox. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runStep, type StepResult } from '../sandbox/runner/step.ts'
import type { Sandbox } from '../sandbox/start.ts'

const root = path.join(import.meta.dirname, '..')

/** The documents that a factory starts from. */
export const templates = path.join(root, 'workflows-templates')

/** Where an action runs, and on what. */
export interface Job {
  readonly sandbox: Sandbox
  /** Of this run of the measurement: its repository is in it. */
  readonly folder: string
  readonly environment: 'dev'
}

/** The folder of an action that runs from its sources. */
function sourcesOf(action: string, folder: string): string {
  const own = path.join(folder, action)
  cpSync(path.join(root, 'actions', action), own, {
    recursive: true,
    filter: (file) => !file.endsWith('dist'),
  })
  const yml = path.join(own, 'action.yml')
  const main = path.relative(own, path.join(root, 'actions', action, 'main.ts'))
  writeFileSync(yml, readFileSync(yml, 'utf8').replace('dist/index.js', main))
  return own
}

/** Runs one. @throws Error with what it said when it fails */
export async function runFromSources(
  { sandbox, folder, environment }: Job,
  action: string,
  inputs: Readonly<Record<string, string>>,
): Promise<StepResult> {
  const { env, token } = sandbox.beginJob({ environment })
  const result = await runStep({
    action: sourcesOf(action, path.join(folder, 'actions')),
    workspace: path.join(folder, 'repository'),
    with: { environment, 'azure-cloud': sandbox.url, ...inputs },
    token,
    environment: {
      ...sandbox.env,
      ...env,
      RUNNER_TEMP: path.join(folder, 'results'),
      NODE_COMPILE_CACHE: path.join(os.tmpdir(), 'ai-factory-compile-cache'),
    },
  })
  if (result.exitCode !== 0)
    throw new Error(`${action} failed:\n${result.lines.map(({ text }) => text).join('\n')}`)
  return result
}
