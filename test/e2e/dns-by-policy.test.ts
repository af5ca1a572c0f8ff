import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import type { ZoneGroup } from '../../src/compose/zone-groups.ts'
import { awaitRecords } from '../../src/operations/stack/zone-groups.ts'
import { onSandbox } from '../azure/on-sandbox.ts'
import { byHand } from './support/by-hand.ts'
import { delivered, type Factory, openFactory } from './support/factory.ts'
import { devCommonArea, devGroupOf } from './support/places.ts'
import { errorOf, log } from './support/transcript.ts'

const project = '001'
const version = '2025-05-01'
const endpoints = `${devGroupOf(project)}/providers/Microsoft.Network/privateEndpoints`.toLowerCase()

const groupsIn = ({ sandbox }: Factory) =>
  Object.values(sandbox.state.arm.resources)
    .filter(({ id }) => id.toLowerCase().startsWith(endpoints) && /\/privateDnsZoneGroups\/[^/]+$/i.test(id))
    .map((group) => ({ id: group.id, name: group.id.split('/').at(-1), properties: group.properties }))
const endpointsIn = ({ sandbox }: Factory): readonly string[] =>
  Object.values(sandbox.state.arm.resources)
    .map(({ id }) => id)
    .filter((id) => new RegExp(`^${endpoints}/[^/]+$`, 'i').test(id))

/** The zones in which the endpoints of a project have their records, by the end of the endpoint's name. */
const zones: readonly (readonly [RegExp, string])[] = [
  [/-blob-pend$/, 'privatelink.blob.core.windows.net'],
  [/-file-pend$/, 'privatelink.file.core.windows.net'],
  [/-queue-pend$/, 'privatelink.queue.core.windows.net'],
  [/-table-pend$/, 'privatelink.table.core.windows.net'],
  [/-dfs-pend$/, 'privatelink.dfs.core.windows.net'],
  [/-vault-pend$/, 'privatelink.vaultcore.azure.net'],
  [/-registry-pend$/, 'privatelink.azurecr.io'],
  [/-amlworkspace-pend$/, 'privatelink.api.azureml.ms'],
  [/-amlworkspace-pend$/, 'privatelink.notebooks.azure.net'],
]

/** What a policy of the platform does: one group for each private endpoint, under a name of its own. */
async function policyWrites(factory: Factory): Promise<void> {
  const hand = await byHand(factory.sandbox)
  for (const id of endpointsIn(factory)) {
    const configs = zones
      .filter(([end]) => end.test(id))
      .map(([, zone]) => ({
        name: zone.replaceAll('.', '-'),
        properties: { privateDnsZoneId: `${devCommonArea}/Microsoft.Network/privateDnsZones/${zone}` },
      }))
    await hand.put(`${id}/privateDnsZoneGroups/deployedByPolicy`, version, {
      properties: { privateDnsZoneConfigs: configs },
    })
  }
}

describe('with dns mode policy', () => {
  test('a delivery writes no zone group, waits for the records of the policy, and verifies them', async () => {
    const factory = await openFactory()
    factory.repository.edit('aifactory/factory.yml', 'dns: { mode: standalone }', 'dns: { mode: policy }')
    await factory.run('ip-calc', project, 'dev')
    const running = factory.run('provision-project', project, 'dev')
    const isWaiting = () =>
      Object.values(factory.sandbox.state.deployments.stacks).some(
        ({ provisioningState }) => provisioningState === 'succeeded',
      )
    while (!isWaiting()) await setTimeout(20)
    expect(groupsIn(factory)).toEqual([])
    await policyWrites(factory)
    const run = await running
    expect(run.exitCode).toBe(0)
    expect(log(run).join('\n')).toContain('Verify the DNS records that a policy writes')
    expect(new Set(groupsIn(factory).map(({ name }) => name))).toEqual(new Set(['deployedByPolicy']))

    const again = await factory.run('provision-project', project, 'dev')
    expect([again.outputs['changed'], again.writes]).toEqual(['false', []])
  })

  test('a record that does not come is named, with its zone and what to look for', async () => {
    const { sandbox, session } = await onSandbox({ durationScale: 0 })
    const wanted: ZoneGroup = {
      endpointId: `${endpoints}/kv-vault-pend`,
      name: 'default',
      zones: ['privatelink.vaultcore.azure.net'],
    }
    const pauses: number[] = []
    const waiting = awaitRecords([wanted], {
      resources: await openResources(session),
      session: {
        progress: () => undefined,
        sleep: async (milliseconds) => {
          pauses.push(milliseconds)
        },
      },
    })
    await expect(waiting).rejects.toThrow(
      /No policy has written these DNS records within 15 minutes: 'kv-vault-pend' in privatelink\.vaultcore\.azure\.net\. .*deployIfNotExists on Microsoft\.Network\/privateEndpoints.*Ask the platform team/s,
    )
    expect(pauses.reduce((sum, one) => sum + one, 0)).toBeLessThan(16 * 60_000)
    await sandbox.close()
  })
})

describe('with zones of our own', () => {
  const withProject001 = delivered(project)
  /** A policy has given each private endpoint its group instead of ours. */
  async function taken(): Promise<Factory> {
    const factory = await withProject001()
    const hand = await byHand(factory.sandbox)
    for (const { id } of groupsIn(factory)) await hand.remove(id, version)
    await policyWrites(factory)
    return factory
  }

  test('an equivalent group of another name does as well: it is kept, said, and no other is created', async () => {
    const factory = await taken()
    const before = groupsIn(factory)
    const plan = await factory.run('provision-project', project, 'dev', { mode: 'plan' })
    expect(plan.exitCode).toBe(0)
    expect(log(plan).join('\n')).toContain(
      "has the DNS zone group 'deployedByPolicy' of somebody else, which writes the same zones",
    )
    const run = await factory.run('provision-project', project, 'dev')
    expect(run.exitCode).toBe(0)
    expect(groupsIn(factory)).toEqual(before)
    const again = await factory.run('provision-project', project, 'dev')
    expect([again.outputs['changed'], again.writes]).toEqual(['false', []])
  })

  test('a group that leaves out a zone is refused, with the zone', async () => {
    const factory = await taken()
    const hand = await byHand(factory.sandbox)
    const id = endpointsIn(factory).find((one) => one.endsWith('-vault-pend'))
    await hand.put(`${id}/privateDnsZoneGroups/deployedByPolicy`, version, {
      properties: {
        privateDnsZoneConfigs: [
          {
            name: 'blob',
            properties: {
              privateDnsZoneId: `${devCommonArea}/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`,
            },
          },
        ],
      },
    })
    const run = await factory.run('provision-project', project, 'dev', { mode: 'plan' })
    expect(errorOf(run)).toMatch(
      /has the DNS zone group 'deployedByPolicy', which does not write privatelink\.vaultcore\.azure\.net\. .*dns: \{ mode: policy \}/,
    )
  })
})
