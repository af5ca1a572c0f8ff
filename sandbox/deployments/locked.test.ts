/** Deployments, stacks and what-if results under management locks: they are resources of their scope, like all others. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { groupId, subscription } from '../arm/testing/served-arm.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'

let azure: DeploymentsOnArm
beforeAll(async () => {
  azure = await serveDeployments()
})
afterAll(() => azure.close())

const scope = `/subscriptions/${subscription}`
const resources = `${groupId}/providers/Microsoft.Resources`
const template = (...contents: object[]) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources: contents,
})
const subscriptionSchema =
  'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#'
const deployment = { properties: { mode: 'Incremental', template: template() } }
const stack = {
  properties: {
    template: template(),
    actionOnUnmanage: { resources: 'detach' },
    denySettings: { mode: 'none' },
  },
}
const whatIf = {
  properties: {
    ...stack.properties,
    deploymentStackResourceId: `${resources}/deploymentStacks/s`,
    retentionInterval: 'P1D',
  },
}
const lockOf = (at: string) => `${at}/providers/Microsoft.Authorization/locks/lock`
const lock = (level: string, at = groupId) => azure.ask('PUT', lockOf(at), { properties: { level } })
const unlock = (at = groupId) => azure.ask('DELETE', lockOf(at))

const kinds = [
  { path: `${resources}/deployments/d`, body: deployment },
  { path: `${resources}/deploymentStacks/s`, body: stack },
  { path: `${resources}/deploymentStacksWhatIfResults/w`, body: whatIf },
]

describe.each(kinds)('$path', ({ path, body }) => {
  beforeEach(async () => {
    expect(JSON.stringify((await azure.settle('PUT', path, body)).body)).toMatch(/succeeded/i)
  })

  test('is neither written nor deleted under a lock ReadOnly, and can be read', async () => {
    await lock('ReadOnly')
    const query = path.includes('deploymentStacks/') ? '?unmanageAction.Resources=detach' : ''
    for (const [method, sent] of [
      ['PUT', body],
      ['DELETE', undefined],
    ] as const)
      expect(await azure.ask(method, method === 'DELETE' ? `${path}${query}` : path, sent)).toMatchObject({
        status: 409,
        code: 'ScopeLocked',
        message: `The scope '${path}' cannot perform ${method === 'PUT' ? 'write' : 'delete'} operation because following scope(s) are locked: '${groupId}'. Please remove the lock and try again.`,
      })
    expect((await azure.ask('GET', path)).status).toBe(200)
    await unlock()
  })

  test('is written, but not deleted, under a lock CanNotDelete', async () => {
    await lock('CanNotDelete')
    expect((await azure.settle('PUT', path, body)).status).toBeLessThan(300)
    expect((await azure.ask('DELETE', path)).code).toBe('ScopeLocked')
    await unlock()
    expect((await azure.ask('DELETE', path)).status).toBeLessThan(300)
  })
})

test.each([
  ['deployments/d/validate', deployment],
  ['deployments/d/whatIf', deployment],
  ['deploymentStacks/s/validate', stack],
])('POST …/%s is refused under a lock ReadOnly, as every POST', async (path, body) => {
  await lock('ReadOnly')
  expect((await azure.ask('POST', `${resources}/${path}`, body)).code).toBe('ScopeLocked')
  await unlock()
})

test('a deployment within another one fails when its group is locked', async () => {
  await lock('ReadOnly')
  const nested = {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2025-04-01',
    name: 'inner',
    resourceGroup: groupId.split('/').at(-1),
    properties: { mode: 'Incremental', template: template() },
  }
  const outer = `${scope}/providers/Microsoft.Resources/deployments/outer`
  const done = await azure.settle('PUT', outer, {
    location: 'swedencentral',
    properties: {
      mode: 'Incremental',
      template: { ...template(nested), $schema: subscriptionSchema },
    },
  })
  expect(done.body).toMatchObject({
    status: 'Failed',
    error: { code: 'DeploymentFailed', details: [{ code: 'ScopeLocked' }] },
  })
  expect((await azure.ask('GET', `${resources}/deployments/inner`)).status).toBe(404)
  await unlock()
})

test('a stack at the subscription fails when the group that it deploys to is locked', async () => {
  await lock('ReadOnly')
  const done = await azure.settle('PUT', `${scope}/providers/Microsoft.Resources/deploymentStacks/above`, {
    location: 'swedencentral',
    properties: { ...stack.properties, deploymentScope: groupId },
  })
  expect(JSON.stringify(done.body)).toContain('ScopeLocked')
  await unlock()
})
