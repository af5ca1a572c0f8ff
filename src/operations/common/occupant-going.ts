import { sameText } from '../../resource-id.ts'
import type { IsGoing } from '../network/common-subnets.ts'
import type { Piece } from '../removal/piece.ts'

/**
 * What is in a subnet is gone when the turn of the subnet comes. Azure hides some services that are in one, and says no more
 * than their type.
 */
export const occupantGoing =
  (pieces: readonly Piece[]): IsGoing =>
  ({ id }) =>
    pieces.some((piece) => sameText(piece.id, id) || sameText(piece.type, id))
