import type {
  AccessControlChangeError,
  DataLakeDirectoryClient,
  DataLakeFileSystemClient,
  PathAccessControlItem,
  RemovePathAccessControlItem,
  RequestPolicyFactory,
} from '@azure/storage-file-datalake'
import { UserError } from '../diagnostics/user-error.ts'
import { call } from './call.ts'
import { azureError, explaining } from './errors.ts'
import { hasCode, UnexpectedResponse } from './failure.ts'
import type { Session } from './session.ts'

/** One entry of an access control list, in the shape Microsoft's client uses. */
export type AccessEntry = PathAccessControlItem
/** One entry to remove. */
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

/** What is in a folder and all folders below it. */
export interface FolderContents {
  readonly folders: number
  readonly files: number
  /** All files together. */
  readonly bytes: number
  /** There is more than was counted. */
  readonly isMore: boolean
}

/** One container of a data lake. Paths are relative to it, without a leading slash; the root is ''. */
export interface LakeContainer {
  /** The ACL of a folder, or undefined when it does not exist. */
  readonly readAccess: (path: string) => Promise<PathAccess | undefined>
  /** Creates a folder; one that exists is left alone. @returns the etag of one that was created */
  readonly ensureFolder: (path: string) => Promise<string | undefined>
  /** Replaces the ACL of one folder. @throws UserError when somebody changed it since `etag` was read */
  readonly setAccess: (path: string, entries: readonly AccessEntry[], etag: string) => Promise<void>
  /**
   * Adds or changes entries on a folder and all in it, in batches of 2,000, going on after failures.
   * @throws UserError at the end when paths failed; running it again is safe
   */
  readonly modifyRecursively: (path: string, entries: readonly AccessEntry[]) => Promise<RecursiveCounts>
  /** Removes entries from a folder and all in it, likewise. */
  readonly removeRecursively: (
    path: string,
    entries: readonly AccessEntryRemoval[],
  ) => Promise<RecursiveCounts>
  /** Counts what is in a folder, the first 5,000 paths of it; undefined when it does not exist. */
  readonly contents: (path: string) => Promise<FolderContents | undefined>
  /** Deletes a folder with all that is in it; one that does not exist is no error. */
  readonly removeFolder: (path: string) => Promise<void>
}

/** Azure refuses an entry to remove that says what it permits. */
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
export const isChangedMeanwhile = (error: unknown): boolean => hasCode(error, 'ConditionNotMet')

const shown = (path: string): string => (path === '' ? "the lake's root" : `'${path}' in the data lake`)

/** https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/update: at most 2,000 a request. */
const pathsPerBatch = 2_000

/** The entries that every access control list has. https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control */
const required = ['user', 'group', 'other'] as const

/** @throws UnexpectedResponse when it is none that Azure gives: taken for empty, it would be overwritten with only our entries */
function checkAccess(entries: readonly AccessEntry[]): void {
  const missing = required.filter(
    (type) =>
      !entries.some(
        ({ accessControlType, entityId, defaultScope }) =>
          accessControlType === type && !entityId && !defaultScope,
      ),
  )
  if (missing.length > 0) {
    throw new UnexpectedResponse(`an access control list without the entry for ${missing.join(' and ')}`)
  }
}

/** Are two lists the same, whatever the order of their entries? */
function sameAccess(one: readonly AccessEntry[], other: readonly AccessEntry[] = []): boolean {
  const written = (entries: readonly AccessEntry[]): readonly string[] =>
    entries
      .map(({ defaultScope, accessControlType, entityId, permissions: { read, write, execute } }) =>
        [defaultScope, accessControlType, entityId.toLowerCase(), read, write, execute].join(),
      )
      .toSorted()
  return written(one).join(' ') === written(other).join(' ')
}

/**
 * Accepts only the service's own responses as success: each names its API version,
 * and its body is JSON. Microsoft's client looks at the status alone.
 */
const successesOnly: RequestPolicyFactory = {
  create: (next) => ({
    sendRequest: async (request) => {
      const answer = await next.sendRequest(request)
      const type = answer.headers.get('content-type') ?? ''
      if (request.method === 'HEAD' || !answer.bodyAsText) {
        if (!answer.headers.get('x-ms-version')) throw new UnexpectedResponse('it has no x-ms-version header')
      } else if (!/[/+]json\b/i.test(type)) {
        throw new UnexpectedResponse(`it is ${type.replace(/;.*/, '') || 'of no content type'}, not JSON`)
      }
      return answer
    },
  }),
}

/** The cause of an error that Microsoft's client throws: it wraps some, and knows only statuses that it expects. */
function whatStopped(error: unknown): unknown {
  const cause = error instanceof Error && 'innerError' in error ? error.innerError : error
  const hasAnswer = cause instanceof Error && 'response' in cause && 'statusCode' in cause
  const status = hasAnswer ? Number(cause.statusCode) : 0
  return status > 0 && status < 400 ? new UnexpectedResponse(`its status is ${status}`) : cause
}

type Change = (
  directory: DataLakeDirectoryClient,
  options: Parameters<DataLakeDirectoryClient['removeAccessControlRecursive']>[1],
) => ReturnType<DataLakeDirectoryClient['removeAccessControlRecursive']>

/** Sends one request about a path. */
type Send = <T>(path: string, request: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** Changes batch after batch, each a request of its own, so that one that is repeated goes on where it was. */
async function changeRecursively(
  { progress }: Session,
  send: Send,
  directory: DataLakeDirectoryClient,
  path: string,
  change: Change,
): Promise<RecursiveCounts> {
  const failures: AccessControlChangeError[] = []
  const total = { directories: 0, files: 0, failed: 0 }
  let continuationToken: string | undefined
  do {
    const options = {
      batchSize: pathsPerBatch,
      maxBatches: 1,
      continueOnFailure: true,
      ...(continuationToken === undefined ? {} : { continuationToken }),
      onProgress: ({ batchFailures }: { readonly batchFailures: AccessControlChangeError[] }) => {
        failures.push(...batchFailures.slice(0, 5))
      },
    }
    const { counters, continuationToken: next } = await send(path, (abortSignal) =>
      change(directory, { ...options, abortSignal }),
    )
    continuationToken = next
    total.directories += counters.changedDirectoriesCount
    total.files += counters.changedFilesCount
    total.failed += counters.failedChangesCount
    progress(`'${path}': ${total.directories} folders and ${total.files} files done`)
  } while (continuationToken)
  if (total.failed > 0) {
    const examples = failures.slice(0, 3).map(({ name, message }) => `'${name}' (${message})`)
    throw new UserError({
      what: `The ACLs of ${total.failed} paths below ${shown(path)} could not be changed: ${examples.join(', ')}.`,
      why: 'Usually they are owned by somebody else, and the identity is not Storage Blob Data Owner.',
      fix: "Assign the identity 'Storage Blob Data Owner' on the storage account and run the job again; what was done is kept.",
    })
  }
  return { directories: total.directories, files: total.files }
}

/** One page of a list has at most 5,000. https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/list */
async function countPaths(
  container: DataLakeFileSystemClient,
  path: string,
  abortSignal: AbortSignal,
): Promise<FolderContents> {
  const pages = container.listPaths({ path, recursive: true, abortSignal }).byPage({ maxPageSize: 5_000 })
  const first = await pages.next()
  const paths = first.done ? [] : (first.value.pathItems ?? [])
  const files = paths.filter(({ isDirectory }) => isDirectory !== true)
  return {
    folders: paths.length - files.length,
    files: files.length,
    bytes: files.reduce((sum, { contentLength = 0 }) => sum + contentLength, 0),
    isMore: !first.done && Boolean(first.value.continuation),
  }
}

async function openContainer(
  { credential, userAgent }: Session,
  endpoint: string,
  name: string,
): Promise<DataLakeFileSystemClient> {
  const { DataLakeServiceClient, newPipeline } = await import('@azure/storage-file-datalake')
  // `call` repeats, and says so.
  const pipeline = newPipeline(credential, {
    userAgentOptions: { userAgentPrefix: userAgent },
    retryOptions: { maxTries: 1 },
  })
  pipeline.factories.unshift(successesOnly)
  return new DataLakeServiceClient(endpoint.replace(/\/+$/, ''), pipeline).getFileSystemClient(name)
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
  const container = await openContainer(session, endpoint, containerName)
  const directory = (path: string): DataLakeDirectoryClient => container.getDirectoryClient(path)
  const service = { name: 'the data lake', scope: session.cloud.storageScope }
  const send: Send = (path, request) =>
    call(session, service, `Data lake, ${shown(path)}`, async (signal) => {
      try {
        return await request(signal)
      } catch (error) {
        throw whatStopped(error)
      }
    })

  const readAccess: LakeContainer['readAccess'] = async (path) => {
    try {
      const { acl, owner, group, etag } = await send(path, async (abortSignal) => {
        const answer = await directory(path).getAccessControl({ abortSignal })
        checkAccess(answer.acl)
        return answer
      })
      return { entries: acl, owner: owner ?? '', group: group ?? '', etag: etag ?? '' }
    } catch (error) {
      // The root is there as long as the container is.
      if (path !== '' && hasCode(error, 'PathNotFound')) return undefined
      throw azureError(error, `Reading the ACL of ${shown(path)}`)
    }
  }

  return {
    readAccess,
    ensureFolder: (path) =>
      explaining(`Creating folder ${shown(path)}`, async () => {
        const answer = await send(path, (abortSignal) => directory(path).createIfNotExists({ abortSignal }))
        return answer.succeeded ? answer.etag : undefined
      }),
    setAccess: (path, entries, etag) =>
      explaining(`Changing the ACL of ${shown(path)}`, async () => {
        let attempts = 0
        const conditions = { ifMatch: etag }
        try {
          await send(path, (abortSignal) => {
            attempts += 1
            return directory(path).setAccessControl([...entries], { abortSignal, conditions })
          })
        } catch (error) {
          // An attempt whose answer was lost may be what has changed it.
          const isDone =
            attempts > 1 &&
            isChangedMeanwhile(error) &&
            sameAccess(entries, (await readAccess(path))?.entries)
          if (!isDone) throw error
        }
      }),
    contents: (path) =>
      explaining(`Listing ${shown(path)}`, async () => {
        try {
          return await send(path, (abortSignal) => countPaths(container, path, abortSignal))
        } catch (error) {
          if (hasCode(error, 'PathNotFound')) return undefined
          throw error
        }
      }),
    removeFolder: (path) =>
      explaining(`Deleting folder ${shown(path)}`, async () => {
        await send(path, (abortSignal) => directory(path).deleteIfExists(true, { abortSignal }))
      }),
    modifyRecursively: (path, entries) =>
      explaining(`Changing the ACLs below ${shown(path)}`, () =>
        changeRecursively(session, send, directory(path), path, (client, how) =>
          client.updateAccessControlRecursive([...entries], how),
        ),
      ),
    removeRecursively: (path, entries) =>
      explaining(`Removing entries from the ACLs below ${shown(path)}`, () =>
        changeRecursively(session, send, directory(path), path, (client, how) =>
          client.removeAccessControlRecursive(entries.map(withoutPermissions), how),
        ),
      ),
  }
}
