import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import type { Usage } from '../../src/plan/usage.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const plan = async () => planOf(await here.provision('plan'))
const of = (usage: readonly Usage[] | undefined, what: string) => usage?.find((one) => one.what === what)

describe('a plan before the subnets of the project exist', () => {
  test('is made with the planned ones, and says of each resource what Azure validates at apply only', async () => {
    here.write(labManifest)
    const { changes, warnings } = await plan()
    expect(warnings.join()).toContain('do not exist yet')
    const resources = changes.filter(({ change, kind }) => change === 'create' && kind.includes('/'))
    expect(resources.length).toBeGreaterThan(0)
    for (const { uncertainty } of resources) {
      expect(uncertainty).toEqual({ is: 'unknown', reason: expect.stringContaining('only at apply') })
    }
    const { summary } = await here.provision('plan')
    expect(summary).toContain('not all known')
  })

  test('is certain once they do, and the same besides', async () => {
    here.write(labManifest)
    const before = await plan()
    await here.network('reserve')
    const after = await plan()
    expect(after.changes.every(({ uncertainty }) => uncertainty === undefined)).toBe(true)
    const kinds = ({ changes }: typeof after) =>
      changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)
    expect(kinds(after)).toEqual(kinds(before))
  })
})

describe('what a plan says of costs and limits', () => {
  test('is what it is before and after, and is so when it was applied', async () => {
    here.write(labManifest)
    await here.network('reserve')
    const first = await plan()
    expect(first.cost).toMatchObject({ before: 0, notEstimated: [] })
    // What was applied is reported as it was planned.
    const { usage } = planOf(await here.provision('apply'))
    expect(usage).toEqual(first.usage)
    here.write({ ...labManifest, services: { aiSearch: { sku: 'basic', replicas: 2 }, cosmosDb: true } })
    const next = await plan()
    expect(next.cost?.before).toBeCloseTo(first.cost?.after ?? 0)
    // One search unit, a private endpoint, and a tenth of 1,000 RU/s.
    expect((next.cost?.after ?? 0) - (next.cost?.before ?? 0)).toBeCloseTo(730 * (0.101 + 0.01 + 0.012))

    const endpoints = of(next.usage, 'private endpoints')
    expect(endpoints).toMatchObject({ used: of(first.usage, 'private endpoints')?.after, limit: 1_000 })
    expect(endpoints?.after).toBe((endpoints?.used ?? 0) + 1)
    const addresses = of(next.usage, 'addresses')
    expect(addresses).toMatchObject({ used: of(first.usage, 'addresses')?.after, limit: 123 })
    // The account and its region.
    expect(addresses?.after).toBe((addresses?.used ?? 0) + 2)
    expect(of(next.usage, 'role assignments')).toMatchObject({ limit: 4_000 })
  })

  test('is not nothing before of resources that a stack has left behind', async () => {
    here.write(labManifest)
    await here.network('reserve')
    await here.provision('apply')
    for (const id of Object.keys(sandbox.state.deployments.stacks))
      delete sandbox.state.deployments.stacks[id]
    const report = await here.provision('plan')
    // Azure has approved the connections itself, and does not take that back.
    const endpoints = planOf(report).changes.filter(({ kind }) => kind.endsWith('/privateEndpoints'))
    expect(endpoints.length).toBeGreaterThan(0)
    expect(endpoints.flatMap(({ properties = [] }) => properties)).toEqual([])
    expect(planOf(report).cost).not.toHaveProperty('before')
    expect(report.summary).toMatch(/Estimated cost per month: [^→.]*, plus usage/)
  })

  test('counts of the quotas of models what is more than they have', async () => {
    const quotas = (usage: readonly Usage[] | undefined) =>
      usage?.filter(({ what }) => what.startsWith('units of the model quota ')) ?? []
    here.write(labManifest)
    await here.network('reserve')
    const first = quotas((await plan()).usage)
    expect(first).not.toEqual([])
    for (const { used, after, limit } of first) expect([used < after, after <= limit]).toEqual([true, true])
    await here.provision('apply')
    const then = quotas((await plan()).usage)
    expect(then.map(({ what, used, after }) => [what, used, after])).toEqual(
      first.map(({ what, after }) => [what, after, after]),
    )
  })

  test('leaves out what may not be read, and is made all the same', async () => {
    here.write(labManifest)
    await here.network('reserve')
    const address = { method: 'GET', path: '/Microsoft.CognitiveServices/locations/' }
    const body = { error: { code: 'AuthorizationFailed', message: 'no' } }
    sandbox.faults.add({ ...address, status: 403, times: 100, body })
    const { usage, changes } = await plan()
    expect(changes).not.toEqual([])
    expect(usage?.map(({ what }) => what)).toEqual(['private endpoints', 'addresses', 'role assignments'])
  })
})

test('without the right to keep a what-if result the plan is the plain one, and says so', async () => {
  here.write(labManifest)
  await here.network('reserve')
  const { changes } = await plan()
  sandbox.faults.add({
    method: 'PUT',
    path: '/deploymentStacksWhatIfResults/',
    status: 403,
    body: { error: { code: 'AuthorizationFailed', message: 'no' } },
  })
  const plain = await plan()
  expect(plain.changes).toEqual(changes)
  expect(plain.warnings.join()).toContain(
    "because the identity lacks 'Microsoft.Resources/deploymentStacksWhatIfResults/*'",
  )
})

test('a stack that somebody changes between reading it and asking is read and compared again', async () => {
  here.write(labManifest)
  await here.network('reserve')
  await here.provision('apply')
  const [stack] = Object.values(sandbox.state.deployments.stacks)
  const earlier = {
    id: stack?.id,
    name: stack?.name,
    systemData: { lastModifiedAt: '2026-01-01T00:00:00Z' },
    properties: { provisioningState: 'failed', resources: [] },
  }
  const address = { method: 'GET', path: '/deploymentStacks/' }
  sandbox.faults.add({ ...address, status: 200, body: earlier })
  const since = sandbox.requestCount()
  expect((await plan()).changes.every(({ change }) => change === 'keep')).toBe(true)
  const asked = (part: string) => sandbox.requests(since).filter(({ path }) => path.includes(part))
  expect(asked('/deploymentStacks/').filter(({ method }) => method === 'GET')).toHaveLength(2)
  expect(asked('/deploymentStacksWhatIfResults/').filter(({ method }) => method === 'PUT')).toHaveLength(2)
})
