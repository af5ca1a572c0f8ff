import type { Change } from '../plan/model.ts'
import { environmentCodes, environments } from '../vocabulary.ts'

/** A folder of the whole lake, which no project makes for itself. */
export interface CommonFolder {
  /** Relative to the container. */
  readonly path: string
  readonly purpose: string
}

const reports = 'aifactory-governance/cross-charging'

/**
 * The folders of the whole lake, those above before those below. A project's own are below `projects`, and come with the
 * project. Who may do what in them is decided by whoever owns the data; a new folder is its creator's alone.
 */
export const commonFolders: readonly CommonFolder[] = [
  { path: 'active', purpose: 'What jobs are to work on now: which files, and which versions of models' },
  { path: 'logging', purpose: 'What jobs have logged' },
  { path: 'master', purpose: 'Data that projects share, by its quality' },
  { path: 'master/1_bronze', purpose: 'Shared data as it came' },
  { path: 'master/2_silver', purpose: 'Shared data, cleaned' },
  { path: 'master/3_gold', purpose: 'Shared data, ready to use' },
  { path: 'projects', purpose: 'The folders of the projects' },
  { path: 'aifactory-governance', purpose: 'What the factory reports of itself' },
  { path: reports, purpose: 'Costs by project' },
  ...environments.map((environment) => ({
    path: `${reports}/${environmentCodes[environment]}`,
    purpose: `Costs by project in ${environment}`,
  })),
  { path: `${reports}/latest`, purpose: 'The newest of these reports' },
]

/** What becomes of each of them. @param present paths of those that exist */
export const folderChanges = (present: ReadonlySet<string>): readonly Change[] =>
  commonFolders.map(({ path, purpose }) => ({
    change: present.has(path) ? 'keep' : 'create',
    kind: 'folder',
    name: path,
    reason: purpose,
  }))
