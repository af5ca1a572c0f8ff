import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { recordName } from '../src/plan/run-record.ts'
import { readExisting } from '../src/request/existing-projects.ts'
import { environments } from '../src/vocabulary.ts'
import type { Workspace } from './workspace.ts'

/** Where manifests are in a bootstrap repository. */
const projectsFolder = ({ repository }: Workspace): string => path.join(repository, 'aifactory', 'projects')

/** The manifest that was made from an issue. */
export const manifestOf = (workspace: Workspace, number: number) =>
  globSync('prj*.yml', { cwd: projectsFolder(workspace) })
    .map((name) => path.join(projectsFolder(workspace), name))
    .flatMap((file) => readExisting(file, readFileSync(file, 'utf8')) ?? [])
    .find(({ request }) => request?.number === number)

/** Has a delivery of the project written anything yet? Reserving subnets is its first write. */
export const isBegun = ({ results }: Workspace, project: string): boolean =>
  environments.some((environment) =>
    existsSync(
      path.join(
        results,
        environment,
        'ai-factory',
        recordName({ project, environment, action: 'ip-calc', mode: 'reserve' }),
      ),
    ),
  )

/**
 * Takes a request that was corrected since it was last delivered, as long as nothing was created: its manifest is made
 * anew, as an issue may be edited until its pull request is merged. Later the manifest counts, and stays.
 */
export function takeCorrected(workspace: Workspace, number: number, text: string): void {
  const copy = path.join(workspace.requests, `${number}.md`)
  const manifest = manifestOf(workspace, number)
  const wasCorrected = existsSync(copy) && readFileSync(copy, 'utf8') !== text
  if (wasCorrected && manifest !== undefined && !isBegun(workspace, manifest.number)) rmSync(manifest.file)
  mkdirSync(workspace.requests, { recursive: true })
  writeFileSync(copy, text)
}
