/** Stacks that cannot delete what they should, and stacks that were cut off. */

import { afterEach, describe, expect, test } from '@jest/globals'
import { groupId, idOf } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import {
  errorIn,
  groupTemplate,
  type StubAzure,
  startStubAzure,
  caller as stubCaller,
  groupId as stubGroup,
  thing,
} from './testing/stub-azure.ts'

let stub: StubAzure | undefined
let azure: DeploymentsOnArm | undefined
afterEach(async () => {
  await stub?.close()
  await azure?.close()
  stub = azure = undefined
})

const stackOf = (resources: readonly unknown[], rest: object = {}): object => ({
  properties: {
    template: groupTemplate(resources),
    actionOnUnmanage: { resources: 'delete' },
    denySettings: { mode: 'none' },
    ...rest,
  },
})

describe('a resource that cannot be deleted', () => {
  const stackId = `${groupId}/providers/Microsoft.Resources/deploymentStacks/s`
  const account = {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2025-01-01',
    name: 'prj001store',
    location: 'swedencentral',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {},
  }
  const blobs = {
    type: 'Microsoft.Storage/storageAccounts/blobServices',
    apiVersion: '2025-01-01',
    name: 'prj001store/default',
    dependsOn: ['prj001store'],
    properties: {},
  }
  const accountId = idOf('Microsoft.Storage/storageAccounts', 'prj001store')
  const blobsId = `${accountId}/blobServices/default`
  const put = async (on: DeploymentsOnArm, resources: readonly unknown[], rest: object = {}) => {
    await on.settle('PUT', stackId, stackOf(resources, rest))
    return (await on.ask('GET', stackId)).body
  }

  test('because of a lock stays in the stack, and the failure names what is locked', async () => {
    azure = await serveDeployments()
    await put(azure, [account])
    await azure.arm.put(`${accountId}/providers/Microsoft.Authorization/locks/keep`, {
      properties: { level: 'CanNotDelete' },
    })
    expect(await put(azure, [])).toMatchObject({
      properties: {
        provisioningState: 'failed',
        error: { code: 'DeploymentStackDeleteResourcesFailed' },
        resources: [{ id: accountId, status: 'deleteFailed' }],
        failedResources: [
          {
            id: accountId,
            error: {
              code: 'ScopeLocked',
              message: expect.stringContaining(`following scope(s) are locked: '${accountId}'`),
            },
          },
        ],
      },
    })
    await azure.ask(
      'DELETE',
      `${accountId}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01`,
    )
    expect(await put(azure, [])).toMatchObject({
      properties: {
        provisioningState: 'succeeded',
        deletedResources: [{ id: accountId }],
        failedResources: [],
      },
    })
  })

  test('because its type has no deletion fails the stack, unless that is to be detached', async () => {
    azure = await serveDeployments()
    await put(azure, [account, blobs])
    expect(await put(azure, [account])).toMatchObject({
      properties: {
        provisioningState: 'failed',
        failedResources: [{ id: blobsId, error: { code: 'ResourceDeletionNotSupported' } }],
      },
    })
    const detaching = { actionOnUnmanage: { resources: 'delete', resourcesWithoutDeleteSupport: 'detach' } }
    expect(await put(azure, [account], detaching)).toMatchObject({
      properties: {
        provisioningState: 'succeeded',
        detachedResources: [{ id: blobsId }],
        failedResources: [],
      },
    })
    expect(await put(azure, [account], detaching)).toMatchObject({ properties: { detachedResources: [] } })
  })

  test('goes with what it belongs to', async () => {
    azure = await serveDeployments()
    await put(azure, [account, blobs])
    const { properties } = Object(await put(azure, []))
    expect(properties).toMatchObject({ provisioningState: 'succeeded', resources: [] })
    expect((await azure.ask('GET', `${blobsId}?api-version=2025-01-01`)).status).toBe(404)
  })

  test('is decided in one of two ways', async () => {
    azure = await serveDeployments()
    const wrong = { actionOnUnmanage: { resources: 'delete', resourcesWithoutDeleteSupport: 'ignore' } }
    const { status } = await azure.ask('PUT', stackId, stackOf([], wrong))
    expect(status).toBe(400)
  })
})

describe('a stack that was cut off', () => {
  const path = `${stubGroup('rg')}/providers/Microsoft.Resources/deploymentStacks/s`
  const version = '?api-version=2025-07-01'
  const cutOff = async (): Promise<StubAzure> => {
    const first = await startStubAzure()
    await first.engine.put(stubGroup('rg'), '', { location: 'swedencentral' }, stubCaller)
    await first.stacks.deploymentStacks.beginCreateOrUpdateAtResourceGroupAndWait(
      'rg',
      's',
      {
        properties: {
          template: groupTemplate([thing('a')]),
          actionOnUnmanage: { resources: 'delete' },
          denySettings: { mode: 'none' },
        },
      },
      { updateIntervalInMs: 5 },
    )
    const state = structuredClone(first.state)
    for (const stack of Object.values(state.stacks)) stack.provisioningState = 'deploying'
    await first.close()
    stub = await startStubAzure({ state, engine: first.engine })
    return stub
  }
  const put = async (on: StubAzure, resources: readonly unknown[], rest: object = {}): Promise<string> =>
    errorIn((await on.ask('PUT', `${path}${version}`, stackOf(resources, rest))).body)
  const settled = async (on: StubAzure): Promise<unknown> => {
    for (;;) {
      const { body } = await on.ask('GET', `${path}${version}`)
      const state = Object(Object(body).properties).provisioningState
      if (state === 'succeeded' || state === 'failed') return body
    }
  }

  test('is out of sync: another template could delete what it must not', async () => {
    const on = await cutOff()
    const refused = await put(on, [])
    expect(refused).toContain('DeploymentStackOutOfSync: ')
    expect(refused).toContain("'BypassStackOutOfSyncError'")
    expect(on.engine.get(stubGroup('rg', 'Microsoft.Test/things/a'))).toBeDefined()
  })

  test('is repeated as it was, and then in sync', async () => {
    const on = await cutOff()
    expect(await put(on, [thing('a')])).toBe('no error')
    expect(await settled(on)).toMatchObject({ properties: { provisioningState: 'succeeded' } })
    expect(await put(on, [])).toBe('no error')
  })

  test('is changed when somebody says that this is meant', async () => {
    const on = await cutOff()
    expect(await put(on, [], { bypassStackOutOfSyncError: true })).toBe('no error')
    expect(await settled(on)).toMatchObject({
      properties: {
        provisioningState: 'succeeded',
        deletedResources: [{ id: stubGroup('rg', 'Microsoft.Test/things/a') }],
      },
    })
  })

  test('is deleted with its resources only when somebody says so, and without them at once', async () => {
    const on = await cutOff()
    const address = `${path}${version}&unmanageAction.Resources=delete`
    expect(errorIn((await on.ask('DELETE', address)).body)).toContain('DeploymentStackOutOfSync')
    expect((await on.ask('DELETE', `${address}&bypassStackOutOfSyncError=true`)).status).toBe(202)
    await on.close()
    const other = await cutOff()
    expect((await other.ask('DELETE', `${path}${version}`)).status).toBe(202)
  })
})

test('a stack is not deleted with its groups and without what is in them', async () => {
  stub = await startStubAzure()
  const path = `${stubGroup('rg')}/providers/Microsoft.Resources/deploymentStacks/s?api-version=2025-07-01`
  await stub.engine.put(stubGroup('rg'), '', {}, stubCaller)
  await stub.ask('PUT', path, stackOf([]))
  const { status, body } = await stub.ask('DELETE', `${path}&unmanageAction.ResourceGroups=delete`)
  expect([status, errorIn(body)]).toEqual([400, expect.stringContaining('Cannot set Resources to')])
})

test('what stacks and their parts ask for has a right of its own', async () => {
  stub = await startStubAzure()
  await stub.engine.put(stubGroup('rg'), '', {}, stubCaller)
  const path = `${stubGroup('rg')}/providers/Microsoft.Resources/deploymentStacks/s`
  await stub.ask('PUT', path, stackOf([]))
  const calls = [
    ['PUT', path, 'write'],
    ['DELETE', path, 'delete'],
    ['POST', `${path}/validate`, 'validate/action'],
    ['POST', `${path}/exportTemplate`, 'exportTemplate/action'],
    ['GET', path, 'read'],
  ] as const
  for (const [method, address, right] of calls) {
    stub.denied.add(`Microsoft.Resources/deploymentStacks/${right} `)
    const { status, body } = await stub.ask(
      method,
      address,
      method === 'GET' || method === 'DELETE' ? undefined : stackOf([]),
    )
    expect([right, status]).toEqual([right, 403])
    expect(errorIn(body)).toContain(`'Microsoft.Resources/deploymentStacks/${right}'`)
    stub.denied.clear()
  }
})
