/** One request to the storage endpoints, taken apart, and the answers all calls share. */
import type { Clock } from '../contracts.ts'
import type { Access, Need } from './access.ts'
import { traverse } from './access.ts'
import { type Dialect, StorageError } from './errors.ts'
import type { Account, Container, LakeState } from './state.ts'
import type { PathNode } from './tree.ts'

/** A request to a container or a path in it, by a caller who is known. */
export interface Call {
  readonly state: LakeState
  readonly account: Account
  readonly container: Container
  /** The path's parts, decoded; none for the root directory. */
  readonly segments: readonly string[]
  readonly access: Access
  readonly request: Request
  readonly query: URLSearchParams
  readonly dialect: Dialect
  readonly clock: Clock
}

/** The node a request names, with the directories above it, the root first. */
export interface Found {
  readonly node: PathNode
  readonly ancestors: readonly PathNode[]
}

/** As far as a path exists: the directories on the way, and the node itself if it is there. */
export const lookUp = (
  root: PathNode,
  segments: readonly string[],
): { readonly ancestors: readonly PathNode[]; readonly node: PathNode | undefined } => {
  const ancestors: PathNode[] = []
  let node: PathNode | undefined = root
  for (const segment of segments) {
    if (node === undefined) break
    ancestors.push(node)
    node = node.children.get(segment)
  }
  return { ancestors, node }
}

/**
 * The node a request names, for a caller who may do this to it.
 * @throws StorageError `AuthorizationPermissionMismatch` before `PathNotFound`, so that nobody learns of what they may not see
 */
export const find = (
  call: Call,
  action: Parameters<Access['require']>[0],
  own: (found: { readonly node: PathNode; readonly ancestors: readonly PathNode[] }) => readonly Need[],
): Found => {
  const { ancestors, node } = lookUp(call.container.root, call.segments)
  const way = traverse(ancestors)
  if (node === undefined) {
    call.access.require(action, way)
    throw new StorageError('PathNotFound')
  }
  call.access.require(action, [...way, ...own({ node, ancestors })])
  return { node, ancestors }
}

/** The answer of a call that succeeded. */
export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | Uint8Array<ArrayBuffer> | null = null,
): Response => new Response(body, { status, headers })

/** `ETag` and `Last-Modified` of a path. */
export const versionHeaders = (node: PathNode): Record<string, string> => ({
  etag: node.etag,
  'last-modified': node.modifiedAt.toUTCString(),
})

/**
 * A count from the query.
 * @throws StorageError `InvalidQueryParameterValue` when it is not a whole number of at least 1
 */
export const countOf = (call: Call, name: string, otherwise: number): number => {
  const text = call.query.get(name)
  if (text === null) return otherwise
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new StorageError('InvalidQueryParameterValue')
  return Math.min(count, otherwise)
}

/** A switch from the query: only `true` is true. */
export const flagOf = (call: Call, name: string): boolean => call.query.get(name)?.toLowerCase() === 'true'

/** An opaque token that says where an operation on a path is to go on. */
export const continuationToken = (operation: string, segments: readonly string[]): string =>
  Buffer.from(JSON.stringify([operation, ...segments])).toString('base64')

/**
 * Where to go on; nothing when the request is the first of its kind.
 * @throws StorageError `InvalidQueryParameterValue` for a token of another operation, or none of ours
 */
export const continuationOf = (call: Call, operation: string): readonly string[] => {
  const text = call.query.get('continuation')
  if (text === null || text === '') return []
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'))
    if (Array.isArray(parts) && parts[0] === operation && parts.every((part) => typeof part === 'string')) {
      return parts.slice(1)
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StorageError('InvalidQueryParameterValue')
}
