/** A stack goes on listing what somebody has deleted. That is not destroyed again, and nobody has to allow that. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { isLoss } from '../../src/operations/removal/loss.ts'
import { hasChanges, type Plan } from '../../src/plan/model.ts'
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
/** While the list of the resource group has nothing of what is in it. */
async function unlisted<T>(work: () => Promise<T>): Promise<T> {
  sandbox.faults.add({ path: '/resources\\?', times: 'always', status: 200, body: { value: [] } })
  const result = await work()
  sandbox.faults.clear()
  return result
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

describe('a project that is destroyed', () => {
  test('goes with its data, even when the list of the resource group does not have it yet', async () => {
    const losses = (plan: Plan) => plan.changes.filter(isLoss).map(({ kind, name }) => `${kind} ${name}`)
    const [listed, hidden] = [await here.planDestroy(), await unlisted(here.planDestroy)]
      .map(planOf)
      .map(losses)
    expect(listed?.join()).toContain(search)
    expect(hidden).toEqual(expect.arrayContaining([...(listed ?? [])]))
  })
})

describe('a service that is switched off', () => {
  test('is destroyed with its data, even when the list of the resource group does not have it yet', async () => {
    here.write(withoutSearch)
    const [kinds, refusal] = await unlisted(async () => [
      (await destroyed()).map(({ kind }) => kind),
      await here
        .provision('check', [])
        .catch((error: unknown) => (error instanceof FailureWithReport ? String(error.cause) : error)),
    ])
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
