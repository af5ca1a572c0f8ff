/** Reading and setting the access control lists of a path and of all below it. */
import { superuser, traverse } from './access.ts'
import { type Acl, type AclEntry, modifyEntries, parseEntries, removeEntries, setEntries } from './acl.ts'
import { checkWrite } from './conditions.ts'
import { StorageError } from './errors.ts'
import {
  answer,
  type Call,
  continuationOf,
  continuationToken,
  countOf,
  find,
  flagOf,
  lookUp,
  versionHeaders,
} from './exchange.ts'
import { parseMode, withMode } from './permissions.ts'
import { nextEtag } from './state.ts'
import { type PathNode, segmentsOf, type Visit, walk } from './tree.ts'

/** Most paths that one call of the recursive operation changes. */
const maximumRecords = 2000

const identityOf = (id: string): string => {
  if (id !== superuser && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new StorageError('InvalidHeaderValue')
  }
  return id
}

/** A path's list replaced, for a file without default entries. */
const setOn = (node: PathNode, entries: readonly AclEntry[]): Acl => {
  if (node.kind === 'file' && entries.some(({ scope }) => scope === 'default')) {
    throw new StorageError('InvaldAccessControlList')
  }
  return setEntries(node.acl, entries)
}

const changedAcl = (node: PathNode, headers: Headers): Acl => {
  const acl = headers.get('x-ms-acl')
  const permissions = headers.get('x-ms-permissions')
  if (acl !== null && permissions !== null) throw new StorageError('InvalidInput')
  if (acl !== null) return setOn(node, parseEntries(acl))
  return permissions === null ? node.acl : withMode(node.acl, parseMode(permissions))
}

/** A super-user gives a path to anybody; its owner only to a group the owner is in. */
const changeOwners = (call: Call, node: PathNode): void => {
  const owner = call.request.headers.get('x-ms-owner')?.toLowerCase()
  const group = call.request.headers.get('x-ms-group')?.toLowerCase()
  const { isSuperuser, objectId, groups } = call.access
  const mayOwn = owner === undefined || owner === node.owner || isSuperuser
  const mayGroup = group === undefined || isSuperuser || (node.owner === objectId && groups.has(group))
  if (!mayOwn || !mayGroup) throw new StorageError('AuthorizationPermissionMismatch')
  if (owner !== undefined) node.owner = identityOf(owner)
  if (group !== undefined) node.group = identityOf(group)
}

/** `PATCH ?action=setAccessControl`: replaces the list, or the permission bits, of one path. */
export const setAccessControl = (call: Call): Response => {
  const { ancestors, node } = lookUp(call.container.root, call.segments)
  call.access.require('write', traverse(ancestors))
  if (node === undefined) throw new StorageError('PathNotFound')
  if (!call.access.mayManage(node)) throw new StorageError('AuthorizationPermissionMismatch')
  checkWrite(call.request.headers, node)
  const acl = changedAcl(node, call.request.headers)
  changeOwners(call, node)
  node.acl = acl
  node.etag = nextEtag(call.state)
  return answer(200, versionHeaders(node))
}

/** Changes a list as the `mode` says. The same list changes into the same list, so each is worked out once. */
const changeOf = (mode: string | null, entries: readonly AclEntry[]): ((node: PathNode) => Acl) => {
  const access = entries.filter(({ scope }) => scope === 'access')
  const changes: Readonly<Record<string, (acl: Acl, entries: readonly AclEntry[]) => Acl>> = {
    set: setEntries,
    modify: modifyEntries,
    remove: removeEntries,
  }
  const change = changes[mode ?? '']
  if (change === undefined) throw new StorageError('InvalidQueryParameterValue')
  const known = { file: new Map<Acl, Acl>(), directory: new Map<Acl, Acl>() }
  return ({ kind, acl }) => {
    const done = known[kind].get(acl)
    if (done !== undefined) return done
    const changed = change(acl, kind === 'file' ? access : entries)
    known[kind].set(acl, changed)
    return changed
  }
}

interface Outcome {
  directoriesSuccessful: number
  filesSuccessful: number
  failureCount: number
  readonly failedEntries: { name: string; type: 'FILE' | 'DIRECTORY'; errorMessage: string }[]
}

function* includingItself(call: Call, top: PathNode, after: readonly string[]): Generator<Visit> {
  const path = call.segments.join('/')
  if (after.length === 0) yield { path, node: top }
  if (top.kind === 'directory') yield* walk(top, path, after)
}

const changeOne = (
  call: Call,
  { path, node }: Visit,
  change: (node: PathNode) => Acl,
  outcome: Outcome,
): boolean => {
  try {
    if (!call.access.mayManage(node)) throw new StorageError('AuthorizationPermissionMismatch')
    node.acl = change(node)
    node.etag = nextEtag(call.state)
    if (node.kind === 'directory') outcome.directoriesSuccessful += 1
    else outcome.filesSuccessful += 1
    return true
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    outcome.failureCount += 1
    outcome.failedEntries.push({
      name: path,
      type: node.kind === 'directory' ? 'DIRECTORY' : 'FILE',
      errorMessage: error.message,
    })
    return false
  }
}

/**
 * `PATCH ?action=setAccessControlRecursive&mode=set|modify|remove`: a path and all below it, 2,000 at most in one call.
 * Without `forceFlag=true` the first refusal ends it and no continuation is given.
 */
export const setAccessControlRecursive = (call: Call): Response => {
  const mode = call.query.get('mode')
  const text = call.request.headers.get('x-ms-acl')
  if (text === null) throw new StorageError('InvalidInput')
  const entries = parseEntries(text, mode === 'remove' ? 'without-permissions' : 'with-permissions')
  const change = changeOf(mode, entries)
  const limit = countOf(call, 'maxRecords', maximumRecords)
  const after = continuationOf(call, 'acl')
  const { node: top } = find(call, 'write', () => [])
  // A list that no path could take is refused as a whole, not path by path.
  if (mode === 'set') setEntries(top.acl, entries)

  const outcome: Outcome = {
    directoriesSuccessful: 0,
    filesSuccessful: 0,
    failureCount: 0,
    failedEntries: [],
  }
  const force = flagOf(call, 'forceFlag')
  let seen = 0
  let last: string | undefined
  let continuation: Record<string, string> = {}
  for (const visit of includingItself(call, top, after)) {
    if (seen === limit && last !== undefined) {
      const below = segmentsOf(last).slice(call.segments.length)
      continuation = { 'x-ms-continuation': continuationToken('acl', below.length === 0 ? [''] : below) }
      break
    }
    seen += 1
    last = visit.path
    if (!changeOne(call, visit, change, outcome) && !force) break
  }
  return answer(
    200,
    { 'content-type': 'application/json;charset=utf-8', ...continuation },
    JSON.stringify(outcome),
  )
}
