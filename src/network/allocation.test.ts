import { describe, expect, test } from '@jest/globals'
import { subnetRules } from '../catalog/facts/subnet-rules.ts'
import type { SubnetRule } from '../catalog/types.ts'
import { cidr } from '../cidr.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { type Allocation, type AllocationShortage, allocateSubnets } from './allocation.ts'
import type { SubnetRequest } from './requested-subnets.ts'
import { shortageError } from './shortage.ts'
import type { ActualNetwork, ActualSubnet } from './vnet.ts'

const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v'
const subnet = (name: string, prefix: string, delegations?: string[]): ActualSubnet => ({
  id: `${id}/subnets/${name}`,
  name,
  addressPrefixes: [prefix],
  ...(delegations && { delegations }),
})
const vnet = (...subnets: ActualSubnet[]): ActualNetwork => ({
  id,
  name: 'v',
  addressPrefixes: ['10.0.0.0/22', 'fd00::/56'],
  subnets,
})
const agents = 'Microsoft.App/environments'
const where = { file: 'prj001.yml', line: 9, column: 3 }
const requests: SubnetRequest[] = [
  {
    kind: 'own',
    key: 'genai',
    name: 'snt-genai',
    prefixLength: 25,
    smallestPrefixLength: 27,
    delegation: '',
  },
  {
    kind: 'own',
    key: 'aca2',
    name: 'snt-aca2',
    prefixLength: 24,
    smallestPrefixLength: 27,
    delegation: agents,
    where,
  },
]

const allocation = <Key extends string>(
  found: Allocation<Key> | AllocationShortage<Key>,
): Allocation<Key> => {
  if (found.kind === 'allocation') return found
  throw new Error('There is a shortage.')
}

describe('A project without subnets', () => {
  const found = allocation(
    allocateSubnets({
      network: vnet(),
      reserved: [cidr('10.0.0.0/24')],
      requests,
      project: '001',
      environment: 'dev',
    }),
  )

  test('gets all it needs, outside what is reserved', () => {
    expect(found.subnets).toEqual({
      genai: {
        name: 'snt-genai',
        addressPrefix: '10.0.2.0/25',
        state: 'planned',
        delegation: '',
        id: `${id}/subnets/snt-genai`,
      },
      aca2: {
        name: 'snt-aca2',
        addressPrefix: '10.0.1.0/24',
        state: 'planned',
        delegation: agents,
        id: `${id}/subnets/snt-aca2`,
      },
    })
  })

  test('sees what would be created, in the order of the catalogue', () => {
    expect(found.plan).toEqual({
      version: 1,
      action: 'ip-calc',
      project: '001',
      environment: 'dev',
      warnings: [],
      changes: [
        {
          change: 'create',
          kind: 'subnet',
          name: 'snt-genai',
          scope: id,
          properties: [{ path: 'addressPrefix', after: '10.0.2.0/25' }],
        },
        {
          change: 'create',
          kind: 'subnet',
          name: 'snt-aca2',
          scope: id,
          properties: [
            { path: 'addressPrefix', after: '10.0.1.0/24' },
            { path: 'delegation', after: agents },
          ],
        },
      ],
    })
  })
})

describe('A project that has subnets', () => {
  const network = vnet(subnet('SNT-genai', '10.0.3.128/25', []), subnet('other', '10.0.0.0/24'))

  test('keeps them, and only the missing one is planned', () => {
    const found = allocation(allocateSubnets({ network, reserved: [], requests }))
    expect(found.subnets.genai).toMatchObject({ addressPrefix: '10.0.3.128/25', state: 'existing' })
    expect(found.planned).toEqual([
      { key: 'aca2', name: 'snt-aca2', cidr: cidr('10.0.1.0/24'), delegation: agents },
    ])
  })

  test('has nothing to change when it has them all', () => {
    const complete = {
      ...network,
      subnets: [...network.subnets, subnet('snt-aca2', '10.0.1.0/24', [agents])],
    }
    const found = allocation(allocateSubnets({ network: complete, reserved: [], requests }))
    expect(found.plan.changes.map(({ change }) => change)).toEqual(['keep', 'keep'])
    expect(found.subnets.genai?.state).toBe('existing')
  })

  test('is warned of one in another size, which is kept', () => {
    const small = vnet(subnet('snt-genai', '10.0.0.0/28'), subnet('snt-aca2', '10.0.1.0/25'))
    expect(allocation(allocateSubnets({ network: small, reserved: [], requests })).plan.warnings).toEqual([
      "Subnet 'snt-genai' is a /28, but a /25 was requested. Its service requires at least a /27 and will refuse it.",
      "Subnet 'snt-aca2' is a /25, but a /24 was requested. It is kept, because Azure resizes only empty subnets.",
    ])
  })

  test('hears nothing of one in another size than new ones get, unless its service refuses it', () => {
    const sized = requests.map((request) => ({ ...request, sizeReason: 'The profile says so.' }))
    const found = vnet(subnet('snt-genai', '10.0.0.0/28'), subnet('snt-aca2', '10.0.1.0/25', [agents]))
    expect(
      allocation(allocateSubnets({ network: found, reserved: [], requests: sized })).plan.warnings,
    ).toEqual([
      "Subnet 'snt-genai' is a /28, but a /25 was requested. Its service requires at least a /27 and will refuse it.",
    ])
  })

  test.each([
    [['Microsoft.app/environments'], 'delegated to Microsoft.app/environments'],
    [[], 'not delegated'],
  ])('cannot use one delegated to %j', (delegations, message) => {
    const wrong = vnet(subnet('snt-aca2', '10.0.1.0/24', delegations))
    const attempt = () => allocateSubnets({ network: wrong, reserved: [], requests })
    expect(attempt).toThrow(UserError)
    expect(attempt).toThrow(`prj001.yml:9:3: Subnet 'snt-aca2' exists and is ${message}`)
  })
})

describe('A bring-your-own subnet', () => {
  const request: SubnetRequest = { kind: 'byo', key: 'aca2', id: '/OTHER', delegation: agents, where }

  test('is taken as it is, from another VNet too', () => {
    const byo = [{ id: '/other', name: 'theirs', addressPrefixes: ['192.168.0.0/24'], delegations: [agents] }]
    const found = allocation(allocateSubnets({ network: vnet(), reserved: [], requests: [request], byo }))
    expect(found.subnets.aca2).toEqual({
      name: 'theirs',
      addressPrefix: '192.168.0.0/24',
      state: 'existing',
      delegation: agents,
      id: '/other',
    })
  })

  test('must exist', () => {
    expect(() => allocateSubnets({ network: vnet(), reserved: [], requests: [request] })).toThrow(
      "prj001.yml:9:3: Subnet 'aca2' does not exist: /OTHER.",
    )
  })
})

test('A shortage is one error that names what is missing, what is free and the suggestions', () => {
  const network = vnet(subnet('a', '10.0.0.0/23'), subnet('b', '10.0.2.0/25'), subnet('c', '10.0.3.0/25'))
  const found = allocateSubnets({ network, reserved: [], requests })
  expect(found.kind === 'shortage' && shortageError(found.shortage, network, requests).message).toBe(
    "prj001.yml:9:3: VNet 'v' does not have enough free address space for subnet 'snt-aca2' (/24). Nothing was planned. " +
      'The largest free block is 10.0.2.128/25; 256 addresses are free in 2 blocks. ' +
      'After the subnets that do fit, the largest block left is 10.0.3.128/25. ' +
      "Shrink 'snt-aca2' to a /25; delete 'b'; or add an address prefix of at least /24 to the VNet.",
  )
})

test('The deletion of a subnet in use is never suggested', () => {
  const occupants = [{ kind: 'private endpoint', id: '/endpoint' }] as const
  const full = { ...subnet('b', '10.0.2.0/25'), occupants }
  const taken = [subnet('a', '10.0.0.0/23'), subnet('c', '10.0.3.0/25')].map((one) => ({ ...one, occupants }))
  const fixFor = (network: ActualNetwork): string | false => {
    const found = allocateSubnets({ network, reserved: [], requests })
    return found.kind === 'shortage' && shortageError(found.shortage, network, requests).message
  }
  expect(fixFor(vnet(...taken, full))).toMatch(
    / Shrink 'snt-aca2' to a \/25; or add an address prefix of at least \/24 to the VNet\.$/,
  )
  expect(fixFor(vnet(...taken, { ...full, occupants: [] }))).toMatch(
    / Shrink 'snt-aca2' to a \/25; delete 'b', which is empty, if it is not needed; or add/,
  )
})

test('An offline VNet has no ids, and its delegations are not known', () => {
  const network = {
    id: '',
    name: 'described',
    addressPrefixes: ['10.0.0.0/23'],
    subnets: [{ id: '', name: 'snt-aca2', addressPrefixes: ['10.0.0.0/24'] }],
  }
  const { subnets } = allocation(allocateSubnets({ network, reserved: [], requests }))
  expect(subnets).toMatchObject({
    aca2: { state: 'existing', id: '', delegation: agents },
    genai: { id: '' },
  })
})

describe('A subnet with rules of its own', () => {
  const rule: SubnetRule = {
    ...subnetRules.foundryAgents,
    recommended: { prefixLength: 24, because: 'peaks take more', source: 'https://large' },
    onlyIn: { ranges: ['10.0.2.0/23'], because: 'it knows no other', source: 'https://only' },
    forbidden: [{ range: '10.0.2.0/25', because: 'the service has it', source: 'https://not' }],
    avoided: [{ range: '10.0.2.128/25', because: 'it is the bridge of Docker', source: 'https://docker' }],
  }
  const request = (prefixLength: number): SubnetRequest => ({
    kind: 'own',
    key: 'aca2',
    name: 'snt-aca2',
    prefixLength,
    delegation: agents,
    rule,
  })
  const search = (network: ActualNetwork) =>
    allocation(allocateSubnets({ network, reserved: [], requests: [request(25)] }))

  test('is planned where its service works and nothing clashes, although there is space elsewhere', () => {
    const found = search(vnet())
    expect(found.subnets.aca2?.addressPrefix).toBe('10.0.3.0/25')
    expect(found.plan.warnings).toEqual([
      "Subnet 'snt-aca2' is /25. Microsoft recommends a /24 or larger for Foundry agents, because peaks take more.",
    ])
  })

  test('has no warning of being small when its profile chose the size, which explains it', () => {
    const sized = { ...request(25), sizeReason: 'Fifty sessions fit.' }
    const found = allocation(allocateSubnets({ network: vnet(), reserved: [], requests: [sized] }))
    expect(found.plan.warnings).toEqual([])
    expect(found.sizeReasons).toEqual({ aca2: 'Fifty sessions fit.' })
  })

  test('overlaps only when there is no space elsewhere, and says so', () => {
    const found = search(vnet(subnet('a', '10.0.3.0/24')))
    expect(found.subnets.aca2?.addressPrefix).toBe('10.0.2.128/25')
    expect(found.plan.warnings[1]).toBe(
      "Subnet 'snt-aca2' (10.0.2.128/25) overlaps 10.0.2.128/25: it is the bridge of Docker. More: https://docker",
    )
  })

  test('is not placed where its service does not work', () => {
    const full = vnet(subnet('a', '10.0.3.0/24'), subnet('b', '10.0.2.128/25'))
    expect(allocateSubnets({ network: full, reserved: [], requests: [request(25)] }).kind).toBe('shortage')
  })
})

test('A pool chooses the places of the missing subnets only, and says how many addresses each gets', () => {
  const network = vnet(subnet('snt-genai', '10.0.3.128/25', []))
  const found = allocation(allocateSubnets({ network, reserved: [], requests, poolId: '/pool' }))
  expect(found.planned).toEqual([])
  expect(found.pooled).toEqual([
    { key: 'aca2', name: 'snt-aca2', delegation: agents, poolId: '/pool', addresses: 256 },
  ])
  expect(found.subnets.genai?.state).toBe('existing')
  expect(found.subnets.aca2).toMatchObject({
    addressPrefix: '',
    state: 'planned',
    attachments: { addressPools: [{ id: '/pool', numberOfIpAddresses: '256' }] },
  })
  expect(found.plan.changes[1]?.properties?.[0]).toEqual({
    path: 'ipamPoolPrefixAllocations',
    after: '256 addresses, chosen by the pool /pool',
  })
})

test("A subnet whose addresses are not decided yet is in nobody's way", () => {
  const network = vnet({ id: '/undecided', name: 'undecided', addressPrefixes: [] })
  expect(allocateSubnets({ network, reserved: [], requests }).kind).toBe('allocation')
})

test('A new subnet is shown with all that documents attach to it', () => {
  const [first] = requests
  if (first?.kind !== 'own') throw new Error('There is no request.')
  const settings = {
    routeTableId: '/routeTables/hub',
    natGatewayId: '/natGateways/out',
    networkSecurityGroupId: '/networkSecurityGroups/theirs',
    serviceEndpoints: ['Microsoft.Storage'],
    defaultOutboundAccess: true,
  }
  const { plan } = allocation(
    allocateSubnets({ network: vnet(), reserved: [], requests: [{ ...first, settings }] }),
  )
  expect(plan.changes[0]?.properties).toEqual([
    { path: 'addressPrefix', after: '10.0.0.0/25' },
    { path: 'networkSecurityGroup', after: '/networkSecurityGroups/theirs' },
    { path: 'routeTable', after: '/routeTables/hub' },
    { path: 'natGateway', after: '/natGateways/out' },
    { path: 'serviceEndpoints', after: 'Microsoft.Storage' },
    { path: 'defaultOutboundAccess', after: true },
  ])
})
