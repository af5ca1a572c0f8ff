import { sameId } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, guidOf, records, text } from '../json.ts'
import type { ResourceRules, World, Write } from '../rules.ts'
import { usersOf } from './subnet-users.ts'

/** Also the service that the subnet is delegated to. */
const type = 'GitHub.Network/networkSettings'

/**
 * GitHub.Network/networkSettings, with which GitHub puts its runners into a subnet.
 * https://docs.github.com/organizations/managing-organization-settings/configuring-private-networking-for-github-hosted-runners-in-your-organization
 */
export const githubNetworkRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    fixed: ['properties.subnetId', 'properties.businessId'],
    check: checkSubnet,
    // The tag is what GitHub asks for when somebody makes a network configuration of it.
    render: (settings) => ({
      ...settings,
      tags: { ...settings.tags, GitHubId: guidOf(settings.id).replaceAll('-', '').toUpperCase() },
    }),
  },
]

/** The subnet is delegated to GitHub, and nobody else lies in it. */
function checkSubnet({ address, properties }: Write, world: World): void {
  const subnetId = text(properties['subnetId']) ?? ''
  const subnet = world.store.get(subnetId)
  if (subnet === undefined) return
  const isDelegated = records(at(subnet, 'properties.delegations')).some((entry) =>
    sameId(text(at(entry, 'properties.serviceName')) ?? '', type),
  )
  if (!isDelegated)
    throw badRequest(
      'SubnetMissingRequiredDelegation',
      `Subnet ${subnetId} requires any of the following delegation(s) [${type}] to reference service association link.`,
    )
  const other = usersOf(subnetId, world).find(({ resource }) => !sameId(resource.id, address.id))
  if (other !== undefined)
    throw conflict('SubnetInUse', `Subnet ${subnetId} is already in use by ${other.resource.id}.`)
}
