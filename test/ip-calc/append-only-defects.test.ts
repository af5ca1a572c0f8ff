import { describe, expect, test } from '@jest/globals'
import { appendOnly } from '../../bench/append-only.ts'
import { projectsIn } from '../../bench/packing.ts'
import { knownProject } from '../../bench/projects.ts'
import { cidr, contains, formatCidr, overlaps, sizeOf } from '../../src/cidr.ts'
import { freeBlocks } from '../../src/network/planner/free-blocks.ts'
import { calculate } from './calculate.ts'

/**
 * What goes wrong with calculators that append after the highest subnet, each with an input that shows it. Those about
 * the run itself, rather than about addresses, are in append-only-defects-run.test.ts.
 */
const all = knownProject('all')
const names = all.map(({ key }) => key)
const specs = (requests = all): string =>
  JSON.stringify(requests.map(({ key, prefixLength }) => ({ name: key, prefixLength })))

interface Vnet {
  readonly space: readonly string[]
  readonly existing?: readonly string[]
  readonly reserved?: readonly string[]
}

/** Where the action puts the subnets of one project of type all, or those that are asked for. */
const calculated = ({ space, existing = [], reserved = [] }: Vnet, subnets = specs()) =>
  calculate({
    'address-space': space.join(),
    'existing-subnets': existing.map((network, index) => `other${index} ${network}`).join('\n'),
    reserved: reserved.join(),
    subnets,
  })

/** What appending finds a place for. */
function appended({ space, existing = [] }: Vnet, requests = all): readonly string[] | 'endless' {
  const answer = appendOnly(space.map(cidr), existing.map(cidr), requests)
  return answer.kind === 'endless' ? 'endless' : [...answer.subnets.keys()]
}

/** All eight subnets have places inside the VNet, on nothing that exists, and not on each other. */
async function expectAllPlaced(vnet: Vnet): Promise<Readonly<Record<string, string>>> {
  const { places, failures } = await calculated(vnet)
  expect(failures).toEqual([])
  expect(Object.keys(places).sort()).toEqual([...names].sort())
  const used = [...(vnet.existing ?? []), ...(vnet.reserved ?? [])].map(cidr)
  for (const place of Object.values(places).map(cidr)) {
    expect(vnet.space.some((prefix) => contains(cidr(prefix), place))).toBe(true)
    expect(used.filter((other) => overlaps(other, place))).toEqual([])
    used.push(place)
  }
  return places
}

describe('Free space is found', () => {
  test('1: in gaps before the highest subnet', async () => {
    const vnet = { space: ['172.16.0.0/16'], existing: ['172.16.1.0/26', '172.16.250.0/24'] }
    expect(appended(vnet)).toEqual(['aca', 'aca2'])
    expect(await expectAllPlaced(vnet)).toEqual({
      aca: '172.16.2.0/23',
      aca2: '172.16.248.0/23',
      aks2: '172.16.0.0/24',
      genai: '172.16.1.128/25',
      aks: '172.16.1.64/26',
      dbxpriv: '172.16.251.0/26',
      dbxpub: '172.16.251.64/26',
      webapp: '172.16.251.128/27',
    })
  })

  test('2: in the gap between two subnets whose order as text is another than as numbers', async () => {
    const existing = ['172.16.100.0/24', '172.16.61.0/26']
    const reserved = ['172.16.0.0/18', '172.16.96.0/19', '172.16.128.0/17']
    const { places } = await calculated({ space: ['172.16.0.0/16'], existing, reserved })
    expect(places).toMatchObject({ aca: '172.16.64.0/23', webapp: '172.16.70.64/27' })
  })

  test('3: below a subnet at the very top of the VNet', async () => {
    const vnet = { space: ['172.16.0.0/16'], existing: ['172.16.255.192/26'] }
    expect(appended(vnet)).toEqual([])
    await expectAllPlaced(vnet)
  })

  test('4: in every prefix of the VNet', async () => {
    const vnet = {
      space: ['10.10.0.0/20', '10.20.0.0/20'],
      existing: ['10.10.0.0/26', '10.20.0.0/26'],
    }
    expect(appended(vnet)).toEqual([])
    await expectAllPlaced(vnet)
    const { places } = await calculated(
      vnet,
      '- { name: a, prefixLength: 21 }\n- { name: b, prefixLength: 21 }',
    )
    expect(places).toEqual({ a: '10.10.8.0/21', b: '10.20.8.0/21' })
  })

  test('5: in the first prefix when the highest subnet lies in another', async () => {
    const vnet = { space: ['10.10.0.0/20', '10.20.0.0/20'], existing: ['10.20.0.0/26'] }
    expect(appended(vnet)).toEqual([])
    await expectAllPlaced(vnet)
  })

  test('7: for small subnets in the last gap, and before it for large ones', async () => {
    const vnet = { space: ['172.16.0.0/20'], existing: ['172.16.14.0/24'] }
    expect(appended(vnet)).toEqual([])
    await expectAllPlaced(vnet)
    const full = { ...vnet, existing: ['172.16.0.0/21', '172.16.8.0/22', '172.16.12.0/23', '172.16.14.0/24'] }
    const { places } = await calculated(full, specs(all.filter(({ prefixLength }) => prefixLength === 25)))
    expect(places).toEqual({ genai: '172.16.15.0/25' })
  })

  test('9: beyond the address where the second octet changes', async () => {
    const vnet = { space: ['10.0.0.0/15'], existing: ['10.0.254.0/24'] }
    expect(appended(vnet)).toEqual([])
    await expectAllPlaced(vnet)
    const half = await expectAllPlaced({ ...vnet, reserved: ['10.0.0.0/16'] })
    expect(half).toMatchObject({ aca: '10.1.0.0/23' })
  })

  test('11: for the twenty-fifth project behind twenty-four that were appended', async () => {
    const existing = ['172.16.61.0/24']
    for (let project = 1; project <= 24; project += 1) {
      const answer = appendOnly([cidr('172.16.0.0/16')], existing.map(cidr), all)
      if (answer.kind === 'endless' || answer.subnets.size < all.length) throw new Error('It did not fit.')
      existing.push(...[...answer.subnets.values()].map(formatCidr))
    }
    const vnet = { space: ['172.16.0.0/16'], existing }
    expect(appended(vnet)).toEqual(['aca'])
    const places = await expectAllPlaced(vnet)
    expect(places).toMatchObject({ genai: '172.16.68.128/25', webapp: '172.16.68.96/27' })
  })

  test('16: in a VNet that has no subnet yet', async () => {
    expect(await expectAllPlaced({ space: ['10.0.0.0/20'] })).toMatchObject({ aca: '10.0.0.0/23' })
  })

  test('17: beside subnets with several prefixes, and with IPv6', async () => {
    const existing = [
      { name: 'dual', addressPrefixes: ['10.0.0.0/23', 'fd00:db8:deca:daed::/64'] },
      { name: 'several', addressPrefixes: ['10.0.2.0/24', '10.0.15.0/24'] },
      { name: 'six', addressPrefix: 'fd00:db8:deca:daee::/64' },
    ]
    const { places, failures } = await calculate({
      'address-space': 'fd00:db8:deca::/48, 10.0.0.0/20',
      'existing-subnets': JSON.stringify(existing),
      subnets: specs(),
    })
    expect(failures).toEqual([])
    expect(places).toMatchObject({ aca: '10.0.12.0/23', aks2: '10.0.3.0/24' })
  })
})

describe('What does not fit is an error', () => {
  test('6: and ends at once for a subnet larger than the first prefix', async () => {
    const vnet = { space: ['10.0.0.0/24'], existing: ['10.0.0.0/26'] }
    expect(appended(vnet)).toBe('endless')
    const { failures, outputs } = await calculated(vnet)
    expect(failures).toEqual([expect.stringContaining("'aca' (/23), 'aca2' (/23), 'aks2' (/24)")])
    expect(outputs).toEqual([])
    await expectAllPlaced({ ...vnet, space: ['10.0.0.0/24', '10.0.16.0/20'] })
  })

  test('8: and never a subnet without addresses', async () => {
    const { failures, outputs } = await calculated({ space: ['10.0.0.0/22'], existing: ['10.0.0.0/26'] })
    expect(outputs).toEqual([])
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatch(
      /^VNet '\S+' does not have enough free address space for subnets 'aca2' \(\/23\).* Nothing was planned\./,
    )
    expect(failures[0]).toContain(
      'Add an address prefix of at least /22 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 to the VNet.',
    )
  })

  test('10: and nothing is searched outside a VNet smaller than /16', async () => {
    const vnet = { space: ['172.16.0.0/20'], existing: ['172.16.0.0/21', '172.16.8.0/22', '172.16.14.0/24'] }
    const { failures } = await calculated(vnet)
    expect(failures).toEqual([expect.stringContaining('The largest free block is 172.16.12.0/23')])
    await expectAllPlaced({ ...vnet, existing: ['172.16.0.0/21'] })
  })
})

describe('Addresses are not wasted', () => {
  test('12: the holes that alignment leaves are filled by the next projects', async () => {
    // A project has 1,632 addresses, but appending takes a whole /21 of 2,048 for it.
    const vnet = { space: ['10.0.0.0/20'], existing: ['10.0.0.0/24'] }
    const first = await expectAllPlaced(vnet)
    expect(Object.values(first).reduce((sum, place) => sum + sizeOf(cidr(place).prefixLength), 0)).toBe(1632)
    await expectAllPlaced({ ...vnet, existing: [...vnet.existing, ...Object.values(first)] })
    const before = appendOnly(vnet.space.map(cidr), vnet.existing.map(cidr), all)
    if (before.kind === 'endless') throw new Error('It would never end.')
    const behind = [...before.subnets.values()].map(formatCidr)
    expect(behind).toHaveLength(all.length)
    expect(appended({ ...vnet, existing: [...vnet.existing, ...behind] })).not.toHaveLength(all.length)
    const figures = (['all', 'genai-1'] as const).map((type) => [
      projectsIn('172.16.0.0/16', knownProject(type), 'planned'),
      projectsIn('172.16.0.0/16', knownProject(type), 'appended'),
    ])
    expect(figures).toEqual([
      [40, 31],
      [88, 63],
    ])
  })

  test('13: subnets of one size come in the order of their names, however they are listed', async () => {
    const vnet = { space: ['10.0.0.0/20'] }
    const { places } = await calculated(vnet)
    const { aks, dbxpriv, dbxpub } = places
    expect([aks, dbxpriv, dbxpub]).toEqual(['10.0.5.128/26', '10.0.5.192/26', '10.0.6.0/26'])
    expect((await calculated(vnet, specs([...all].reverse()))).places).toEqual(places)
  })

  test('14: a /9 is larger than a /23, and is placed first', async () => {
    const subnets = '- { name: small, prefixLength: 23 }\n- { name: large, prefixLength: 9 }'
    const { places } = await calculated({ space: ['10.0.0.0/8'] }, subnets)
    expect(places).toEqual({ large: '10.0.0.0/9', small: '10.128.0.0/23' })
  })

  test('15: subnets that exist stay, and only what is missing is planned', async () => {
    const space = '10.0.0.0/20'
    const { places: before } = await calculated({ space: [space] })
    const existing = names.filter((name) => !name.startsWith('dbx'))
    const { places, states } = await calculate({
      'address-space': space,
      'existing-subnets': existing.map((name) => `${name} ${before[name]}`).join('\n'),
      subnets: specs(),
    })
    expect(places).toEqual(before)
    const planned = Object.keys(states).filter((name) => states[name] === 'planned')
    expect(planned.sort()).toEqual(['dbxpriv', 'dbxpub'])
  })
})

describe('What a service needs is known', () => {
  test('21: each size can be chosen', async () => {
    const { places } = await calculated({ space: ['10.0.0.0/20'] }, '- { name: aca2, prefixLength: 26 }')
    expect(places).toEqual({ aca2: '10.0.0.0/26' })
  })

  test('23: ranges of on-premises, peered networks and Kubernetes services are kept free', async () => {
    const kubernetes = ['10.0.0.0/16']
    const { warnings } = await calculated({ space: kubernetes })
    expect(warnings).toEqual([
      expect.stringMatching(/^10\.0\.0\.0\/16 .* overlaps 10\.0\.0\.0\/16, the default service range/),
    ])
    const { failures } = await calculated({ space: ['10.0.0.0/16'], reserved: kubernetes })
    expect(failures).toEqual([expect.stringContaining('10.0.0.0/16, because it is reserved')])
    await expectAllPlaced({ space: ['10.0.0.0/16', '10.4.0.0/16'], reserved: kubernetes })
  })

  test("24: Azure's own five addresses are counted, and less than a service takes is refused", async () => {
    const space = ['10.0.0.0/20']
    const { places } = await calculated(
      { space },
      '- { name: fits, addresses: 27 }\n- { name: one-more, addresses: 28 }',
    )
    expect(places).toEqual({ 'one-more': '10.0.0.0/26', fits: '10.0.0.64/27' })
    const { failures } = await calculated({ space }, '- { name: aca2, prefixLength: 28 }')
    expect(failures).toEqual([expect.stringMatching(/'aca2'.*\/28/)])
  })
})

test('27: work grows with the subnets there are, and not with the addresses', () => {
  const taken = Array.from({ length: 100 }, (_, index) => cidr(`10.0.${index}.0/27`))
  const free = (prefix: string): number => freeBlocks([cidr(prefix)], taken).length
  // Three free blocks beside each subnet, a few behind the last, and one more for each doubling of the VNet.
  expect([free('10.0.0.0/12'), free('10.0.0.0/11'), free('10.0.0.0/8')]).toEqual([308, 309, 312])
})
