/** The common area of an environment, of which nothing is there at first. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, commonInProcess, writesOf } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
const open = async (options: Parameters<typeof startSandbox>[0] = {}): Promise<void> => {
  sandbox = await startSandbox({ durationScale: 0, ...options })
  here = commonInProcess(sandbox)
}
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const rows = (report: Report): readonly string[] =>
  planOf(report).changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)
const differing = (report: Report): readonly string[] => rows(report).filter((row) => !row.startsWith('keep'))

/** What differs besides the vault, with what belongs to it, and the stack. */
const others = (report: Report) =>
  planOf(report).changes.filter(
    ({ change, kind, name, scope = '' }) =>
      change !== 'keep' && kind !== 'deployment stack' && !`${scope} ${name}`.includes('kv-cmndev'),
  )

const writes = (since: number) => writesOf(sandbox, since)

describe('a common area', () => {
  beforeEach(() => open())

  test('is planned without a write, applied as planned in one run, and left alone after that', async () => {
    const since = sandbox.requestCount()
    const planned = await here.provision('plan')
    expect(writes(since)).toEqual([])
    const applied = await here.provision('apply')
    expect(rows(applied)).toEqual(rows(planned))
    const again = sandbox.requestCount()
    expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
    expect(writes(again)).toEqual([])
  })

  test('is one plan of the network, the common subnets, and all that is in them, with what it costs', async () => {
    const plan = planOf(await here.provision('plan'))
    const kinds = plan.changes.map(({ kind }) => kind)
    const order = ['Microsoft.Network/virtualNetworks', 'subnet', 'Microsoft.Storage/storageAccounts']
    expect(order.map((kind) => kinds.indexOf(kind)).toSorted((a, b) => a - b)).toEqual(
      order.map((kind) => kinds.indexOf(kind)),
    )
    expect(kinds.filter((kind) => kind === 'deployment stack')).toHaveLength(2)
    expect(plan.cost?.before).toBe(0)
    expect(plan.cost?.after).toBeGreaterThan(0)
    expect(plan).toMatchObject({ environment: 'dev' })
    expect(plan.project).toBeUndefined()
  })

  test('shows an architect what is reachable from where, and how many projects will fit', async () => {
    const report = await here.provision('plan')
    const { summary = '', plan } = report
    const row = (part: string) => summary.split('\n').find((line) => line.startsWith(`| ${part} |`)) ?? ''
    expect(row('Data lake')).toContain('the VNet and what is peered with it, through ')
    expect(row('Data lake')).toContain('in subnet snet-esml-cmn-001; not from the Internet')
    expect(row('Virtual network')).toContain('nowhere else: it is not peered')
    expect(row('NAT gateway')).toContain('not there')
    for (const type of ['esml', 'genai-1', 'all'])
      expect(summary).toMatch(new RegExp(`\\| ${type} .*\\| \\d+`))
    const endpoints = plan?.usage?.find(({ what }) => what === 'private endpoints')
    expect(endpoints).toMatchObject({ used: 0, limit: 1_000 })
    expect(endpoints?.after).toBe(
      planOf(report).changes.filter(({ kind }) => kind === 'Microsoft.Network/privateEndpoints').length,
    )
  })

  test('that was cut off is finished by the next run', async () => {
    sandbox.faults.add({
      method: 'DEPLOY',
      path: 'storageAccounts',
      status: 400,
      body: { error: { code: 'Odd', message: 'No.' } },
    })
    const { message } = await failureOf(here.provision('apply'))
    expect(message).toContain('Running again applies only what is missing.')
    const rest = differing(await here.provision('apply'))
    expect(rest.join()).toContain('storageAccounts')
    expect(rest.filter((row) => row.includes('privateDnsZones '))).toEqual([])
    expect(rest.filter((row) => row.includes(' subnet '))).toEqual([])
    expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
  })

  test('is not delivered into the resource group of another factory', async () => {
    const group = `/subscriptions/${dev.subscriptionId}/resourceGroups/mrvel-esml-common-sdc-dev-002`
    await (await byHand(sandbox)).put(group, '2024-11-01', {
      location: 'swedencentral',
      tags: { factory: 'other-001', project: 'common', environment: 'dev' },
    })
    const since = sandbox.requestCount()
    await expect(here.provision('apply')).rejects.toMatchObject({
      cause: {
        message: expect.stringContaining(
          'has the tags factory=other-001, and this common area has factory=mrvel-002',
        ),
      },
    })
    expect(writes(since)).toEqual([])
  })

  test('loses what holds data only when that is allowed, and nothing else with it', async () => {
    await here.provision('apply')
    here.parts({ keyVault: false })
    const { message, report } = await failureOf(here.provision('apply'))
    expect(message).toContain(
      "The common area of dev would lose stateful resources: Microsoft.KeyVault/vaults 'kv-cmndev-d3e4f-002'",
    )
    expect(message).toContain(
      'write deletion into the field allow under Actions > Common area > Run workflow.',
    )
    expect(report.outcome).toBe('refused')
    const off = await here.provision('apply', ['deletion'])
    expect(others(off)).toEqual([])
    here.parts({})
    const on = await here.provision('apply')
    expect(others(on)).toEqual([])
    expect(planOf(on).changes.find(({ name }) => name === 'kv-cmndev-d3e4f-002')?.reason).toContain(
      'it is recovered',
    )
    expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  })
})

describe('the resource providers of a subscription that never had anything', () => {
  /** What a common area always needs, and what projects can need: the rest depends on the parts that are there. */
  const few = [
    ...['microsoft.network', 'microsoft.storage', 'microsoft.insights', 'microsoft.cognitiveservices'],
    ...['microsoft.documentdb', 'microsoft.machinelearningservices', 'microsoft.managedidentity'],
    'microsoft.search',
  ]
  const subscription = () => {
    const found = sandbox.state.arm.subscriptions[dev.subscriptionId]
    if (found === undefined) throw new Error('There is no such subscription.')
    return found
  }

  test('are in the plan, registered, and waited for', async () => {
    await open({ durationScale: 0.01 })
    subscription().registered = [...few]
    const planned = await here.provision('plan')
    const wanted = ['Microsoft.ContainerRegistry', 'Microsoft.KeyVault', 'Microsoft.OperationalInsights']
    expect(rows(planned).slice(0, 3)).toEqual(wanted.map((name) => `create resource provider ${name}`))
    expect(rows(await here.provision('apply'))).toEqual(rows(planned))
    expect(subscription().registered).toEqual(
      expect.arrayContaining(wanted.map((name) => name.toLowerCase())),
    )
    expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  })

  test('are those that projects can need too: nobody else registers them', async () => {
    await open({ durationScale: 0 })
    subscription().registered = []
    const needed = (await here.provision('plan')).plan?.changes
      .filter(({ kind }) => kind === 'resource provider')
      .map(({ name }) => name.toLowerCase())
    expect(needed).toEqual(expect.arrayContaining(few))
  })

  test('are only those of the parts that are there, and of services that projects may have', async () => {
    await open({ durationScale: 0 })
    subscription().registered = []
    const off = ['aiFoundry', 'aiSearch', 'cosmosDb', 'machineLearning']
    const services = off.map((key) => `${key}: false`).join(', ')
    here.change((text) =>
      text
        .replace('sharedContainerRegistry: true', 'sharedContainerRegistry: false')
        .replace('defaults: {}', `common: { keyVault: false }\ndefaults: { services: { ${services} } }`),
    )
    const namespaces = rows(await here.provision('plan'))
      .filter((row) => row.includes('resource provider'))
      .map((row) => row.split(' ').at(-1) ?? '')
    expect(namespaces).toContain('Microsoft.ContainerRegistry')
    for (const service of ['CognitiveServices', 'Search', 'DocumentDB', 'MachineLearningServices'])
      expect(namespaces).not.toContain(`Microsoft.${service}`)
    // The check has the same list.
    const { outputs } = await here.provision('check')
    const registering = [...String(outputs['rights']).matchAll(/"(Microsoft\.\w+)\/register\/action"/g)]
    expect(registering.map(([, namespace]) => namespace).toSorted()).toEqual(namespaces.toSorted())
  })

  test('that cannot be registered end the run before anything else is written', async () => {
    await open({ failingRegistrations: ['Microsoft.KeyVault'] })
    subscription().registered = [...few, 'microsoft.operationalinsights', 'microsoft.containerregistry']
    const since = sandbox.requestCount()
    const { message } = await failureOf(here.provision('apply'))
    expect(message).toContain('could not be registered with Microsoft.KeyVault')
    expect(message).toContain('az provider register --namespace Microsoft.KeyVault --wait')
    expect(writes(since).every((write) => write.includes('/providers/Microsoft.KeyVault/register'))).toBe(
      true,
    )
  })
})
