import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import { type Cidr, overlaps, parseNetwork } from '../../cidr.ts'
import { projectOfSubnet } from '../../naming/names.ts'
import { type ActualNetwork, ipv4Networks } from '../network.ts'
import type { MapArea, VnetMap } from './vnet-map.ts'

/**
 * The map of a VNet with a project's subnets in it, those that were not asked for too. Reserved ranges beside the VNet,
 * and subnets elsewhere, are left out.
 */
export function mapOf(
  network: ActualNetwork,
  reserved: readonly Cidr[],
  assigned: readonly AssignedSubnet[],
): VnetMap {
  const prefixes = ipv4Networks(network.addressPrefixes)
  const ours = new Set(assigned.map(({ name }) => name.toLowerCase()))
  const projects = new Set(assigned.flatMap(({ name }) => projectOfSubnet(name) ?? []))
  const isOurs = (name: string): boolean =>
    ours.has(name.toLowerCase()) || projects.has(projectOfSubnet(name) ?? '')
  const existing = network.subnets.flatMap(({ name, addressPrefixes }) =>
    ipv4Networks(addressPrefixes).map(
      (cidr): MapArea => ({
        kind: isOurs(name) ? 'ours' : 'existing',
        name,
        cidr,
        ...projectOf(name),
      }),
    ),
  )
  const planned = assigned.flatMap(({ name, addressPrefix, state }): readonly MapArea[] => {
    const parsed = parseNetwork(addressPrefix)
    return state === 'existing' || parsed.kind !== 'ipv4'
      ? []
      : [{ kind: 'planned', name, cidr: parsed.cidr, ...projectOf(name) }]
  })
  const kept = reserved.map((cidr): MapArea => ({ kind: 'reserved', name: 'reserved', cidr }))
  return {
    name: network.name,
    prefixes,
    areas: [...kept, ...existing, ...planned].filter(({ cidr }) =>
      prefixes.some((prefix) => overlaps(prefix, cidr)),
    ),
  }
}

function projectOf(name: string): Pick<MapArea, 'project'> {
  const project = projectOfSubnet(name)
  return project === undefined ? {} : { project }
}
