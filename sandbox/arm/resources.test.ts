/** Resource groups, lists and tags judged by Microsoft's own client, and the rules of the protocol. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addSubscription } from './index.ts'
import { ask as askJson, settle } from './testing/asking.ts'
import {
  callerOf,
  groupId,
  idOf,
  makeArm,
  otherSubscription,
  owner,
  refused,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  tenantId,
} from './testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const ask = (
  path: string,
  headers: Record<string, string> = { authorization: `Bearer ${owner}` },
  method = 'GET',
) => fetch(`${arm.url}${path}`, { method, headers })
const errorOf = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { error: { code: string } }).error.code,
})
const namesOf = async (list: AsyncIterable<{ name?: string }>) => {
  const names: (string | undefined)[] = []
  for await (const item of list) names.push(item.name)
  return names
}

describe('resource groups', () => {
  test('are created, changed, listed by tag, checked and deleted with all that is in them', async () => {
    const { resourceGroups } = arm.resources
    await resourceGroups.createOrUpdate('temporary', { location: 'swedencentral', tags: { project: '001' } })
    await resourceGroups.update('temporary', { tags: { project: '002' } })
    expect((await resourceGroups.get('temporary')).tags).toEqual({ project: '002' })
    expect(
      await namesOf(resourceGroups.list({ filter: "tagName eq 'project' and tagValue eq '002'" })),
    ).toEqual(['temporary'])
    expect((await resourceGroups.checkExistence('temporary')).body).toBe(true)
    const inside = `${groupId.replace('/rg', '/temporary')}/providers/Microsoft.Network/networkSecurityGroups/nsg`
    await arm.put(inside, { location: 'swedencentral' })
    await arm.put(
      `${groupId.replace('/rg', '/temporary')}/providers/Microsoft.Network/virtualNetworks/vnet`,
      {
        location: 'swedencentral',
        properties: {
          addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
          subnets: [
            {
              name: 'one',
              properties: { addressPrefix: '10.0.0.0/24', networkSecurityGroup: { id: inside } },
            },
          ],
        },
      },
    )
    await resourceGroups.delete('temporary')
    expect((await resourceGroups.checkExistence('temporary')).body).toBe(false)
    expect(arm.engine.get(inside)).toBeUndefined()
  })

  test('are spelled as Azure does, although clients write resourcegroups', async () => {
    const { id } = await arm.resources.resourceGroups.createOrUpdate('spelled', { location: 'swedencentral' })
    expect(id).toMatch(/\/resourceGroups\/spelled$/)
  })

  test('are in a region that there is', async () => {
    const lost = arm.resources.resourceGroups.createOrUpdate('rg-lost', { location: 'atlantis' })
    expect(await refused(lost)).toBe('LocationNotAvailableForResourceGroup')
  })

  test('stay in their region', async () => {
    const moved = arm.resources.resourceGroups.createOrUpdate('rg', { location: 'westeurope' })
    expect(await refused(moved)).toBe('InvalidResourceGroupLocation')
  })
})

describe('resources', () => {
  test('are listed by type and page by page, parts of others left out', async () => {
    for (const name of ['a', 'b', 'c'])
      await arm.put(idOf('Microsoft.Network/networkSecurityGroups', name), { location: 'swedencentral' })
    const list = arm.resources.resources.listByResourceGroup('rg', {
      filter: "resourceType eq 'Microsoft.Network/networkSecurityGroups'",
      top: 2,
    })
    expect(await namesOf(list)).toEqual(['a', 'b', 'c'])
  })

  test('are listed without their state, unless that is asked for', async () => {
    const states = async (expand?: string) => {
      const found: unknown[] = []
      const options = { filter: "name eq 'a'", ...(expand && { expand }) }
      for await (const { provisioningState } of arm.resources.resources.listByResourceGroup('rg', options))
        found.push(provisioningState)
      return found
    }
    expect(await states()).toEqual([undefined])
    expect(await states('provisioningState')).toEqual(['Succeeded'])
  })

  test('of types without a description are stored, when their place exists', async () => {
    const thing = idOf('Microsoft.Synapse/workspaces', 'one')
    expect(await arm.refusal(thing, { properties: { size: 3 } })).toBe('LocationRequired')
    expect(await arm.refusal(thing, { location: 'atlantis' })).toBe('LocationNotAvailableForResourceType')
    expect(await arm.refusal(`${thing}/firewallRules/two`, {})).toBe('ParentResourceNotFound')
    await arm.put(thing, { location: 'Sweden Central', properties: { size: 3 } })
    expect(arm.engine.get(thing.toUpperCase())).toMatchObject({
      location: 'swedencentral',
      properties: { size: 3 },
    })
    await arm.put(`${thing}/firewallRules/two`, {})
    await arm.engine.remove(thing, { tenantId, objectId: owner, kind: 'User', audience: arm.url })
    expect(arm.engine.get(`${thing}/firewallRules/two`)).toBeUndefined()
  })

  test('say where they are in every PUT, and no other name or type than their address', async () => {
    const thing = idOf('Microsoft.Network/routeTables', 'spoken')
    const here = { location: 'swedencentral' }
    expect(await arm.refusal(thing, { ...here, name: 'other' })).toBe('MismatchingResourceName')
    expect(await arm.refusal(thing, { ...here, type: 'Microsoft.Network/virtualNetworks' })).toBe(
      'MismatchingResourceType',
    )
    const shown = await arm.put(thing, { ...here, name: 'Spoken' })
    expect(await arm.refusal(thing, {})).toBe('LocationRequired')
    expect(await arm.refusal(thing, { ...shown })).toBe('accepted')
  })

  test('in a resource group that is not there are refused', async () => {
    const lost = idOf('Microsoft.Synapse/workspaces', 'one').replace('/rg/', '/none/')
    expect(await arm.refusal(lost, { location: 'swedencentral' })).toBe('ResourceGroupNotFound')
  })

  test('that are not there are deleted by whoever may delete them, and by nobody else', async () => {
    const remove = (who: string) =>
      refused(Promise.resolve(arm.as(who).network.networkSecurityGroups.delete('rg', 'never-made')))
    expect(await remove(owner)).toBe('accepted')
    expect(await remove(stranger)).toBe('AuthorizationFailed')
  })

  test('cannot be deleted under a lock', async () => {
    const locked = idOf('Microsoft.Network/networkSecurityGroups', 'locked')
    await arm.put(locked, { location: 'swedencentral' })
    await arm.put(`${locked}/providers/Microsoft.Authorization/locks/keep`, {
      properties: { level: 'CanNotDelete' },
    })
    expect(await refused(Promise.resolve(arm.network.networkSecurityGroups.delete('rg', 'locked')))).toBe(
      'ScopeLocked',
    )
  })
})

describe('a resource group that cannot go', () => {
  test('says of each resource that stays why', async () => {
    const group = groupId.replace('/rg', '/blocked')
    const inside = (name: string) => `${group}/providers/Microsoft.Network/networkSecurityGroups/${name}`
    await arm.put(group, { location: 'swedencentral' })
    for (const name of ['used', 'free']) await arm.put(inside(name), { location: 'swedencentral' })
    const network = idOf('Microsoft.Network/virtualNetworks', 'using')
    await arm.put(network, {
      location: 'swedencentral',
      properties: {
        addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
        subnets: [
          {
            name: 'one',
            properties: { addressPrefix: '10.9.0.0/24', networkSecurityGroup: { id: inside('used') } },
          },
        ],
      },
    })
    const begun = await askJson(arm, 'DELETE', `${group}?api-version=2024-03-01`)
    expect(begun.status).toBe(202)
    await settle(arm, begun)
    const { body } = await askJson(arm, 'GET', begun.headers.get('location') ?? '')
    expect(body['error']).toMatchObject({
      code: 'ResourceGroupDeletionBlocked',
      message: expect.stringContaining(
        `resources with identifiers 'Microsoft.Network/networkSecurityGroups/used' could not be deleted`,
      ),
      details: [
        {
          target: inside('used'),
          message: expect.stringContaining('"code":"InUseNetworkSecurityGroupCannotBeDeleted"'),
        },
      ],
    })
    expect(arm.engine.get(group)).toBeDefined()
    expect(arm.engine.get(inside('free'))).toBeUndefined()
  })
})

describe('subscriptions', () => {
  test('are listed for whom holds a role in them', async () => {
    const visible = async (objectId: string) => {
      const response = await ask('/subscriptions?api-version=2022-12-01', {
        authorization: `Bearer ${objectId}`,
      })
      const { value } = (await response.json()) as { value: { subscriptionId: string }[] }
      return value.map((item) => item.subscriptionId)
    }
    expect(await visible(owner)).toEqual([subscription, otherSubscription])
    expect(await visible(stranger)).toEqual([])
  })

  test('use a provider only when they are registered with it', async () => {
    const id = idOf('Microsoft.Search/searchServices', 'search')
    const body = { location: 'swedencentral', sku: { name: 'basic' } }
    const bare = await makeArm({
      seed: (state) =>
        addSubscription(state, { subscriptionId: subscription, displayName: 'Bare', registered: [] }),
    })
    expect(await bare.refusal(id, body)).toBe('MissingSubscriptionRegistration')
    bare.state.subscriptions[subscription]?.registered.push('microsoft.search')
    expect(await bare.refusal(id, body)).toBe('accepted')
  })

  test('know their providers and register them', async () => {
    const { providers } = arm.resources
    const provider = await providers.get('Microsoft.Network')
    expect(provider.resourceTypes?.map((type) => type.resourceType)).toContain('virtualNetworks')
    expect((await providers.register('Microsoft.Network')).registrationState).toBe('Registered')
    const runners = (await providers.get('GitHub.Network')).resourceTypes?.[0]?.locations
    expect(runners).toContain('Sweden Central')
    expect(runners).not.toContain('West Europe')
  })

  test('unregister a provider of which they have nothing left', async () => {
    const { providers } = arm.resources
    const id = idOf('Microsoft.Search/searchServices', 'last')
    const body = { location: 'swedencentral', sku: { name: 'basic' } }
    await arm.put(id, body)
    expect(await refused(providers.unregister('Microsoft.Search'))).toBe('Conflict')
    expect(await refused(arm.as(stranger).resources.providers.unregister('Microsoft.Search'))).toBe(
      'AuthorizationFailed',
    )
    await arm.engine.remove(id, callerOf(owner, arm.url))
    expect((await providers.unregister('Microsoft.Search')).registrationState).toBe('Unregistered')
    expect((await providers.get('Microsoft.Search')).registrationState).toBe('Unregistered')
    expect((await providers.get('Microsoft.Network')).registrationState).toBe('Registered')
    expect(await arm.refusal(id, body)).toBe('MissingSubscriptionRegistration')
    await providers.register('Microsoft.Search')
    expect(await arm.refusal(id, body)).toBe('accepted')
  })
})

describe('a request', () => {
  const path = `/subscriptions/${subscription}/resourcegroups`
  test.each([
    [path, 400, 'MissingApiVersionParameter'],
    [`${path}?api-version=latest`, 400, 'InvalidApiVersionParameter'],
    [`${path}?api-version=2024-13-40`, 400, 'InvalidApiVersionParameter'],
    [`${path}/none?api-version=2024-03-01`, 404, 'ResourceGroupNotFound'],
    [`/subscriptions/none/resourcegroups?api-version=2024-03-01`, 400, 'InvalidSubscriptionId'],
    [
      `/subscriptions/${'9'.repeat(8)}-9999-9999-9999-${'9'.repeat(12)}/resourcegroups?api-version=2024-03-01`,
      404,
      'SubscriptionNotFound',
    ],
    [
      `${groupId}/providers/Microsoft.Network/virtualNetworks/no?api-version=2024-03-01`,
      404,
      'ResourceNotFound',
    ],
  ])('to %s is answered with %d %s', async (address, status, code) => {
    expect(await errorOf(await ask(address))).toEqual({ status, code })
  })

  test('without a token is sent to sign in; one for another service too', async () => {
    const address = `${path}?api-version=2024-03-01`
    const none = await ask(address, {})
    expect(none.headers.get('www-authenticate')).toContain(`authorization_uri="${arm.url}/${tenantId}"`)
    expect(await errorOf(none)).toEqual({ status: 401, code: 'AuthenticationFailed' })
    const other = await ask(address, { authorization: `Bearer ${owner}@https://storage.azure.com` })
    expect(await errorOf(other)).toEqual({ status: 401, code: 'InvalidAuthenticationTokenAudience' })
    const older = await ask(address, { authorization: `Bearer ${owner}@https://management.core.windows.net` })
    expect(older.status).toBe(200)
  })

  test('of an operation belongs to whom began it', async () => {
    const created = await fetch(
      `${arm.url}${idOf('Microsoft.Network/routeTables', 'table')}?api-version=2024-05-01`,
      {
        method: 'PUT',
        headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
        body: JSON.stringify({ location: 'swedencentral' }),
      },
    )
    expect(created.status).toBe(201)
    const status = created.headers.get('azure-asyncoperation')?.slice(arm.url.length) ?? ''
    expect(await (await ask(status)).json()).toMatchObject({ status: 'Succeeded' })
    expect((await ask(status, { authorization: `Bearer ${stranger}` })).status).toBe(404)
  })
})

describe('/metadata/endpoints', () => {
  test('is only read', async () => {
    expect((await ask('/metadata/endpoints?api-version=2022-09-01', {}, 'DELETE')).status).toBe(404)
  })

  const metadata = async (version: string) =>
    (await ask(`/metadata/endpoints?api-version=${version}`, {})).json()
  test('is one cloud since 2022-09-01, a list of clouds before, and Azure Stack’s form in the beginning', async () => {
    const cloud = {
      resourceManager: arm.url,
      microsoftGraphResourceId: `${arm.url}/graph`,
      authentication: { loginEndpoint: arm.url, tenant: tenantId },
    }
    expect(await metadata('2022-09-01')).toMatchObject(cloud)
    expect(await metadata('2019-05-01')).toMatchObject([cloud])
    expect(await metadata('2015-01-01')).toMatchObject({
      graphEndpoint: `${arm.url}/graph`,
      authentication: { loginEndpoint: arm.url, audiences: expect.arrayContaining([arm.url]) },
    })
  })
})
