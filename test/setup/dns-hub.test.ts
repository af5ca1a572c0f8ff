/** With `dns: hub` the zones are those of every environment: each may join them, and none may write in them. */
import { setTimeout } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { privateDnsZonesIn } from '../../src/catalog/facts/private-dns.ts'
import { provisionProject } from '../../src/operations/modes/provision-project.ts'
import { type IdentityKind, identityKindDefinitions, identityKinds } from '../../src/setup/identity-kinds.ts'
import { signedIn } from '../attack/identity.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { type AsOps, asOps } from './as-ops.ts'
import { beforeSetup, openSettingUp, type SettingUp, type SetupRun } from './setting-up.ts'
import { factoryIn } from './signing-in.ts'

const subscription = '/subscriptions/22222222-2222-2222-2222-222222222203'
const hub = `${subscription}/resourceGroups/hub-dns`
const zoneNamed = (name: string): string => `${hub}/providers/Microsoft.Network/privateDnsZones/${name}`
const zone = zoneNamed('privatelink.blob.core.windows.net')
const record = `${zone}/A/lakeofprod`
const link = `${zone}/virtualNetworkLinks/prod`
const version = '2024-06-01'

/** A provider is registered a while after it was asked for. */
async function onceRegistered(work: () => Promise<void>): Promise<void> {
  try {
    return await work()
  } catch (error) {
    if (!String(error).includes('MissingSubscriptionRegistration')) throw error
  }
  await setTimeout(20)
  return onceRegistered(work)
}

let here: SettingUp
let first: SetupRun
let ops: AsOps
const senders = new Map<IdentityKind, Awaited<ReturnType<typeof signedIn>>>()
beforeAll(async () => {
  const dns = `dns: { mode: hub, subscriptionId: ${subscription.split('/')[2]}, resourceGroup: hub-dns }`
  here = await openSettingUp(undefined, beforeSetup.replace(/^dns:.*$/m, dns))
  ops = await asOps(here.sandbox)
  await ops('PUT', hub, '2024-11-01', { location: 'swedencentral' })
  await ops('POST', `${subscription}/providers/Microsoft.Network/register`, '2021-04-01', {})
  for (const name of privateDnsZonesIn({ cloud: 'AzureCloud', location: 'swedencentral' })) {
    await onceRegistered(() => ops('PUT', zoneNamed(name), version, { location: 'global' }))
  }
  await ops('PUT', record, version, { properties: { ttl: 10, aRecords: [{ ipv4Address: '10.3.0.4' }] } })
  first = await here.run()
  const { clientId = '', identities } = factoryIn(here.read(), 'dev')
  for (const kind of identityKinds) {
    const own = kind === 'deliver' ? clientId : (identities[kind]?.clientId ?? '')
    const { githubEnvironment } = identityKindDefinitions[kind]
    senders.set(kind, await signedIn(here.sandbox, githubEnvironment('dev'), own))
  }
}, 200_000)

const attempts: readonly (readonly [string, 'PUT' | 'DELETE', string, object | undefined])[] = [
  [
    'let a name of prod lead elsewhere',
    'PUT',
    record,
    { properties: { ttl: 10, aRecords: [{ ipv4Address: '6.6.6.6' }] } },
  ],
  ['remove a name of prod', 'DELETE', record, undefined],
  ['remove a zone', 'DELETE', zone, undefined],
  ['write a zone', 'PUT', zone, { location: 'global', tags: { mine: 'yes' } }],
  ['write a record of its own', 'PUT', `${zone}/A/mine`, { properties: { ttl: 10, aRecords: [] } }],
  [
    'link a network',
    'PUT',
    link,
    { location: 'global', properties: { registrationEnabled: false, virtualNetwork: { id: hub } } },
  ],
]

describe.each(identityKinds)('the identity of dev for %s', (kind) => {
  test.each(attempts)('may not %s', async (_what, method, id, body) => {
    const path = `${id}?api-version=${version}`
    const answer = await senders.get(kind)?.({ service: 'arm', method, path, ...(body && { body }) })
    expect([answer?.status, answer?.text]).toEqual([403, expect.stringContaining('AuthorizationFailed')])
  })
})

test('its right to join is enough for the private endpoints of the common area', async () => {
  const job = here.sandbox.jobEnvironment({ environment: 'dev' })
  const report = await provisionProject(
    {
      target: 'common',
      factoryFile: here.file,
      environment: 'dev',
      azureCloud: here.sandbox.url,
      clientId: undefined,
      githubToken: undefined,
      mode: 'apply',
      allowed: [],
      confirm: undefined,
    },
    {
      action: 'provision-project',
      userAgent: 'test',
      environment: { ...here.sandbox.env, ...job },
      info: () => undefined,
      idToken: idToken(job),
    },
  )
  expect(report.outcome).toBe('applied')
  const groups = Object.values(here.sandbox.state.arm.resources).filter(({ type }) =>
    /privateDnsZoneGroups$/i.test(type),
  )
  expect(groups.length).toBeGreaterThan(0)
  for (const { properties } of groups) expect(JSON.stringify(properties)).toContain('hub-dns')
}, 100_000)

test('zones in the subscription of one environment are shown: whoever delivers there may write in them', () => {
  expect(first.text).toContain(
    'Warning: The private DNS zones of dev and stage are in the subscription of prod',
  )
})

test('a wider role in the hub, which an earlier set-up gave, is a fault', async () => {
  const { clientId } = factoryIn(here.read(), 'dev')
  const { servicePrincipals } = here.sandbox.state.directory
  const id = `${hub}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
  await ops('PUT', id, '2022-04-01', {
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/b12aa53e-6015-4669-85d0-8515ebb3ae7f`,
      principalId: servicePrincipals.find(({ appId }) => appId === clientId)?.id,
      principalType: 'ServicePrincipal',
    },
  })
  const { exitCode, text } = await here.run({ flags: ['--check'] })
  expect(exitCode).toBe(1)
  expect(text).toMatch(/Fault: .* of dev holds a role in the hub of the private DNS zones/)
})
