import type { Piece } from '../removal/piece.ts'
import type { Retirement } from '../removal/retirement.ts'

/** Services that go, with what has to go before them. */
export interface Retiring {
  readonly retirements: readonly Retirement[]
  /** What Azure keeps of services that went earlier, and that is given up now. */
  readonly purged: readonly Piece[]
  /** Is what Azure would keep given up? */
  readonly purge: boolean
}
