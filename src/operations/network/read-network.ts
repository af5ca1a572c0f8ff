import type { ExistingVirtualNetwork, VirtualNetworks } from '../../azure/virtual-networks.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { lastSegment } from '../../resource-id.ts'
import type { SubnetTarget } from './subnet-target.ts'

/**
 * Reads the VNet of an environment, or another one that an input names.
 * @throws UserError that says who named a VNet that does not exist
 */
export async function readNetwork(
  networks: Pick<VirtualNetworks, 'find'>,
  { factory, virtualNetworkId }: Pick<SubnetTarget, 'factory' | 'virtualNetworkId'>,
  vnetId?: string,
): Promise<ExistingVirtualNetwork> {
  const id = vnetId ?? virtualNetworkId
  const found = await networks.find(id)
  if (found !== undefined) return found
  const what = `VNet '${lastSegment(id)}' does not exist, or its resource group does not: ${id}.`
  if (vnetId !== undefined) throw new UserError({ what, fix: "Correct the input 'vnet-id'." })
  if (factory.network.source.kind === 'existing') {
    throw new UserError({
      what,
      where: factory.network.at('vnetId'),
      fix: 'Correct the resource id in factory.yml, or ask the network team whether the VNet was moved.',
    })
  }
  throw new UserError({
    what,
    where: factory.network.at('addressSpace'),
    why: `The delivery of the common area of ${factory.environment} makes it. Its name follows from name, instance and locationCode in factory.yml.`,
    fix: `Deliver the common area of ${factory.environment} first: provision-project with 'target: common'. If that has been done, correct those keys.`,
  })
}
