/** A common area that is there is neither left behind for a second one, nor deleted because factory.yml names it as bring your own. */
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { ids } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, openDeliveredCommon, writesOf } from './in-process.ts'

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

const refused = async (mode: 'plan' | 'apply'): Promise<string> => {
  const before = sandbox.requestCount()
  const failure = await here
    .provision(mode)
    .catch((error: unknown) => (error instanceof FailureWithReport ? error.cause : error))
  expect(writesOf(sandbox, before)).toEqual([])
  if (!(failure instanceof UserError)) throw failure
  return `${String(failure.parts.where?.line)} ${failure.parts.what} ${String(failure.parts.fix)}`
}

test('another location code is refused: it would make a second one', async () => {
  here.change((text) => text.replace(/locationCode: sdc/, 'locationCode: swe'))
  for (const mode of ['plan', 'apply'] as const) {
    const text = await refused(mode)
    expect(text).toMatch(
      /^\d+ This factory has a common area in dev already, under other names: deployment stack /,
    )
    expect(text).toContain("Set 'locationCode' in factory.yml back.")
  }
})

test('another name is another factory as far as anybody can see: the plan names the first', async () => {
  here.change((text) => text.replace(/instance: "002"/, 'instance: "003"').replace('d3e4f', 'f5g6h'))
  expect(planOf(await here.provision('plan')).warnings.join('\n')).toContain(
    'Another common area of dev is in this subscription',
  )
})

test('another region is refused at its key: what is there does not move', async () => {
  here.change((text) => text.replace('location: swedencentral', 'location: westeurope'))
  const text = await refused('plan')
  expect(text).toMatch(
    /^\d+ VNet 'vnt-esmlcmn-sdc-dev-002' is in swedencentral, but .* are created in westeurope/,
  )
  expect(text).toContain("Set 'location' in factory.yml back to swedencentral.")
  const line = Number(text.split(' ')[0])
  expect(readFileSync(here.factory.file, 'utf8').split('\n')[line - 1]).toMatch(/^location:/)
})

test.each([
  ['all', 0],
  ['the last one, as somebody deleted the others by hand,', -1],
])('another VNet is refused: private endpoints do not move, %s of which are there', async (_, first) => {
  const { put, remove } = await byHand(sandbox)
  const endpoints = Object.values(sandbox.state.arm.resources)
    .filter(({ id, type }) => type === 'Microsoft.Network/privateEndpoints' && id.includes('-dev-002/'))
    .map(({ id }) => id)
  for (const id of endpoints.filter((one) => !endpoints.slice(first).includes(one)))
    await remove(id, '2024-05-01')
  const network = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-of-the-team`
  await put(network, '2024-05-01', {
    location: 'swedencentral',
    properties: { addressSpace: { addressPrefixes: ['172.24.0.0/22'] } },
  })
  here.change((text) => text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${network}`))
  for (const mode of ['plan', 'apply'] as const)
    expect(await refused(mode)).toMatch(
      /is in VNet 'vnt-esmlcmn-sdc-dev-002', and factory\.yml names 'vnet-of-the-team'/,
    )
})

test('the VNet, or anything else that this factory made, cannot be bring your own', async () => {
  const made = (type: string): string =>
    Object.values(sandbox.state.arm.resources).find(
      (resource) => resource.type === type && resource.id.includes('-esml-common-sdc-dev-002/'),
    )?.id ?? ''
  here.devParts({ keyVault: { id: made('Microsoft.KeyVault/vaults') } })
  expect(await refused('plan')).toContain(
    "and this factory made it itself. Nothing was changed. Leave 'id' out",
  )
  here.parts({})
  here.change((text) =>
    text.replace('addressSpace: [172.16.0.0/16]', `vnetId: ${made('Microsoft.Network/virtualNetworks')}`),
  )
  expect(await refused('plan')).toContain("Write 'addressSpace' instead of 'vnetId'")
})
