import type { Change } from '../../plan/model.ts'
import type { Left, Removal } from '../removal/left.ts'

/** One kind of thing that a project has: what becomes of it, and how it goes. */
export interface Part {
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
  readonly removals: readonly Removal[]
  /** What is known beforehand to stay. */
  readonly kept: readonly Left[]
}

/** Nothing of its kind is there. */
export const emptyPart: Part = { changes: [], warnings: [], removals: [], kept: [] }
