import type { FolderContents, LakeContainer } from '../../azure/data-lake.ts'
import { hasCode } from '../../azure/failure.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { idOf } from '../../lake/acl.ts'
import { fromControlItems, toControlItems } from '../../lake/control-items.ts'
import { projectFolder, sharedFolders } from '../../lake/desired.ts'
import type { Change } from '../../plan/model.ts'
import { openLake } from '../lake/open-lake.ts'
import type { Removal } from '../removal/left.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { emptyPart, type Part } from './part.ts'
import type { NumberedProject } from './project-by-number.ts'

/** The project's part of the data lake, and whether data goes with it. */
export interface LakePart extends Part {
  readonly holdsData: boolean
}

/**
 * The project's folder in the data lake, and entries that name its groups and identities in the folders of all projects, where
 * only people can have put them.
 * @param principals object ids in small letters
 */
export async function lakePart(
  target: NumberedProject,
  principals: ReadonlySet<string>,
  { resources, session }: DestroyClients,
): Promise<LakePart> {
  const account = await resources.read(target.ids.lake, apiVersions['Microsoft.Storage/storageAccounts'])
  if (account === undefined) return { ...emptyPart, holdsData: false }
  const container = await openLake(session, resources, { factory: target.project.factory, ids: target.ids })
  const path = projectFolder(target.project)
  const contents = await contentsOf(container, path, target)
  const entries = await Promise.all(
    sharedFolders.map((folder) => entryRemoval(container, folder.path, principals)),
  )
  const cleanings = entries.flatMap((removal) => removal ?? [])
  return {
    ...emptyPart,
    holdsData: contents !== undefined && (contents.files > 0 || contents.isMore),
    changes: [
      ...(contents === undefined ? [] : [folderChange(path, contents)]),
      ...cleanings.map(({ doomed }): Change => ({ change: 'modify', ...doomed, reason: entryReason })),
    ],
    removals: [...(contents === undefined ? [] : [folderRemoval(container, path)]), ...cleanings],
  }
}

/** Without the container nobody can say whether the project has a folder. */
async function contentsOf(
  container: LakeContainer,
  path: string,
  { project, names, at }: NumberedProject,
): Promise<FolderContents | undefined> {
  try {
    return await container.contents(path)
  } catch (error) {
    if (!(error instanceof UserError) || !hasCode(error.parts.cause, 'FilesystemNotFound')) throw error
    throw new UserError({
      what: `The data lake '${names.common.lake}' has no container '${project.factory.lake.container}', so the folder '${path}' of project ${project.number} was not found.`,
      where: at('lake.container'),
      why: "'lake.container' in factory.yml is another one than when the project was delivered, or somebody has deleted the container.",
      fix: "Set 'lake.container' in factory.yml back to the container that has the folder, then run again.",
      cause: error,
    })
  }
}

const entryReason = "Entries of the project's groups and identities are removed from its access control list."

function folderChange(path: string, { folders, files, bytes, isMore }: FolderContents): Change {
  const least = isMore ? 'at least ' : ''
  const size = `${(bytes / 1_000_000).toFixed(1)} MB`
  const reason =
    files === 0 && !isMore
      ? 'There are no files in it.'
      : `Lost with it: ${least}${files} ${files === 1 ? 'file' : 'files'} of ${size} in ${folders} folders.`
  return { change: 'delete', kind: 'folder', name: path, reason }
}

const folderRemoval = (container: LakeContainer, path: string): Removal => ({
  step: `Delete folder ${path} of the data lake`,
  doomed: { kind: 'folder', name: path },
  apply: async () => {
    await container.removeFolder(path)
    return []
  },
})

/** Undefined when no entry of the folder names the project. */
async function entryRemoval(
  container: LakeContainer,
  path: string,
  principals: ReadonlySet<string>,
): Promise<Removal | undefined> {
  const found = await container.readAccess(path)
  if (found === undefined) return undefined
  const { access, defaults } = fromControlItems(found.entries)
  const isOther = (entry: (typeof access)[number]): boolean =>
    !principals.has(idOf(entry)?.toLowerCase() ?? '')
  const rest = { access: access.filter(isOther), defaults: defaults.filter(isOther) }
  if (rest.access.length + rest.defaults.length === access.length + defaults.length) return undefined
  const name = path === '' ? '/' : path
  return {
    step: `Remove entries of the project from folder ${name} of the data lake`,
    doomed: { kind: 'folder', name },
    apply: async () => {
      await container.setAccess(
        path,
        toControlItems(rest).map((item) => ({ ...item })),
        found.etag,
      )
      return []
    },
  }
}
