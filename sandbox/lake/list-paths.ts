/** Listing the paths of a container. https://learn.microsoft.com/rest/api/storageservices/datalakestoragegen2/path/list */
import { traverse } from './access.ts'
import { formatPermissions } from './acl.ts'
import { StorageError } from './errors.ts'
import { answer, type Call, continuationOf, continuationToken, countOf, flagOf, lookUp } from './exchange.ts'
import { type PathNode, segmentsOf, type Visit, walk } from './tree.ts'

const maximumResults = 5000
const millisecondsFrom1601To1970 = 11_644_473_600_000

const fileTime = (at: Date): string => String(BigInt(at.getTime() + millisecondsFrom1601To1970) * 10_000n)

const listed = ({ path, node }: Visit): Record<string, string> => ({
  contentLength: String(node.content.length),
  creationTime: fileTime(node.createdAt),
  etag: node.etag.replaceAll('"', ''),
  group: node.group,
  ...(node.kind === 'directory' ? { isDirectory: 'true' } : {}),
  lastModified: node.modifiedAt.toUTCString(),
  name: path,
  owner: node.owner,
  permissions: formatPermissions(node.acl),
})

/** A list shows what the caller may read and walk through: read and execute on each directory that is opened. */
const requireList = (call: Call, node: PathNode): void => call.access.require('read', [{ node, rights: 5 }])

/** `GET /{container}?resource=filesystem`, `GET /{container}?directory=…&recursive=…` */
export const listPaths = (call: Call): Response => {
  const directory = call.query.get('directory') ?? ''
  const segments = segmentsOf(directory)
  const recursive = flagOf(call, 'recursive')
  const limit = countOf(call, 'maxResults', maximumResults)
  const after = continuationOf(call, 'list')
  const { ancestors, node } = lookUp(call.container.root, segments)
  call.access.require('read', traverse(ancestors))
  if (node === undefined) throw new StorageError('PathNotFound')
  requireList(call, node)

  const enter = (visit: Visit): boolean => {
    if (recursive) requireList(call, visit.node)
    return recursive
  }
  const paths: Visit[] = []
  let more = false
  for (const visit of walk(node, segments.join('/'), after, enter)) {
    more = paths.length === limit
    if (more) break
    paths.push(visit)
  }
  const last = paths.at(-1)
  const continuation =
    more && last !== undefined
      ? { 'x-ms-continuation': continuationToken('list', segmentsOf(last.path).slice(segments.length)) }
      : {}
  return answer(
    200,
    { 'content-type': 'application/json;charset=utf-8', ...continuation },
    JSON.stringify({ paths: paths.map(listed) }),
  )
}
