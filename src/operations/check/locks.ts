import { unlessForbidden } from '../../azure/failure.ts'
import type { Right } from '../../azure/granted-rights.ts'
import { keepsFromGoing, type Lock, listLocks } from '../../azure/locks.ts'
import type { Session } from '../../azure/session.ts'
import { isWithin, lastSegment, resourceGroupIdOf, subscriptionOf } from '../../resource-id.ts'
import { type Finding, unchecked } from './finding.ts'
import { findPresent, neededRights } from './needed-rights.ts'
import type { Situation } from './situation.ts'

/** Where a delivery writes. */
export interface WritingPlaces {
  readonly session: Session
  readonly subscriptionId: string
  /** All that it does. */
  readonly needed: readonly Right[]
  /** The resource group that is delivered, and the VNet. */
  readonly resourceGroup: string
  readonly virtualNetwork: string
}

/** Does a management lock stand where the delivery of a project writes, or where a later one has to delete? */
export const checkLocks = async (situation: Situation): Promise<readonly Finding[]> =>
  findLocks({
    ...situation.target.ids,
    session: situation.session,
    subscriptionId: situation.target.project.factory.subscriptionId,
    needed: neededRights(situation, await findPresent(situation)),
  })

/** Does one stand where a delivery writes? */
export async function findLocks(delivery: WritingPlaces): Promise<readonly Finding[]> {
  const { session, needed } = delivery
  const subscription = `/subscriptions/${delivery.subscriptionId}`
  const outside = needed.map(({ scope }) => scope).filter((scope) => !isWithin(scope, subscription))
  const places = [...new Set([subscription, ...outside.map((scope) => resourceGroupIdOf(scope))])]
  const lists = await Promise.all(places.map((scope) => readLocks(session, scope, scope !== subscription)))
  const hidden = places.filter((_, index) => lists[index] === undefined)
  const locks = lists.flatMap((list) => list ?? [])
  const findings = [...lockFindings(locks, delivery), ...hidden.map(hiddenFinding)]
  if (findings.length > 0) return findings
  return [{ severity: 'good', what: 'No lock stands where the delivery writes.' }]
}

/** Undefined when they may not be read, in a place of other teams. */
function readLocks(
  session: Session,
  scope: string,
  isOutside: boolean,
): Promise<readonly Lock[] | undefined> {
  const read = () => listLocks(session, scope)
  return isOutside ? unlessForbidden(read, undefined) : read()
}

const hiddenFinding = (scope: string): Finding =>
  unchecked(
    `Whether a lock stands on ${scope}.`,
    'It belongs to somebody else, and its locks may not be read.',
    'Give whoever checks Reader there, or ask who runs it.',
  )

const commandFor = ({ id }: Lock): string => `az lock delete --ids '${id}'`

/**
 * Which locks the delivery runs into. ReadOnly refuses every change at its scope and below it, CanNotDelete the removal of
 * resources and of role assignments. What is only joined or approved is not changed. Pure.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
function lockFindings(
  locks: readonly Lock[],
  { needed, resourceGroup, virtualNetwork }: WritingPlaces,
): readonly Finding[] {
  const writes = needed.filter(({ action, plane }) => plane === 'control' && /\/write$/i.test(action))
  return locks.flatMap((lock): readonly Finding[] => {
    const hit = writes.filter(({ scope }) => isWithin(scope, lock.scope))
    const it = `The lock '${lock.name}' (${lock.level}) on '${lastSegment(lock.scope)}'${subscriptionOf(lock.scope) === lastSegment(lock.scope) ? ', the subscription,' : ''}`
    if (lock.level === 'ReadOnly' && hit.length > 0) {
      return [
        {
          severity: 'fault',
          what: `${it} refuses what the delivery writes there: ${[...new Set(hit.map(({ action }) => action))].slice(0, 5).join(', ')}${hit.length > 5 ? ' and more' : ''}.`,
          why: 'ReadOnly refuses every change, whatever rights somebody has.',
          fix: 'Ask who set it, and remove it for the delivery; or make it CanNotDelete.',
          commands: [commandFor(lock)],
        },
      ]
    }
    const isConcerned = [resourceGroup, virtualNetwork].some((id) => keepsFromGoing(lock, id))
    if (!isConcerned) return []
    return [{ severity: 'warning', ...partialLock(it, lock), commands: [commandFor(lock)] }]
  })
}

/** A lock that stands on a part of what the delivery may have to change: whether it has to, its plan shows. */
const partialLock = (it: string, { level }: Lock): Pick<Finding, 'what' | 'fix'> =>
  level === 'ReadOnly'
    ? {
        what: `${it} refuses every change there. A delivery that deploys anything fails at it where the lock is on its own: a stack deploys all that it manages.`,
        fix: 'Ask who set it, and remove it for a delivery that changes something; or make it CanNotDelete.',
      }
    : {
        what: `${it} lets the delivery create, and refuses what it would remove: services that are switched off, roles that are taken back, subnets that are released.`,
        fix: 'Remove it when something has to go.',
      }
