/** A lake over stubs: three people, one account, and roles and groups that a test decides. */
import { DataLakeServiceClient } from '@azure/storage-file-datalake'
import type { Authorization, Caller, Directory } from '../../contracts.ts'
import { systemClock } from '../../server/runtime.ts'
import { createLake, emptyLake, type LakeState } from '../index.ts'
import { defaultUmask, inheritedAcl } from '../permissions.ts'
import { newNode } from '../state.ts'
import type { PathNode } from '../tree.ts'
import { type ServedArea, serveArea } from './serve-area.ts'

/** Object ids of those who ask. */
export const people = {
  /** Storage Blob Data Owner. */
  owner: 'aaaaaaaa-0000-0000-0000-000000000001',
  /** Storage Blob Data Contributor. */
  contributor: 'aaaaaaaa-0000-0000-0000-000000000002',
  /** Storage Blob Data Reader. */
  reader: 'aaaaaaaa-0000-0000-0000-000000000003',
  /** No role at all. */
  anna: 'aaaaaaaa-0000-0000-0000-000000000004',
  bo: 'aaaaaaaa-0000-0000-0000-000000000005',
} as const
type Person = keyof typeof people

/** Anna and Bo are both in the team, Bo also in a group that is in the guild. */
export const groups = {
  team: 'bbbbbbbb-0000-0000-0000-000000000001',
  guild: 'bbbbbbbb-0000-0000-0000-000000000002',
} as const

const memberships: Readonly<Record<string, readonly string[]>> = {
  [people.anna]: [groups.team],
  [people.bo]: [groups.team, groups.guild],
}

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs'
const roles: Readonly<Record<string, readonly string[]>> = {
  [people.owner]: [
    'read',
    'write',
    'delete',
    'add/action',
    'move/action',
    'modifyPermissions/action',
    'manageOwnership/action',
  ],
  [people.contributor]: ['read', 'write', 'delete', 'add/action', 'move/action'],
  [people.reader]: ['read'],
}

const authorization: Authorization = {
  allows: (caller) => caller.objectId === people.owner || caller.objectId === people.contributor,
  allowsData: (caller, _scope, action) =>
    (roles[caller.objectId] ?? []).some((name) => action === `${blobs}/${name}`),
}

const directory: Directory = {
  find: () => undefined,
  groupsOf: (objectId) => memberships[objectId] ?? [],
  createManagedIdentity: () => {
    throw new Error('No managed identity is made here.')
  },
  removeManagedIdentity: () => undefined,
}

const isPerson = (name: string): name is Person => name in people

const verify = (token: string): Caller | undefined => {
  const [name = '', audience = 'https://storage.azure.com'] = token.split('@')
  if (!isPerson(name)) return undefined
  return { tenantId: 'tenant', objectId: people[name], kind: 'ServicePrincipal', audience }
}

/** A lake being served. */
export interface StubLake extends ServedArea {
  readonly state: LakeState
  /** Microsoft's client, signed in as somebody. */
  as(person: Person): DataLakeServiceClient
  /** A request as the wire has it; `token` is a person's name, or a name and an audience joined by `@`. */
  send(
    token: string | undefined,
    method: string,
    path: string,
    headers?: Record<string, string>,
  ): Promise<Response>
}

/** Serves an account `lake001` with an empty container `lake3` that Azure Resource Manager made. */
export const startStubLake = async (): Promise<StubLake> => {
  const state = emptyLake()
  const lake = createLake(state, { authorization, directory, clock: systemClock, tenantId: 'tenant' })
  lake.accounts.createAccount(
    'lake001',
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/lake001',
  )
  lake.accounts.createContainer('lake001', 'lake3')
  const served = await serveArea(lake.area, verify)
  const url = `${served.base}/storage/lake001`
  return {
    ...served,
    state,
    as: (person) =>
      new DataLakeServiceClient(
        url,
        { getToken: async () => ({ token: person, expiresOnTimestamp: Date.now() + 3_600_000 }) },
        { retryOptions: { maxTries: 1 } },
      ),
    send: (token, method, path, headers = {}) =>
      fetch(`${url}${path}`, {
        method,
        headers: {
          'x-ms-version': '2023-11-03',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      }),
  }
}

/** Puts a directory with this many paths below it straight into the state: a directory for every 99 files. */
export const plant = (state: LakeState, container: string, name: string, paths: number): void => {
  const root = state.accounts.get('lake001')?.containers.get(container)?.root
  if (root === undefined) throw new Error(`There is no container '${container}'.`)
  const add = (parent: PathNode, kind: 'file' | 'directory', child: string): PathNode => {
    const acl = inheritedAcl(parent.acl, kind, undefined, defaultUmask)
    const node = newNode(state, { kind, name: child, owner: people.owner, group: people.owner, acl }, at)
    parent.children.set(child, node)
    return node
  }
  const at = new Date()
  const top = add(root, 'directory', name)
  let directory = top
  for (let index = 0; index < paths; index += 1) {
    const label = String(index).padStart(6, '0')
    if (index % 100 === 0) directory = add(top, 'directory', `d${label}`)
    else add(directory, 'file', `f${label}`)
  }
}
