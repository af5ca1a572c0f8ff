/** Types and API versions, as requests, templates and the metadata of providers have them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { groupId, owner, type ServedArm, serveArm, subscription } from '../testing/served-arm.ts'

let arm: ServedArm
beforeAll(async () => {
  arm = await serveArm()
})
afterAll(() => arm.close())

const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { status: response.status, ...error }
}
const send = (method: string, path: string, body?: object) =>
  fetch(`${arm.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${owner}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const account = `${groupId}/providers/Microsoft.Storage/storageAccounts/a`
const methods = ['GET', 'PUT', 'PATCH', 'DELETE'] as const
const bodyOf = (method: string) => (method === 'GET' ? undefined : {})

describe('a request', () => {
  test.each(methods)('of a type that no provider has is refused (%s)', async (method) => {
    const { status, code, message } = await errorOf(
      await send(
        method,
        `${groupId}/providers/Microsoft.Storage/accounts/a?api-version=2025-06-01`,
        bodyOf(method),
      ),
    )
    expect([status, code]).toEqual([404, 'InvalidResourceType'])
    expect(message).toBe(
      "The resource type could not be found in the namespace 'Microsoft.Storage' for api version '2025-06-01'.",
    )
  })

  test.each([
    `/subscriptions/${subscription}/providers/Contoso.Nothing`,
    `${groupId}/providers/Contoso.Nothing/things?`,
    `${groupId}/providers/Contoso.Nothing/things/a?`,
  ])('to a namespace that nobody has is refused: %s', async (path) => {
    const { status, code } = await errorOf(
      await send('GET', `${path.replace('?', '')}?api-version=2025-06-01`),
    )
    expect([status, code]).toEqual([404, 'InvalidResourceNamespace'])
  })

  test.each(['Microsoft.Storage/accounts', 'Microsoft.Storage/storageAccounts/a/blobService'])(
    'for a list of a type that nobody has is refused: %s',
    async (type) => {
      const { status, code } = await errorOf(
        await send('GET', `${groupId}/providers/${type}?api-version=2025-06-01`),
      )
      expect([status, code]).toEqual([404, 'InvalidResourceType'])
    },
  )

  test.each(methods)(
    'in an API version that its type never had is refused, with those it has (%s)',
    async (method) => {
      const { status, code, message } = await errorOf(
        await send(method, `${account}?api-version=2025-06-02`, bodyOf(method)),
      )
      expect([status, code]).toEqual([400, 'NoRegisteredProviderFound'])
      expect(message).toMatch(
        /^No registered resource provider found for location '\w+' and API version '2025-06-02' for type 'storageAccounts'\. The supported api-versions are '[^']*2023-05-01, 2024-01-01, 2025-01-01, 2025-06-01/,
      )
    },
  )

  test('in a version of another type of the namespace is refused', async () => {
    const zones = `${groupId}/providers/Microsoft.Network/privateDnsZones`
    expect((await send('GET', `${zones}?api-version=2024-06-01`)).status).toBe(200)
    expect(await errorOf(await send('GET', `${zones}?api-version=2025-05-01`))).toMatchObject({
      code: 'NoRegisteredProviderFound',
    })
  })

  test.each([
    ['/subscriptions', 400, 'InvalidApiVersionParameter'],
    [groupId, 400, 'InvalidApiVersionParameter'],
    [`${groupId}/providers/Microsoft.Resources/tags/default`, 400, 'InvalidApiVersionParameter'],
    [`${groupId}/providers/Microsoft.Authorization/roleAssignments`, 404, 'InvalidResourceType'],
  ])('to Azure Resource Manager itself is refused in another code: %s', async (path, status, code) => {
    expect(await errorOf(await send('GET', `${path}?api-version=2025-06-02`))).toMatchObject({ status, code })
  })
})

describe('providers', () => {
  test('show every type with its API versions, and whether it takes tags and a location', async () => {
    const provider = await arm.resources.providers.get('Microsoft.Search')
    const [services, connections] = [/^searchServices$/, /privateEndpointConnections$/].map((name) =>
      provider.resourceTypes?.find(({ resourceType = '' }) => name.test(resourceType)),
    )
    expect(services?.apiVersions).toEqual(expect.arrayContaining(['2025-05-01', '2024-06-01-preview']))
    expect(services?.apiVersions?.toSorted().toReversed()).toEqual(services?.apiVersions)
    expect(services).toMatchObject({
      capabilities: 'SupportsTags, SupportsLocation',
      locations: expect.arrayContaining(['Sweden Central']),
    })
    expect(connections).toMatchObject({ capabilities: 'None', locations: [] })
    expect(connections?.apiVersions).not.toContain('2015-08-19')
  })

  test('are listed, all of them', async () => {
    const namespaces: (string | undefined)[] = []
    for await (const { namespace } of arm.resources.providers.list()) namespaces.push(namespace)
    expect(namespaces).toEqual(expect.arrayContaining(['Microsoft.Network', 'Microsoft.Resources']))
  })
})
