import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
})

/** Delivers a project, destroys it, and reserves its subnets again. */
async function destroyed(type: 'esml' | 'genai-1'): Promise<void> {
  here.write({ ...labManifest, type })
  await here.network('reserve')
  await here.provision('apply')
  await here.destroy(['deletion'])
  await here.network('reserve')
  here.logged.splice(0)
}
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const kept = () => sandbox.state.arm.softDeleted.map(({ type }) => type).toSorted()
const account = 'Microsoft.CognitiveServices/accounts'
const vault = 'Microsoft.KeyVault/vaults'
const reasonOf = (report: Awaited<ReturnType<InProcess['provision']>>, type: string) =>
  planOf(report).changes.find(({ kind }) => kind === type)?.reason ?? ''

test('a project that was destroyed and is delivered again gets its vault and its account back, and the plan says so', async () => {
  await destroyed('genai-1')
  expect(kept()).toEqual([account, vault])
  const planned = await here.provision('plan')
  expect(reasonOf(planned, vault)).toMatch(
    /^Azure keeps the deleted Microsoft\.KeyVault\/vaults '[\w-]+' until \d{4}-\d\d-\d\d: it is recovered, with what was in it\.$/,
  )
  expect(reasonOf(planned, account)).toMatch(/: it is recovered, with what was in it\.$/)
  expect(kept()).toEqual([account, vault])

  const applied = await here.provision('apply')
  expect(planOf(applied).changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`)).toEqual(
    planOf(planned).changes.map(({ change, kind, name }) => `${change} ${kind} ${name}`),
  )
  expect(here.logged.filter((line) => line.includes('it is recovered'))).toHaveLength(4)
  expect(kept()).toEqual([])
  expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
})

test('a vault that somebody has deleted comes back with private endpoints that connect to it', async () => {
  here.write({ ...labManifest, type: 'genai-1' })
  await here.network('reserve')
  await here.provision('apply')
  const resources = () => Object.values(sandbox.state.arm.resources)
  const id = resources().find((one) => one.type === vault && one.id.includes('project003'))?.id ?? ''
  const connections = () =>
    resources().filter(({ type, id: one }) => /privateEndpointConnections$/.test(type) && one.startsWith(id))
  const before = connections().length
  expect(before).toBeGreaterThan(0)
  await (await byHand(sandbox)).remove(id, '2023-07-01')
  const { warnings } = planOf(await here.provision('apply'))
  expect(warnings.filter((line) => line.includes('cut off'))).toEqual([])
  expect(connections()).toHaveLength(before)
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
})

test('what can be purged is purged when that is allowed, and what is protected comes back', async () => {
  await destroyed('genai-1')
  const planned = await here.provision('plan', ['purge'])
  expect(reasonOf(planned, account)).toMatch(/: it is purged first, and cannot be recovered after that\.$/)
  expect(reasonOf(planned, vault)).toMatch(/: it is recovered/)
  expect(kept()).toEqual([account, vault])

  const since = sandbox.requestCount()
  await here.provision('apply', ['purge'])
  const writes = sandbox.requests(since).filter(({ method }) => ['PUT', 'DELETE'].includes(method))
  const purged = writes.findIndex(({ path }) => path.includes('/deletedAccounts/'))
  const deployed = writes.findIndex(({ path }) => path.includes('/deploymentStacks/'))
  expect(purged).toBeGreaterThanOrEqual(0)
  expect(purged).toBeLessThan(deployed)
  expect(kept()).toEqual([])
  expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
})

const refusal = (report: Promise<unknown>): Promise<string> =>
  report.then(
    () => 'accepted',
    (error: unknown) => {
      const cause = error instanceof FailureWithReport ? error.cause : error
      return cause instanceof Error ? cause.message : String(cause)
    },
  )

test('a Machine Learning workspace that Azure keeps cannot come back by itself: that is explained, and it can be purged', async () => {
  await destroyed('esml')
  expect(kept()).toEqual([vault, 'Microsoft.MachineLearningServices/workspaces'].toSorted())
  const text = await refusal(here.provision('apply'))
  expect(text).toContain(
    'A deleted Machine Learning workspace still has the name: Azure keeps it for 14 days.',
  )
  expect(text).toContain("'allow: purge'")
  expect(kept()).toHaveLength(2)

  await here.provision('apply', ['purge'])
  expect(kept()).toEqual([])
  expect(hasChanges(planOf(await here.provision('apply')))).toBe(false)
})

test('a vault of the same name that others deleted in their group stops plan and apply, which say where it is', async () => {
  const hand = await byHand(sandbox)
  here.write({ ...labManifest, type: 'genai-1' })
  await here.network('reserve')
  const group = `/subscriptions/${dev.subscriptionId}/resourceGroups/rg-others`
  const name = planOf(await here.provision('plan')).changes.find(({ kind }) => kind === vault)?.name ?? ''
  const body = {
    location: 'swedencentral',
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId: dev.tenantId,
      enableRbacAuthorization: true,
    },
  }
  await hand.put(group, '2024-11-01', { location: 'swedencentral' })
  await hand.put(`${group}/providers/${vault}/${name}`, '2024-11-01', body)
  await hand.remove(`${group}/providers/${vault}/${name}`, '2024-11-01')
  for (const mode of ['plan', 'apply'] as const) {
    expect(await refusal(here.provision(mode, ['purge']))).toMatch(
      /is softly deleted in another place, group 'rg-others' in swedencentral, until .* Let whoever deleted it/,
    )
  }
  expect(kept()).toEqual([vault])
})

const workspace = 'Microsoft.MachineLearningServices/workspaces'

test('with purge allowed, the plan of such a workspace says that it is purged first, and the workspace is still kept', async () => {
  await destroyed('esml')
  const planned = await here.provision('plan', ['purge'])
  expect(reasonOf(planned, workspace)).toMatch(
    /^Azure may keep a deleted .*, which it does not list: it is purged first, and cannot be recovered after that\./,
  )
  expect(kept()).toContain(workspace)

  const applied = await here.provision('apply', ['purge'])
  expect(planOf(applied).changes).toEqual(planOf(planned).changes)
  expect(kept()).toEqual([])
})

test('a delivery that is refused has purged nothing', async () => {
  const manifest = { ...labManifest, type: 'esml' }
  here.write({ ...manifest, services: { machineLearning: true } })
  await here.network('reserve')
  await here.provision('apply')
  here.write({ ...manifest, services: { machineLearning: false } })
  await here.provision('apply')
  expect(kept()).toContain(workspace)

  here.write({ ...manifest, name: 'another-lab', services: { machineLearning: true } })
  expect(await refusal(here.provision('apply', ['purge']))).toContain("belongs to project 'quality-lab'")
  expect(kept()).toContain(workspace)
})

test('a run that ended between deleting an account and purging it is finished by the next', async () => {
  here.write(labManifest)
  await here.network('reserve')
  await here.provision('apply')
  here.write({ ...labManifest, services: { aiFoundry: false } })
  sandbox.faults.add({
    method: 'DELETE',
    path: '/deletedAccounts/',
    status: 403,
    times: 'always',
    body: { error: { code: 'AuthorizationFailed', message: 'The client does not have authorization.' } },
  })
  await expect(here.provision('apply', ['deletion', 'purge'])).rejects.toThrow()
  expect(kept()).toEqual([account])

  sandbox.faults.clear()
  const planned = planOf(await here.provision('plan', ['deletion', 'purge'])).changes
  expect(planned.map(({ change, kind }) => `${change} ${kind}`)).toContain(`delete softly deleted ${account}`)
  await here.provision('apply', ['deletion', 'purge'])
  expect(kept()).toEqual([])
  expect(hasChanges(planOf(await here.provision('plan', ['deletion', 'purge'])))).toBe(false)
})
