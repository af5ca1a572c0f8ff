import { type DeploymentStacks, openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { Session } from '../../azure/session.ts'
import { openVirtualNetworks, type VirtualNetworks } from '../../azure/virtual-networks.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { type AccessServices, openAccessServices } from '../access/access-services.ts'

/** All clients that a destroy takes. */
export interface DestroyClients extends AccessServices {
  readonly session: Session
  readonly stacks: DeploymentStacks
  readonly networks: VirtualNetworks
}

/** Opens them for the subscription of an environment. */
export async function openDestroyClients(
  session: Session,
  factory: ResolvedFactory,
): Promise<DestroyClients> {
  const [access, stacks, networks] = await Promise.all([
    openAccessServices(session, factory),
    openDeploymentStacks(session, factory.subscriptionId),
    openVirtualNetworks(session),
  ])
  return { ...access, session, stacks, networks }
}
