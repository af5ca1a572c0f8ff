/** The lake inside the whole sandbox: found through Azure Resource Manager, entered with GitHub's word, guarded by roles. */
import { ClientAssertionCredential, type TokenCredential } from '@azure/identity'
import { DataLakeServiceClient } from '@azure/storage-file-datalake'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox, trust } from '../start.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
  trust(sandbox.ca)
})
afterAll(() => sandbox.close())

/** The identity that deploys to an environment, as the seed has it. */
const identityOf = (environment: string, clientId: string): TokenCredential => {
  const askGithub = async (): Promise<string> => {
    const job = sandbox.jobEnvironment({ environment })
    const answer = await fetch(`${job['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=api://AzureADTokenExchange`, {
      headers: { authorization: `Bearer ${job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
    })
    const token: unknown = await answer.json()
    return typeof token === 'object' && token !== null && 'value' in token ? String(token.value) : ''
  }
  return new ClientAssertionCredential(sandbox.state.directory.tenantId, clientId, askGithub, {
    authorityHost: sandbox.url,
    disableInstanceDiscovery: true,
  })
}

const dev = (): TokenCredential => identityOf('dev', '33333333-3333-3333-3333-333333333301')
const prod = (): TokenCredential => identityOf('prod', '33333333-3333-3333-3333-333333333303')

const account =
  '/subscriptions/22222222-2222-2222-2222-222222222201/resourceGroups/mrvel-esml-common-sdc-dev-001/providers/Microsoft.Storage/storageAccounts/mrvela1b2cesml001dev'

const endpointOf = async (credential: TokenCredential): Promise<string> => {
  const token = await credential.getToken('https://management.azure.com/.default')
  const answer = await fetch(`${sandbox.url}${account}?api-version=2024-01-01`, {
    headers: { authorization: `Bearer ${token?.token}` },
  })
  const found: unknown = await answer.json()
  const endpoint = /"dfs":"([^"]+)"/.exec(JSON.stringify(found))?.[1]
  if (endpoint === undefined) throw new Error(`There is no endpoint in ${JSON.stringify(found)}.`)
  return endpoint
}

test('an environment’s identity makes a project’s folder in its own lake, and sets its lists', async () => {
  const url = await endpointOf(dev())
  const container = new DataLakeServiceClient(url, dev()).getFileSystemClient('lake3')
  const tops: (string | undefined)[] = []
  for await (const { name } of container.listPaths()) tops.push(name)
  expect(tops).toEqual(['active', 'logging', 'master', 'projects'])
  const folder = container.getDirectoryClient('projects/project001')
  await folder.create()
  const { counters } = await folder.updateAccessControlRecursive([
    {
      accessControlType: 'group',
      entityId: '66666666-0000-0000-0000-000000000001',
      defaultScope: true,
      permissions: { read: true, write: true, execute: true },
    },
  ])
  expect(counters).toMatchObject({ changedDirectoriesCount: 1, failedChangesCount: 0 })
})

test('the identity of another environment is not let in', async () => {
  const url = await endpointOf(dev())
  const container = new DataLakeServiceClient(url, prod()).getFileSystemClient('lake3')
  await expect(container.listPaths().next()).rejects.toMatchObject({
    statusCode: 403,
    code: 'AuthorizationPermissionMismatch',
  })
})
