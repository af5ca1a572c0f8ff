/** Everything that factory.yml can say of a common area, said, taken back, and said again: each time nothing else changes. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { type CommonPartKey, commonCatalogue } from '../../src/catalog/common/index.ts'
import type { JsonObject } from '../../src/json.ts'
import { readCommonArea } from '../../src/operations/common-area.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { azureState, difference, nothing } from '../e2e/support/azure-state.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { onceOnly, snapshotOf } from '../e2e/support/snapshot.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, commonInProcess } from './in-process.ts'
import { hubId, makePlatform, policyWrites, zonesInHub } from './platform.ts'
import { variations } from './variations.ts'

/** What factory.yml says: under `common`, and anywhere. */
interface Said {
  readonly common?: JsonObject
  readonly text?: (text: string) => string
}

/** A common area of which nothing was said, beside a hub. */
const delivered = onceOnly(async () => {
  const sandbox = await startSandbox({ durationScale: 0 })
  await makePlatform(await byHand(sandbox))
  const here = commonInProcess(sandbox)
  await here.provision('apply')
  here.factory.remove()
  await sandbox.close()
  return snapshotOf(sandbox)
})

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0, seed: await delivered() })
  here = commonInProcess(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/**
 * All that is in Azure, but for how a vault came to be, new or recovered, what a stack remembers, and whether a hub lets others
 * use its gateway: once allowed, that is left to its owner.
 */
const stateNow = (): readonly string[] =>
  azureState(sandbox).map((line) =>
    line
      .replaceAll('"createMode":"recover",', '')
      .replace(/^(stack .*?),"tags":.*$/, '$1')
      .replace(/^(.*vnet-hub\/virtualNetworkPeerings.*)"allowGatewayTransit":\w+,/, '$1'),
  )

async function deliver({ common = {}, text = (same) => same }: Said): Promise<readonly string[]> {
  here.parts(common)
  here.change(text)
  await here.provision('apply', ['deletion'])
  return stateNow()
}

const isSettled = async (): Promise<boolean> => !hasChanges(planOf(await here.provision('plan')))

/** Says something, takes it back, and says it again. @returns what it changes */
async function onOffOn(without: Said, said: Said): Promise<readonly string[]> {
  const before = await deliver(without)
  const first = await deliver(said)
  expect(await isSettled()).toBe(true)
  expect(difference(before, await deliver(without))).toEqual(nothing)
  expect(await isSettled()).toBe(true)
  expect(difference(first, await deliver(said))).toEqual(nothing)
  const { gone, added } = difference(before, first)
  return [...gone, ...added]
}

/** Is it of a part, or its stack? A part without a resource of its own has those of its types. */
function isOf(key: CommonPartKey, line: string): boolean {
  const { stack, resources, subnets, data } = commonCatalogue.parts[key]
  if (line.startsWith('stack ')) return line.includes('-common-network-') === (stack === 'network')
  const target = { factoryFile: here.factory.file, environment: 'dev', azureCloud: sandbox.url } as const
  const { names } = readCommonArea(target)
  const known = new Map(Object.entries(names))
  const own = [
    ...Object.keys(resources).map((resource) => String(known.get(resource))),
    ...Object.keys(subnets).flatMap((subnet) => [names.subnet(subnet), names.networkSecurityGroup(subnet)]),
  ]
  const types = own.length === 0 ? Object.keys(data) : []
  return own.some((name) => line.includes(name)) || types.some((type) => line.includes(`"type":"${type}"`))
}

const notOf = (parts: readonly CommonPartKey[], lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !parts.some((part) => isOf(part, line)))

/** Parts about which an option of another one decides too. */
const decidesAlso: Readonly<Partial<Record<CommonPartKey, readonly CommonPartKey[]>>> = {
  // How long the logs are kept.
  diagnostics: ['logAnalytics'],
}

/** What is decided when a resource is made: said of one that is there it changes nothing, and the plan says so. */
const decidedBefore = ['keyVault.retentionDays: 90']

describe('nothing else changes with', () => {
  test.each(variations({ hub: hubId }).map((one) => [one.title, one] as const))('%s', async (_, one) => {
    const touched = await onOffOn({ common: one.without }, { common: one.with })
    expect(touched.length > 0).toBe(!decidedBefore.includes(one.title))
    expect(notOf([one.part, ...(decidesAlso[one.part] ?? [])], touched)).toEqual([])
  })

  test.each<[string, readonly CommonPartKey[], RegExp, string]>([
    [
      'registries of the projects',
      ['containerRegistry', 'machineLearningRegistry'],
      /^sharedContainerRegistry:.*$/m,
      'sharedContainerRegistry: false',
    ],
    [
      'no Machine Learning',
      ['machineLearningRegistry'],
      /^defaults:.*$/m,
      'defaults: { services: { machineLearning: false } }',
    ],
  ])('%s', async (_, parts, key, said) => {
    const touched = await onOffOn({}, { text: (text) => text.replace(key, said) })
    expect(touched.length).toBeGreaterThan(0)
    expect(notOf(parts, touched)).toEqual([])
  })

  test.each([
    ['the zones of a hub', zonesInHub],
    ['a policy that writes the records', '{ mode: policy }'],
  ])('%s', async (_, dns) => {
    if (dns.includes('policy')) await policyWrites(sandbox, await byHand(sandbox))
    const touched = await onOffOn({}, { text: (text) => text.replace(/^dns:.*$/m, `dns: ${dns}`) })
    expect(touched.filter((line) => !/"type":"[^"]+\/privateDnsZone|^stack /.test(line))).toEqual([])
    expect(touched.length).toBeGreaterThan(0)
  })
})
