import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { inside, overlap } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, type Json, record, records, text } from '../json.ts'
import type { ResourceRules, World } from '../rules.ts'
import { checkBastionSubnet } from './bastion-subnet.ts'
import { delegatableServices } from './delegations.ts'
import { poolLinks, poolsOf } from './pool-allocations.ts'
import { parsePrefix, prefixesOf } from './prefixes.ts'
import {
  type InlineSubnet,
  type Network,
  networkOf,
  othersIn,
  subnetType,
  withPrefixes,
} from './subnet-prefixes.ts'
import { usersOf } from './subnet-users.ts'
import { nameOfUse, renderSubnet } from './subnet-view.ts'

/** The longest prefix that a subnet may have: Azure keeps five addresses of each for itself. */
const longestPrefix = 29
/** The only size of an IPv6 subnet. */
const prefixLength6 = 64

/** Microsoft.Network/virtualNetworks/subnets. A PUT replaces all of a subnet. */
export const subnetRules: readonly ResourceRules[] = [
  {
    type: subnetType,
    location: 'none',
    lock: (address) => address.parent,
    links: ({ properties, address }, world) => {
      const pools = poolsOf(at(world.store.get(address.parent ?? ''), 'properties.addressSpace'))
      return poolLinks([...pools, ...poolsOf(properties)])
    },
    check: (write, world) => {
      const network = networkOf(write, world)
      if (network === undefined) return
      const properties = withPrefixes(
        { name: write.address.name, properties: write.properties },
        network,
        [],
        world,
      )
      checkSubnet({ name: write.address.name, properties }, network, [], world)
    },
    complete: (write, world) => {
      const network = networkOf(write, world)
      const subnet = { name: write.address.name, properties: write.properties }
      const properties = network === undefined ? write.properties : withPrefixes(subnet, network, [], world)
      return completeSubnet(properties, write.address.id)
    },
    applied: (_write, subnet, world) => {
      touchNetwork(subnet, world)
      return undefined
    },
    render: renderSubnet,
    checkRemoval: checkSubnetRemoval,
    removed: touchNetwork,
  },
]

/** Throws Azure's refusal of a subnet that is put into a network, alone or inline among others. */
export function checkSubnet(
  { name, properties }: InlineSubnet,
  network: Network,
  earlier: readonly InlineSubnet[],
  world: World,
): void {
  const id = `${network.id}/subnets/${name}`
  const prefixes = prefixesOf(properties)
  const stored = world.store.get(id)
  if (prefixes.length === 0)
    throw badRequest(
      'NoAddressPrefixOrPoolProvided',
      `No address prefix or pool has been provided for subnet ${id}.`,
    )
  for (const prefix of prefixes) checkRange(prefix, { name, id }, network)
  const others = othersIn(network, id, earlier, world)
  const { subnetsPerNetwork } = world.limits
  if (others.length >= subnetsPerNetwork)
    throw badRequest(
      'SubnetCountLimitReached',
      `Cannot create more than ${subnetsPerNetwork} subnets in virtual network ${network.name}.`,
    )
  checkOverlap(prefixes, { name, id }, others, network)
  checkDelegations(properties, id)
  checkBastionSubnet(name, properties, world)
  if (stored !== undefined) checkChange(stored, properties, world)
}

function checkRange(prefix: string, subnet: { name: string; id: string }, network: Network): void {
  const range = parsePrefix(prefix, subnet.id)
  if (!network.prefixes.some((outer) => inside(range, parsePrefix(outer, network.id))))
    throw badRequest(
      'NetcfgSubnetRangeOutsideVnet',
      `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${network.name}'.`,
    )
  if (range.family === 6 ? range.length !== prefixLength6 : range.length > longestPrefix)
    throw badRequest(
      'NetcfgInvalidSubnet',
      `Subnet '${subnet.name}' is not valid in virtual network '${network.name}'.`,
    )
}

function checkOverlap(
  prefixes: readonly string[],
  subnet: { name: string; id: string },
  others: readonly { name: string; properties: Json }[],
  network: Network,
): void {
  const ranges = prefixes.map((prefix) => parsePrefix(prefix, subnet.id))
  for (const other of others) {
    const clash = prefixesOf(other.properties).some((taken) =>
      ranges.some((range) => overlap(range, parsePrefix(taken, network.id))),
    )
    if (clash)
      throw badRequest(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${subnet.name}' is not valid because its IP address range overlaps with that of an existing subnet in virtual network '${network.name}'.`,
      )
  }
}

function checkDelegations(properties: Json, id: string): void {
  const delegations = records(properties['delegations'])
  if (delegations.length > 1)
    throw badRequest(
      'SubnetCannotHaveMultipleDelegations',
      `Subnet ${id} cannot have more than one delegation.`,
    )
  for (const delegation of delegations) {
    const service = text(at(delegation, 'properties.serviceName')) ?? ''
    if (!delegatableServices.has(service.toLowerCase()))
      throw badRequest(
        'InvalidServiceNameOnDelegation',
        `The service name '${service}' of delegation '${text(delegation['name']) ?? ''}' on subnet ${id} is not a service that a subnet can be delegated to.`,
      )
  }
}

/** What cannot change while somebody lies in the subnet. */
function checkChange(stored: StoredResource, properties: Json, world: World): void {
  const users = usersOf(stored.id, world)
  if (users.length === 0) return
  const before = prefixesOf(record(stored.properties))
  const after = prefixesOf(properties)
  const lost = before.find((prefix) => !after.some((other) => sameId(other, prefix)))
  if (lost !== undefined)
    throw badRequest(
      'InUsePrefixCannotBeDeleted',
      `IpPrefix ${lost} on Subnet ${stored.name} has active allocations and cannot be deleted.`,
    )
  const linked = users.find(({ link }) => link !== undefined)
  const services = (from: Json) =>
    records(from['delegations']).map((delegation) => text(at(delegation, 'properties.serviceName')))
  const missing = services(record(stored.properties)).filter(
    (service) => !services(properties).some((other) => sameId(other, service)),
  )
  if (linked !== undefined && missing.length > 0)
    throw badRequest(
      'SubnetMissingRequiredDelegation',
      `Subnet ${stored.id} requires any of the following delegation(s) [${missing.join(', ')}] to reference service association link ${nameOfUse(stored, linked, world)}.`,
    )
}

/** Throws when the subnet is in use. */
export function checkSubnetRemoval(subnet: StoredResource, world: World): void {
  const [user] = usersOf(subnet.id, world)
  if (user === undefined) return
  throw badRequest(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${subnet.name} is in use by ${nameOfUse(subnet, user, world)} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`,
  )
}

/** A subnet that came inside its network, as it is stored. */
export function storedForm({ name, properties }: InlineSubnet, networkId: string): StoredResource {
  const id = `${networkId}/subnets/${name}`
  const completed = { ...completeSubnet(properties, id), provisioningState: 'Succeeded' }
  return { id, name, type: subnetType, properties: completed }
}

/** Stores a subnet that came inside its network. */
export function applySubnet(subnet: InlineSubnet, networkId: string, world: World): void {
  const made = storedForm(subnet, networkId)
  const stored = world.store.get(made.id)
  world.store.set({ ...made, id: stored?.id ?? made.id, name: stored?.name ?? made.name })
}

/** What Azure alone says of a subnet: who writes back what he has read changes none of it. */
const readOnly: ReadonlySet<string> = new Set([
  'privateEndpoints',
  'ipConfigurations',
  'ipConfigurationProfiles',
  'resourceNavigationLinks',
  'serviceAssociationLinks',
  'purpose',
])

function completeSubnet(written: Json, id: string): Json {
  const properties = Object.fromEntries(Object.entries(written).filter(([key]) => !readOnly.has(key)))
  const delegations = records(properties['delegations']).map((delegation) => ({
    ...delegation,
    id: `${id}/delegations/${text(delegation['name']) ?? ''}`,
    type: `${subnetType}/delegations`,
    properties: {
      ...record(delegation['properties']),
      actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
      provisioningState: 'Succeeded',
    },
  }))
  const endpoints = records(properties['serviceEndpoints']).map((endpoint) => ({
    ...endpoint,
    provisioningState: 'Succeeded',
  }))
  return {
    ...properties,
    delegations,
    ...(endpoints.length === 0 ? {} : { serviceEndpoints: endpoints }),
    privateEndpointNetworkPolicies: properties['privateEndpointNetworkPolicies'] ?? 'Disabled',
    privateLinkServiceNetworkPolicies: properties['privateLinkServiceNetworkPolicies'] ?? 'Enabled',
  }
}

function touchNetwork(subnet: StoredResource, world: World): void {
  const id = subnet.id.slice(0, subnet.id.toLowerCase().lastIndexOf('/subnets/'))
  const network = world.store.get(id)
  const etag = subnet['etag']
  if (network === undefined) return
  world.store.set({
    ...network,
    etag: typeof etag === 'string' && etag !== network['etag'] ? etag : nextEtag(network),
  })
}

/** A new etag derived from the last one, for a change that brings none of its own. */
function nextEtag(network: StoredResource): string {
  return `W/"${guidOf(`${String(network['etag'])}*`)}"`
}
