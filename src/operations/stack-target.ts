import type { Location } from '../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { Owner } from '../network/ownership.ts'
import type { Plan } from '../plan/model.ts'
import type { Allowance } from '../vocabulary.ts'
import type { DeliveryWorkflow, Objection } from './objection.ts'

/** What a deployment stack is of, e.g. a project in one environment: all that planning and deploying it takes to know. */
export interface StackTarget {
  readonly factory: ResolvedFactory
  /** Name of the deployment stack. */
  readonly name: string
  /** What Azure shows of it. */
  readonly description: string
  /** Tags of the deployment stack itself. */
  readonly tags: Readonly<Record<string, string>>
  /** The resource group that it is delivered into. */
  readonly resourceGroupId: string
  /** Whose the resource group is, as its tags say it. */
  readonly owner: Owner
  /** Ids of all that can be in the resource group by the catalogue of this release. */
  readonly namedIds: readonly string[]
  readonly texts: StackTexts
  /** What its plan is of. */
  readonly subject: Pick<Plan, 'project' | 'environment'>
  /** What speaks against the stack that is there, by its tags. */
  readonly objection?: (
    stackTags: StackTarget['tags'],
    allowed: readonly Allowance[],
  ) => Objection | undefined
}

/** How sentences speak of what a stack is of. */
export interface StackTexts {
  /** E.g. `Project 001 in dev`, at the start of a sentence. */
  readonly title: string
  /** E.g. `project`. */
  readonly noun: string
  /** The document that asks for what is in it, e.g. `the manifest`. */
  readonly document: string
  /** The workflow that delivers it. */
  readonly workflow: DeliveryWorkflow
  /** Where the documents ask for what is in it. */
  readonly where: Location
  /** Why they may not ask any more for what is there, one or two sentences. */
  readonly whyUnwanted: string
  /** How it is to be delivered into another resource group, e.g. `give the project another number`. */
  readonly howToMove: string
}
