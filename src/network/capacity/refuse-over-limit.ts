import { UserError } from '../../diagnostics/user-error.ts'
import { grouped } from '../../plan/numbers.ts'
import { isWithin } from '../../resource-id.ts'
import { type Owner, theOwner } from '../ownership.ts'
import type { ActualNetwork } from '../vnet.ts'
import { highScalePrivateEndpoints, limits } from './limits.ts'

/** What an owner of subnets would add to a VNet. */
export interface ClaimedShare {
  readonly network: ActualNetwork & { readonly highScalePrivateEndpoints: boolean }
  readonly owner: Owner
  /** Resource id of the group that its resources are in: its private endpoints that exist are counted already. */
  readonly resourceGroupId: string
  /** How many private endpoints it has in all. */
  readonly privateEndpoints: number
  /** How many subnets it does not have yet. */
  readonly newSubnets: number
}

/**
 * Refuses to claim subnets for what Azure would refuse later: they would stay behind, empty.
 * @throws UserError that names the limit
 */
export function refuseOverLimit({
  network,
  owner: { project: whose },
  resourceGroupId,
  privateEndpoints,
  newSubnets,
}: ClaimedShare): void {
  if (newSubnets === 0) return
  const endpoints = new Set(
    network.subnets.flatMap(({ occupants = [] }) =>
      occupants.flatMap(({ kind, id }) => (kind === 'private endpoint' ? [id.toLowerCase()] : [])),
    ),
  )
  const own = [...endpoints].filter((id) => isWithin(id, resourceGroupId)).length
  refuse('privateEndpoints', {
    whose,
    network,
    used: endpoints.size,
    more: Math.max(0, privateEndpoints - own),
    max: network.highScalePrivateEndpoints ? highScalePrivateEndpoints.max : limits.privateEndpoints.max,
  })
  refuse('subnets', {
    whose,
    network,
    used: network.subnets.length,
    more: newSubnets,
    max: limits.subnets.max,
  })
}

interface Share {
  /** Three digits, or `common`. */
  readonly whose: string
  readonly network: ActualNetwork
  readonly used: number
  readonly more: number
  readonly max: number
}

function refuse(key: 'privateEndpoints' | 'subnets', { whose, network, used, more, max }: Share): void {
  if (used + more <= max) return
  const { noun, help, source } = limits[key]
  throw new UserError({
    what: `VNet '${network.name}' has ${grouped(used)} ${noun} of at most ${grouped(max)}, and ${theOwner(whose)} needs ${grouped(more)} more. No subnet was created.`,
    why: `Azure would refuse them when ${theOwner(whose)} is deployed, and its subnets would stay behind.`,
    fix: help,
    ...(source && { more: source }),
  })
}
