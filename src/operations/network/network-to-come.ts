import type { ExistingVirtualNetwork, VirtualNetworks } from '../../azure/virtual-networks.ts'
import { contains } from '../../cidr.ts'
import { ipv4Networks } from '../../network/vnet.ts'
import { lastSegment } from '../../resource-id.ts'
import { readNetwork } from './read-network.ts'
import type { SubnetTarget } from './subnet-target.ts'

/**
 * The VNet of an environment as it will be once the common area's network has been deployed: one that the factory makes may
 * not be there yet, or lack a prefix that factory.yml has by now.
 * @throws UserError when an existing VNet that factory.yml names does not exist
 */
export async function networkToCome(
  networks: Pick<VirtualNetworks, 'find'>,
  target: Pick<SubnetTarget, 'factory' | 'virtualNetworkId'>,
): Promise<ExistingVirtualNetwork> {
  const { factory, virtualNetworkId: id } = target
  const { source } = factory.network
  if (source.kind === 'existing') return readNetwork(networks, target)
  const found = await networks.find(id)
  if (found === undefined) return newNetwork(id, factory.location, source.addressSpace)
  const present = ipv4Networks(found.addressPrefixes)
  const added = source.addressSpace.filter((text) =>
    ipv4Networks([text]).some((range) => !present.some((prefix) => contains(prefix, range))),
  )
  return { ...found, addressPrefixes: [...found.addressPrefixes, ...added] }
}

const newNetwork = (
  id: string,
  location: string,
  addressPrefixes: readonly string[],
): ExistingVirtualNetwork => ({
  id,
  name: lastSegment(id),
  location,
  addressPrefixes,
  subnets: [],
  peerings: [],
  pools: [],
  highScalePrivateEndpoints: false,
})
