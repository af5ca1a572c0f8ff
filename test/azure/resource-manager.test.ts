import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { azureError } from '../../src/azure/errors.ts'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { openRoleAssignments, type RoleAssignments } from '../../src/azure/role-assignments.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { dev, ids, type OnSandbox, onSandbox, people } from './on-sandbox.ts'

let here: OnSandbox
let resources: Resources
let roles: RoleAssignments
beforeEach(async () => {
  here = await onSandbox()
  resources = await openResources(here.session)
  roles = await openRoleAssignments(here.session, dev.subscriptionId)
})
afterEach(() => here.sandbox.close())

const networkVersion = '2024-05-01'
const identity = `${ids.common}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-try`
const identityVersion = '2023-01-31'

describe('a resource', () => {
  test('is written, read and deleted', async () => {
    expect(await resources.read(identity, identityVersion)).toBeUndefined()
    await resources.put(identity, identityVersion, { location: 'swedencentral' })
    expect(await resources.read(identity, identityVersion)).toMatchObject({
      name: 'mi-try',
      location: 'swedencentral',
    })
    await resources.remove(identity, identityVersion)
    await resources.remove(identity, identityVersion)
    expect(await resources.read(identity, identityVersion)).toBeUndefined()
  })

  test('has children, and none when it is not there', async () => {
    const subnets = await resources.list(`${ids.network}/subnets`, networkVersion)
    expect(subnets.map(({ id }) => id.split('/').at(-1))).toContain('AzureBastionSubnet')
    expect(await resources.list(`${ids.network}x/subnets`, networkVersion)).toEqual([])
  })

  test('has children on several pages', async () => {
    const names = async () =>
      (await resources.list(`${ids.network}/subnets`, networkVersion)).map(({ name }) => name)
    const all = await names()
    here.sandbox.faults.add({
      method: 'GET',
      path: '/subnets[?]api-version',
      status: 200,
      body: {
        value: [{ id: `${ids.network}/subnets/on-the-first-page`, name: 'on-the-first-page' }],
        nextLink: `${here.sandbox.url}${ids.network}/subnets?$skiptoken=0&api-version=${networkVersion}`,
      },
    })
    expect(await names()).toEqual(['on-the-first-page', ...all])
  })

  test.each([
    ['refers to another server', 'https://elsewhere.example/x', 1, /refers to another server \(elsewhere/],
    ['has no end', '/x/subnets?page=2', 'always', /A list of Azure's did not end after 100 pages/],
  ] as const)('whose list of children %s is refused', async (_what, nextLink, times, expected) => {
    const answer = { method: 'GET', path: '/subnets', status: 200, body: { value: [], nextLink }, times }
    here.sandbox.faults.add(answer)
    await expect(resources.list(`${ids.network}/subnets`, networkVersion)).rejects.toThrow(expected)
  })

  test('whose children a proxy in between refuses to list is reported as that, whatever page it sends', async () => {
    const proxy = { method: 'GET', path: '/subnets', status: 403, page: '<html>No way through</html>' }
    here.sandbox.faults.add(proxy)
    await expect(resources.list(`${ids.network}/subnets`, networkVersion)).rejects.toThrow(
      new RegExp(
        `^Listing '${dev.network}/subnets' failed\\. Azure answered 403\\. No reason was given\\. An error of Azure has a code`,
      ),
    )
  })

  test('that is written is not taken for written when the response is about another one', async () => {
    const other = { id: `${ids.network}/subnets/other`, name: 'other', properties: {} }
    here.sandbox.faults.add({ method: 'PUT', path: '/subnets/one', status: 200, body: other })
    await expect(resources.put(`${ids.network}/subnets/one`, networkVersion, {})).rejects.toThrow(
      /^Writing 'subnets\/one' failed\. Unexpected response, not from Azure: it is about another resource \('.*other'\)/,
    )
  })

  test('that something else is changing is waited for', async () => {
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/mi-try',
      status: 429,
      headers: { 'Retry-After': '0' },
      times: 1,
    })
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/mi-try',
      status: 409,
      body: { error: { code: 'AnotherOperationInProgress', message: 'busy' } },
      times: 2,
    })
    await resources.put(identity, identityVersion, { location: 'swedencentral' })
    const busy =
      "Writing 'userAssignedIdentities/mi-try': another operation is in progress (AnotherOperationInProgress)."
    expect(here.logged).toEqual([
      'PUT …/userAssignedIdentities/mi-try: Azure answered 429. Retrying in 0.5 s (attempt 2 of 7)',
      `${busy} Retrying in 0.5 s (waited 0 s, at most 20 min)`,
      `${busy} Retrying in 1 s (waited 0.5 s, at most 20 min)`,
    ])
  })

  test('that exists is not written when it is to be created', async () => {
    const body = { location: 'swedencentral' }
    expect(await resources.create(identity, identityVersion, { ...body, tags: { a: '1' } })).toBe('created')
    expect(await resources.create(identity, identityVersion, { ...body, tags: { a: '2' } })).toBe('existed')
    expect((await resources.read(identity, identityVersion))?.tags).toEqual({ a: '1' })
  })

  test('that Azure created although it canceled the request is not written again', async () => {
    const details = [{ code: 'CanceledAndSupersededDueToAnotherOperation', message: 'superseded' }]
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/mi-try',
      when: 'after',
      status: 409,
      body: { error: { code: 'Canceled', message: 'Operation was canceled.', details } },
    })
    expect(await resources.create(identity, identityVersion, { location: 'swedencentral' })).toBe('uncertain')
    expect(here.sandbox.requests().filter(({ method }) => method === 'PUT')).toHaveLength(1)
  })

  test('whose creation Azure accepts and then cancels is written again when it is not there', async () => {
    const details = [{ code: 'CanceledAndSupersededDueToAnotherOperation', message: 'superseded' }]
    const error = { code: 'Canceled', message: 'Operation was canceled.', details }
    const address = `${here.sandbox.url}/subscriptions/${dev.subscriptionId}/operations/one`
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/subnets/late',
      status: 201,
      headers: { 'Azure-AsyncOperation': address },
      body: { id: `${ids.network}/subnets/late`, properties: { provisioningState: 'Updating' } },
    })
    here.sandbox.faults.add({ path: '/operations/one', status: 200, body: { status: 'Canceled', error } })
    const body = { properties: { addressPrefix: '172.16.90.0/26' } }
    expect(await resources.create(`${ids.network}/subnets/late`, networkVersion, body)).toBe('created')
    expect(here.logged.join()).toContain('another operation is in progress (Canceled')
  })

  test.each<[string, object, RegExp]>([
    [
      'nested details, innermost first',
      {
        error: {
          code: 'Outer',
          message: 'outer',
          details: [{ code: 'Inner', message: 'inner', target: 'sku' }],
        },
      },
      /^Inner: inner \(sku\) Writing .* failed because of that\. Azure answered 400\./,
    ],
    [
      "a provider's error as escaped JSON",
      {
        error: {
          code: 'Failed',
          message: JSON.stringify({ error: { code: 'QuotaExceeded', message: 'no quota' } }),
        },
      },
      /^QuotaExceeded: no quota\. Writing .* A quota of the subscription is used up\. Request more quota/,
    ],
    [
      'many details of which some are the same',
      {
        error: {
          code: 'Many',
          message: 'many',
          details: [1, 2, 2, 3, 4, 5, 6, 7].map((n) => ({ code: `C${n}`, message: `m${n}` })),
        },
      },
      /failed for 7 reasons\. .*\(1\) C1: m1\. \(2\) C2: m2\. \(3\) C3: m3\. \(4\) C4: m4\. \(5\) C5: m5\. And 2 more\. /,
    ],
    [
      'a code that is the name of something else',
      { error: { code: 'constructor', message: 'odd' } },
      /constructor: odd\. Azure does not accept it as it is\./,
    ],
    [
      'several lines',
      { error: { code: 'Lines', message: 'one\n  ::error::two\n' } },
      /Lines: one ::error::two\./,
    ],
    [
      'several lines in its code and its target, and text that turns its direction',
      {
        error: {
          code: 'Out',
          message: 'out',
          details: [{ code: 'In\n::error::c', message: 'one\u202etwo\u2066', target: '\n::error::t\u200f' }],
        },
      },
      /^In ::error::c: onetwo \(::error::t\) Writing /,
    ],
    [
      'a resource provider that is not registered',
      {
        error: { code: 'MissingSubscriptionRegistration', message: "not registered to use 'Microsoft.App'" },
      },
      /Microsoft\.App'\. A resource provider is not registered.*az provider register .*error-register-resource-provider/,
    ],
  ])('that is refused with %s is explained', async (_what, body, expected) => {
    here.sandbox.faults.add({ method: 'PUT', path: '/mi-try', status: 400, body })
    const refused = resources.put(identity, identityVersion, { location: 'swedencentral' })
    await expect(refused).rejects.toThrow(expected)
    await expect(refused).rejects.toMatchObject({ name: 'UserError' })
  })

  test.each([
    ['ENOTFOUND', 'Error', /Run the job on a runner that is connected/],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'TypeError', /NODE_EXTRA_CA_CERTS/],
    ['CERT_HAS_EXPIRED', 'TypeError', /NODE_EXTRA_CA_CERTS/],
  ])('behind a connection that fails with %s is explained', (code, name, expected) => {
    const cause = Object.assign(new Error(`it failed: ${code}`), { code })
    const error = Object.assign(new Error('fetch failed', { cause }), { name })
    expect(azureError(error, 'Reading x').message).toMatch(
      new RegExp(`^Reading x failed\\. ${code}: it failed`),
    )
    expect(azureError(error, 'Reading x').message).toMatch(expected)
  })
})

test('A sign-in address that cannot be reached is explained like any other', () => {
  const error = new Error('network_error: See https://aka.ms/msal.js.errors#network_error for details')
  expect(azureError(error, 'Reading x').message).toMatch(/Run the job on a runner that is connected/)
})

test('An answer that makes no sense is not taken for words of Azure', () => {
  const error = new TypeError("Cannot read properties of null (reading 'id')")
  expect(azureError(error, 'Reading x').message).toMatch(
    /^Reading x failed\. Unexpected response, not from Azure: Cannot .* Probably a proxy in between responded/,
  )
})

describe('a virtual network', () => {
  test('is read with its subnets and what is attached to them', async () => {
    const table = `${ids.common}/providers/Microsoft.Network/routeTables/rt-hub`
    await resources.put(table, networkVersion, { location: 'swedencentral' })
    await resources.put(`${ids.network}/subnets/several`, networkVersion, {
      properties: { addressPrefixes: ['172.16.70.0/26'], routeTable: { id: table } },
    })
    const { read } = await openVirtualNetworks(here.session)
    const { addressPrefixes, subnets } = await read(ids.network)
    expect(addressPrefixes).toEqual(['172.16.0.0/16'])
    const found = new Map(subnets.map((subnet) => [subnet.name, subnet]))
    expect(found.get('several')).toMatchObject({
      addressPrefixes: ['172.16.70.0/26'],
      properties: { routeTable: { id: table } },
      occupants: [],
    })
    expect(found.get('AzureBastionSubnet')).toMatchObject({
      addressPrefixes: ['172.16.255.192/26'],
      attachments: {},
    })
  })

  test('is named when it is not there, or when the id is none', async () => {
    const { read } = await openVirtualNetworks(here.session)
    await expect(read(`${ids.network}x`)).rejects.toThrow(
      /^Reading VNet 'vnt-esmlcmn-sdc-dev-001x' failed\. Azure answered 404\. ResourceNotFound: .*If it belongs to the common area, deploy the common area first/,
    )
    await expect(read('vnt-x')).rejects.toThrow('"vnt-x" is not the resource id of a VNet.')
  })
})

describe('a role assignment', () => {
  const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  const assignment = {
    name: randomUUID(),
    scope: ids.common,
    principalId: people.anna,
    principalType: 'User',
    roleDefinitionId: reader,
    description: 'For a test',
    condition: '',
  } as const
  const held = async () =>
    (await roles.listWithin(ids.common)).filter(({ principalId }) => principalId === people.anna)

  test('is created once, also when it exists under another name', async () => {
    await roles.create(assignment)
    await roles.create(assignment)
    await roles.create({ ...assignment, name: randomUUID() })
    expect(await held()).toEqual([
      expect.objectContaining({ scope: ids.common, principalId: people.anna, roleDefinitionId: reader }),
    ])
  })

  test('is taken away, and one that is not there is no error', async () => {
    await roles.create(assignment)
    const [{ id } = { id: '' }] = await held()
    await roles.remove(id)
    await roles.remove(id)
    expect(await held()).toEqual([])
  })

  test('of a parent scope is not listed, nor anything of a scope that is not there', async () => {
    const listed = await roles.listWithin(ids.lake)
    expect(listed.map(({ scope }) => scope)).toEqual([ids.lake])
    expect(await roles.listWithin(`${ids.lake}x`)).toEqual([])
    expect(await roles.listWithin(ids.common.replace('common', 'nothing'))).toEqual([])
  })

  test('for a principal that has not replicated yet is waited for', async () => {
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/roleAssignments/',
      status: 400,
      body: { error: { code: 'PrincipalNotFound', message: 'does not exist in the directory' } },
      times: 2,
    })
    await roles.create(assignment)
    expect(here.pauses).toEqual([500, 1_000])
    expect(await held()).toHaveLength(1)
  })

  test('is looked for after that, and waited for while Azure does not list it everywhere', async () => {
    await roles.confirm([ids.common])
    await roles.create(assignment)
    const nothing = { method: 'GET', path: '/roleAssignments', status: 200, body: { value: [] } }
    here.sandbox.faults.add(nothing)
    await roles.confirm([ids.common])
    expect(here.logged).toEqual([
      'The new role assignments: not all have replicated yet. Retrying in 0.5 s (attempt 2 of 9)',
    ])
    here.sandbox.faults.add({ ...nothing, times: 'always' })
    await expect(roles.confirm([ids.lake])).rejects.toThrow(
      `Azure does not list role assignments that it created: ${people.anna} on '${dev.group}'.`,
    )
  })

  test('that is answered with another one is not taken for it', async () => {
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/roleAssignments/',
      status: 201,
      body: { id: `/x/${assignment.name}`, properties: { ...assignment, principalId: people.bo } },
    })
    await expect(roles.create(assignment)).rejects.toThrow(
      /Unexpected response, not from Azure: it is another role assignment/,
    )
  })

  test('for a principal that never comes to be is refused in the end', async () => {
    const nobody = { ...assignment, principalId: randomUUID() }
    await expect(roles.create(nobody)).rejects.toThrow(
      /PrincipalNotFound: .*Run the job again in some minutes\./s,
    )
    expect(here.pauses).toHaveLength(11)
  })
})
