import { type DeploymentStacks, openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { openPermissions, type Permissions } from '../../azure/permissions.ts'
import { openResourceProviders, type ResourceProviders } from '../../azure/resource-providers.ts'
import { openResources, type Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks, type VirtualNetworks } from '../../azure/virtual-networks.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { type CommonSubnets, openCommonSubnets } from '../network/common-subnets.ts'

/** The clients that a common area is provisioned with. */
export interface CommonServices {
  readonly session: Session
  readonly stacks: DeploymentStacks
  readonly resources: Resources
  readonly permissions: Permissions
  readonly providers: ResourceProviders
  readonly networks: VirtualNetworks
  readonly subnets: CommonSubnets
}

/** Opens them for the subscription of an environment. @param info writes a line to the log */
export async function openCommonServices(
  session: Session,
  area: CommonArea,
  info: (line: string) => void,
): Promise<CommonServices> {
  const { subscriptionId } = area.factory
  const [stacks, resources, permissions, providers, networks, subnets] = await Promise.all([
    openDeploymentStacks(session, subscriptionId),
    openResources(session),
    openPermissions(session),
    openResourceProviders(session, subscriptionId),
    openVirtualNetworks(session),
    openCommonSubnets(session, area, info),
  ])
  return { session, stacks, resources, permissions, providers, networks, subnets }
}
