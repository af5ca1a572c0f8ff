/** The rights that a check lists are enough for what a delivery does: also where it attaches, switches off and gives up. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import type { Right } from '../../src/azure/granted-rights.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { ids } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { type InProcess, inProcess, labManifest } from '../provision-project/in-process.ts'
import { assign, exactlyRoles } from './delivering-identity.ts'

const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'

let sandbox: Sandbox
let here: InProcess
let hand: ByHand
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
  hand = await byHand(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** Delivers with the rights that the check lists, and no others. */
async function deliverExactly(allowed: readonly Allowance[] = []): Promise<readonly Right[]> {
  // Who checks may look at everything; it had the rights of the delivery before.
  await assign(hand, owner)
  const { outputs } = await here.provision('check', allowed)
  const rights: readonly Right[] = JSON.parse(String(outputs['rights']))
  await exactlyRoles(sandbox, hand, JSON.parse(String(outputs['custom-roles'])))
  await here.network('reserve')
  const { plan } = await here.provision('apply', allowed)
  expect(plan?.warnings.filter((warning) => /could not be (listed|read)/.test(warning))).toEqual([])
  await here.network('release-unneeded')
  return rights
}

const actionsOf = (rights: readonly Right[]): readonly string[] => rights.map(({ action }) => action)
const warnings = () => here.logged.filter((line) => /may not|that of the stack, because/.test(line))

test('with a route table of others at a subnet, and agents that keep their data in own services', async () => {
  const routeTableId = `${ids.common}/providers/Microsoft.Network/routeTables/rt-hub`
  await hand.put(routeTableId, '2024-07-01', { location: 'swedencentral' })
  here.write({
    ...labManifest,
    services: { aiFoundry: { data: 'own' }, cosmosDb: true, aiSearch: true },
    environments: { dev: { network: { subnets: { genai: { routeTableId } } } } },
  })
  const actions = actionsOf(await deliverExactly())
  expect(actions).toEqual(
    expect.arrayContaining([
      'Microsoft.Network/routeTables/join/action',
      'Microsoft.CognitiveServices/accounts/projects/capabilityHosts/write',
      'Microsoft.Resources/deploymentStacksWhatIfResults/whatIf/action',
    ]),
  )
  expect(warnings()).toEqual([])
})

test('with a service that goes, is purged, and leaves its subnet', async () => {
  here.write({ ...labManifest, services: { cosmosDb: true } })
  await deliverExactly()
  here.write({ ...labManifest, services: { aiFoundry: false } })
  await deliverExactly(['deletion', 'purge'])
  const left = Object.values(sandbox.state.arm.resources).map(({ type }) => type.toLowerCase())
  expect(left).not.toContain('microsoft.documentdb/databaseaccounts')
  expect(left).not.toContain('microsoft.cognitiveservices/accounts')
  expect(sandbox.state.arm.softDeleted.filter(({ type }) => /cognitive/i.test(type))).toEqual([])
})
