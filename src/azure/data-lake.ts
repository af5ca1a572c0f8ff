import type {
  AccessControlChangeError,
  DataLakeDirectoryClient,
  DataLakeServiceClientOptions,
  PathAccessControlItem,
  RemovePathAccessControlItem,
} from '@azure/storage-file-datalake'
import { UserError } from '../diagnostics/user-error.ts'
import { azureError, explaining } from './errors.ts'
import { hasCode, isMissing, readFailure } from './failure.ts'
import type { Session } from './session.ts'
import { retryWhile } from './waiting.ts'

/** One entry of an access control list, in the shape Microsoft's client uses. */
export type AccessEntry = PathAccessControlItem
/** One entry to take away. */
export type AccessEntryRemoval = RemovePathAccessControlItem

/** Who may do what with one folder or file. */
export interface PathAccess {
  readonly entries: readonly AccessEntry[]
  readonly owner: string
  readonly group: string
  /** Changes with every change of the path; lets a write fail that would undo somebody else's. */
  readonly etag: string
}

/** How a recursive change went. */
export interface RecursiveCounts {
  readonly directories: number
  readonly files: number
}

/** One container of a data lake. Paths are relative to it, without a leading slash; the root is ''. */
export interface LakeContainer {
  /** The ACL of a folder, or undefined when it does not exist. */
  readonly readAccess: (path: string) => Promise<PathAccess | undefined>
  /** Makes a folder; one that exists is left alone. */
  readonly ensureFolder: (path: string) => Promise<void>
  /** Replaces the ACL of one folder. @throws UserError when somebody changed it since `etag` was read */
  readonly setAccess: (path: string, entries: readonly AccessEntry[], etag: string) => Promise<void>
  /**
   * Adds or changes entries on a folder and all in it, in batches of 2,000, going on after failures.
   * @throws UserError at the end when paths failed; running it again is safe
   */
  readonly modifyRecursively: (path: string, entries: readonly AccessEntry[]) => Promise<RecursiveCounts>
  /** Takes entries away from a folder and all in it, likewise. */
  readonly removeRecursively: (
    path: string,
    entries: readonly AccessEntryRemoval[],
  ) => Promise<RecursiveCounts>
}

/** Azure refuses an entry to take away that says what it permits. */
const withoutPermissions = ({
  accessControlType,
  entityId,
  defaultScope,
}: AccessEntryRemoval): AccessEntryRemoval => ({
  accessControlType,
  defaultScope,
  ...(entityId === undefined ? {} : { entityId }),
})

/** Did `setAccess` refuse to write, because somebody changed the path since it was read? */
export const isChangedMeanwhile = (error: unknown): boolean =>
  hasCode(error instanceof UserError ? error.parts.cause : error, 'ConditionNotMet')

const shown = (path: string): string => (path === '' ? "the lake's root" : `'${path}' in the data lake`)

/** https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update: at most 2,000 a request. */
const pathsPerBatch = 2_000

const throttled = (error: unknown): string | undefined => {
  const { status } = readFailure(error)
  return status === 429 || status === 408 ? `Azure answered ${status}` : undefined
}

type Change = (
  directory: DataLakeDirectoryClient,
  options: Parameters<DataLakeDirectoryClient['removeAccessControlRecursive']>[1],
) => ReturnType<DataLakeDirectoryClient['removeAccessControlRecursive']>

async function changeRecursively(
  session: Session,
  directory: DataLakeDirectoryClient,
  path: string,
  change: Change,
): Promise<RecursiveCounts> {
  const failures: AccessControlChangeError[] = []
  const { counters } = await change(directory, {
    batchSize: pathsPerBatch,
    continueOnFailure: true,
    onProgress: ({ aggregateCounters, batchFailures }) => {
      failures.push(...batchFailures.slice(0, 5))
      const { changedDirectoriesCount, changedFilesCount } = aggregateCounters
      session.progress(`'${path}': ${changedDirectoriesCount} folders and ${changedFilesCount} files done`)
    },
  })
  if (counters.failedChangesCount > 0) {
    const examples = failures.slice(0, 3).map(({ name, message }) => `'${name}' (${message})`)
    throw new UserError({
      what: `The rights of ${counters.failedChangesCount} paths below ${shown(path)} could not be changed: ${examples.join(', ')}.`,
      why: 'Usually they are owned by somebody else, and the identity is not Storage Blob Data Owner.',
      fix: "Give the identity 'Storage Blob Data Owner' on the storage account and run the job again; what is done stays done.",
    })
  }
  return { directories: counters.changedDirectoriesCount, files: counters.changedFilesCount }
}

/**
 * Opens one container of a data lake.
 * @param endpoint the storage account's own `primaryEndpoints.dfs`
 */
export async function openLakeContainer(
  session: Session,
  endpoint: string,
  containerName: string,
): Promise<LakeContainer> {
  const { DataLakeServiceClient } = await import('@azure/storage-file-datalake')
  const options: DataLakeServiceClientOptions = {
    userAgentOptions: { userAgentPrefix: session.userAgent },
    retryOptions: { maxTries: 4, maxRetryDelayInMs: 8_000 },
  }
  const service = new DataLakeServiceClient(endpoint.replace(/\/+$/, ''), session.credential, options)
  const container = service.getFileSystemClient(containerName)
  const directory = (path: string): DataLakeDirectoryClient => container.getDirectoryClient(path)
  /** Microsoft's client repeats what failed on the way or at the server, but not what was asked too often. */
  const repeating = <T>(path: string, work: () => Promise<T>): Promise<T> =>
    retryWhile(work, throttled, `Data lake, ${shown(path)}`, session, 6)

  return {
    readAccess: async (path) => {
      try {
        const { acl, owner, group, etag } = await repeating(path, () => directory(path).getAccessControl())
        return { entries: acl, owner: owner ?? '', group: group ?? '', etag: etag ?? '' }
      } catch (error) {
        if (isMissing(error) && !hasCode(error, 'FilesystemNotFound')) return undefined
        throw azureError(error, `Reading the rights of ${shown(path)}`)
      }
    },
    ensureFolder: (path) =>
      explaining(`Making folder ${shown(path)}`, async () => {
        await repeating(path, () => directory(path).createIfNotExists())
      }),
    setAccess: (path, entries, etag) =>
      explaining(`Changing the rights of ${shown(path)}`, async () => {
        await repeating(path, () =>
          directory(path).setAccessControl([...entries], { conditions: { ifMatch: etag } }),
        )
      }),
    modifyRecursively: (path, entries) =>
      explaining(`Changing the rights below ${shown(path)}`, () =>
        repeating(path, () =>
          changeRecursively(session, directory(path), path, (client, how) =>
            client.updateAccessControlRecursive([...entries], how),
          ),
        ),
      ),
    removeRecursively: (path, entries) =>
      explaining(`Taking rights away below ${shown(path)}`, () =>
        repeating(path, () =>
          changeRecursively(session, directory(path), path, (client, how) =>
            client.removeAccessControlRecursive(entries.map(withoutPermissions), how),
          ),
        ),
      ),
  }
}
