/** What somebody has deleted of a common area, past the factory. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { dev } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, openDeliveredCommon } from './in-process.ts'

const group = `/subscriptions/${dev.subscriptionId}/resourceGroups/mrvel-esml-common-sdc-dev-002`

let sandbox: Sandbox
let here: CommonInProcess
let hands: ByHand
beforeEach(async () => {
  const opened = await openDeliveredCommon()
  sandbox = opened.sandbox
  here = opened.here
  hands = await byHand(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** Ids of all that is in the group, but for what a run leaves in a service and the records of addresses. */
const there = (): readonly string[] =>
  Object.keys(sandbox.state.arm.resources)
    .filter((id) => id.startsWith(group.toLowerCase()) && !/\/(a|soa)\/|connections\//i.test(id))
    .toSorted()

test('the whole resource group is planned as what it takes, and made again in one run', async () => {
  const before = there()
  await hands.remove(group, '2024-11-01')
  expect(there()).toEqual([])
  const planned = planOf(await here.provision('plan')).changes
  const created = planned.filter(({ change }) => change === 'create').map(({ kind }) => kind)
  expect(created).toEqual(
    expect.arrayContaining(['Microsoft.Storage/storageAccounts', 'Microsoft.Consumption/budgets']),
  )
  expect((await here.provision('apply')).outcome).toBe('applied')
  expect(there()).toEqual(before)
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
})

test.each([
  ['the lake', 'Microsoft.Storage/storageAccounts/mrveld3e4fesml002dev', '2024-01-01'],
  ['the vault', 'Microsoft.KeyVault/vaults/kv-cmndev-d3e4f-002', '2023-07-01'],
])('%s is made again with private endpoints that connect to it', async (_, path, version) => {
  const states = () =>
    Object.values(sandbox.state.arm.resources).flatMap(({ id, type }) =>
      /privateEndpointConnections$/i.test(type) && id.includes(`${group}/providers/${path}/`) ? [id] : [],
    )
  const connected = states().length
  expect(connected).toBeGreaterThan(0)
  await hands.remove(`${group}/providers/${path}`, version)
  expect(states()).toEqual([])
  const { changes, warnings } = planOf(await here.provision('apply'))
  const endpoints = changes.filter(
    ({ kind, change }) => /privateEndpoints$/.test(kind) && change === 'modify',
  )
  expect(endpoints).toHaveLength(connected)
  expect(endpoints[0]?.reason).toContain('it is deleted first, and made anew')
  expect(warnings.filter((line) => line.includes('cut off'))).toEqual([])
  expect(states()).toHaveLength(connected)
  const again = planOf(await here.provision('plan'))
  expect([hasChanges(again), again.warnings]).toEqual([false, []])
})
