import { keepsFromGoing, type Lock, listLocks } from '../../azure/locks.ts'
import type { Session } from '../../azure/session.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Piece } from './piece.ts'

/** A lock that others have set, with what it keeps from going. */
export interface LockedGoing {
  readonly lock: Lock
  readonly pieces: readonly Piece[]
}

/**
 * Which locks stand over resources that are to go, or over a part of one: Azure refuses to delete these, after it has applied
 * the rest. https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export async function readLockedGoing(
  pieces: readonly Piece[],
  subscriptionId: string,
  session: Session,
): Promise<{ readonly locked: readonly LockedGoing[]; readonly unseen: readonly string[] }> {
  if (pieces.length === 0) return { locked: [], unseen: [] }
  try {
    const locks = await listLocks(session, `/subscriptions/${subscriptionId}`)
    const locked = locks.map((lock) => ({
      lock,
      pieces: pieces.filter(({ id }) => keepsFromGoing(lock, id)),
    }))
    return { locked: locked.filter((one) => one.pieces.length > 0), unseen: [] }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const unseen = `Whether a lock keeps what goes could not be read: ${error.parts.what}`
    return { locked: [], unseen: [unseen] }
  }
}
