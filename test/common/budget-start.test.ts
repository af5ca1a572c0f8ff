/** A budget keeps the day on which it began, whenever it is planned again: Azure refuses every other. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { composeCommonArea } from '../../src/compose/compose-common.ts'
import { documentOf, loadFactory } from '../../src/manifest/load.ts'
import { resolveFactory } from '../../src/manifest/resolve.ts'
import { firstOfMonth, withLiveBudget } from '../../src/operations/budget-start.ts'
import { commonAreaOf } from '../../src/operations/common-area.ts'
import { dev, ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'

let here: OnSandbox
let hands: ByHand
let resources: Resources
beforeAll(async () => {
  here = await onSandbox({ durationScale: 0 })
  hands = await byHand(here.sandbox)
  resources = await openResources(here.session)
})
afterAll(() => here.sandbox.close())

const areaAt = (now: Date, common = '{}') => {
  const text = `
version: 1
name: mrvel
instance: "001"
location: swedencentral
locationCode: sdc
salt: a1b2c
tenantId: ${dev.tenantId}
environments:
  dev: { subscriptionId: ${dev.subscriptionId}, network: { addressSpace: [172.16.0.0/16] } }
common: ${common}
`
  return commonAreaOf(resolveFactory(documentOf(loadFactory(text, 'factory.yml')), 'dev'), now)
}

test('a new one begins this month, and is written again with that in any later month', async () => {
  const now = new Date()
  const later = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 3, 15))
  const first = await withLiveBudget(areaAt(now), resources)
  expect(first.budgetStart).toBe(firstOfMonth(now))
  await hands.put(
    `${ids.common}/providers/Microsoft.Consumption/budgets/${first.names.budget}`,
    '2024-08-01',
    {
      properties: {
        category: 'Cost',
        amount: 1,
        timeGrain: 'Monthly',
        timePeriod: { startDate: first.budgetStart },
      },
    },
  )
  const again = await withLiveBudget(areaAt(later), resources)
  expect(areaAt(later).budgetStart).not.toBe(first.budgetStart)
  expect(composeCommonArea(again)).toEqual(composeCommonArea(first))
})

test('it is not asked for where there is none', async () => {
  const area = areaAt(new Date(), '{ budget: false }')
  expect(await withLiveBudget(area, resources)).toBe(area)
})
