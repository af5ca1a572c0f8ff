import { unlessForbidden } from '../../azure/failure.ts'
import type { ExistingVirtualNetwork, VirtualNetworks } from '../../azure/virtual-networks.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { combinedError, type Fault } from '../../diagnostics/fault.ts'
import { textAt } from '../../manifest/reading.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { peeringConflicts, strandedSubnets } from '../../network/peering-conflicts.ts'
import { lastSegment, sameText } from '../../resource-id.ts'

/**
 * Makes sure, before anything is written, that the VNet can be peered with its hub, and that no subnet loses its prefix.
 * @param network the VNet as it will be
 * @param present the VNet as it is; undefined when it is not there
 * @returns what could not be looked at, sentences
 * @throws UserError with every fault, each with its place in factory.yml
 */
export async function refuseAddressConflicts(
  { factory }: Pick<CommonArea, 'factory'>,
  network: ExistingVirtualNetwork,
  present: ExistingVirtualNetwork | undefined,
  networks: Pick<VirtualNetworks, 'find'>,
): Promise<readonly string[]> {
  const setting = factory.common.hubPeering
  const hubId = setting.kind === 'own' ? textAt(setting.options, ['hub']) : undefined
  const hub = hubId === undefined ? undefined : await readHub(hubId, networks)
  const faults = [
    ...(present === undefined ? [] : strandedSubnets(present, factory)),
    ...(hub === undefined || hub === 'hidden' || hub === 'missing'
      ? []
      : [...peeringConflicts(network, hub, factory), ...missingGateway(hub, factory)]),
    ...(hub === 'missing'
      ? [
          {
            what: `The VNet of the hub does not exist: ${hubId}.`,
            where: factory.commonAt('hubPeering.hub'),
            fix: "Correct 'hub', or ask the owner of the hub whether it was moved.",
          },
        ]
      : []),
  ]
  if (faults.length > 0) throw combinedError('The VNet and its peering with the hub have', faults)
  return hub === 'hidden' && hubId !== undefined
    ? [
        `Whether the VNet has addresses of the hub '${lastSegment(hubId)}', or of what it is peered with, is not known, as this identity may not read it. If it has, Azure refuses the peering.`,
      ]
    : []
}

/** The gateway of a hub can be used only when it has one. https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit */
function missingGateway(
  hub: ExistingVirtualNetwork,
  { common, commonAt }: ResolvedFactory,
): readonly Fault[] {
  const { hubPeering } = common
  const wanted = hubPeering.kind === 'own' && hubPeering.options['useRemoteGateways'] === true
  const place = hub.subnets.find(({ name }) => sameText(name, 'GatewaySubnet'))
  if (!wanted || (place !== undefined && place.occupants.length > 0)) return []
  return [
    {
      what: `The hub '${hub.name}' has no gateway that the VNet could use.`,
      where: commonAt('hubPeering.useRemoteGateways'),
      why: 'Azure refuses a peering that uses the gateway of a network without one.',
      fix: "Leave 'useRemoteGateways' out until the owner of the hub has created the gateway.",
    },
  ]
}

const readHub = (
  id: string,
  { find }: Pick<VirtualNetworks, 'find'>,
): Promise<ExistingVirtualNetwork | 'missing' | 'hidden'> =>
  unlessForbidden(async () => (await find(id)) ?? 'missing', 'hidden')
