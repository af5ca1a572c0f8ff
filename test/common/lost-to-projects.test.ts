/** Parts of the common area that projects use, and that factory.yml asks for no more. */
import { expect, test } from '@jest/globals'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, openDeliveredCommon, writesOf } from './in-process.ts'

const withoutRegistry = ({ parts }: CommonInProcess) => parts({ containerRegistry: false })
const otherContainer = ({ change }: CommonInProcess) =>
  change((text) => text.replace('container: lake3', 'container: lake4'))
const workspace = `/subscriptions/${dev.subscriptionId}/resourceGroups/monitoring/providers/Microsoft.OperationalInsights/workspaces/central`
const otherWorkspace = ({ devParts }: CommonInProcess) => devParts({ logAnalytics: { id: workspace } })

test.each([
  ['the shared registry', withoutRegistry, 'Microsoft.ContainerRegistry/registries'],
  ['the container of the lake', otherContainer, 'blobServices/containers'],
  ['the workspace of the logs', otherWorkspace, 'Microsoft.OperationalInsights/workspaces'],
])('%s stays while there are projects, whatever is allowed', async (_, edit, kind) => {
  const { sandbox, here } = await openDeliveredCommon()
  const project = `/subscriptions/${dev.subscriptionId}/resourceGroups/of-003`
  const hands = await byHand(sandbox)
  await hands.put(project, '2024-11-01', {
    location: 'swedencentral',
    tags: { factory: 'mrvel-002', environment: 'dev', project: '003' },
  })
  await hands.put(workspace.replace(/\/providers.*/, ''), '2024-11-01', { location: 'swedencentral' })
  await hands.put(workspace, '2023-09-01', {
    location: 'swedencentral',
    properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 },
  })
  edit(here)
  const checked = await failureOf(here.provision('check', ['deletion']))
  expect(checked.message).toContain('would lose what its projects use: ')
  const { warnings } = planOf(await here.provision('plan', ['deletion']))
  expect(warnings[0]).toContain('would lose what its projects use: ')
  const since = sandbox.requestCount()
  const { message } = await failureOf(here.provision('apply', ['deletion']))
  expect(message).toContain(kind)
  expect(message).toContain('They are project 003.')
  expect(writesOf(sandbox, since)).toEqual([])
  await hands.remove(project, '2024-11-01')
  expect((await here.provision('apply', ['deletion'])).outcome).toBe('applied')
  here.factory.remove()
  await sandbox.close()
})

test('a check names what would be lost, as a fault unless that is allowed', async () => {
  const { sandbox, here } = await openDeliveredCommon()
  expect((await here.provision('check')).notice).toMatch(/: 0 faults/)
  here.parts({ keyVault: false })
  const { message } = await failureOf(here.provision('check'))
  expect(message).toContain("would lose stateful resources: Microsoft.KeyVault/vaults 'kv-cmndev-d3e4f-002'")
  const { notice, outputs } = await here.provision('check', ['deletion'])
  expect(notice).toMatch(/: 0 faults/)
  expect(outputs?.['findings']).toContain('That is allowed.')
  here.factory.remove()
  await sandbox.close()
})
