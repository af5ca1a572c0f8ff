/** Destroying the common area of an environment. */
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { dev } from '../azure/on-sandbox.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { inProcess, labManifest, planOf } from '../provision-project/in-process.ts'
import { failureOf } from './failure-of.ts'
import { type CommonInProcess, openDeliveredCommon, writesOf } from './in-process.ts'

const subscription = `/subscriptions/${dev.subscriptionId}`
const group = `${subscription}/resourceGroups/mrvel-esml-common-sdc-dev-002`

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  const opened = await openDeliveredCommon()
  sandbox = opened.sandbox
  here = opened.here
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** Ids of all that is in the group, and of the group. */
const there = (): readonly string[] =>
  Object.keys(sandbox.state.arm.resources).filter((id) => id.toLowerCase().startsWith(group.toLowerCase()))

test('without a confirmation shows all that would go, and what is lost, and changes nothing', async () => {
  const since = sandbox.requestCount()
  const { plan, notice, outcome } = await here.destroy()
  expect(writesOf(sandbox, since)).toEqual([])
  expect(outcome).toBe('planned')
  const lost = plan?.changes.filter(({ holds }) => holds !== undefined).map(({ kind }) => kind)
  expect(lost).toEqual(
    expect.arrayContaining(['Microsoft.Storage/storageAccounts', 'Microsoft.KeyVault/vaults']),
  )
  expect(notice).toContain('run again with the inputs confirm: "common-dev" and allow: deletion')
})

test('shows no more of it as kept than what is there afterwards', async () => {
  const kept = ({ plan }: Report) =>
    plan?.changes.filter(({ change, kind }) => change === 'keep' && !kind.startsWith('softly deleted'))
  const planned = await here.destroy()
  expect(kept(planned)).toEqual([])
  const gone = planned.plan?.changes.filter(({ change }) => change === 'delete').map(({ kind }) => kind)
  expect(gone).toEqual(expect.arrayContaining(['subnet', 'network security group', 'resource group']))
  expect(kept(await here.destroy('common-dev', ['deletion']))).toEqual([])
})

test('is refused with the name of another environment', async () => {
  await expect(here.destroy('common-prod', ['deletion'])).rejects.toMatchObject({
    message: expect.stringContaining('the common area to destroy is that of dev. Nothing was changed.'),
  })
})

test('is refused while projects are there, each named, whatever is allowed', async () => {
  const tags = { factory: 'mrvel-002', environment: 'dev' }
  const { put } = await byHand(sandbox)
  for (const project of ['007', '003'])
    await put(`${subscription}/resourceGroups/of-${project}`, '2024-11-01', {
      location: 'swedencentral',
      tags: { ...tags, project },
    })
  await put(`${subscription}/resourceGroups/of-others`, '2024-11-01', {
    location: 'swedencentral',
    tags: { ...tags, factory: 'other-001', project: '009' },
  })
  const since = sandbox.requestCount()
  const { message, report } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toContain(
    'cannot go while there are projects in it: project 003, project 007. Nothing was changed.',
  )
  expect(report.outcome).toBe('refused')
  expect(writesOf(sandbox, since)).toEqual([])
})

test('is refused while a project has no more than its subnets, or a security group that was made for one', async () => {
  const { put } = await byHand(sandbox)
  const network = `${group}/providers/Microsoft.Network`
  const tags = { factory: 'mrvel-002', environment: 'dev' }
  const version = '2025-05-01'
  await put(`${network}/networkSecurityGroups/nsg-for-003`, version, {
    location: 'swedencentral',
    tags: { ...tags, project: '003' },
    properties: {},
  })
  const vnet = Object.keys(sandbox.state.arm.resources).find((id) => /virtualnetworks\/[^/]*-002$/i.test(id))
  await put(`${vnet}/subnets/snt-prj004-genai`, version, {
    properties: { addressPrefix: '172.16.200.0/26' },
  })
  const { message, report } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toContain(
    'while there are projects in it: project 003 (only its subnets), project 004 (only its subnets). Nothing was changed.',
  )
  expect(message).toContain('(003, 004), ip-calc with mode release is enough.')
  expect(report.outcome).toBe('refused')
})

describe('is refused, before anything is deleted, while others have in it', () => {
  const network = `${group}/providers/Microsoft.Network`
  const zone = `${network}/privateDnsZones/privatelink.blob.core.windows.net`
  const vnet = `${network}/virtualNetworks/vnt-esmlcmn-sdc-dev-002`
  const spoke = `${subscription}/resourceGroups/spoke/providers/Microsoft.Network/virtualNetworks/spoke`
  const put = async (id: string, version: string, body: object) =>
    (await byHand(sandbox)).put(id, version, body)
  const refusal = async (): Promise<string> => {
    const planned = await here.destroy()
    const since = sandbox.requestCount()
    const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
    expect(message).toContain('cannot go while others have something in it: ')
    expect(writesOf(sandbox, since)).toEqual([])
    expect(planned.plan?.warnings.some((line) => message.startsWith(line))).toBe(true)
    expect(planned.notice).toContain('keeps it has to go first')
    expect(planned.notice).not.toContain('confirm')
    return message
  }
  const makeSpoke = async () => {
    await put(`${subscription}/resourceGroups/spoke`, '2024-11-01', { location: 'swedencentral' })
    await put(spoke, '2025-05-01', {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } },
    })
  }

  test('a subnet of the VNet', async () => {
    await put(`${vnet}/subnets/AzureBastionSubnet`, '2025-05-01', {
      properties: { addressPrefix: '172.16.200.0/26' },
    })
    expect(await refusal()).toContain("subnet 'AzureBastionSubnet' of VNet 'vnt-esmlcmn-sdc-dev-002'.")
  })

  test('a peering of the VNet, whose other side would be left', async () => {
    await makeSpoke()
    await put(`${vnet}/virtualNetworkPeerings/to-spoke`, '2025-05-01', {
      properties: { remoteVirtualNetwork: { id: spoke } },
    })
    expect(await refusal()).toContain("peering 'to-spoke' of VNet 'vnt-esmlcmn-sdc-dev-002' with 'spoke'")
  })

  test('a link of a zone', async () => {
    await makeSpoke()
    await put(`${zone}/virtualNetworkLinks/to-spoke`, '2024-06-01', {
      location: 'global',
      properties: { virtualNetwork: { id: spoke }, registrationEnabled: false },
    })
    expect(await refusal()).toContain(
      "link 'to-spoke' of zone 'privatelink.blob.core.windows.net', through which VNet 'spoke' resolves names",
    )
  })

  test('a record of a zone', async () => {
    await put(`${zone}/A/theirs`, '2024-06-01', {
      properties: { ttl: 10, aRecords: [{ ipv4Address: '10.9.0.4' }] },
    })
    expect(await refusal()).toContain("record 'theirs' in zone 'privatelink.blob.core.windows.net'.")
  })

  test('a private endpoint in a common subnet', async () => {
    const endpoint = `${subscription}/resourceGroups/spoke/providers/Microsoft.Network/privateEndpoints/theirs`
    await put(`${subscription}/resourceGroups/spoke`, '2024-11-01', { location: 'swedencentral' })
    const lake = `${group}/providers/Microsoft.Storage/storageAccounts/mrveld3e4fesml002dev`
    await put(endpoint, '2025-05-01', {
      location: 'swedencentral',
      properties: {
        subnet: { id: `${vnet}/subnets/snet-esml-cmn-001` },
        privateLinkServiceConnections: [
          { name: 'theirs', properties: { privateLinkServiceId: lake, groupIds: ['blob'] } },
        ],
      },
    })
    const message = await refusal()
    expect(message).toContain("subnet 'snet-esml-cmn-001', which is in use by private endpoint 'theirs'")
    expect(message).toContain(`az resource delete --ids ${endpoint})`)
  })
})

test.each([
  ['both deployment stacks', /./],
  ['the deployment stack of the network', /-network-/],
])(
  'is refused when somebody has deleted %s and kept what they made, until it was delivered once more',
  async (_, gone) => {
    const { stacks } = sandbox.state.deployments
    for (const id of Object.keys(stacks)) if (gone.test(id)) delete stacks[id]
    const planned = await here.destroy()
    expect(planned.notice).toMatch(
      /It is gone, and \d+ resources that it made are still there|once more first/,
    )
    const kept = planned.plan?.changes.filter(({ change }) => change === 'keep') ?? []
    expect(kept.filter(({ reason = '' }) => reason.startsWith('Others'))).toEqual([])
    const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
    expect(message).toContain('which is gone while what it made is still there: ')
    expect(message).toContain('Deliver the common area once more (mode apply)')
    await here.provision('apply')
    expect((await here.destroy('common-dev', ['deletion'])).outcome).toBe('applied')
    expect(there()).toEqual([])
  },
)

test('names what others have connected to it, in words of a common area', async () => {
  const { put } = await byHand(sandbox)
  const network = `${subscription}/resourceGroups/theirs/providers/Microsoft.Network`
  const place = { location: 'swedencentral' }
  await put(`${subscription}/resourceGroups/theirs`, '2024-11-01', place)
  await put(`${network}/virtualNetworks/theirs`, '2025-05-01', {
    ...place,
    properties: {
      addressSpace: { addressPrefixes: ['10.9.0.0/16'] },
      subnets: [{ name: 'all', properties: { addressPrefix: '10.9.0.0/24' } }],
    },
  })
  const lake = `${group}/providers/Microsoft.Storage/storageAccounts/mrveld3e4fesml002dev`
  const connection = { name: 'theirs', properties: { privateLinkServiceId: lake, groupIds: ['blob'] } }
  await put(`${network}/privateEndpoints/theirs`, '2025-05-01', {
    ...place,
    properties: {
      subnet: { id: `${network}/virtualNetworks/theirs/subnets/all` },
      privateLinkServiceConnections: [connection],
    },
  })
  const { plan } = await here.destroy()
  expect(plan?.warnings.join('\n')).toContain(
    "is somebody else's and leads to Microsoft.Storage/storageAccounts",
  )
  const texts = JSON.stringify([plan?.warnings, plan?.changes])
  expect(texts).not.toMatch(/manifest|the project's/)
  here.parts({ keyVault: false })
  const reasons = planOf(await here.provision('plan')).changes.map(({ reason = '' }) => reason)
  expect(reasons).toContainEqual(expect.stringContaining('It is no longer asked for in factory.yml.'))
  expect(reasons.join('\n')).not.toContain('manifest')
})

test('is refused without the allowance to lose data', async () => {
  const since = sandbox.requestCount()
  const { message } = await failureOf(here.destroy('common-dev'))
  expect(message).toContain('would lose data: ')
  expect(message).toContain("Microsoft.Storage/storageAccounts 'mrveld3e4fesml002dev'")
  expect(writesOf(sandbox, since)).toEqual([])
})

test('is refused while somebody keeps something of it with a lock', async () => {
  await (await byHand(sandbox)).put(`${group}/providers/Microsoft.Authorization/locks/keep`, '2020-05-01', {
    properties: { level: 'CanNotDelete' },
  })
  const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toContain("cannot go while there are locks on it: 'keep' (CanNotDelete)")
})

test('removes everything, says what Azure keeps, and a second time finds nothing', async () => {
  const { outcome } = await here.destroy('common-dev', ['deletion'])
  expect(outcome).toBe('applied')
  expect(there()).toEqual([])
  const again = await here.destroy('common-dev', ['deletion'])
  expect(hasChanges(planOf(again))).toBe(false)
})

test('goes when its projects have been destroyed: nothing of theirs keeps it', async () => {
  const lake = `${group}/providers/Microsoft.Storage/storageAccounts/mrveld3e4fesml002dev`
  const assignments = `${lake}/providers/Microsoft.Authorization/roleAssignments`
  const storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  await (await byHand(sandbox)).put(`${assignments}/77777777-0000-0000-0000-000000000001`, '2022-04-01', {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${storageBlobDataOwner}`,
      principalId: dev.objectId,
      principalType: 'ServicePrincipal',
    },
  })
  const project = inProcess(sandbox, '003')
  writeFileSync(project.factory.file, readFileSync(here.factory.file, 'utf8'))
  project.write(labManifest)
  await project.network('reserve')
  await project.provision('apply')
  const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toContain('project 003 (quality-lab)')
  await project.destroy(['deletion', 'purge'])
  project.factory.remove()
  expect((await here.destroy('common-dev', ['deletion'])).outcome).toBe('applied')
  expect(there()).toEqual([])
})

test('takes along a security group that a run has left without its network', async () => {
  await here.destroy('common-dev', ['deletion'])
  const { put } = await byHand(sandbox)
  const tags = { factory: 'mrvel-002', environment: 'dev', project: 'common' }
  await put(group, '2024-11-01', { location: 'swedencentral', tags })
  const left = `${group}/providers/Microsoft.Network/networkSecurityGroups/nsg-snet-esml-cmn-001`
  await put(left, '2025-05-01', { location: 'swedencentral', tags, properties: {} })
  expect((await here.destroy('common-dev')).outcome).toBe('applied')
  expect(there()).toEqual([])
})

test('goes on where a run was cut off', async () => {
  sandbox.faults.add({
    method: 'DELETE',
    path: 'deploymentStacks/mrvel-esml-common-network',
    status: 403,
    body: { error: { code: 'Odd', message: 'No.' } },
  })
  const { message } = await failureOf(here.destroy('common-dev', ['deletion']))
  expect(message).toContain('Not all of the common area of dev could be destroyed.')
  expect(there().length).toBeGreaterThan(0)
  expect((await here.destroy('common-dev', ['deletion'])).outcome).toBe('applied')
  expect(there()).toEqual([])
})

test('leaves what others have put into the resource group, and the group with it', async () => {
  const theirs = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/theirs`
  await (await byHand(sandbox)).put(theirs, '2023-01-31', { location: 'swedencentral' })
  const { plan, summary } = await here.destroy('common-dev', ['deletion'])
  expect(summary).toContain('theirs')
  expect(plan?.changes.find(({ kind }) => kind === 'resource group')?.change).toBe('keep')
  expect(there().map((id) => id.toLowerCase())).toContain(theirs.toLowerCase())
})

test('gives the common area back when it is delivered again', async () => {
  await here.destroy('common-dev', ['deletion'])
  await here.provision('apply')
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
})
