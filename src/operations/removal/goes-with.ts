import type { Resources } from '../../azure/resources.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin } from '../../resource-id.ts'
import { type Inside, readInside } from './inside.ts'
import { pieceOf } from './piece.ts'
import { usesOfOthers } from './uses-of-others.ts'

/** Reads what goes together with the resources that these changes delete, and who else used them. */
export async function goesWith(
  changes: readonly Change[],
  subscriptionId: string,
  resources: Resources,
): Promise<Inside> {
  const pieces = changes.flatMap(({ change, scope = '' }) =>
    change === 'delete' && scope.includes('/providers/') ? [pieceOf(scope)] : [],
  )
  const isGoing = (id: string): boolean => pieces.some((piece) => isWithin(id, piece.id))
  const [inside, uses] = await Promise.all([
    readInside(pieces, resources),
    usesOfOthers({ pieces, subscriptionId, isGoing }, resources),
  ])
  return { changes: inside.changes, warnings: [...inside.warnings, ...uses] }
}
