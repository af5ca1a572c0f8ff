/** A common area whose zones go, because the records are to be written elsewhere. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, openDeliveredCommon, writesOf } from './in-process.ts'
import { makePlatform, policyWrites, zonesInHub } from './platform.ts'

let sandbox: Sandbox
let here: CommonInProcess
let hands: ByHand
beforeEach(async () => {
  const open = await openDeliveredCommon()
  sandbox = open.sandbox
  here = open.here
  hands = await byHand(sandbox)
  await makePlatform(hands)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const setMode = (mode: string) => here.change((text) => text.replace(/^dns:.*$/m, `dns: ${mode}`))
const ownZones = () =>
  Object.values(sandbox.state.arm.resources).filter(
    ({ id, type }) => id.includes('-common-sdc-dev-002/') && type === 'Microsoft.Network/privateDnsZones',
  )

/** What apply says, having written nothing. */
async function refused(): Promise<string> {
  const since = sandbox.requestCount()
  const { message } = await failureOf(here.provision('apply', ['deletion']))
  expect(writesOf(sandbox, since)).toEqual([])
  return message
}

async function applied(): Promise<void> {
  await here.provision('apply', ['deletion'])
  expect(ownZones()).toEqual([])
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
}

test('for a hub stays while a private endpoint of others has its record there, whatever is allowed', async () => {
  const zone = ownZones().find(({ name }) => name === 'privatelink.search.windows.net')
  const record = `${zone?.id}/A/search-of-003`
  await hands.put(record, '2024-06-01', {
    properties: { ttl: 10, aRecords: [{ ipv4Address: '172.16.9.4' }] },
  })
  setMode(zonesInHub)
  const { warnings } = planOf(await here.provision('plan', ['deletion']))
  expect(warnings[0]).toContain("record 'search-of-003' in zone 'privatelink.search.windows.net'")
  const { message } = await failureOf(here.provision('check', ['deletion']))
  expect(message).toContain("record 'search-of-003' in zone 'privatelink.search.windows.net'")
  expect(await refused()).toMatch(/record 'search-of-003'.*Deliver the projects first/)
  await hands.remove(record, '2024-06-01')
  await applied()
})

test('for a policy stays as long as its own private endpoints have their records there', async () => {
  setMode('{ mode: policy }')
  expect(await refused()).toMatch(/record 'kv-cmndev-d3e4f-002'.*Let the policy write the records first/)
  await policyWrites(sandbox, hands)
  await applied()
})

/** Azure answers nobody who asks for the records of a zone. */
const hideRecords = () =>
  sandbox.faults.add({
    path: 'privateDnsZones/[^/]+/ALL',
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    times: 'always',
  })

test('stays where nobody may look who has records there, and names the right that shows it', async () => {
  setMode(zonesInHub)
  hideRecords()
  const message = await refused()
  expect(message).toMatch(/could not be looked at.*privateDnsZones\/ALL\/read on resource group/)
  expect(message).not.toMatch(/others resolve names in them|Deliver the projects first/)
})

test('is not destroyed either where nobody may look', async () => {
  hideRecords()
  const since = sandbox.requestCount()
  const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toMatch(/could not be looked at.*privateDnsZones\/ALL\/read on resource group/)
  expect(writesOf(sandbox, since)).toEqual([])
  expect(planOf(await here.destroy()).warnings.join()).toMatch(/could not be looked at/)
})
