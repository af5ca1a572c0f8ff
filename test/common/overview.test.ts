/** What a plan of a common area shows an architect, besides from where its parts can be reached. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { highScalePrivateEndpoints, limits } from '../../src/network/capacity/limits.ts'
import { type CommonInProcess, commonInProcess, openDeliveredCommon } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  const open = await openDeliveredCommon()
  sandbox = open.sandbox
  here = open.here
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const own = (name: string) =>
  Object.values(sandbox.state.arm.resources).find((resource) => resource.name === name)

test('the capacity for projects is that of a VNet with High Scale Private Endpoints, where it was upgraded', async () => {
  const capacity = async () => {
    const { plan, outputs } = await here.provision('plan')
    const limit = plan?.usage?.find(({ what }) => what === 'private endpoints')?.limit
    return { limit, text: outputs['overview'] ?? '' }
  }
  const before = await capacity()
  Object.assign(own('vnt-esmlcmn-sdc-dev-002')?.properties ?? {}, { privateEndpointVNetPolicies: 'Basic' })
  const after = await capacity()
  expect(before.limit).toBe(limits.privateEndpoints.max)
  expect(after.limit).toBe(highScalePrivateEndpoints.max)
  expect(after.text).not.toBe(before.text)
})

describe('the parts', () => {
  const whatOf = async (part: string) => {
    const { summary = '' } = await here.provision('plan')
    const row = summary.split('\n').find((line) => line.startsWith(`| ${part} |`)) ?? ''
    return row.split('|')[2]?.trim()
  }

  test('say what was chosen of each: addresses, amounts, how long data is kept', async () => {
    here.parts({ budget: { amount: 77 }, dataLake: { retentionDays: 9 } })
    expect(await whatOf('Virtual network')).toBe('vnt-esmlcmn-sdc-dev-002, 172.16.0.0/16')
    expect(await whatOf('Budget')).toBe('budget-mrvel-cmn-dev-002, amount 77')
    expect(await whatOf('Data lake')).toContain('mrveld3e4fesml002dev, ')
    expect(await whatOf('Data lake')).toContain('retentionDays 9')
  })

  test('count what has no name of its own, and say whose the zones are that are not there', async () => {
    expect(await whatOf('Private DNS zones')).toMatch(/^\d+ × privateDnsZones$/)
    expect(await whatOf('Diagnostic settings')).toBe('4 × diagnosticSettings, tier bronze')
    here.change((text) => text.replace(/^dns:.*(\n +.*)*/m, '').concat('\ndns: { mode: policy }\n'))
    expect(await whatOf('Private DNS zones')).toBe('those that the policies of the subscription name')
  })
})

test('the price says what makes it', async () => {
  const { summary = '' } = await here.provision('plan')
  const [, counts = ''] = summary.split('\n\n')
  expect(counts).toContain('No changes. Everything is as factory.yml says.')
  expect(counts).toMatch(
    /That is .*\d+ for 2 × ContainerRegistry\/registries, .*for 5 × Network\/privateEndpoints/,
  )
})

test('the parts come first while all of it is new, and the changes once some of it is there', async () => {
  const orderOf = (summary = '') => ['### Parts', '| Change | What |'].map((text) => summary.indexOf(text))
  here.parts({ natGateway: true })
  const [partsLater = 0, changesFirst = 0] = orderOf((await here.provision('plan')).summary)
  expect(changesFirst).toBeGreaterThan(0)
  expect(partsLater).toBeGreaterThan(changesFirst)
  const empty = await startSandbox({ durationScale: 0 })
  const fresh = commonInProcess(empty)
  const [partsFirst = 0, changesLater = 0] = orderOf((await fresh.provision('plan')).summary)
  fresh.factory.remove()
  await empty.close()
  expect(partsFirst).toBeGreaterThan(0)
  expect(changesLater).toBeGreaterThan(partsFirst)
})
