import type { StoredResource } from '../../contracts.ts'
import { inside, overlap, type Range } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, guidOf, record, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { addressSpaceOf } from './address-spaces.ts'
import { checkPeers, peeringsOf } from './peerings.ts'
import { allocationsOf, poolLinks, poolsOf } from './pool-allocations.ts'
import { checkAllowed, parsePrefix, prefixesOf } from './prefixes.ts'
import { removeLinks } from './private-dns.ts'
import { inlineSubnets, type Network, subnetType } from './subnet-prefixes.ts'
import { usersOf } from './subnet-users.ts'
import { renderSubnets } from './subnet-view.ts'
import { applySubnet, checkSubnet, checkSubnetRemoval, storedForm } from './subnets.ts'

/** From this API version on, a PUT of a virtual network without `subnets` leaves them as they are. */
const preservesSubnetsFrom = '2023-09-01'
const type = 'Microsoft.Network/virtualNetworks'

/** Microsoft.Network/virtualNetworks. */
export const virtualNetworkRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    lock: (address) => address.id,
    links: ({ properties }) =>
      poolLinks([
        ...poolsOf(properties['addressSpace']),
        ...records(properties['subnets']).flatMap((subnet) => poolsOf(subnet['properties'])),
      ]),
    check: checkNetwork,
    complete: (write, world) => {
      const { properties, address, existing } = write
      const { subnets: _subnets, virtualNetworkPeerings: _peerings, ...rest } = properties
      return {
        ...rest,
        addressSpace: addressSpaceOf(write, world),
        resourceGuid: text(at(existing, 'properties.resourceGuid')) ?? guidOf(address.id),
        enableDdosProtection: properties['enableDdosProtection'] ?? false,
        privateEndpointVNetPolicies: properties['privateEndpointVNetPolicies'] ?? 'Disabled',
      }
    },
    applied: applyNetwork,
    previewed: (write, _network, world) =>
      replacesSubnets(write)
        ? { subnets: inlineOf(write, world).map((subnet) => storedForm(subnet, write.address.id)) }
        : {},
    render: renderNetwork,
    checkRemoval: (network, world) => {
      for (const subnet of world.store.children(network.id, subnetType)) checkSubnetRemoval(subnet, world)
    },
    removed: removeLinks,
  },
]

/** The network that a write leaves, as its subnets see it. */
function networkOf(write: Write, world: World): Network {
  const space = addressSpaceOf(write, world)
  const { id, name } = write.address
  return { id, name, prefixes: space.addressPrefixes, allocations: allocationsOf(space) }
}

/** Subnets that a write brings, when they replace those that are there. */
function inlineOf(write: Write, world: World) {
  const sent = replacesSubnets(write) ? records(write.properties['subnets']) : []
  return inlineSubnets(sent, networkOf(write, world), world)
}

function checkNetwork(write: Write, world: World): void {
  const { address } = write
  const network = networkOf(write, world)
  const { prefixes } = network
  if (prefixes.length === 0 && network.allocations.length === 0)
    throw badRequest(
      'InvalidRequestFormat',
      `Cannot parse the request: virtual network '${address.name}' needs at least one address prefix.`,
    )
  const ranges = prefixes.map((prefix) => parsePrefix(prefix, address.id))
  ranges.forEach((range, index) => {
    const clash = ranges.slice(0, index).findIndex((other) => overlap(range, other))
    if (clash >= 0)
      throw badRequest(
        'InvalidAddressSpace',
        `Address prefixes ${prefixes[clash]} and ${prefixes[index]} of virtual network '${address.name}' overlap.`,
      )
  })
  for (const prefix of prefixes) checkAllowed(prefix, address.id)
  checkPeers(address.id, prefixes, world)
  const inline = inlineOf(write, world)
  inline.forEach((subnet, index) => {
    checkSubnet(subnet, network, inline.slice(0, index), world)
  })
  checkKeptSubnets(write, inline, ranges, world)
  checkEndpointPolicies(write, world)
}

/** Subnets that the request drops must be free; those that stay must still lie in the address space. */
function checkKeptSubnets(
  write: Write,
  inline: readonly { readonly name: string }[],
  ranges: readonly Range[],
  world: World,
): void {
  const named = new Set(inline.map(({ name }) => name.toLowerCase()))
  for (const subnet of world.store.children(write.address.id, subnetType)) {
    if (named.has(subnet.name.toLowerCase())) continue
    if (replacesSubnets(write)) checkSubnetRemoval(subnet, world)
    else
      for (const prefix of prefixesOf(record(subnet.properties)))
        if (!ranges.some((range) => inside(parsePrefix(prefix, subnet.id), range)))
          throw badRequest(
            'NetcfgSubnetRangeOutsideVnet',
            `Subnet '${subnet.name}' is not valid because its IP address range is outside the IP address range of virtual network '${write.address.name}'.`,
          )
  }
}

/**
 * A network takes more private endpoints than usual only when those that are in it obey network policies.
 * https://learn.microsoft.com/azure/private-link/increase-private-endpoint-vnet-limits
 */
function checkEndpointPolicies({ address, properties, existing }: Write, world: World): void {
  const path = 'properties.privateEndpointVNetPolicies'
  if (text(properties['privateEndpointVNetPolicies'])?.toLowerCase() !== 'basic') return
  if (text(at(existing, path))?.toLowerCase() === 'basic') return
  const without = world.store
    .children(address.id, subnetType)
    .find(
      (subnet) =>
        /^disabled$/i.test(text(at(subnet, 'properties.privateEndpointNetworkPolicies')) ?? '') &&
        usersOf(subnet.id, world).some(({ resource }) => isEndpoint(resource)),
    )
  if (without !== undefined)
    throw badRequest(
      'PrivateEndpointVNetPoliciesNotSupported',
      `Virtual network ${address.id} cannot have PrivateEndpointVNetPolicies Basic: subnet ${without.id} has private endpoints and PrivateEndpointNetworkPolicies Disabled.`,
    )
}

const isEndpoint = ({ type: of }: Pick<StoredResource, 'type'>): boolean =>
  of.toLowerCase() === 'microsoft.network/privateendpoints'

function replacesSubnets(write: Write): boolean {
  return write.properties['subnets'] !== undefined || write.apiVersion.slice(0, 10) < preservesSubnetsFrom
}

function applyNetwork(write: Write, network: StoredResource, world: World): undefined {
  if (!replacesSubnets(write)) return undefined
  const inline = inlineOf(write, world)
  const named = new Set(inline.map(({ name }) => name.toLowerCase()))
  for (const subnet of world.store.children(network.id, subnetType)) {
    if (!named.has(subnet.name.toLowerCase())) world.store.delete(subnet.id)
  }
  for (const subnet of inline) applySubnet(subnet, network.id, world)
  return undefined
}

function renderNetwork(network: StoredResource, world: World): StoredResource {
  const subnets = world.store.children(network.id, subnetType)
  return {
    ...network,
    properties: {
      ...network.properties,
      subnets: renderSubnets(subnets, world),
      virtualNetworkPeerings: peeringsOf(network, world),
    },
  }
}
