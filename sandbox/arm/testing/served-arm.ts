import { AuthorizationManagementClient } from '@azure/arm-authorization'
import { NetworkManagementClient } from '@azure/arm-network'
import { ResourceManagementClient } from '@azure/arm-resources'
import type { TokenCredential } from '@azure/identity'
import type { Caller, Directory, Principal, ResourceBody, StoredResource } from '../../contracts.ts'
import { createFaults } from '../../server/faults.ts'
import { randomIdentifiers, systemClock } from '../../server/runtime.ts'
import { startServer } from '../../server/server.ts'
import { trust } from '../../server/trust.ts'
import { publishedType } from '../gate/published.ts'
import {
  type Arm,
  type ArmDependencies,
  type ArmState,
  addRoleAssignment,
  addSubscription,
  createArm,
  emptyArmState,
} from '../index.ts'

/** The tenant of the tests: two subscriptions, an owner of both, a reader of one, and a group the reader is in. */
export const tenantId = '11111111-1111-1111-1111-111111111111'
export const subscription = '22222222-2222-2222-2222-222222222222'
export const otherSubscription = '33333333-3333-3333-3333-333333333333'
export const owner = 'aaaaaaaa-0000-0000-0000-000000000001'
export const reader = 'aaaaaaaa-0000-0000-0000-000000000002'
export const stranger = 'aaaaaaaa-0000-0000-0000-000000000003'
export const team = 'bbbbbbbb-0000-0000-0000-000000000001'
/** Built-in roles that tests give, by name. */
export const roleIds = {
  owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
  userAccessAdministrator: '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  rbacAdministrator: 'f58310d9-a9f6-439a-9e8d-f62e7b41a168',
  tagContributor: '4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
  blobReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
}
export const groupId = `/subscriptions/${subscription}/resourceGroups/rg`

/** Id of a resource in the resource group `rg`. */
export const idOf = (type: string, name: string): string => `${groupId}/providers/${type}/${name}`

/** The caller that a token stands for: tokens of the tests are object ids, with `@audience` behind when it is another. */
export function callerOf(token: string, audience: string): Caller {
  const [objectId = '', other] = token.split('@')
  return { tenantId, objectId, kind: 'User', audience: other ?? audience }
}

/** A resource manager over a state, with a directory and a lake that only remember. */
export interface TestArm extends Arm {
  readonly state: ArmState
  readonly lakeCalls: string[]
  /** PUT as the owner, in the newest stable API version of the type. */
  put(id: string, body: ResourceBody): Promise<StoredResource>
  /** Code of the refusal that a PUT gets. */
  refusal(id: string, body: ResourceBody, as?: string): Promise<string>
}

/** How the resource manager of a test behaves, and what its tenant holds besides, before it starts. */
type TestOptions = Partial<
  Pick<
    ArmDependencies,
    | 'clock'
    | 'directory'
    | 'lake'
    | 'durationScale'
    | 'principalReplicationDelay'
    | 'limits'
    | 'conflicts'
    | 'keepsAgentLinks'
    | 'models'
    | 'policyNames'
    | 'failingRegistrations'
    | 'deployTemplate'
  >
> & { seed?: (state: ArmState) => void }

/** Makes it, with resource group `rg` in swedencentral. */
export async function makeArm(options: TestOptions & { base?: () => string } = {}): Promise<TestArm> {
  const state = emptyArmState()
  for (const [subscriptionId, displayName] of [
    [subscription, 'Development'],
    [otherSubscription, 'Production'],
  ] as const) {
    addSubscription(state, { subscriptionId, displayName })
    addRoleAssignment(state, {
      name: `cccccccc-0000-0000-0000-0000000000${displayName.length}`,
      scope: `/subscriptions/${subscriptionId}`,
      roleId: roleIds.owner,
      principalId: owner,
      principalType: 'User',
    })
  }
  options.seed?.(state)
  const lakeCalls: string[] = []
  const base = options.base ?? (() => 'https://localhost')
  const arm = createArm(state, {
    directory: testDirectory(),
    lake: {
      createAccount: (name) => lakeCalls.push(`account ${name}`),
      createContainer: (account, container) => lakeCalls.push(`container ${account}/${container}`),
      removeAccount: (name) => lakeCalls.push(`removed ${name}`),
    },
    clock: systemClock,
    identifiers: randomIdentifiers,
    tenantId,
    durationScale: 0,
    ...options,
    base,
  })
  const put = (id: string, body: ResourceBody, as = owner) =>
    arm.engine.put(id, newestVersion(id), body, callerOf(as, base()))
  await put(groupId, { location: 'swedencentral' })
  return {
    ...arm,
    state,
    lakeCalls,
    put,
    refusal: async (id, body, as = owner) => {
      try {
        await put(id, body, as)
        return 'accepted'
      } catch (error) {
        return codeOf(error)
      }
    },
  }
}

/** The newest stable API version of the type that a resource, list or action is of. */
export function newestVersion(path: string): string {
  const { type, parent } = typeAt(path)
  const versions = (publishedType(type) ?? publishedType(parent))?.versions ?? []
  return versions.findLast((version) => !version.includes('preview')) ?? versions.at(-1) ?? '2025-04-01'
}

function typeAt(path: string): { readonly type: string; readonly parent: string } {
  const [namespace = '', ...segments] = path.split('?')[0]?.split('/providers/').at(-1)?.split('/') ?? []
  const types = [namespace, ...segments.filter((_, index) => index % 2 === 0)]
  return { type: types.join('/'), parent: types.slice(0, -1).join('/') }
}

/** Code of an error, Azure's or that of a client. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const { code, body } = error as { code?: string; body?: { code?: string } }
  return body?.code ?? code ?? String(error)
}

/** Code with which a call is refused; `accepted` when it is not. */
export async function refused(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'accepted'
  } catch (error) {
    return codeOf(error)
  }
}

/** The directory of the tests. */
export function testDirectory(): Directory {
  const principals = new Map<string, Principal>()
  const add = (objectId: string, kind: Principal['kind']) =>
    principals.set(objectId, { objectId, kind, displayName: objectId })
  for (const user of [owner, reader, stranger]) add(user, 'User')
  add(team, 'Group')
  return {
    find: (objectId) => principals.get(objectId),
    groupsOf: (objectId) => (objectId === reader ? [team] : []),
    createManagedIdentity: () => {
      const principalId = randomIdentifiers.uuid()
      add(principalId, 'ServicePrincipal')
      return { principalId, clientId: randomIdentifiers.uuid() }
    },
    removeManagedIdentity: (principalId) => principals.delete(principalId),
  }
}

/** The resource manager behind HTTPS, and Microsoft's clients signed in to it. */
export interface ServedArm extends TestArm {
  readonly url: string
  readonly network: NetworkManagementClient
  readonly resources: ResourceManagementClient
  readonly authorizations: AuthorizationManagementClient
  /** The same clients as somebody else. */
  as(objectId: string): Pick<ServedArm, 'network' | 'resources' | 'authorizations'>
  close(): Promise<void>
}

/** Serves it. A bearer token is the object id of who sends it. */
export async function serveArm(options: TestOptions = {}): Promise<ServedArm> {
  let url = ''
  const arm = await makeArm({ ...options, base: () => url })
  const server = await startServer({
    port: 0,
    clock: systemClock,
    identifiers: randomIdentifiers,
    faults: createFaults(),
    assemble: async ({ base }) => ({
      verify: async (token) => callerOf(token, base()),
      areas: [{ name: 'arm', answer: arm.area }],
      state: arm.state,
    }),
  })
  url = server.url
  trust(server.ca)
  const clients = (objectId: string) => {
    const credential: TokenCredential = {
      getToken: async () => ({ token: objectId, expiresOnTimestamp: Date.now() + 3_600_000 }),
    }
    const settings = { endpoint: url, retryOptions: { maxRetries: 0 } }
    return {
      network: new NetworkManagementClient(credential, subscription, settings),
      resources: new ResourceManagementClient(credential, subscription, settings),
      authorizations: new AuthorizationManagementClient(credential, subscription, settings),
    }
  }
  return { ...arm, ...clients(owner), url, as: clients, close: () => server.close() }
}
