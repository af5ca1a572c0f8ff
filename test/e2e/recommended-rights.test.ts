/** The rights that the set-up recommends for an environment's identity: enough for deliveries, and nothing beyond. */
import { describe, expect, test } from '@jest/globals'
import { setUpBy } from './support/administrator.ts'
import { byHand } from './support/by-hand.ts'
import { chain, type Factory, openFactory } from './support/factory.ts'

const rbacAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'
const subscription = '/subscriptions/22222222-2222-2222-2222-222222222201'
const apiVersion = '2022-04-01'
const definition = (role: string) =>
  `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`

/** Requests of dev's identity itself, whatever the actions would do with it. */
async function asIdentity({ sandbox }: Factory) {
  const application = sandbox.state.directory.applications.find(({ displayName }) =>
    displayName.endsWith('-dev'),
  )
  if (application === undefined) throw new Error('The seed has no identity for dev.')
  Object.assign(application, { secrets: ['for this test'] })
  const answer = await fetch(`${sandbox.url}/${sandbox.state.directory.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: application.appId,
      client_secret: 'for this test',
      scope: 'https://management.azure.com/.default',
    }),
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  return async (id: string, properties: object): Promise<string> => {
    const response = await fetch(`${sandbox.url}${id}?api-version=${apiVersion}`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ properties }),
    })
    const { error } = (await response.json()) as { error?: { code: string } }
    return error?.code ?? 'accepted'
  }
}

describe('under the condition that the set-up recommends', () => {
  test.each(['001', '002', '003'])('a delivery of project %s assigns all its roles', async (project) => {
    const factory = await openFactory()
    await setUpBy(factory)
    const runs = await factory.deliver(project, 'dev')
    expect(runs.map(({ exitCode, transcript }) => (exitCode === 0 ? 'done' : transcript))).toEqual(
      chain.map(() => 'done'),
    )
  })

  test('the identity makes nobody more powerful than a project needs', async () => {
    const factory = await openFactory()
    await setUpBy(factory)
    const { put } = await byHand(factory.sandbox)
    const custom = 'dddddddd-0000-0000-0000-00000000c001'
    await put(definition(custom), apiVersion, {
      properties: {
        roleName: 'Everything',
        permissions: [{ actions: ['*'], notActions: [] }],
        assignableScopes: [subscription],
      },
    })
    const write = await asIdentity(factory)
    const { users, servicePrincipals } = factory.sandbox.state.directory
    const service = servicePrincipals.find(({ displayName }) => displayName.endsWith('-dev'))?.id
    let count = 0
    const assign = (role: string, principalId = service, principalType = 'ServicePrincipal') =>
      write(
        `${subscription}/providers/Microsoft.Authorization/roleAssignments/dddddddd-0000-0000-0000-${String(++count).padStart(12, '0')}`,
        { roleDefinitionId: definition(role), principalId, principalType },
      )
    const ownOf = (environment: string): string =>
      Object.values(factory.sandbox.state.arm.resources).find(({ properties }) =>
        new RegExp(`^AI Factory lead .*-${environment}\\)$`).test(String(properties?.['roleName'])),
      )?.name ?? ''
    const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
    expect(await assign(reader)).toBe('accepted')
    expect(await assign(ownOf('dev'))).toBe('accepted')
    const refused = {
      Owner: await assign('8e3af657-a8ff-443c-a75c-2fe8c4bcb635'),
      Contributor: await assign('b24988ac-6180-42a0-ab88-20f7382dd24c'),
      'User Access Administrator': await assign('18d7d88d-d35e-4fb5-a5c3-7773c20a72d9'),
      'Role Based Access Control Administrator': await assign(rbacAdministrator),
      'a custom role with all rights': await assign(custom),
      "a role of the factory's own, of another environment": await assign(ownOf('prod')),
      'Reader, to a person': await assign(reader, users[0]?.id, 'User'),
      'Reader, to a person called a group': await assign(reader, users[0]?.id, 'Group'),
      'a role of its own making': await write(definition('dddddddd-0000-0000-0000-00000000c002'), {
        roleName: 'Mine',
        permissions: [{ actions: ['*'], notActions: [] }],
        assignableScopes: [subscription],
      }),
      'a wider meaning of a role': await write(definition(custom), {
        roleName: 'Everything else',
        permissions: [{ actions: ['*'], notActions: [], dataActions: ['*'] }],
        assignableScopes: [subscription],
      }),
    }
    expect(new Set(Object.values(refused))).toEqual(new Set(['AuthorizationFailed']))
  })
})
