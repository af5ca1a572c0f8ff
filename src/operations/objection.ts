import type { Location, UserError } from '../diagnostics/user-error.ts'
import type { Allowance } from '../vocabulary.ts'

/** Something that must not happen by accident. */
export interface Objection {
  /** A sentence for a plan. */
  readonly warning: string
  /** Why it must not be applied; undefined when that is allowed. */
  readonly refusal: UserError | undefined
  /** The place in a document that asks for it. */
  readonly where: Location
}

/** The workflow of a bootstrap repository, by its name, that delivers by hand. */
export type DeliveryWorkflow = 'Deliver' | 'Common area'

/** Where somebody says that it may happen. */
export const howToAllow = (allowance: Allowance, workflow: DeliveryWorkflow): string =>
  `In a workflow, set the input "allow: ${allowance}" of this action; to deliver by hand, write ${allowance} into the field allow under Actions > ${workflow} > Run workflow.`
