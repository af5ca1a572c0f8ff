import type { Lock } from '../../azure/locks.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { sameText } from '../../resource-id.ts'
import type { Left } from '../removal/left.ts'
import { keptBy, lockKeeping, lockWarning } from './locks.ts'

/** A release without what locks on single subnets and security groups keep, and what that is. */
export function withoutLocked(
  plan: ReleasePlan,
  locks: readonly Lock[],
): { readonly plan: ReleasePlan; readonly locked: readonly Left[] } {
  const subnets = plan.free.flatMap(({ subnet: { id, name } }) => lockedRow('subnet', id, name, locks))
  const groups = plan.groups.flatMap(({ id, name, subnetIds }) => {
    const user = subnets.find(({ scope }) => subnetIds.some((other) => sameText(other, scope)))
    const used = user && { reason: `Subnet '${user.name}' still uses it.`, fix: 'It goes with the subnet.' }
    const kind = 'network security group'
    return user === undefined
      ? lockedRow(kind, id, name, locks)
      : [{ ...user, kind, name, scope: id, ...used }]
  })
  const locked = [...subnets, ...groups]
  const isLocked = (id: string): boolean => locked.some(({ scope }) => sameText(scope, id))
  const changes = plan.changes.map((change) => {
    const still = locked.find(({ scope }) => sameText(scope, change.scope ?? ''))
    return still === undefined ? change : { ...change, change: 'keep' as const, reason: still.reason }
  })
  const rest = {
    ...plan,
    changes,
    free: plan.free.filter(({ subnet }) => !isLocked(subnet.id)),
    groups: plan.groups.filter(({ id }) => !isLocked(id)),
    warnings: [...plan.warnings, ...new Set(locked.map(({ lock }) => lockWarning(lock)))],
  }
  return { plan: rest, locked: locked.map(({ lock, ...left }) => left) }
}

const lockedRow = (kind: string, id: string, name: string, locks: readonly Lock[]) => {
  const lock = lockKeeping(id, locks)
  return lock === undefined ? [] : [{ lock, kind, name, scope: id, ...keptBy(lock) }]
}
