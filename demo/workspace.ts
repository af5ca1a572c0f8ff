import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Beginning, factoryAt } from './beginning.ts'

const root = path.join(import.meta.dirname, '..')

/** The folders of a demonstration. Everything it writes is below `out/`. */
export interface Workspace {
  /** The customer's repository: manifests and issue form. */
  readonly repository: string
  /** The sandbox's memory between runs. */
  readonly stateFile: string
  readonly reportFile: string
  /** What the actions write: plans, templates, drawings. */
  readonly results: string
  /** The files that stood for issues so far, one a line: the first is issue 1. */
  readonly issuesFile: string
  /** The texts of the issues as they were delivered last, by number. */
  readonly requests: string
}

/** What a folder holds was begun in another way. */
export class OtherBeginning extends Error {
  constructor(folder: string, beginning: Beginning) {
    const begun = beginning === 'project' ? 'subscriptions' : 'project'
    super(
      `What is in '${folder}' was begun with --from ${begun}. Go on with that, delete the folder, or name another one in AI_FACTORY_OUT.`,
    )
  }
}

/**
 * A folder is begun in one way, and remembers it by a file. What has a repository and no such file is of a version that
 * began with a project.
 * @throws OtherBeginning when it was another one
 */
function keepBeginning(folder: string, repository: string, beginning: Beginning): void {
  const file = path.join(folder, 'begun-from.txt')
  const begun = existsSync(file) ? readFileSync(file, 'utf8').trim() : existsSync(repository) ? 'project' : ''
  if (begun !== '' && begun !== beginning) throw new OtherBeginning(folder, beginning)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, `${beginning}\n`)
}

/** The folder of an action, with its action.yml and its bundle. */
export const actionFolder = (name: string): string => path.join(root, 'actions', name)

/** The request that is delivered when none is named. */
export const exampleRequest = path.join(root, 'demo', 'example-request.md')

/**
 * Makes the folders below `folder`, with a bootstrap repository as a customer's begins: a factory.yml, the issue form,
 * no project. A repository that is there from an earlier run is kept.
 * @throws OtherBeginning when the folder was begun in another way
 */
export function prepareWorkspace(folder: string, beginning: Beginning): Workspace {
  const repository = path.join(folder, 'bootstrap-repository')
  keepBeginning(folder, repository, beginning)
  const templates = path.join(root, 'workflows-templates')
  if (!existsSync(repository)) {
    mkdirSync(path.join(repository, 'aifactory', 'projects'), { recursive: true })
    const factory = readFileSync(path.join(templates, 'aifactory', 'factory.yml'), 'utf8')
    writeFileSync(path.join(repository, 'aifactory', 'factory.yml'), factoryAt(beginning, factory))
    cpSync(path.join(templates, '.github'), path.join(repository, '.github'), { recursive: true })
  }
  const results = path.join(folder, 'results')
  mkdirSync(results, { recursive: true })
  return {
    repository,
    stateFile: path.join(folder, 'sandbox-state.json'),
    reportFile: path.join(folder, 'report.html'),
    results,
    issuesFile: path.join(folder, 'issues.txt'),
    requests: path.join(folder, 'requests'),
  }
}

/** The number of the issue that a file stands for: always the same for the same file, whatever is in it by now. */
export function issueNumber({ issuesFile }: Workspace, file: string): number {
  const known = existsSync(issuesFile) ? readFileSync(issuesFile, 'utf8').split('\n').slice(0, -1) : []
  const resolved = path.resolve(file)
  const index = known.indexOf(resolved)
  if (index >= 0) return index + 1
  appendFileSync(issuesFile, `${resolved}\n`)
  return known.length + 1
}
