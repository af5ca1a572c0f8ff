/** A stack goes on listing what somebody has deleted. That is not destroyed again, and nobody has to allow that. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

const search = 'Microsoft.Search/searchServices'
const zoneGroup = 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups'
const manifest = { ...labManifest, services: { aiSearch: true } }
const withoutSearch = { ...labManifest, services: { aiSearch: false } }
let sandbox: Sandbox
let here: InProcess
let hand: ByHand
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
  hand = await byHand(sandbox)
  here.write(manifest)
  await here.network('reserve')
  await here.provision('apply')
}, 60_000)
afterAll(async () => {
  here.factory.remove()
  await sandbox.close()
})

const resourceOf = (type: string) => {
  const resources = Object.values(sandbox.state.arm.resources)
  const found = resources.find((one) => one.type.toLowerCase() === type.toLowerCase())
  if (found === undefined) throw new Error(`There is no ${type}.`)
  return found
}
const destroyed = async () =>
  planOf(await here.provision('plan')).changes.filter(({ change }) => change === 'delete')

describe('a zone group that a policy has replaced', () => {
  test('is not destroyed, and a run after the next changes nothing', async () => {
    const { id, properties } = resourceOf(zoneGroup)
    const [, privateDnsZoneId] = /"privateDnsZoneId":"([^"]+)"/.exec(JSON.stringify(properties)) ?? []
    const privateDnsZoneConfigs = [{ name: 'zone', properties: { privateDnsZoneId } }]
    await hand.remove(id, '2025-05-01')
    await hand.put(id.replace(/[^/]+$/, 'deployedByPolicy'), '2025-05-01', {
      properties: { privateDnsZoneConfigs },
    })
    expect(await destroyed()).toEqual([])
    // What differs is the template.
    expect(hasChanges(planOf(await here.provision('apply')))).toBe(true)
    expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  })
})

describe('a service that is switched off', () => {
  test('is destroyed with its data, even when the list of the resource group does not have it yet', async () => {
    here.write(withoutSearch)
    sandbox.faults.add({ path: '/resources\\?', times: 'always', status: 200, body: { value: [] } })
    const [kinds, refusal] = [
      (await destroyed()).map(({ kind }) => kind),
      await here
        .provision('check', [])
        .catch((error: unknown) => (error instanceof FailureWithReport ? String(error.cause) : error)),
    ]
    sandbox.faults.clear()
    expect(kinds).toContain(search)
    expect(refusal).toContain('would lose stateful resources: Microsoft.Search/searchServices')
  })

  test('is gone, and needs no allowance, when somebody has deleted it', async () => {
    here.write(withoutSearch)
    await hand.remove(resourceOf(search).id, '2025-05-01')
    expect((await destroyed()).map(({ kind }) => kind)).not.toContain(search)
    await here.provision('check', [])
    await here.provision('apply', [])
  })
})
