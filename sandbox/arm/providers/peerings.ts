import type { StoredResource } from '../../contracts.ts'
import { sameId } from '../address.ts'
import { overlap } from '../cidr.ts'
import { badRequest } from '../errors.ts'
import { at, records, text, texts } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { parsePrefix } from './prefixes.ts'

const type = 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings'

/** Microsoft.Network/virtualNetworks/virtualNetworkPeerings. */
export const peeringRules: readonly ResourceRules[] = [
  {
    type,
    location: 'none',
    lock: (address) => address.parent,
    required: ['properties.remoteVirtualNetwork.id'],
    check: checkPeering,
    complete: ({ properties: { peeringState: _state, ...properties }, address }, world) => ({
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
      ...properties,
      peerCompleteVnets: true,
      localAddressSpace: space(world.store.get(address.parent ?? '')),
      remoteAddressSpace: space(world.store.get(remoteOf(properties))),
    }),
    applied: (_write, peering, world) => {
      const back = backOf(peering, world)
      if (back === undefined) return undefined
      world.store.set({ ...back, properties: { ...back.properties, peeringState: 'Connected' } })
      return { peeringState: 'Connected' }
    },
    render: renderPeering,
  },
]

/** Peerings of a network as they are read. */
export function peeringsOf(network: StoredResource, world: World): readonly StoredResource[] {
  return world.store.children(network.id, type).map((peering) => renderPeering(peering, world))
}

/** Throws when a network is to get a prefix that one of its peers has. */
export function checkPeers(networkId: string, prefixes: readonly string[], world: World): void {
  for (const peering of world.store.children(networkId, type)) {
    const remote = remoteOf(peering.properties)
    const [clash] = common(prefixes, prefixesOfNetwork(world.store.get(remote)))
    if (clash !== undefined)
      throw badRequest(
        'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
        `Address prefix ${clash} of virtual network ${networkId} overlaps with the address space of virtual network ${remote}, which is already peered with it.`,
      )
  }
}

function checkPeering(write: Write, world: World): void {
  const { address } = write
  const localId = address.parent ?? ''
  const remoteId = remoteOf(write.properties)
  const remote = world.store.get(remoteId)
  const begin = `Cannot create or update peering ${address.id}.`
  const others = world.store.children(localId, type).filter((peering) => !sameId(peering.id, address.id))
  const same = others.find((peering) => sameId(remoteOf(peering.properties), remoteId))
  if (same !== undefined)
    throw badRequest(
      'AnotherPeeringAlreadyReferencesRemoteVnet',
      `${begin} Peering ${same.id} already references remote virtual network ${remoteId}. Cannot add another peering referencing the same remote virtual network.`,
    )
  const local = prefixesOfNetwork(world.store.get(localId))
  const clashes = common(local, prefixesOfNetwork(remote))
  if (clashes.length > 0)
    throw badRequest(
      'VnetAddressSpacesOverlap',
      `${begin} Virtual networks ${localId} and ${remoteId} cannot be peered because their address spaces overlap. Overlapping address prefixes: ${clashes.join(', ')}`,
    )
  checkOtherSide(write, localId, remoteId, world)
  checkRemoteGateways(write, remoteId, world)
  for (const peering of others) {
    const third = remoteOf(peering.properties)
    if (common(prefixesOfNetwork(remote), prefixesOfNetwork(world.store.get(third))).length > 0)
      throw badRequest(
        'VnetAddressSpaceOverlapsWithAlreadyPeeredVnet',
        `${begin} Virtual networks ${remoteId} and ${localId} cannot be peered because address space of the first virtual network overlaps with address space of third virtual network ${third} already peered with the second virtual network.`,
      )
  }
}

/** A new peering does not meet one of the other side that was connected before. */
function checkOtherSide(write: Write, localId: string, remoteId: string, world: World): void {
  const back = world.store
    .children(remoteId, type)
    .find((other) => sameId(remoteOf(other.properties), localId))
  if (back === undefined || write.existing !== undefined || stateOf(back, undefined) !== 'Disconnected')
    return
  throw badRequest(
    'RemotePeeringIsDisconnected',
    `Cannot create or update peering ${write.address.id}. Remote peering ${back.id} referencing parent virtual network ${localId} is in Disconnected state. Update or re-create the remote peering to get it back to Initiated state.`,
  )
}

/** The gateway of the other side can be used only when there is one. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit */
function checkRemoteGateways({ address, properties }: Write, remoteId: string, world: World): void {
  if (properties['useRemoteGateways'] !== true) return
  const hasGateway = world.store
    .ofType('Microsoft.Network/virtualNetworkGateways')
    .some((gateway) =>
      records(at(gateway, 'properties.ipConfigurations')).some((configuration) =>
        (text(at(configuration, 'properties.subnet.id')) ?? '')
          .toLowerCase()
          .startsWith(`${remoteId.toLowerCase()}/subnets/`),
      ),
    )
  if (!hasGateway)
    throw badRequest(
      'RemoteVnetHasNoGateways',
      `Peering ${address.id} cannot have UseRemoteGateway flag set to true because remote virtual network ${remoteId} referenced by the peering does not have any gateways.`,
    )
}

/** Each prefix of either side that overlaps with one of the other. */
function common(ones: readonly string[], others: readonly string[]): readonly string[] {
  const clash = (one: string, other: string) => overlap(parsePrefix(one, ''), parsePrefix(other, ''))
  const clashing = (from: readonly string[], against: readonly string[]) =>
    from.filter((one) => against.some((other) => clash(one, other)))
  return [...new Set([...clashing(ones, others), ...clashing(others, ones)])]
}

/** The peering of the other side that leads back. */
function backOf(peering: StoredResource, world: World): StoredResource | undefined {
  const localId = peering.id.slice(0, peering.id.toLowerCase().indexOf('/virtualnetworkpeerings/'))
  return world.store
    .children(remoteOf(peering.properties), type)
    .find((other) => sameId(remoteOf(other.properties), localId))
}

/** It was connected, and the other side is gone: it stays so until it is written or made again. */
function stateOf(peering: StoredResource, back: StoredResource | undefined): string {
  if (back !== undefined) return 'Connected'
  return at(peering, 'properties.peeringState') === 'Connected' ? 'Disconnected' : 'Initiated'
}

/**
 * A peering is connected once the other side peers back. Each side keeps the other's address space as it was when it
 * was written, and is out of step when that has changed since.
 */
function renderPeering(peering: StoredResource, world: World): StoredResource {
  const localId = peering.id.slice(0, peering.id.toLowerCase().indexOf('/virtualnetworkpeerings/'))
  const local = world.store.get(localId)
  const remoteId = remoteOf(peering.properties)
  const remote = world.store.get(remoteId)
  const back = backOf(peering, world)
  const isBehind = (one: StoredResource | undefined, network: StoredResource | undefined) =>
    prefixesAt(one, 'remoteAddressSpace') !== prefixesOfNetwork(network).join()
  return {
    ...peering,
    properties: {
      ...peering.properties,
      localVirtualNetworkAddressSpace: space(local),
      remoteVirtualNetworkAddressSpace: space(remote),
      peeringState: stateOf(peering, back),
      peeringSyncLevel: syncLevel(isBehind(peering, remote), isBehind(back, local)),
    },
  }
}

function syncLevel(localBehind: boolean, remoteBehind: boolean): string {
  if (localBehind && remoteBehind) return 'LocalAndRemoteNotInSync'
  if (localBehind) return 'LocalNotInSync'
  return remoteBehind ? 'RemoteNotInSync' : 'FullyInSync'
}

function prefixesAt(peering: StoredResource | undefined, key: string): string {
  return texts(at(peering, `properties.${key}.addressPrefixes`)).join()
}

function prefixesOfNetwork(network: StoredResource | undefined): readonly string[] {
  return texts(at(network, 'properties.addressSpace.addressPrefixes'))
}

function space(network: StoredResource | undefined) {
  return { addressPrefixes: prefixesOfNetwork(network) }
}

function remoteOf(properties: unknown): string {
  return text(at(properties, 'remoteVirtualNetwork.id')) ?? ''
}
