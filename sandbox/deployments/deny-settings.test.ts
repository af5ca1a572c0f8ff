/** What deployment stacks forbid, on the sandbox's own Azure Resource Manager. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { emptyArmState } from '../arm/index.ts'
import { createDenyAssignments, denialOf } from '../arm/rbac/deny-assignments.ts'
import {
  callerOf,
  groupId,
  idOf,
  owner,
  roleIds,
  stranger,
  subscription,
  testDirectory,
} from '../arm/testing/served-arm.ts'
import { denialsOf } from './stacks/deny-settings.ts'
import { type DeploymentsOnArm, serveDeployments } from './testing/on-arm.ts'
import { errorIn, groupTemplate } from './testing/stub-azure.ts'

let azure: DeploymentsOnArm
const excluded = 'aaaaaaaa-0000-0000-0000-00000000000a'
const contributor = 'aaaaaaaa-0000-0000-0000-00000000000b'
const stackId = `${groupId}/providers/Microsoft.Resources/deploymentStacks/network`
const vnet = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const version = '?api-version=2025-05-01'

beforeEach(async () => {
  azure = await serveDeployments({ [excluded]: roleIds.owner, [contributor]: roleIds.contributor })
})
afterEach(() => azure.close())

const network = {
  location: 'swedencentral',
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
}
const virtualNetwork = (rest: object = {}): object => ({
  type: 'Microsoft.Network/virtualNetworks',
  apiVersion: '2025-05-01',
  name: 'vnet',
  ...network,
  ...rest,
})
const subnet = {
  type: 'Microsoft.Network/virtualNetworks/subnets',
  apiVersion: '2025-05-01',
  name: 'vnet/one',
  dependsOn: ['vnet'],
  properties: { addressPrefix: '10.0.1.0/24' },
}

const put = (denySettings: object, resources: readonly object[] = [virtualNetwork()], as = owner) =>
  azure.settle(
    'PUT',
    stackId,
    {
      properties: {
        template: groupTemplate(resources),
        actionOnUnmanage: { resources: 'delete' },
        denySettings,
      },
    },
    as,
  )
const read = async (): Promise<unknown> => (await azure.ask('GET', stackId)).body
const attempt = async (method: string, id: string, body?: object, as = owner): Promise<string> =>
  errorIn((await azure.ask(method, `${id}${version}`, body, as)).body)

describe('a stack that denies deletion', () => {
  test('keeps everybody from it, in Azure’s sentence, and from nothing else', async () => {
    await put({ mode: 'denyDelete' })
    expect(await attempt('DELETE', vnet)).toMatch(
      new RegExp(
        `^DenyAssignmentAuthorizationFailed: The client '${owner}' with object id '${owner}' has permission to perform action 'Microsoft.Network/virtualNetworks/delete' on scope '${vnet}'; however, the access is denied because of the deny assignment with name 'Deny assignment '[\\da-f-]{36}' created by Deployment Stack '${stackId}'.' and Id '[\\da-f]{32}' at scope '${vnet}'.$`,
      ),
    )
    expect(await attempt('PUT', vnet, network)).toBe('no error')
    expect(await read()).toMatchObject({
      properties: { resources: [{ id: vnet, status: 'managed', denyStatus: 'denyDelete' }] },
    })
  })

  test('lets those pass whom it excludes, and the actions that it excludes', async () => {
    await put({ mode: 'denyDelete', excludedPrincipals: [excluded] })
    expect(await attempt('DELETE', vnet)).toContain('DenyAssignmentAuthorizationFailed')
    expect((await azure.ask('DELETE', `${vnet}${version}`, undefined, excluded)).status).toBe(202)
    await put({ mode: 'denyDelete', excludedActions: ['Microsoft.Network/virtualNetworks/delete'] })
    expect((await azure.ask('DELETE', `${vnet}${version}`)).status).toBe(202)
  })

  test('does not count below, unless it says so', async () => {
    await put({ mode: 'denyDelete' })
    const child = `${vnet}/subnets/two`
    const body = { properties: { addressPrefix: '10.0.2.0/24' } }
    await azure.settle('PUT', `${child}${version}`, body)
    expect((await azure.settle('DELETE', `${child}${version}`)).status).toBe(200)
    await put({ mode: 'denyDelete', applyToChildScopes: true })
    await azure.settle('PUT', `${child}${version}`, body)
    expect(await attempt('DELETE', child)).toContain(`at scope '${vnet}'`)
  })
})

describe('a stack that denies to write and to delete', () => {
  test('leaves nothing but to read', async () => {
    await put({ mode: 'denyWriteAndDelete' })
    for (const [method, body] of [
      ['PUT', network],
      ['PATCH', { tags: { a: 'b' } }],
      ['DELETE', undefined],
    ] as const)
      expect(await attempt(method, vnet, body)).toContain('DenyAssignmentAuthorizationFailed')
    expect(await attempt('GET', vnet)).toBe('no error')
  })

  test('refuses a deployment of what it manages, but not its own', async () => {
    await put({ mode: 'denyWriteAndDelete' })
    const deployment = await azure.ask('PUT', `${groupId}/providers/Microsoft.Resources/deployments/main`, {
      properties: { mode: 'Incremental', template: groupTemplate([virtualNetwork()]) },
    })
    expect(errorIn(deployment.body)).toContain('the access is denied because of the deny assignment')
    await put({ mode: 'denyWriteAndDelete' }, [virtualNetwork({ tags: { by: 'stack' } })])
    expect((await azure.ask('GET', `${vnet}${version}`)).body).toMatchObject({ tags: { by: 'stack' } })
  })

  test('deletes what leaves it, and allows everything again when it goes', async () => {
    await put({ mode: 'denyWriteAndDelete' }, [virtualNetwork(), subnet])
    await put({ mode: 'denyWriteAndDelete' })
    expect((await azure.ask('GET', `${vnet}/subnets/one${version}`)).status).toBe(404)
    await azure.settle('DELETE', `${stackId}?unmanageAction.Resources=detach`)
    expect(await attempt('PUT', vnet, network)).toBe('no error')
  })

  test('cannot delete a part of what it denies with all that is below, which is known of Azure', async () => {
    const settings = { mode: 'denyDelete', applyToChildScopes: true }
    await put(settings, [virtualNetwork(), subnet])
    await put(settings)
    expect(await read()).toMatchObject({
      properties: {
        provisioningState: 'failed',
        failedResources: [
          { id: `${vnet}/subnets/one`, error: { code: 'DenyAssignmentAuthorizationFailed' } },
        ],
      },
    })
  })
})

describe('deny assignments', () => {
  const list = `/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`

  test('are listed at, above and below their scope', async () => {
    await put({ mode: 'denyWriteAndDelete', excludedPrincipals: [stranger], applyToChildScopes: true })
    const shown = {
      type: 'Microsoft.Authorization/denyAssignments',
      properties: {
        scope: vnet,
        doNotApplyToChildScopes: false,
        permissions: [{ actions: ['*'], notActions: ['*/read'] }],
        principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
        excludePrincipals: [{ id: stranger, type: 'User' }],
        isSystemProtected: true,
      },
    }
    for (const scope of [vnet, groupId, `/subscriptions/${subscription}`, `${vnet}/subnets/any`])
      expect((await azure.ask('GET', `${scope}${list}`)).body).toMatchObject({ value: [shown] })
    const other = idOf('Microsoft.Network/virtualNetworks', 'other')
    expect((await azure.ask('GET', `${other}${list}`)).body).toEqual({ value: [] })
  })

  test('are made by stacks only', async () => {
    const id = `${vnet}/providers/Microsoft.Authorization/denyAssignments/${excluded}`
    const { status } = await azure.ask('PUT', `${id}?api-version=2022-04-01`, { properties: {} })
    expect(status).toBe(405)
  })
})

describe('who may change what a stack denies', () => {
  const refused = `'Microsoft.Resources/deploymentStacks/manageDenySetting/action'`

  test('a contributor updates and deletes a stack that denies nothing', async () => {
    expect(errorIn((await put({ mode: 'none' }, [virtualNetwork()], contributor)).body)).toBe('no error')
    expect((await azure.ask('DELETE', stackId, undefined, contributor)).status).toBe(202)
  })

  test('a contributor neither begins, changes nor ends what a stack denies', async () => {
    expect(errorIn((await put({ mode: 'denyDelete' }, [virtualNetwork()], contributor)).body)).toContain(
      refused,
    )
    await put({ mode: 'denyDelete' })
    expect(errorIn((await put({ mode: 'none' }, [virtualNetwork()], contributor)).body)).toContain(refused)
    expect(errorIn((await azure.ask('DELETE', stackId, undefined, contributor)).body)).toContain(refused)
  })
})

test.each<[string, object]>([
  ['a mode that there is not', { mode: 'denyAll' }],
  [
    'six excluded principals',
    { mode: 'none', excludedPrincipals: Array.from({ length: 6 }, () => excluded) },
  ],
  ['a principal by its name', { mode: 'none', excludedPrincipals: ['anna@contoso.example'] }],
  ['201 excluded actions', { mode: 'none', excludedActions: Array.from({ length: 201 }, () => 'a/b/read') }],
  ['child scopes in words', { mode: 'none', applyToChildScopes: 'yes' }],
])('deny settings with %s are refused', async (_, settings) => {
  expect(errorIn((await put(settings)).body)).toContain('InvalidRequestContent')
})

test('an action is denied exactly by the mode, at the scope or below, to whom is not excluded', () => {
  const cases = fc.record({
    mode: fc.constantFrom('none', 'denyDelete', 'denyWriteAndDelete'),
    applyToChildScopes: fc.boolean(),
    isExcluded: fc.boolean(),
    verb: fc.constantFrom('read', 'write', 'delete', 'join/action'),
    below: fc.constantFrom('', '/subnets/one'),
    own: fc.boolean(),
  })
  fc.assert(
    fc.property(cases, ({ mode, applyToChildScopes, isExcluded, verb, below, own }) => {
      const state = emptyArmState()
      const excludedPrincipals = isExcluded ? [owner] : []
      createDenyAssignments(state).replace(
        stackId,
        denialsOf({ mode, applyToChildScopes, excludedPrincipals }, [vnet]),
      )
      const caller = { ...callerOf(owner, ''), ...(own ? { stack: stackId } : {}) }
      const action = `Microsoft.Network/virtualNetworks/${verb}`
      const denied = denialOf(state, testDirectory(), caller, `${vnet}${below}`, action) !== undefined
      const byMode = mode === 'denyDelete' ? verb === 'delete' : mode !== 'none' && verb !== 'read'
      expect(denied).toBe(byMode && !isExcluded && !own && (below === '' || applyToChildScopes))
    }),
  )
})
