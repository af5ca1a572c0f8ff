import { keepsFromGoing, type Lock } from '../../azure/locks.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import type { Left } from '../removal/left.ts'
import { pieceRow } from '../removal/piece.ts'
import type { NumberedProject } from './project-by-number.ts'
import type { GroupContents } from './read-group.ts'
import { groupRow, stackRow } from './rows.ts'

/** The lock that is on a resource or on what it is in. */
export const lockOver = (id: string, locks: readonly Lock[]): Lock | undefined =>
  locks.find(({ scope }) => isWithin(id, scope))

/** The lock that keeps a resource from being deleted: first one that it shares with what it is in. */
export const lockKeeping = (id: string, locks: readonly Lock[]): Lock | undefined =>
  lockOver(id, locks) ?? locks.find((lock) => keepsFromGoing(lock, id))

/** That it has to be removed first. */
export const lockWarning = ({ name, level, scope }: Lock): string =>
  `Lock '${name}' (${level}) on '${lastSegment(scope)}' keeps what is in it from being deleted. Who has set it has to remove it first.`

/** Why something stays. */
export const lockReason = ({ name, level, scope }: Lock): string =>
  `Lock '${name}' (${level}) on '${lastSegment(scope)}' keeps it.`

/** How somebody removes it. */
export const howToUnlock = ({ id }: Lock): string =>
  `Ask who has set it to remove it (az lock delete --ids ${id}), then run again.`

/** What a lock leaves. */
export const keptBy = (lock: Lock) =>
  ({ why: 'others', reason: lockReason(lock), fix: howToUnlock(lock) }) as const satisfies Partial<Left>

/** The group, with a lock on itself or on the subscription. */
export const lockedGroup = (target: NumberedProject, lock: Lock): Left => ({
  why: 'others',
  ...groupRow(target),
  reason: `Lock '${lock.name}' (${lock.level}) on '${lastSegment(lock.scope)}' keeps it and all resources in it.`,
  fix: howToUnlock(lock),
})

/** What locks in the group keep: resources of the project, with these their stack, and the group. */
export function lockedInGroup(target: NumberedProject, found: GroupContents): readonly Left[] {
  const pieces = found.ours.flatMap((piece) => {
    const lock = lockKeeping(piece.id, found.locks)
    return lock === undefined ? [] : [{ ...pieceRow(piece), ...keptBy(lock) }]
  })
  const stackLock = lockOfStack(found)
  const [lock] = found.locks
  return [
    ...pieces,
    ...(stackLock === undefined ? [] : [{ ...stackRow(target), ...keptBy(stackLock) }]),
    ...(lock === undefined || !found.isOurs || found.foreign.length > 0
      ? []
      : [{ ...groupRow(target), ...keptBy(lock) }]),
  ]
}

/** The lock on a resource that the stack manages: Azure keeps the stack as long as it could not delete all of them. */
export const lockOfStack = ({ stack, ours, locks }: GroupContents): Lock | undefined =>
  ours
    .filter(({ id }) => stack?.resourceIds.some((managed) => sameText(managed, id)))
    .map(({ id }) => lockKeeping(id, locks))
    .find((lock) => lock !== undefined)
