import { contains, formatCidr, overlaps } from '../cidr.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import type { Fault } from '../diagnostics/fault.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { lastSegment, sameText } from '../resource-id.ts'
import { type ActualNetwork, ipv4Networks } from './vnet.ts'

/** A network with which the VNet cannot share addresses. */
interface Neighbour {
  /** As in a sentence. */
  readonly who: string
  readonly addressPrefixes: readonly string[]
  readonly why: string
}

/**
 * Why Azure would refuse the peering of a VNet with a hub: either has addresses of the VNet, the hub or a network that the
 * hub is peered with already, such as the VNet of another environment. One fault for each prefix and neighbour.
 * https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#requirements-and-constraints
 * @param network the VNet as it will be
 */
export function peeringConflicts(
  network: Pick<ActualNetwork, 'id' | 'addressPrefixes'>,
  hub: ActualNetwork,
  factory: Pick<ResolvedFactory, 'network' | 'environment'>,
): readonly Fault[] {
  const neighbours: readonly Neighbour[] = [
    {
      who: `the hub '${hub.name}'`,
      addressPrefixes: hub.addressPrefixes,
      why: 'Azure does not peer VNets with the same addresses.',
    },
    ...(hub.peerings ?? [])
      .filter(({ remoteId }) => !sameText(remoteId, network.id))
      .map(({ name, remoteId, remoteAddressPrefixes }) => ({
        who: `VNet '${lastSegment(remoteId) || name}'`,
        addressPrefixes: remoteAddressPrefixes,
        why: `The hub '${hub.name}' is peered with it already, and can send traffic for an address to one VNet only: Azure refuses the second.`,
      })),
  ]
  return ipv4Networks(network.addressPrefixes).flatMap((prefix) =>
    neighbours.flatMap((neighbour): readonly Fault[] => {
      const clash = ipv4Networks(neighbour.addressPrefixes).find((range) => overlaps(range, prefix))
      if (clash === undefined) return []
      return [
        {
          what: `${formatCidr(prefix)} of the VNet of ${factory.environment} overlaps ${formatCidr(clash)} of ${neighbour.who}.`,
          where: placeOf(formatCidr(prefix), factory),
          why: neighbour.why,
          fix: `Give the VNet other addresses in 'environments.${factory.environment}.network.addressSpace', or peer it with another hub.`,
        },
      ]
    }),
  )
}

/** The prefix in factory.yml, or its list when the VNet has it from somebody else. */
function placeOf(prefix: string, { network: { source, at } }: Pick<ResolvedFactory, 'network'>) {
  if (source.kind === 'existing') return at('vnetId')
  const index = source.addressSpace.indexOf(prefix)
  return at(index < 0 ? 'addressSpace' : `addressSpace.${index}`)
}

/**
 * Subnets that would not be in any prefix of the VNet any more: Azure refuses to take away a prefix with a subnet in it.
 * https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#add-or-remove-an-address-range
 */
export function strandedSubnets(
  { name, subnets }: Pick<ActualNetwork, 'name' | 'subnets'>,
  { environment, network: { source, at } }: Pick<ResolvedFactory, 'network' | 'environment'>,
): readonly Fault[] {
  if (source.kind === 'existing') return []
  const kept = ipv4Networks(source.addressSpace)
  const stranded = subnets.flatMap((subnet) =>
    ipv4Networks(subnet.addressPrefixes)
      .filter((range) => !kept.some((prefix) => contains(prefix, range)))
      .map((range) => `'${subnet.name}' (${formatCidr(range)})`),
  )
  if (stranded.length === 0) return []
  return [
    {
      what: `VNet '${name}' has subnets outside of the addresses that factory.yml gives it: ${enumeration(stranded, mostNamed)}.`,
      where: at('addressSpace'),
      why: 'The delivery would take their prefix away from the VNet, which Azure refuses while a subnet is in it.',
      fix: `Add their prefix to 'environments.${environment}.network.addressSpace', or release them first.`,
    },
  ]
}

const mostNamed = 5
