import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin } from '../../resource-id.ts'
import { type Inside, readInside } from './inside.ts'
import { type LockedGoing, readLockedGoing } from './locked-going.ts'
import { pieceOf } from './piece.ts'
import { usesOfOthers } from './uses-of-others.ts'

/** What goes together with resources, and what keeps them from going. */
export interface GoesWith extends Inside {
  /** Who else used it. */
  readonly warnings: readonly string[]
  readonly locked: readonly LockedGoing[]
}

/** Reads what goes together with the resources that these changes delete, who else used them, and who keeps them. */
export async function goesWith(
  changes: readonly Change[],
  subscriptionId: string,
  { resources, session }: { readonly resources: Resources; readonly session: Session },
): Promise<GoesWith> {
  const pieces = changes.flatMap(({ change, scope = '' }) =>
    change === 'delete' && scope.includes('/providers/') ? [pieceOf(scope)] : [],
  )
  const isGoing = (id: string): boolean => pieces.some((piece) => isWithin(id, piece.id))
  const [inside, uses, locks] = await Promise.all([
    readInside(pieces, resources),
    usesOfOthers({ pieces, subscriptionId, isGoing }, resources),
    readLockedGoing(pieces, subscriptionId, session),
  ])
  return {
    changes: inside.changes,
    warnings: uses.warnings,
    unseen: [...inside.unseen, ...uses.unseen, ...locks.unseen],
    locked: locks.locked,
  }
}
