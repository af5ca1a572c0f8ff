/** What a delivery would refuse when it comes to the project's resources is found before its subnets are reserved. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import type { Finding } from '../../src/operations/check/finding.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import type { Allowance } from '../../src/vocabulary.ts'
import { ids } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { devGroupOf } from '../e2e/support/places.ts'
import { type InProcess, inProcess, labManifest, planOf } from '../provision-project/in-process.ts'

const lab = { ...labManifest, name: 'search-lab' }
const manifest = { ...lab, services: { aiSearch: true } }
let sandbox: Sandbox
let hand: ByHand
let delivered: InProcess
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  delivered = inProcess(sandbox, '041')
  hand = await byHand(sandbox)
  delivered.write(manifest)
  await delivered.network('reserve')
  await delivered.provision('apply')
})
afterAll(() => sandbox.close())

/** What the check of the project itself finds. */
async function found(project: InProcess, allowed: readonly Allowance[] = []): Promise<readonly Finding[]> {
  const { outputs } = await project.provision('check', allowed).catch((error: unknown) => {
    if (error instanceof FailureWithReport) return error.report
    throw error
  })
  const all: readonly (Finding & { readonly subject: string })[] = JSON.parse(outputs['findings'] ?? '[]')
  return all.filter(({ subject }) => subject === 'Project')
}
const fault = (what: RegExp, file: RegExp) =>
  expect.objectContaining({
    severity: 'fault',
    what: expect.stringMatching(what),
    where: expect.objectContaining({ file: expect.stringMatching(file) }),
  })
const warning = (what: RegExp) =>
  expect.objectContaining({ severity: 'warning', what: expect.stringMatching(what) })

describe('a project that is there', () => {
  test('is well when its documents ask for what it is', async () => {
    delivered.write(manifest)
    expect(await found(delivered)).toEqual([
      expect.objectContaining({
        severity: 'good',
        what: 'Project 041 is there in dev, and nothing of it is lost or refused.',
      }),
    ])
  })

  test('under another name, unless that is allowed', async () => {
    delivered.write({ ...manifest, name: 'other-lab' })
    expect(await found(delivered)).toEqual([
      fault(/^Number 041 in dev belongs to project 'search-lab'/, /prj041\.yml$/),
    ])
    expect(await found(delivered, ['rename'])).toEqual([warning(/It is renamed\.$/)])
  })

  test('would lose data, unless that is allowed', async () => {
    delivered.write({ ...lab, services: { aiSearch: false } })
    expect(await found(delivered)).toEqual([
      fault(/would lose stateful resources: Microsoft\.Search\/searchServices '.*'\.$/, /prj041\.yml$/),
    ])
    expect(await found(delivered, ['deletion'])).toEqual([warning(/That is allowed\./)])
  })

  test('would lose what others have made in what goes: it is named too', async () => {
    const account = Object.values(sandbox.state.arm.resources).find(
      ({ type, id }) => /CognitiveServices\/accounts$/i.test(type) && id.includes('project041'),
    )
    await hand.put(`${account?.id}/deployments/their-model`, '2025-06-01', {
      sku: { name: 'DataZoneStandard', capacity: 1 },
      properties: { model: { format: 'OpenAI', name: 'text-embedding-3-large', version: '1' } },
    })
    delivered.write({ ...lab, services: { aiSearch: true, aiFoundry: false } })
    expect(await found(delivered)).toEqual([
      fault(/would lose stateful resources: .*their-model/, /prj041\.yml$/),
    ])
  })

  test('would lose what a lock may keep: when nobody may list locks, that is not checked', async () => {
    delivered.write({ ...lab, services: { aiSearch: false } })
    sandbox.faults.add({
      method: 'GET',
      path: '/Microsoft.Authorization/locks',
      times: 9,
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    })
    const findings = await found(delivered, ['deletion'])
    sandbox.faults.clear()
    expect(findings).toContainEqual({
      subject: 'Project',
      severity: 'unchecked',
      what: expect.stringMatching(/^Whether a lock keeps what goes could not be read: /),
    })
  })

  test('has an endpoint that was rejected and a resource that failed: check, plan and apply say so, and what failed is deployed again', async () => {
    delivered.write(manifest)
    const all = Object.values(sandbox.state.arm.resources)
    const search = all.find(({ type, id }) => /searchServices$/i.test(type) && id.includes('project041'))
    Object.assign(search?.properties ?? {}, { provisioningState: 'failed' })
    const connection = all.find(
      ({ type, id }) => /vaults\/privateEndpointConnections$/i.test(type) && id.includes('project041'),
    )
    await hand.put(connection?.id ?? '', '2024-11-01', {
      properties: { privateLinkServiceConnectionState: { status: 'Rejected', description: 'not here' } },
    })
    expect(await found(delivered)).toEqual([
      warning(
        /^The last change of Microsoft\.Search\/searchServices '.*' failed\. The delivery deploys it again\.$/,
      ),
      warning(
        /^Somebody rejected the connection of private endpoint '.*' at 'kv-p041.*', with the words 'not here'\. The project is cut off/,
      ),
    ])
    const rejected = expect.stringMatching(/^Somebody rejected the connection of private endpoint/)
    const planned = planOf(await delivered.provision('plan'))
    expect(planned.warnings).toContainEqual(rejected)
    expect(planned.changes.filter(({ change }) => change !== 'keep').map(({ kind }) => kind)).toEqual([
      'Microsoft.Search/searchServices',
    ])
    await delivered.provision('apply')
    expect(sandbox.state.arm.resources[search?.id.toLowerCase() ?? '']?.properties).toMatchObject({
      provisioningState: expect.stringMatching(/^succeeded$/i),
    })
    const again = planOf(await delivered.provision('apply'))
    expect(again.warnings).toContainEqual(rejected)
    expect(again.changes.filter(({ change }) => change !== 'keep')).toEqual([])
    await hand.put(connection?.id ?? '', '2024-11-01', {
      properties: { privateLinkServiceConnectionState: { status: 'Approved', description: '' } },
    })
  })

  test('has a zone group of others that lacks a zone', async () => {
    delivered.write(manifest)
    const endpoint = Object.values(sandbox.state.arm.resources).find(
      ({ type, id }) => /privateEndpoints$/i.test(type) && /project041.*-vault/i.test(id),
    )
    const groups = `${endpoint?.id}/privateDnsZoneGroups`
    await hand.remove(`${groups}/default`, '2025-05-01')
    const zone = `${ids.common}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`
    const properties = { privateDnsZoneConfigs: [{ name: 'blob', properties: { privateDnsZoneId: zone } }] }
    await hand.put(`${groups}/deployedByPolicy`, '2025-05-01', { properties })
    expect(await found(delivered)).toEqual([
      fault(/has the DNS zone group 'deployedByPolicy', which does not write .*vaultcore/, /factory\.yml$/),
    ])
  })

  test('has a capability host that keeps the data elsewhere', async () => {
    delivered.write(manifest)
    const account = Object.values(sandbox.state.arm.resources).find(
      ({ type, id }) => /CognitiveServices\/accounts$/i.test(type) && id.includes('project041'),
    )
    const host = `${account?.id}/capabilityHosts/agents`
    await hand.put(host, '2025-06-01', { properties: { capabilityHostKind: 'Agents' } })
    const { properties } = sandbox.state.arm.resources[host.toLowerCase()] ?? {}
    Object.assign(properties ?? {}, { threadStorageConnections: ['cosmos-of-before'] })
    const all = await found(delivered)
    await hand.remove(host, '2025-06-01')
    expect(all).toContainEqual(
      fault(/^The capability host 'agents' .* keeps the data of agents elsewhere/, /prj041\.yml$/),
    )
  })
})

describe('a resource group of the name is there', () => {
  const version = '2024-11-01'
  const fresh = (number: string): InProcess => {
    const project = inProcess(sandbox, number)
    project.write({ ...labManifest, name: `lab-${number}` })
    return project
  }

  test.each([
    [
      '051',
      'in another region',
      { location: 'westeurope', tags: { owner: 'somebody' } },
      /^Resource group '.*project051.*' is in westeurope, and factory\.yml says swedencentral\.$/,
      /somebody else has/,
    ],
    [
      '052',
      'of another factory',
      { location: 'swedencentral', tags: { factory: 'other-001' } },
      /^Resource group '.*' has the tags factory=other-001, and this project has factory=mrvel-001\./,
      /Another project or factory/,
    ],
  ])(
    '%s: %s, which stops the check and the plan before anything is written',
    async (number, _, group, what, why) => {
      await hand.put(devGroupOf(number), version, group)
      const project = fresh(number)
      expect(await found(project)).toEqual([fault(what, /factory\.yml$/)])
      const since = sandbox.requestCount()
      await expect(project.provision('plan')).rejects.toMatchObject({
        cause: { message: expect.stringMatching(why) },
      })
      expect(sandbox.requests(since).filter(({ method }) => method === 'PUT')).toEqual([])
    },
  )

  test('with no tag that says whose: it is used, and that is said', async () => {
    await hand.put(devGroupOf('053'), version, { location: 'swedencentral', tags: { owner: 'somebody' } })
    expect(await found(fresh('053'))).toEqual([
      warning(/^Resource group '.*' is there already, and no tag shows that this factory made it\./),
    ])
  })
})
