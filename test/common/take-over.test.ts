/** A common area that somebody made by hand is taken over only when somebody says so, and then once. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { ids } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, commonInProcess, writesOf } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
  // The factory whose common area the sandbox begins with: made by hand, without tags and stacks.
  here.change((text) => text.replace('instance: "002"', 'instance: "001"').replace('d3e4f', 'a1b2c'))
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const vault = `${ids.common}/providers/Microsoft.KeyVault/vaults/`.toLowerCase()
const vaults = () => Object.entries(sandbox.state.arm.resources).filter(([id]) => id.startsWith(vault))

test('unasked it changes nothing, and says what it is and how each can stay', async () => {
  const before = sandbox.requestCount()
  const failure = await here.provision('apply').catch((error: unknown) => error)
  if (!(failure instanceof FailureWithReport)) throw new Error('It was not refused.')
  expect(writesOf(sandbox, before)).toEqual([])
  const text = String(failure.cause)
  expect(text).toContain('would take over what this factory did not make')
  expect(text).toMatch(/network\.vnetId: \/subscriptions\//)
  expect(text).toContain('into the field allow under Actions > Common area > Run workflow.')
  const { warnings } = planOf(await here.provision('plan'))
  expect(warnings.join('\n')).toMatch(/common\.keyVault: \{ id: \/subscriptions\//)
  expect(warnings.join('\n')).toMatch(/common\.dataLake: \{ id: \/subscriptions\//)
})

test('when it is allowed, all of it is delivered, with the days that its vault has, and is the factory’s from then on', async () => {
  const [[, made] = []] = vaults()
  const days = made?.properties?.['softDeleteRetentionInDays']
  const report = await here.provision('apply', ['take-over'])
  expect(report.outcome).toBe('applied')
  expect(vaults().map(([, { properties }]) => properties?.['softDeleteRetentionInDays'])).toEqual([days])
  const again = planOf(await here.provision('plan'))
  expect(hasChanges(again)).toBe(false)
  expect(again.warnings.join('\n')).not.toContain('would take over')
})

/** Makes the lake and the workspace as a company may have them: more copies, kept for longer, reached from more places. */
async function madeByACompany() {
  const { put } = await byHand(sandbox)
  const [lake] = Object.values(sandbox.state.arm.resources).filter(
    ({ id, type }) => id.startsWith(ids.common) && type === 'Microsoft.Storage/storageAccounts',
  )
  const [workspace] = Object.values(sandbox.state.arm.resources).filter(
    ({ id, type }) => id.startsWith(ids.common) && type === 'Microsoft.OperationalInsights/workspaces',
  )
  if (lake === undefined || workspace === undefined) throw new Error('The sandbox begins without them.')
  const { location, kind, properties } = lake
  await put(lake.id, '2024-01-01', {
    location,
    kind,
    sku: { name: 'Standard_GZRS' },
    properties: {
      ...properties,
      allowSharedKeyAccess: true,
      publicNetworkAccess: 'Enabled',
      networkAcls: {
        defaultAction: 'Deny',
        bypass: 'None',
        ipRules: [{ value: '52.1.2.3', action: 'Allow' }],
      },
    },
  })
  const days = { enabled: true, days: 90 }
  await put(`${lake.id}/blobServices/default`, '2024-01-01', {
    properties: { deleteRetentionPolicy: days, containerDeleteRetentionPolicy: days },
  })
  await put(workspace.id, '2023-09-01', {
    location: workspace.location,
    properties: { ...workspace.properties, retentionInDays: 365 },
  })
}

describe('what becomes less by it', () => {
  const lost = [
    "logs older than 30 days (Microsoft.OperationalInsights/workspaces 'la-cmn-",
    'the copy in a second region (Microsoft.Storage/storageAccounts',
    'deleted blobs older than 7 days, deleted containers older than 7 days',
  ]

  test('is a loss of its own: to take over is not to lose data, and nothing is written', async () => {
    await madeByACompany()
    const before = sandbox.requestCount()
    const failure = await here.provision('apply', ['take-over']).catch((error: unknown) => error)
    if (!(failure instanceof FailureWithReport)) throw new Error('It was not refused.')
    expect(writesOf(sandbox, before)).toEqual([])
    for (const one of lost) expect(String(failure.cause)).toContain(one)
    expect(String(failure.cause)).toContain('allow: deletion')
    const { warnings } = planOf(failure.report)
    expect(warnings.join('\n')).toContain(
      "access from '52.1.2.3', access with account keys, access from outside",
    )
    expect((await here.provision('apply', ['take-over', 'deletion'])).outcome).toBe('applied')
    expect(planOf(await here.provision('plan')).warnings.join('\n')).not.toContain('would lose')
  })

  test('stands first in the short table, and other properties before tags', async () => {
    await madeByACompany()
    const { summary = '' } = await here.provision('plan', ['take-over'])
    const [short = [], all = []] = summary
      .split('<details>')
      .map((part) => part.split('\n').filter((line) => line.includes('✏️')))
    expect(short[0]).toContain('365 → 30. Lost: logs older than 30 days.')
    expect(short.join()).toContain('Lost: access with account keys')
    const onlyTags = all.findIndex((row) => /\| tags\S*: –/.test(row))
    expect(onlyTags).toBeGreaterThan(all.findLastIndex((row) => row.includes('properties.')))
  })
})

test('what Azure fills in, or keeps, does not look as if it went', async () => {
  const { changes } = planOf(await here.provision('plan', ['take-over']))
  const vanishing = changes.flatMap(({ change, kind, properties = [] }) =>
    change === 'modify'
      ? properties.filter(({ after }) => after === undefined).map(({ path }) => `${kind} ${path}`)
      : [],
  )
  expect(vanishing).toEqual([])
})
