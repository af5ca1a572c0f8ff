import { openPermissions } from '../../azure/permissions.ts'
import type { Session } from '../../azure/session.ts'
import { ipv4Pools, type PoolFindings, poolAction, poolFindings } from '../../network/ipam-pools.ts'
import type { ActualNetwork } from '../../network/vnet.ts'

/** Who asks, and for how much of it. */
interface Asking {
  /** Application (client) id of the identity that works here. */
  readonly clientId: string
  /** The pool that is to choose the addresses; absent when they are planned beside it. */
  readonly poolId?: string
}

/**
 * What to tell before subnets are created in a VNet that is under a pool of Azure Virtual Network Manager: nothing for
 * any other VNet, which costs no call either.
 */
export async function poolAccess(
  session: Session,
  network: ActualNetwork,
  { clientId, poolId }: Asking,
): Promise<PoolFindings> {
  const poolIds = poolId === undefined ? ipv4Pools(network).map(({ id }) => id) : [poolId]
  if (poolIds.length === 0) return { warnings: [] }
  const { allows } = await openPermissions(session)
  const accesses = await Promise.all(
    poolIds.map(async (id) => ({ poolId: id, clientId, allowed: await allows(id, poolAction) })),
  )
  return poolFindings(network, accesses, poolId !== undefined)
}
