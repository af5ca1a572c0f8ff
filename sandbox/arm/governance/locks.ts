import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { badRequest, conflict } from '../errors.ts'
import { at, text } from '../json.ts'
import type { ResourceRules, Write } from '../rules.ts'
import type { Store } from '../store.ts'

const lockType = 'Microsoft.Authorization/locks'
const levels = ['CanNotDelete', 'ReadOnly', 'NotSpecified']
const longestNotes = 512

/** What a request does to a scope, as locks see it: a POST changes something as far as they know. */
export type LockedOperation = 'write' | 'delete'

/**
 * Refuses what a management lock forbids: deletion under either level, any change under `ReadOnly`. A lock counts for
 * its scope and all below; for a deletion also one at something below. Locks themselves are not locked, and the data
 * plane knows none of them.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 * @throws ArmError 409 `ScopeLocked`
 */
export function checkLocks(store: Store, id: string, type: string, operation: LockedOperation): void {
  if (type.toLowerCase() === lockType.toLowerCase()) return
  const locks = store.ofType(lockType)
  if (locks.length === 0) return
  const above = new Set(store.scopesAbove(id))
  const below = `${id.toLowerCase()}/`
  const locked = locks
    .filter((lock) => operation === 'delete' || levelOf(lock) === 'readonly')
    .map((lock) => parseAddress(lock.id)?.scope ?? '')
    .filter((scope) => {
      const key = scope.toLowerCase()
      return above.has(key) || (operation === 'delete' && key.startsWith(below))
    })
  if (locked.length === 0) return
  throw conflict(
    'ScopeLocked',
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${[...new Set(locked)].join(',')}'. Please remove the lock and try again.`,
  )
}

const levelOf = (lock: StoredResource): string => String(at(lock, 'properties.level')).toLowerCase()

/** Microsoft.Authorization/locks: management locks. */
export const lockRules: ResourceRules = {
  type: lockType,
  location: 'none',
  stateless: true,
  required: ['properties.level'],
  check: checkLock,
  complete: ({ properties }) => ({ ...properties, level: spelled(text(properties['level'])) }),
}

const spelled = (level: string | undefined): string | undefined =>
  levels.find((known) => known.toLowerCase() === level?.toLowerCase())

function checkLock({ address, properties }: Write): void {
  const level = text(properties['level'])
  if (spelled(level) === undefined)
    throw badRequest(
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: 'Error converting value "${level ?? ''}" to the lock level. Possible values are '${levels.join("', '")}'.'.`,
    )
  if ((text(properties['notes']) ?? '').length > longestNotes)
    throw badRequest('InvalidLockNotes', `The notes of a lock have at most ${longestNotes} characters.`)
  if (address.subscriptionId === undefined)
    throw badRequest(
      'InvalidLockScope',
      `A lock can be at a subscription, a resource group or a resource, not at '${address.scope || '/'}'.`,
    )
}
