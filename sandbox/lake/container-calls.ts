/** Creating, listing, looking at and deleting containers ("filesystems"), in both dialects. */
import type { Authorization, Caller, Clock } from '../contracts.ts'
import { checkWrite } from './conditions.ts'
import { type Dialect, escapeXml, StorageError } from './errors.ts'
import { answer } from './exchange.ts'
import { type Account, addContainer, type Container, type LakeState } from './state.ts'

/** A request to an account, or to a container that may not be there yet. */
export interface AccountCall {
  readonly state: LakeState
  readonly account: Account
  readonly caller: Caller
  readonly request: Request
  readonly query: URLSearchParams
  readonly dialect: Dialect
  readonly clock: Clock
  readonly authorization: Authorization
}

const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers'
/** 3 to 63 of a-z, 0-9 and single hyphens, neither first nor last. */
const containerName = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/

const requireAction = (call: AccountCall, action: 'read' | 'write' | 'delete', scope: string): void => {
  if (!call.authorization.allows(call.caller, scope, `${containers}/${action}`)) {
    throw new StorageError('AuthorizationPermissionMismatch')
  }
}

const scopeOf = (call: AccountCall, name: string): string =>
  `${call.account.resourceId}/blobServices/default/containers/${name}`

const containerHeaders = (container: Container): Record<string, string> => ({
  etag: container.etag,
  'last-modified': container.createdAt.toUTCString(),
  'x-ms-namespace-enabled': 'true',
  ...Object.fromEntries([...container.metadata].map(([name, value]) => [`x-ms-meta-${name}`, value])),
})

const metadataOf = (headers: Headers): ReadonlyMap<string, string> => {
  const prefix = 'x-ms-meta-'
  return new Map(
    [...headers]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  )
}

const createContainer = (call: AccountCall, name: string): Response => {
  if (!containerName.test(name)) throw new StorageError('InvalidResourceName')
  requireAction(call, 'write', scopeOf(call, name))
  if (call.account.containers.has(name)) throw new StorageError('FilesystemAlreadyExists')
  const owner = call.caller.objectId.toLowerCase()
  const container = addContainer(call.state, call.account, name, owner, call.clock.now())
  container.metadata = metadataOf(call.request.headers)
  return answer(201, containerHeaders(container))
}

const existing = (call: AccountCall, name: string, action: 'read' | 'delete'): Container => {
  requireAction(call, action, scopeOf(call, name))
  const container = call.account.containers.get(name)
  if (container === undefined) throw new StorageError('FilesystemNotFound')
  return container
}

/** Requests to a container as a whole: `?restype=container`, `?resource=filesystem`. */
export const answerForContainer = (call: AccountCall, name: string): Response => {
  const { method } = call.request
  if (call.query.has('comp')) throw new StorageError('UnsupportedQueryParameter')
  if (method === 'PUT') return createContainer(call, name)
  if (method === 'GET' || method === 'HEAD') {
    return answer(200, containerHeaders(existing(call, name, 'read')))
  }
  if (method === 'DELETE') {
    const container = existing(call, name, 'delete')
    checkWrite(call.request.headers, { etag: container.etag, modifiedAt: container.createdAt })
    call.account.containers.delete(container.name)
    return answer(202)
  }
  throw new StorageError('UnsupportedHttpVerb')
}

const listed = (container: Container): string =>
  `<Container><Name>${escapeXml(container.name)}</Name><Properties>` +
  `<Last-Modified>${container.createdAt.toUTCString()}</Last-Modified><Etag>${escapeXml(container.etag)}</Etag>` +
  '<LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>' +
  '<HasImmutabilityPolicy>false</HasImmutabilityPolicy><HasLegalHold>false</HasLegalHold>' +
  '</Properties></Container>'

/** Requests to an account as a whole: listing its containers, all in one page. */
export const answerForAccount = (call: AccountCall): Response => {
  if (call.request.method !== 'GET') throw new StorageError('UnsupportedHttpVerb')
  requireAction(call, 'read', call.account.resourceId)
  const prefix = call.query.get('prefix') ?? ''
  const shown = [...call.account.containers.values()]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  if (call.dialect === 'dfs') {
    const filesystems = shown.map(({ name, etag, createdAt }) => ({
      name,
      etag,
      lastModified: createdAt.toUTCString(),
    }))
    return answer(200, { 'content-type': 'application/json;charset=utf-8' }, JSON.stringify({ filesystems }))
  }
  const body =
    `<?xml version="1.0" encoding="utf-8"?><EnumerationResults>` +
    `<Prefix>${escapeXml(prefix)}</Prefix><Containers>${shown.map(listed).join('')}</Containers><NextMarker /></EnumerationResults>`
  return answer(200, { 'content-type': 'application/xml' }, body)
}
