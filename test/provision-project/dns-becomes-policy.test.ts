import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { devCommonArea } from '../e2e/support/places.ts'
import { type InProcess, openDelivered, planOf } from './in-process.ts'

const version = '2025-05-01'
let opened: Awaited<ReturnType<typeof openDelivered>> | undefined
afterAll(async () => {
  opened?.here.factory.remove()
  await opened?.sandbox.close()
})

/** What private endpoints have for their records, by id. */
const zoneGroups = ({ state }: Sandbox) =>
  Object.values(state.arm.resources)
    .filter(({ type }) => /privateDnsZoneGroups$/i.test(type))
    .map(({ id, properties }) => ({ id, zones: JSON.stringify(properties).match(/privatelink\.[a-z.]+/g) }))

function letPolicyWrite({ factory: { file } }: InProcess): void {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain('dns: { mode: standalone }')
  writeFileSync(file, text.replace('dns: { mode: standalone }', 'dns: { mode: policy }'))
}

test('when dns mode becomes policy, zone groups that write the records stay, which check and plan say, and a policy takes the place of one that is deleted', async () => {
  opened = await openDelivered()
  const { sandbox, here } = opened
  const before = zoneGroups(sandbox)
  expect(before).not.toEqual([])
  letPolicyWrite(here)

  const kept = /DNS zone groups that earlier deliveries created are kept.*az resource delete --ids/
  const checked = await here.provision('check')
  expect(JSON.parse(checked.outputs['findings'] ?? '')).toContainEqual(
    expect.objectContaining({ severity: 'warning', what: expect.stringMatching(kept) }),
  )
  const plan = planOf(await here.provision('plan'))
  expect(plan.changes.filter(({ change }) => change === 'delete')).toEqual([])
  expect(plan.warnings).toContainEqual(expect.stringMatching(kept))
  await here.provision('apply')
  expect(zoneGroups(sandbox)).toEqual(before)
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)

  const hand = await byHand(sandbox)
  const [first, ...others] = before
  await hand.remove(first?.id ?? '', version)
  const byPolicy = first?.id.replace(/[^/]+$/, 'deployedByPolicy') ?? ''
  const zone = first?.zones?.[0] ?? ''
  const privateDnsZoneId = `${devCommonArea}/Microsoft.Network/privateDnsZones/${zone}`
  const privateDnsZoneConfigs = [{ name: 'theirs', properties: { privateDnsZoneId } }]
  await hand.put(byPolicy, version, { properties: { privateDnsZoneConfigs } })
  await here.provision('apply')
  expect(zoneGroups(sandbox).map(({ id }) => id.toLowerCase())).toEqual(
    expect.arrayContaining([byPolicy, ...others.map(({ id }) => id)].map((id) => id.toLowerCase())),
  )
  expect(zoneGroups(sandbox)).toHaveLength(before.length)
})
