/** Creating, renaming, deleting and looking at paths. */
import { traverse } from './access.ts'
import { type Acl, formatAcl, formatPermissions, parseEntries, setEntries } from './acl.ts'
import { checkRead, checkSource, checkWrite } from './conditions.ts'
import { StorageError } from './errors.ts'
import { answer, type Call, continuationToken, find, flagOf, lookUp, versionHeaders } from './exchange.ts'
import { defaultUmask, inheritedAcl, parseMode, parseUmask } from './permissions.ts'
import { newNode, nextEtag } from './state.ts'
import { descend, type PathNode, segmentsOf, walk } from './tree.ts'

/** Write and execute: what it takes on a directory to add, remove or rename what it holds. */
const change = 3

const parentOf = (ancestors: readonly PathNode[]): PathNode => {
  const parent = ancestors.at(-1)
  if (parent === undefined) throw new StorageError('InvalidInput')
  return parent
}

/**
 * In a sticky directory only who owns a path, or the directory, takes it away or puts another in its place.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#the-sticky-bit
 */
const requireOwn = ({ access }: Call, node: PathNode, parent: PathNode): void => {
  const { objectId } = access
  const held = parent.acl.sticky && node.owner !== objectId && parent.owner !== objectId
  if (held && !access.granted('delete')) throw new StorageError('AuthorizationPermissionMismatch')
}

/** What it takes to remove a node: the right on its directory and, where that is sticky, to own either of them. */
const requireChange = (call: Call, node: PathNode, ancestors: readonly PathNode[]): void => {
  const parent = parentOf(ancestors)
  call.access.require('delete', [...traverse(ancestors), { node: parent, rights: change }])
  requireOwn(call, node, parent)
}

const metadataOf = (headers: Headers): ReadonlyMap<string, string> => {
  const text = headers.get('x-ms-properties')
  if (text === null || text === '') return new Map()
  return new Map(
    text.split(',').map((property) => {
      const [name = '', value = ''] = property.split(/=(.*)/s)
      return [name, Buffer.from(value, 'base64').toString('utf8')]
    }),
  )
}

/** The access control list that a request has for a new path, read once; the result depends on the directory. */
const requestedAclOf = (headers: Headers, kind: 'file' | 'directory'): ((parent: PathNode) => Acl) => {
  const permissions = headers.get('x-ms-permissions')
  const umask = headers.get('x-ms-umask')
  const acl = headers.get('x-ms-acl')
  if (acl !== null && permissions !== null) throw new StorageError('InvalidInput')
  const mode = permissions === null ? undefined : parseMode(permissions)
  const taken = umask === null ? defaultUmask : parseUmask(umask)
  const entries = acl === null ? undefined : parseEntries(acl)
  return (parent) => {
    const inherited = inheritedAcl(parent.acl, kind, mode, taken)
    return entries === undefined ? inherited : setEntries(inherited, entries)
  }
}

const addBelow = (
  call: Call,
  parent: PathNode,
  name: string,
  kind: 'file' | 'directory',
  acl: Acl,
): PathNode => {
  const at = call.clock.now()
  const owner = call.access.objectId
  const node = newNode(call.state, { kind, name, owner, group: parent.group, acl }, at)
  parent.children.set(name, node)
  parent.modifiedAt = at
  return node
}

/** The directories on the way that are not there yet, made as the service makes them: with nothing of the request's own. */
const addMissingParents = (call: Call, from: PathNode, names: readonly string[]): PathNode => {
  let parent = from
  for (const name of names) {
    const acl = inheritedAcl(parent.acl, 'directory', undefined, defaultUmask)
    parent = addBelow(call, parent, name, 'directory', acl)
  }
  return parent
}

const overwrite = (call: Call, node: PathNode, parent: PathNode, kind: 'file' | 'directory'): Response => {
  if (call.request.headers.get('if-none-match') === '*') throw new StorageError('PathAlreadyExists')
  if (node.kind !== kind) throw new StorageError('PathConflict')
  if (kind === 'file') requireOwn(call, node, parent)
  checkWrite(call.request.headers, node)
  node.metadata = metadataOf(call.request.headers)
  node.content = new Uint8Array()
  node.uncommitted.clear()
  node.etag = nextEtag(call.state)
  node.modifiedAt = call.clock.now()
  return answer(201, versionHeaders(node))
}

/** `PUT ?resource=file|directory`: makes a path, and the directories above it. */
export const createPath = (call: Call): Response => {
  const resource = call.query.get('resource')
  if (resource !== 'file' && resource !== 'directory') throw new StorageError('InvalidQueryParameterValue')
  const { ancestors, node } = lookUp(call.container.root, call.segments)
  const deepest = ancestors.at(-1) ?? call.container.root
  call.access.require('write', [...traverse(ancestors), { node: deepest, rights: change }])
  if (deepest.kind === 'file') throw new StorageError('PathConflict')
  if (node !== undefined) return overwrite(call, node, deepest, resource)
  if (call.request.headers.has('if-match')) throw new StorageError('ConditionNotMet')

  const aclFor = requestedAclOf(call.request.headers, resource)
  // A list that is no list must be refused before anything is made.
  aclFor(deepest)
  const parent = addMissingParents(call, deepest, call.segments.slice(ancestors.length - 1, -1))
  const made = addBelow(call, parent, call.segments.at(-1) ?? '', resource, aclFor(parent))
  made.metadata = metadataOf(call.request.headers)
  made.contentType = call.request.headers.get('x-ms-content-type') ?? made.contentType
  return answer(201, versionHeaders(made))
}

/** Path below the container, from `/container/path` or, with the account in the path, `/storage/account/container/path`. */
const sourceOf = (call: Call, header: string): readonly string[] => {
  const path = header.split('?')[0] ?? ''
  let segments: readonly string[]
  try {
    segments = segmentsOf(path).map(decodeURIComponent)
  } catch (error) {
    if (error instanceof URIError) throw new StorageError('InvalidSourceUri')
    throw error
  }
  const [first, second] = segments
  if (first === 'storage' && second === call.account.name) segments = segments.slice(2)
  if (segments[0] !== call.container.name || segments.length < 2) throw new StorageError('InvalidSourceUri')
  return segments.slice(1)
}

const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((segment, index) => path[index] === segment)

/** `PUT` with `x-ms-rename-source`: moves a path, with all it holds, within its container. */
export const renamePath = (call: Call, header: string): Response => {
  const from = sourceOf(call, header)
  const source = lookUp(call.container.root, from)
  if (source.node === undefined) {
    call.access.require('move', traverse(source.ancestors))
    throw new StorageError('SourcePathNotFound')
  }
  requireChange(call, source.node, source.ancestors)
  checkSource(call.request.headers, source.node)
  if (startsWith(call.segments, from)) throw new StorageError('InvalidRenameSourcePath')
  const parent = descend(call.container.root, call.segments.slice(0, -1))
  if (parent === undefined || parent.kind === 'file') {
    throw new StorageError('RenameDestinationParentPathNotFound')
  }
  const target = lookUp(call.container.root, call.segments)
  call.access.require('write', [...traverse(target.ancestors), { node: parent, rights: change }])
  if (target.node !== undefined) {
    if (call.request.headers.get('if-none-match') === '*' || target.node.children.size > 0) {
      throw new StorageError('PathAlreadyExists')
    }
    requireOwn(call, target.node, parent)
    checkWrite(call.request.headers, target.node)
  } else if (call.request.headers.has('if-match')) throw new StorageError('ConditionNotMet')
  const { node } = source
  parentOf(source.ancestors).children.delete(node.name)
  node.name = call.segments.at(-1) ?? ''
  node.etag = nextEtag(call.state)
  parent.children.set(node.name, node)
  return answer(201, versionHeaders(node))
}

/** Most paths that one call deletes when the client says that it can go on. */
const maximumDeleted = 5000

/** The deepest paths first, so that what is left is always a whole tree. */
const deleteSome = (directory: PathNode, limit: number): void => {
  const doomed: { parent: PathNode; name: string }[] = []
  const collect = (parent: PathNode): void => {
    for (const child of parent.children.from('')) {
      if (doomed.length >= limit) return
      if (child.children.size > 0) collect(child)
      if (doomed.length < limit) doomed.push({ parent, name: child.name })
    }
  }
  collect(directory)
  for (const { parent, name } of doomed) parent.children.delete(name)
}

const countBelow = (directory: PathNode, limit: number): number => {
  let count = 0
  for (const _ of walk(directory, '')) {
    count += 1
    if (count > limit) break
  }
  return count
}

/** Without a role, deleting a tree takes read, write and execute on every directory in it. */
const requireTree = (call: Call, node: PathNode): void => {
  if (node.kind === 'file' || node.children.size === 0) return
  call.access.require('delete', [{ node, rights: 7 }])
  for (const visit of walk(node, '')) {
    if (visit.node.kind === 'directory') call.access.require('delete', [{ node: visit.node, rights: 7 }])
  }
}

/** `DELETE`: a file, an empty directory, or with `recursive=true` a directory and all below it. */
export const deletePath = (call: Call): Response => {
  const { node, ancestors } = find(call, 'delete', () => [])
  requireChange(call, node, ancestors)
  checkWrite(call.request.headers, node)
  const recursive = flagOf(call, 'recursive')
  if (node.children.size > 0 && !recursive) throw new StorageError('DirectoryNotEmpty')
  requireTree(call, node)
  const paginated = flagOf(call, 'paginated')
  if (paginated && countBelow(node, maximumDeleted) > maximumDeleted) {
    deleteSome(node, maximumDeleted)
    return answer(200, { 'x-ms-continuation': continuationToken('delete', call.segments) })
  }
  const parent = parentOf(ancestors)
  parent.children.delete(node.name)
  parent.modifiedAt = call.clock.now()
  return answer(200)
}

const statusHeaders = (node: PathNode): Record<string, string> => ({
  ...versionHeaders(node),
  'x-ms-resource-type': node.kind,
  'x-ms-owner': node.owner,
  'x-ms-group': node.group,
  'x-ms-permissions': formatPermissions(node.acl),
})

/** Headers that say what a path is, in the words of the Blob endpoint. */
export const blobHeaders = (node: PathNode): Record<string, string> => ({
  ...versionHeaders(node),
  'accept-ranges': 'bytes',
  'content-type': node.contentType,
  'x-ms-blob-type': 'BlockBlob',
  'x-ms-creation-time': node.createdAt.toUTCString(),
  'x-ms-resource-type': node.kind,
  'x-ms-owner': node.owner,
  'x-ms-group': node.group,
  'x-ms-permissions': formatPermissions(node.acl),
  'x-ms-acl': formatAcl(node.acl),
  ...(node.kind === 'directory' ? { 'x-ms-meta-hdi_isfolder': 'true' } : {}),
  ...Object.fromEntries([...node.metadata].map(([name, value]) => [`x-ms-meta-${name}`, value])),
})

const propertyHeaders = (node: PathNode): Record<string, string> => ({
  ...statusHeaders(node),
  'content-type': node.contentType,
  ...(node.metadata.size === 0
    ? {}
    : {
        'x-ms-properties': [...node.metadata]
          .map(([name, value]) => `${name}=${Buffer.from(value).toString('base64')}`)
          .join(','),
      }),
})

/** `HEAD`: the status, the access control list or the properties of a path. Execute on the way is enough. */
export const headPath = (call: Call): Response => {
  const { node } = find(call, 'read', () => [])
  checkRead(call.request.headers, node)
  const length = { 'content-length': String(node.content.length) }
  if (call.dialect === 'blob') return answer(200, { ...blobHeaders(node), ...length })
  const action = call.query.get('action')
  if (action === 'getStatus') return answer(200, statusHeaders(node))
  if (action === 'getAccessControl') {
    return answer(200, { ...statusHeaders(node), 'x-ms-acl': formatAcl(node.acl) })
  }
  if (action !== null) throw new StorageError('InvalidQueryParameterValue')
  return answer(200, { ...propertyHeaders(node), ...length })
}
