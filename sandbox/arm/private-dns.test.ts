/** Private DNS zones, their record sets, and their links to networks. */
import { beforeEach, describe, expect, test } from '@jest/globals'
import {
  callerOf,
  idOf,
  makeArm,
  owner,
  type ServedArm,
  serveArm,
  type TestArm,
} from './testing/served-arm.ts'

const here = { location: 'swedencentral' }
const me = callerOf(owner, '')
const zone = idOf('Microsoft.Network/privateDnsZones', 'example.net')
const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')
const link = `${zone}/virtualNetworkLinks/vnet`
const linkTo = (id: string, registrationEnabled = false) => ({
  location: 'global',
  properties: { virtualNetwork: { id }, registrationEnabled },
})

let arm: TestArm
beforeEach(async () => {
  arm = await makeArm()
  await arm.put(zone, { location: 'global' })
  await arm.put(network, { ...here, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } })
})

const refusalOf = async (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: { body?: { code?: string } }) => error.body?.code,
  )

describe('a zone', () => {
  test('has its start of authority, which counts, and stays', async () => {
    expect(arm.engine.get(`${zone}/SOA/@`)?.properties).toMatchObject({
      fqdn: 'example.net.',
      ttl: 3_600,
      isAutoRegistered: false,
      soaRecord: { host: 'azureprivatedns.net', email: 'azureprivatedns-host.microsoft.com', minimumTtl: 10 },
    })
    expect(arm.engine.get(zone)?.properties).toMatchObject({ numberOfRecordSets: 1 })
    expect(await refusalOf(arm.engine.remove(`${zone}/SOA/@`, me))).toBe('BadRequest')
  })

  test('lists its record sets of all types together', async () => {
    await arm.put(`${zone}/A/www`, { properties: { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.4' }] } })
    const served: ServedArm = await serveArm({
      seed: (state) => Object.assign(state.resources, structuredClone(arm.state.resources)),
    })
    try {
      const response = await fetch(`${served.url}${zone}/ALL?api-version=2024-06-01`, {
        headers: { authorization: `Bearer ${owner}` },
      })
      const { value } = (await response.json()) as { value: { name: string; type: string }[] }
      expect(value.map(({ name, type }) => `${type.split('/').at(-1)} ${name}`)).toEqual(['A www', 'SOA @'])
    } finally {
      await served.close()
    }
  })

  test('goes only when no network is linked to it', async () => {
    await arm.put(link, linkTo(network))
    expect(await refusalOf(arm.engine.remove(zone, me))).toBe('CannotDeleteResource')
    await arm.engine.remove(link, me)
    expect(await refusalOf(arm.engine.remove(zone, me))).toBe('accepted')
    expect(arm.engine.get(`${zone}/SOA/@`)).toBeUndefined()
  })
})

describe('a record set', () => {
  test.each([
    ['www', 'www.example.net.'],
    ['@', 'example.net.'],
    ['*.apps', '*.apps.example.net.'],
  ])('%s has the full name %s, and no state', async (name, fqdn) => {
    const made = await arm.put(`${zone}/A/${name}`, { properties: { ttl: 60, aRecords: [] } })
    expect(made.properties).toEqual({ ttl: 60, aRecords: [], fqdn, isAutoRegistered: false })
  })

  test.each([
    ['A/www', { aRecords: [{ ipv4Address: '10.0.0.4' }] }],
    ['A/www', { ttl: -1, aRecords: [{ ipv4Address: '10.0.0.4' }] }],
    ['A/www', { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.400' }] }],
    ['AAAA/www', { ttl: 60, aaaaRecords: [{ ipv6Address: '10.0.0.4' }] }],
    ['A/www', { ttl: 60, cnameRecord: { cname: 'example.org' } }],
    ['CNAME/@', { ttl: 60, cnameRecord: { cname: 'example.org' } }],
    ['CNAME/taken', { ttl: 60, cnameRecord: { cname: 'example.org' } }],
    ['SOA/www', { ttl: 60 }],
  ])('%s that says %j is refused', async (name, properties) => {
    await arm.put(`${zone}/A/taken`, { properties: { ttl: 60, aRecords: [{ ipv4Address: '10.0.0.4' }] } })
    expect(await arm.refusal(`${zone}/${name}`, { properties })).toBe('BadRequest')
  })
})

describe('a link', () => {
  test('goes with its network', async () => {
    await arm.put(link, linkTo(network))
    await arm.engine.remove(network, me)
    expect(arm.engine.get(link)).toBeUndefined()
    expect(await refusalOf(arm.engine.remove(zone, me))).toBe('accepted')
  })

  test('registers the machines of a network in one zone only', async () => {
    await arm.put(link, linkTo(network, true))
    const other = idOf('Microsoft.Network/privateDnsZones', 'example.org')
    await arm.put(other, { location: 'global' })
    expect(await arm.refusal(`${other}/virtualNetworkLinks/vnet`, linkTo(network, true))).toBe('Conflict')
    expect(await arm.refusal(`${other}/virtualNetworkLinks/vnet`, linkTo(network))).toBe('accepted')
  })
})
