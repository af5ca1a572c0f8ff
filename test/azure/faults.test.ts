import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FaultRule } from '../../sandbox/server/faults.ts'
import { type AccessEntry, openLakeContainer } from '../../src/azure/data-lake.ts'
import { openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import { openDirectory } from '../../src/azure/directory.ts'
import { openPermissions } from '../../src/azure/permissions.ts'
import { openResources } from '../../src/azure/resources.ts'
import { openRoleAssignments } from '../../src/azure/role-assignments.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { dev, ids, type OnSandbox, onSandbox, people } from './on-sandbox.ts'
import { account, request } from './templates.ts'

// No answer may be taken for a success that is none: each call is made with one fault in its way, and what it should
// have done is checked.

let here: OnSandbox
/** Each test works on things of its own. */
let n = 0
beforeAll(async () => {
  here = await onSandbox({ durationScale: 0 })
})
beforeEach(() => {
  n += 1
})
afterEach(() => here.sandbox.faults.clear())
afterAll(() => here.sandbox.close())

type Fault = Omit<FaultRule, 'path' | 'method'>

const page = '<html>Please sign in</html>'
/** What goes wrong once, and how the log shows it. */
const temporary: readonly (readonly [string, Fault, RegExp])[] = [
  ['an answer that breaks off', { cut: true }, /the connection failed|unexpected response/],
  ['a connection that is cut', { drop: true }, /the connection failed \(ECONNRESET\)/],
  ['a connection that is cut after the work is done', { drop: true, when: 'after' }, /the connection failed/],
  [
    'the page of a proxy',
    { page },
    /unexpected response, not from .*(text\/html, not JSON|no x-ms-version header|status is 200)/,
  ],
  [
    'an empty page of a proxy',
    { page: '' },
    /unexpected response, not from .*(no request id|no x-ms-version header|status is 200)/,
  ],
  [
    'a redirect of a proxy',
    { status: 302, headers: { location: 'https://proxy.example/' } },
    /unexpected response, not from .* \(?302/,
  ],
  ['503', { status: 503 }, /answered 503/],
  ['429 without Retry-After', { status: 429 }, /answered 429/],
]

const resources = () => openResources(here.session)
const stacks = () => openDeploymentStacks(here.session, dev.subscriptionId)
const roles = () => openRoleAssignments(here.session, dev.subscriptionId)
const networks = () => openVirtualNetworks(here.session)
const owners = { delivering: dev.clientId, people: undefined }
const directory = () => openDirectory(here.session, owners)
const lake = () => openLakeContainer(here.session, `${here.sandbox.url}/storage/${dev.lake}`, 'lake3')

const identity = () => `${ids.common}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-${n}`
const version = '2023-01-31'
const createIdentity = async () =>
  (await resources()).create(identity(), version, { location: 'swedencentral' })
const templateOf = (name: string) => request(`st${n}`, account(name))
const group = () => ({
  displayName: `Team ${n}`,
  mailNickname: `aif_team_${n}`,
  description: 'For a test',
})
const createGroup = async () => (await directory()).ensureGroup(group())
const groupId = async () => (await (await directory()).lookUpGroup(group().mailNickname))?.objectId ?? ''
const addAnna = async () => (await directory()).addMembers(await groupId(), [people.anna])
const members = async () =>
  (await (await directory()).findGroup(group().mailNickname))?.members.map(({ objectId }) => objectId)
const team = '77777777-7777-7777-7777-777777777777'
const entry: AccessEntry = {
  accessControlType: 'group',
  entityId: team,
  defaultScope: false,
  permissions: { read: true, write: false, execute: true },
}
const hasTeam = async (path: string) =>
  (await (await lake()).readAccess(path))?.entries.some(({ entityId }) => entityId === team)

/** A call: the request in whose way the fault is, the work, and what is there when it was done. */
interface Call {
  readonly method: string
  readonly path: string
  readonly prepare?: () => Promise<unknown>
  readonly work?: () => Promise<unknown>
  readonly done: () => Promise<unknown>
  readonly expected: unknown
}

const calls: Readonly<Record<string, Call>> = {
  'a resource is created': {
    method: 'PUT',
    path: '/mi-',
    work: createIdentity,
    done: async () => typeof (await (await resources()).read(identity(), version))?.properties['principalId'],
    expected: 'string',
  },
  'a resource is deleted': {
    method: 'DELETE',
    path: '/mi-',
    prepare: createIdentity,
    work: async () => (await resources()).remove(identity(), version),
    done: async () => (await resources()).read(identity(), version),
    expected: undefined,
  },
  'a subnet is created': {
    method: 'PUT',
    path: '/subnets/new',
    work: async () =>
      (await resources()).create(`${ids.network}/subnets/new${n}`, '2025-05-01', {
        properties: { addressPrefix: `172.16.${100 + n}.0/28` },
      }),
    done: async () => {
      const { subnets } = await (await networks()).read(ids.network)
      return subnets.filter(({ name }) => name === `new${n}`).length
    },
    expected: 1,
  },
  'a role is assigned': {
    method: 'PUT',
    path: '/roleAssignments/',
    prepare: createIdentity,
    work: async () =>
      (await roles()).create({
        name: randomUUID(),
        scope: identity(),
        principalId: people.anna,
        principalType: 'User',
        roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
        description: 'For a test',
        condition: '',
      }),
    done: async () => (await (await roles()).listWithin(identity())).map(({ principalId }) => principalId),
    expected: [people.anna],
  },
  'a stack is deployed': {
    method: 'PUT',
    path: '/deploymentStacks/st',
    work: async () => (await stacks()).apply(templateOf('first001')),
    done: async () => (await (await stacks()).readSettled(`st${n}`))?.resourceIds.length,
    expected: 2,
  },
  'what-if is asked': {
    method: 'POST',
    path: '/whatIf',
    done: async () => (await (await stacks()).whatIf(templateOf('other001'))).length > 0,
    expected: true,
  },
  'a template is validated': {
    method: 'POST',
    path: '/validate',
    done: async () => {
      try {
        await (await stacks()).validate(templateOf('X'))
        return 'accepted'
      } catch (error) {
        if (!String(error).includes('AccountNameInvalid')) throw error
        return 'refused'
      }
    },
    expected: 'refused',
  },
  'a VNet is read': {
    method: 'GET',
    path: '/virtualNetworks/',
    done: async () => (await (await networks()).read(ids.network)).addressPrefixes,
    expected: ['172.16.0.0/16'],
  },
  'a list is read': {
    method: 'GET',
    path: '/subnets[?]',
    done: async () => (await (await resources()).list(`${ids.network}/subnets`, '2025-05-01')).length > 0,
    expected: true,
  },
  'a group is created': {
    method: 'POST',
    path: '/groups$',
    work: createGroup,
    done: async () => (await (await directory()).findGroup(group().mailNickname))?.members,
    expected: [],
  },
  'members are added': {
    method: 'PATCH',
    path: '/groups/',
    prepare: createGroup,
    work: addAnna,
    done: members,
    expected: [people.anna],
  },
  'a member is removed': {
    method: 'DELETE',
    path: '/members/',
    prepare: async () => {
      await createGroup()
      await addAnna()
    },
    work: async () => (await directory()).removeMembers(await groupId(), [people.anna]),
    done: members,
    expected: [],
  },
  'people are looked up': {
    method: 'POST',
    path: '/\\$batch',
    done: async () => {
      const found = await (await directory()).resolve(['anna@contoso.example', people.bo])
      return [...found.values()].map(({ objectId }) => objectId)
    },
    expected: [people.anna, people.bo],
  },
  'a folder is created': {
    method: 'PUT',
    path: '/storage/',
    work: async () => (await lake()).ensureFolder(`new${n}`),
    done: async () => (await (await lake()).readAccess(`new${n}`))?.owner,
    expected: dev.objectId,
  },
  'an ACL is read': {
    method: 'HEAD',
    path: '/storage/',
    done: async () => (await (await lake()).readAccess(''))?.owner,
    expected: '$superuser',
  },
  'an ACL is set': {
    method: 'PATCH',
    path: 'action=setAccessControl&|action=setAccessControl$',
    prepare: async () => (await lake()).ensureFolder(`set${n}`),
    work: async () => {
      const container = await lake()
      const { entries = [], etag = '' } = (await container.readAccess(`set${n}`)) ?? {}
      const mask = { ...entry, accessControlType: 'mask', entityId: '' } as const
      await container.setAccess(`set${n}`, [...entries, entry, mask], etag)
    },
    done: () => hasTeam(`set${n}`),
    expected: true,
  },
  'ACLs are changed below a folder': {
    method: 'PATCH',
    path: '/storage/',
    prepare: async () => (await lake()).ensureFolder(`many${n}/inner`),
    work: async () => (await lake()).modifyRecursively(`many${n}`, [entry]),
    done: () => hasTeam(`many${n}/inner`),
    expected: true,
  },
}

/** The requests that were answered since then, as the log of the sandbox shows them. */
const since = (count: number, which: RegExp) =>
  here.sandbox.requests(count).filter(({ area, path }) => which.test(`${area} ${path}`)).length

describe.each(Object.entries(calls))('When %s,', (_name, { method, path, prepare, work, done, expected }) => {
  const all = async () => {
    await work?.()
    return done()
  }

  test.each(temporary)('%s is survived', async (_what, fault, logged) => {
    await prepare?.()
    here.logged.length = 0
    const before = here.sandbox.requestCount()
    here.sandbox.faults.add({ method, path, ...fault })
    expect(await all()).toEqual(expected)
    expect(here.logged[0]).toMatch(logged)
    expect(since(before, /^fault/)).toBe(1)
  })

  test('a proxy that lets nothing through is no success', async () => {
    await prepare?.()
    const before = here.sandbox.requestCount()
    here.sandbox.faults.add({ method, path, page, times: 'always' })
    await expect(all()).rejects.toThrow(
      /failed\. Unexpected response, not from Azure: .* Probably a proxy in between/,
    )
    expect(since(before, /^fault/)).toBe(7)
  })

  test('a token that is not accepted is renewed, once', async () => {
    await prepare?.()
    const error = { code: 'ExpiredAuthenticationToken', message: 'The access token expired.' }
    const expired = { method, path, status: 401, body: { error } }
    let before = here.sandbox.requestCount()
    here.sandbox.faults.add(expired)
    expect(await all()).toEqual(expected)
    expect(since(before, /oauth2.*\/token/)).toBe(1)

    n += 1
    await prepare?.()
    before = here.sandbox.requestCount()
    here.sandbox.faults.add({ ...expired, times: 'always' })
    await expect(all()).rejects.toThrow(/failed\. Azure answered 401\./)
    expect(since(before, /^fault/)).toBe(2)
  })
})

test('A service that never answers is asked again when the time of the request is over', async () => {
  const { session } = here
  const hasty = { ...session, timeLimit: 2_000 }
  here.logged.length = 0
  for (const path of ['/virtualNetworks/', '/\\$batch', '/storage/']) {
    here.sandbox.faults.add({ path, stall: true })
  }
  const hastyLake = await openLakeContainer(hasty, `${here.sandbox.url}/storage/${dev.lake}`, 'lake3')
  const answers = await Promise.all([
    (await openVirtualNetworks(hasty)).read(ids.network),
    (await openDirectory(hasty, owners)).resolve([people.bo]),
    hastyLake.readAccess(''),
  ])
  const [network, found, root] = answers
  expect([network.id, found.size, root?.owner]).toEqual([ids.network, 1, '$superuser'])
  expect(here.logged.filter((line) => line.includes('the connection failed (ETIMEDOUT)'))).toHaveLength(3)
})

describe('A resource is not taken for missing because of a response such as:', () => {
  const proxy = { status: 404, page, times: 'always' } as const
  const notAzures = { status: 404, times: 'always' } as const

  test.each([proxy, notAzures])('404 of a proxy %j', async (fault) => {
    here.sandbox.faults.add({ path: '/mi-|/\\$batch|/storage/|/roleAssignments', ...fault })
    const refused = /failed\. Azure answered 404\./
    await expect((await resources()).read(identity(), version)).rejects.toThrow(refused)
    await expect((await resources()).list(`${identity()}/children`, version)).rejects.toThrow(refused)
    await expect((await roles()).listWithin(ids.common)).rejects.toThrow(refused)
    await expect((await directory()).findGroup('x')).rejects.toThrow(refused)
    await expect((await lake()).readAccess('x')).rejects.toThrow(refused)
    // Nor for gone, when it was to be deleted.
    await expect((await resources()).remove(identity(), version)).rejects.toThrow(refused)
  })

  test('404 of the root of the lake', async () => {
    here.sandbox.faults.add({
      path: '/storage/',
      status: 404,
      headers: { 'x-ms-error-code': 'PathNotFound' },
    })
    await expect((await lake()).readAccess('')).rejects.toThrow(
      /^Reading the ACL of the lake's root failed\./,
    )
  })

  test.each([
    ['no list', {}],
    ['a list without others', { 'x-ms-acl': 'user::rwx,group::r-x' }],
    ['a list of named entries alone', { 'x-ms-acl': `user:${team}:r-x,group::r-x,other::---` }],
  ])('an ACL that is %s', async (_what, headers) => {
    const answer = { status: 200, headers: { 'x-ms-version': '2025-01-05', ...headers } }
    here.sandbox.faults.add({ method: 'HEAD', path: '/storage/', times: 'always', ...answer })
    await expect((await lake()).readAccess('')).rejects.toThrow(
      /Unexpected response, not from Azure: an access control list without the entry for/,
    )
  })
})

test('What a proxy refuses is no right that the identity lacks', async () => {
  const { allows } = await openPermissions(here.session)
  here.sandbox.faults.add({ path: '/permissions', status: 403, page })
  await expect(allows(ids.network, 'Microsoft.Network/x/action')).rejects.toThrow(
    /^Reading the rights on '.*' failed\. Azure answered 403\./,
  )
  const error = { code: 'AuthorizationFailed', message: 'No right.' }
  here.sandbox.faults.add({ path: '/permissions', status: 403, times: 'always', body: { error } })
  expect(await allows(ids.network, 'Microsoft.Network/x/action')).toBeUndefined()
})
