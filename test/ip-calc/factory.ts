import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readInputs } from '../../actions/ip-calc/inputs.ts'
import type { Sandbox } from '../../sandbox/start.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { type Transcript, transcribingHost } from '../runtime/transcribing-host.ts'

const templates = path.join(import.meta.dirname, '..', '..', 'workflows-templates', 'aifactory')

/** The manifests of a factory in a folder of their own. */
export interface FactoryFolder {
  readonly folder: string
  /** Path of factory.yml. */
  readonly file: string
  /** Writes the manifest of a project like 003, which has everything, changed. */
  readonly addProject: (project: string, change?: (text: string) => string) => void
  readonly remove: () => void
}

/** Makes one from what a bootstrap repository starts with. */
export function factoryFolder(change: (text: string) => string = (text) => text): FactoryFolder {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ip-calc-factory-'))
  cpSync(templates, folder, { recursive: true })
  const file = path.join(folder, 'factory.yml')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  const manifest = (project: string): string => path.join(folder, 'projects', `prj${project}.yml`)
  const example = readFileSync(manifest('003'), 'utf8')
  const numbered = (project: string): string =>
    project === '003'
      ? example
      : example
          .replace('project: "003"', `project: "${project}"`)
          .replace(/^name: .*$/m, `name: project-${project}`)
  return {
    folder,
    file,
    addProject: (project, changed = (text) => text) =>
      writeFileSync(manifest(project), changed(numbered(project))),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

/** The annotations of one kind. */
export const annotations = ({ lines }: Transcript, kind: 'error' | 'warning' | 'notice'): readonly string[] =>
  lines.filter((line) => line.startsWith(`::${kind}::`)).map((line) => line.slice(`::${kind}::`.length))

/** Runs the action in this process, as a job in environment dev of the sandbox. */
export async function ipCalc(
  sandbox: Sandbox,
  { folder, file }: FactoryFolder,
  inputs: Readonly<Record<string, string>>,
): Promise<Transcript> {
  const given: Readonly<Record<string, string>> = {
    'factory-file': file,
    project: '003',
    environment: 'dev',
    'azure-cloud': sandbox.url,
    'github-token': sandbox.beginJob({ environment: 'dev' }).token,
    ...inputs,
  }
  const { host, transcript } = transcribingHost(given, {
    environment: { ...sandbox.env, GITHUB_WORKSPACE: folder, RUNNER_TEMP: folder },
    idToken: idToken(sandbox.env),
  })
  await runAction('ip-calc', readInputs, manageSubnets, host)
  return transcript
}
