import type { Resources } from '../../azure/resources.ts'
import { apiVersionOf, type Piece, pieceOf } from './piece.ts'

/**
 * What is in a collection below a resource, as Azure lists it.
 * @param path e.g. `projects`, or `projects/capabilityHosts` for those of all projects
 */
export const partsAt = (piece: Piece, path: string, resources: Resources): Promise<readonly Piece[]> =>
  partsBelow(piece, path.split('/'), resources)

async function partsBelow(
  piece: Piece,
  [collection, ...below]: readonly string[],
  resources: Resources,
): Promise<readonly Piece[]> {
  if (collection === undefined) return [piece]
  const listed = await resources.list(`${piece.id}/${collection}`, apiVersionOf(piece.type))
  const found = await Promise.all(listed.map(({ id }) => partsBelow(pieceOf(id), below, resources)))
  return found.flat()
}
