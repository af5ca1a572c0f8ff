import { badRequest } from '../errors.ts'
import { at, record, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { parsePrefix, prefixesOf } from './prefixes.ts'

const type = 'Microsoft.App/managedEnvironments'
const delegation = 'microsoft.app/environments'

/** Microsoft.App/managedEnvironments: the subnet they take. */
export const containerAppRules: readonly ResourceRules[] = [
  { type, location: 'required', check: checkSubnet },
]

/**
 * With workload profiles an environment takes a subnet of at least /27 that is delegated to it, without them one of at
 * least /23 that is not. https://learn.microsoft.com/azure/container-apps/custom-virtual-networks
 */
function checkSubnet({ properties }: Write, world: World): void {
  const subnetId = text(at(properties, 'vnetConfiguration.infrastructureSubnetId'))
  const subnet = subnetId === undefined ? undefined : world.store.get(subnetId)
  if (subnet === undefined) return
  const hasProfiles = records(properties['workloadProfiles']).length > 0
  const isDelegated = records(at(subnet, 'properties.delegations')).some(
    (entry) => text(at(entry, 'properties.serviceName'))?.toLowerCase() === delegation,
  )
  if (hasProfiles && !isDelegated)
    throw badRequest(
      'ManagedEnvironmentSubnetDelegationError',
      `The subnet of the environment must be delegated to the service 'Microsoft.App/environments'.`,
    )
  if (!hasProfiles && isDelegated)
    throw badRequest(
      'ManagedEnvironmentSubnetIsDelegated',
      'The subnet of the environment must not be delegated to any service.',
    )
  const longest = hasProfiles ? 27 : 23
  const tooSmall = prefixesOf(record(subnet.properties)).some(
    (prefix) => parsePrefix(prefix, subnet.id).length > longest,
  )
  if (tooSmall)
    throw badRequest(
      'ManagedEnvironmentInvalidNetworkConfiguration',
      `The environment network configuration is invalid: Provided subnet must have a size of at least /${longest}`,
    )
}
