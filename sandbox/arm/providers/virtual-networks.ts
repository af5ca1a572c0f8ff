import type { StoredResource } from '../../contracts.ts'
import { inside, overlap, type Range } from '../cidr.ts'
import { badRequest, invalidReference } from '../errors.ts'
import { at, guidOf, type Json, record, records, text, texts } from '../json.ts'
import { type ResourceRules, referenced, type World, type Write } from '../rules.ts'
import { parsePrefix } from './prefixes.ts'
import {
  applySubnet,
  checkSubnet,
  checkSubnetRemoval,
  inlineSubnet,
  prefixesOf,
  renderSubnet,
  subnetType,
} from './subnets.ts'

/** From this API version on, a PUT of a virtual network without `subnets` leaves them as they are. */
const preservesSubnetsFrom = '2023-09-01'
const type = 'Microsoft.Network/virtualNetworks'
const peeringType = `${type}/virtualNetworkPeerings`

/** Microsoft.Network/virtualNetworks and their peerings. */
export const virtualNetworkRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.addressSpace.addressPrefixes'],
    lock: (address) => address.id,
    check: checkNetwork,
    complete: ({ properties, address, existing }) => {
      const { subnets: _subnets, virtualNetworkPeerings: _peerings, ...rest } = properties
      return {
        ...rest,
        resourceGuid: text(at(existing, 'properties.resourceGuid')) ?? guidOf(address.id),
        enableDdosProtection: properties['enableDdosProtection'] ?? false,
      }
    },
    applied: applyNetwork,
    previewed: (write) =>
      replacesSubnets(write)
        ? {
            subnets: records(write.properties['subnets']).map((subnet) =>
              inlineSubnet(subnet, write.address.id),
            ),
          }
        : {},
    render: renderNetwork,
    checkRemoval: (network, world) => {
      for (const subnet of world.store.children(network.id, subnetType)) checkSubnetRemoval(subnet, world)
    },
  },
  {
    type: peeringType,
    location: 'none',
    lock: (address) => address.parent,
    required: ['properties.remoteVirtualNetwork.id'],
    check: (write, world) => {
      const remote = text(at(write.properties, 'remoteVirtualNetwork.id')) ?? ''
      referenced(world, remote, () => invalidReference(write.address.id, remote))
    },
    complete: ({ properties }) => ({
      ...properties,
      peeringState: 'Initiated',
      peeringSyncLevel: 'FullyInSync',
    }),
    render: (peering, world) => renderPeering(peering, world),
  },
]

function checkNetwork(write: Write, world: World): void {
  const { address, properties } = write
  const prefixes = texts(at(properties, 'addressSpace.addressPrefixes'))
  if (prefixes.length === 0)
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
  const inline = replacesSubnets(write) ? records(properties['subnets']) : []
  const network = { id: address.id, name: address.name, prefixes }
  inline.forEach((subnet, index) => {
    checkSubnet(subnet, network, inline.slice(0, index), world)
  })
  checkKeptSubnets(write, inline, ranges, world)
}

/** Subnets that the request drops must be free; those that stay must still lie in the address space. */
function checkKeptSubnets(
  write: Write,
  inline: readonly Json[],
  ranges: readonly Range[],
  world: World,
): void {
  const named = new Set(inline.map((subnet) => text(subnet['name'])?.toLowerCase()))
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

function replacesSubnets(write: Write): boolean {
  return write.properties['subnets'] !== undefined || write.apiVersion.slice(0, 10) < preservesSubnetsFrom
}

function applyNetwork(write: Write, network: StoredResource, world: World): undefined {
  if (!replacesSubnets(write)) return undefined
  const inline = records(write.properties['subnets'])
  const named = new Set(inline.map((subnet) => text(subnet['name'])?.toLowerCase()))
  for (const subnet of world.store.children(network.id, subnetType)) {
    if (!named.has(subnet.name.toLowerCase())) world.store.delete(subnet.id)
  }
  for (const subnet of inline) applySubnet(subnet, network.id, world)
  return undefined
}

function renderNetwork(network: StoredResource, world: World): StoredResource {
  const subnets = world.store.children(network.id, subnetType)
  const peerings = world.store.children(network.id, peeringType)
  return {
    ...network,
    properties: {
      ...network.properties,
      subnets: subnets.map((subnet) => renderSubnet(subnet, world)),
      virtualNetworkPeerings: peerings.map((peering) => renderPeering(peering, world)),
    },
  }
}

/** A peering is connected once the other side peers back. */
function renderPeering(peering: StoredResource, world: World): StoredResource {
  const own = peering.id.slice(0, peering.id.toLowerCase().indexOf('/virtualnetworkpeerings/')).toLowerCase()
  const remote = text(at(peering, 'properties.remoteVirtualNetwork.id')) ?? ''
  const back = world.store
    .children(remote, peeringType)
    .some((other) => text(at(other, 'properties.remoteVirtualNetwork.id'))?.toLowerCase() === own)
  return { ...peering, properties: { ...peering.properties, peeringState: back ? 'Connected' : 'Initiated' } }
}
