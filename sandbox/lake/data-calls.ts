/** Writing and reading what files hold, and the metadata of paths. */
import { checkChecksums } from './checksums.ts'
import { checkRead, checkWrite } from './conditions.ts'
import { StorageError } from './errors.ts'
import { answer, type Call, find, versionHeaders } from './exchange.ts'
import { blobHeaders } from './path-calls.ts'
import { nextEtag } from './state.ts'
import type { PathNode } from './tree.ts'

const fileOf = (call: Call, action: 'read' | 'write', rights: number): PathNode => {
  const { node } = find(call, action, (found) => [{ node: found.node, rights }])
  if (node.kind === 'directory') throw new StorageError('PathConflict')
  const check = action === 'read' ? checkRead : checkWrite
  check(call.request.headers, node)
  return node
}

const positionOf = (call: Call): number => {
  const position = Number(call.query.get('position') ?? '')
  if (call.query.get('position') === null || !Number.isInteger(position) || position < 0) {
    throw new StorageError('InvalidQueryParameterValue')
  }
  return position
}

/** Puts what was appended behind what the file holds, in order and without a gap. */
const commit = (call: Call, node: PathNode, length: number): void => {
  const pieces: Uint8Array[] = [node.content]
  let end = node.content.length
  for (const [position, piece] of [...node.uncommitted].sort(([a], [b]) => a - b)) {
    if (position !== end) throw new StorageError('InvalidFlushPosition')
    pieces.push(piece)
    end += piece.length
  }
  if (end !== length) throw new StorageError('InvalidFlushPosition')
  node.content = Buffer.concat(pieces)
  node.uncommitted.clear()
  node.etag = nextEtag(call.state)
  node.modifiedAt = call.clock.now()
}

/**
 * Read and write: what it takes on a file to append to it.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#common-scenarios-related-to-acl-permissions
 */
const append = 6

/** `PATCH ?action=append&position=…`: keeps data until it is flushed. */
export const appendData = async (call: Call): Promise<Response> => {
  const node = fileOf(call, 'write', append)
  const position = positionOf(call)
  const data = new Uint8Array(await call.request.arrayBuffer())
  if (data.length === 0) throw new StorageError('InvalidHeaderValue')
  checkChecksums(call.request.headers, data)
  node.uncommitted.set(position, data)
  if (call.query.get('flush') === 'true') commit(call, node, position + data.length)
  return answer(202, { ...versionHeaders(node), 'x-ms-request-server-encrypted': 'true' })
}

/** `PATCH ?action=flush&position=…`: makes appended data the file's own. */
export const flushData = (call: Call): Response => {
  const node = fileOf(call, 'write', append)
  commit(call, node, positionOf(call))
  node.contentType = call.request.headers.get('x-ms-content-type') ?? node.contentType
  return answer(200, { ...versionHeaders(node), 'x-ms-request-server-encrypted': 'true' })
}

const rangeOf = (headers: Headers, length: number): { start: number; end: number } | undefined => {
  const text = headers.get('x-ms-range') ?? headers.get('range')
  if (text === null) return undefined
  const match = /^bytes=(\d+)-(\d*)$/.exec(text)
  if (match === null) throw new StorageError('InvalidHeaderValue')
  const start = Number(match[1])
  const end = match[2] === '' ? length - 1 : Math.min(Number(match[2]), length - 1)
  if (start >= length || end < start) throw new StorageError('InvalidRange')
  return { start, end }
}

/** `GET`: what a file holds, or a range of it. */
export const readFile = (call: Call): Response => {
  const node = fileOf(call, 'read', 4)
  const range = rangeOf(call.request.headers, node.content.length)
  const bytes = range === undefined ? node.content : node.content.slice(range.start, range.end + 1)
  return answer(
    range === undefined ? 200 : 206,
    {
      ...blobHeaders(node),
      ...(range === undefined
        ? {}
        : { 'content-range': `bytes ${range.start}-${range.end}/${node.content.length}` }),
    },
    new Uint8Array(bytes),
  )
}

/** `PUT ?comp=metadata`: replaces the metadata of a path. */
export const setMetadata = (call: Call): Response => {
  const { node } = find(call, 'write', (found) => [{ node: found.node, rights: 2 }])
  checkWrite(call.request.headers, node)
  const prefix = 'x-ms-meta-'
  node.metadata = new Map(
    [...call.request.headers]
      .filter(([name]) => name.startsWith(prefix) && name !== `${prefix}hdi_isfolder`)
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
  node.etag = nextEtag(call.state)
  node.modifiedAt = call.clock.now()
  return answer(200, versionHeaders(node))
}
