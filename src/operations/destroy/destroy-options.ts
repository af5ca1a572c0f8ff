import type { Allowance } from '../../vocabulary.ts'
import type { ProjectTarget } from '../project.ts'

/** What a destroy is asked to do. */
export interface DestroyOptions extends ProjectTarget {
  /** The number of the project; undefined to see only what would go. */
  readonly confirm: string | undefined
  /** What may be lost. */
  readonly allowed: readonly Allowance[]
  /** Minutes to wait at the end for Azure to let go of subnets. */
  readonly waitMinutes: number
}
