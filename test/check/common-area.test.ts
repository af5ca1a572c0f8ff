/** What a delivery refers to and does not create: it is missed before the first write, not by the first write that names it. */
import { expect, test } from '@jest/globals'
import { dev, ids } from '../azure/on-sandbox.ts'
import { type Checking, foundAbout, openChecking } from './checking.ts'

const zone = `${ids.common}/providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net`
const registry = `${ids.common}/providers/Microsoft.ContainerRegistry/registries/acrcommona1b2csdc001dev`
const logs = `${ids.common}/providers/Microsoft.OperationalInsights/workspaces/la-cmn-sdc-dev-a1b2c-001`

/** Somebody has deleted it, with all that is in it. */
function lose({ sandbox: { state } }: Checking, id: string): void {
  const lost = Object.keys(state.arm.resources).filter((key) => key.startsWith(id.toLowerCase()))
  if (lost.length === 0) throw new Error(`There is no ${id}.`)
  for (const key of lost) delete state.arm.resources[key]
}

test.each([
  [
    'a private DNS zone',
    zone,
    /^fault: The private DNS zone 'privatelink\.vaultcore\.azure\.net' does not exist in resource group 'mrvel-esml-common-sdc-dev-001'\.$/,
    /'dns: \{ mode: policy \}'/,
  ],
  [
    'the shared registry, of which roles alone are needed',
    registry,
    /^fault: The shared container registry 'acrcommona1b2csdc001dev' does not exist/,
    /'sharedContainerRegistry: false'/,
  ],
  [
    'the logs',
    logs,
    /^fault: The Log Analytics workspace 'la-cmn-.*' does not exist/,
    /Deliver the common area \(provision-project with 'target: common'\)/,
  ],
])('%s is missing: at its key in factory.yml, with what to do', async (_, id, what, fix) => {
  const checking = await openChecking()
  lose(checking, id)
  const checked = await checking.check('002')
  expect(checked.succeeded).toBe(false)
  expect(foundAbout(checked, 'Common area')).toEqual([expect.stringMatching(what)])
  const [found] = checked.findings.filter(({ subject }) => subject === 'Common area')
  expect(found?.fix).toMatch(fix)
  expect(found?.where).toEqual(
    expect.objectContaining({ file: expect.stringMatching(/factory\.yml$/), line: expect.any(Number) }),
  )
  expect(found?.where?.line).toBeGreaterThan(1)
})

test('the registry for workspaces is missed by a project that has some, where the shared one knows repositories', async () => {
  const checking = await openChecking()
  await checking.hand.put(registry, '2025-11-01', {
    location: 'swedencentral',
    sku: { name: 'Premium' },
    properties: { publicNetworkAccess: 'Disabled', roleAssignmentMode: 'AbacRepositoryPermissions' },
  })
  const checked = await checking.check('003')
  const [found, ...others] = checked.findings.filter(({ subject }) => subject === 'Common area')
  expect(others).toEqual([])
  expect(found?.what).toMatch(
    /^The container registry of Machine Learning 'acrcommonmla1b2csdc001dev' does not exist/,
  )
  expect(found?.fix).toMatch(/'common: \{ machineLearningRegistry: true \}'/)
})

test('what a project does not use is not missed', async () => {
  const checking = await openChecking()
  checking.repository.edit(
    'aifactory/factory.yml',
    'sharedContainerRegistry: true',
    'sharedContainerRegistry: false',
  )
  lose(checking, registry)
  expect(foundAbout(await checking.check('002'), 'Common area')).toEqual([
    expect.stringMatching(/^good: What the project uses and others have made is there: /),
  ])
})

test('what a subnet is to get does not exist: at the place in the document that asks for it', async () => {
  const { repository, check } = await openChecking()
  repository.edit(
    'aifactory/factory.yml',
    'addressSpace: [172.16.0.0/16]',
    `addressSpace: [172.16.0.0/16]\n      subnets: { genai: { routeTableId: ${ids.common}/providers/Microsoft.Network/routeTables/rt-none } }`,
  )
  const checked = await check('002')
  const [found] = checked.findings.filter(({ subject }) => subject === 'Network')
  expect(found).toMatchObject({
    severity: 'fault',
    what: `Subnet 'genai' is to get the route table ${ids.common}/providers/Microsoft.Network/routeTables/rt-none, which does not exist.`,
    where: { file: expect.stringMatching(/factory\.yml$/), line: 24 },
  })
})

test('that it was not delivered at all is one fault, which says how to deliver it', async () => {
  const { sandbox, repository, check } = await openChecking()
  const subscription = sandbox.state.arm.subscriptions[dev.subscriptionId]
  if (subscription !== undefined) subscription.registered = []
  repository.edit('aifactory/factory.yml', 'instance: "001"', 'instance: "003"')
  const faults = (await check('002')).findings.filter(({ severity }) => severity === 'fault')
  expect(faults).toEqual([
    expect.objectContaining({
      subject: 'Common area',
      what: expect.stringMatching(/^The common area of dev was not delivered: its VNet does not exist/),
      fix: expect.stringContaining("provision-project with 'target: common'"),
      where: expect.objectContaining({ line: expect.any(Number) }),
    }),
  ])
})
