import { keysOf } from '../../by-key.ts'
import type { AssignedSubnets } from '../../catalog/assigned-subnets.ts'
import type { ProjectContents } from '../../catalog/contents.ts'
import { subnetRules } from '../../catalog/facts/subnet-rules.ts'
import { type Catalogue, catalogue } from '../../catalog/index.ts'
import { sizeOf } from '../../cidr.ts'
import type { Change } from '../../plan/model.ts'
import type { Usage } from '../../plan/usage.ts'
import { sameText } from '../../resource-id.ts'
import { addressesAzureReserves, endpointAddressesOf } from '../subnet-sizes.ts'
import { type ActualNetwork, ipv4Networks } from '../vnet.ts'
import { highScalePrivateEndpoints, limits } from './limits.ts'

/** What the usage of a plan follows from. */
export interface UsageFacts {
  readonly network: ActualNetwork & { readonly highScalePrivateEndpoints: boolean }
  readonly subnets: AssignedSubnets
  readonly contents: ProjectContents
  /** Does the factory's access mode use private endpoints? */
  readonly privateEndpoints: boolean
  /** How many the subscription has; undefined when they cannot be read. */
  readonly roleAssignments: number | undefined
  readonly changes: readonly Change[]
}

/** How much is used of what a project shares with others, or has a limited number of, before and after its plan. */
export const projectUsage = (facts: UsageFacts, from: Catalogue = catalogue): readonly Usage[] => [
  ...endpointsInNetwork(facts),
  ...endpointAddresses(facts, from),
  ...assignmentsInSubscription(facts),
]

/** How many more of a kind there are when a plan has been applied. */
const more = ({ changes }: UsageFacts, kind: string): number =>
  changes.reduce((sum, change) => {
    if (!sameText(change.kind, kind)) return sum
    return sum + (change.change === 'create' ? 1 : change.change === 'delete' ? -1 : 0)
  }, 0)

function endpointsInNetwork(facts: UsageFacts): readonly Usage[] {
  const { network } = facts
  const ids = network.subnets.flatMap(({ occupants = [] }) =>
    occupants.flatMap(({ kind, id }) => (kind === 'private endpoint' ? [id.toLowerCase()] : [])),
  )
  const used = new Set(ids).size
  return [
    {
      what: limits.privateEndpoints.noun,
      of: `VNet '${network.name}'`,
      used,
      after: used + more(facts, 'Microsoft.Network/privateEndpoints'),
      limit: network.highScalePrivateEndpoints ? highScalePrivateEndpoints.max : limits.privateEndpoints.max,
    },
  ]
}

/** The addresses of the subnet that the project's private endpoints are in. */
function endpointAddresses(
  { network, subnets, contents, privateEndpoints }: UsageFacts,
  from: Catalogue,
): readonly Usage[] {
  const key = keysOf(from.subnets).find((one) => from.subnets[one].rule === subnetRules.privateEndpoints)
  const subnet = key === undefined ? undefined : subnets[key]
  const [range] =
    subnet === undefined || subnet.addressPrefix === '' ? [] : ipv4Networks([subnet.addressPrefix])
  if (subnet === undefined || range === undefined || !privateEndpoints) return []
  const existing = network.subnets.find(({ id }) => sameText(id, subnet.id))
  const configurations = existing?.properties?.['ipConfigurations']
  return [
    {
      what: limits.addresses.noun,
      of: `subnet '${subnet.name}'`,
      used: Array.isArray(configurations) ? configurations.length : 0,
      after: endpointAddressesOf(contents, from),
      limit: sizeOf(range.prefixLength) - addressesAzureReserves,
    },
  ]
}

function assignmentsInSubscription(facts: UsageFacts): readonly Usage[] {
  const { roleAssignments: used } = facts
  if (used === undefined) return []
  const { noun, max } = limits.roleAssignments
  return [
    { what: noun, of: 'the subscription', used, after: used + more(facts, 'role assignment'), limit: max },
  ]
}
