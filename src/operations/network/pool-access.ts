import { openPermissions } from '../../azure/permissions.ts'
import type { Session } from '../../azure/session.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { ipv4Pools, type PoolFindings, poolAction, poolFindings } from '../../network/ipam-pools.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import { deliveringClientId } from '../delivering-client-id.ts'

/** Whose identity needs addresses, and from which pool. */
interface PoolRequest {
  readonly factory: ResolvedFactory
  /** The pool that is to allocate the addresses; absent when they are planned here. */
  readonly poolId?: string
}

/**
 * What to report before subnets are created in a VNet whose addresses a pool of Azure Virtual Network Manager manages:
 * nothing for any other VNet, without a call.
 */
export async function poolAccess(
  session: Session,
  network: ActualNetwork,
  { factory, poolId }: PoolRequest,
): Promise<PoolFindings> {
  const poolIds = poolId === undefined ? ipv4Pools(network).map(({ id }) => id) : [poolId]
  if (poolIds.length === 0) return { warnings: [] }
  const clientId = deliveringClientId(factory)
  const { allows } = await openPermissions(session)
  const accesses = await Promise.all(
    poolIds.map(async (id) => ({ poolId: id, clientId, allowed: await allows(id, poolAction) })),
  )
  return poolFindings(network, accesses, poolId !== undefined)
}
