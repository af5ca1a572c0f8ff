import type { UserErrorParts } from '../diagnostics/user-error.ts'
import type { Outcome, Plan } from './model.ts'

/** Why a run failed. `isDefect`: not of the user's making. */
export interface RunFailure
  extends Pick<UserErrorParts, 'what' | 'where' | 'why' | 'fix' | 'more' | 'faults' | 'correlationId'> {
  readonly isDefect: boolean
}

/** What one run of an action leaves for the report of the delivery: all that it said and found. */
export interface RunRecord {
  readonly version: 1
  readonly action: string
  readonly mode: string
  /** As the inputs gave them. */
  readonly project?: string
  readonly environment?: string
  /** ISO 8601. */
  readonly started: string
  readonly milliseconds: number
  /** `refused` without a failure: the default branch has newer documents. */
  readonly outcome: Outcome
  /** Absent when the run failed before it knew. */
  readonly changed?: boolean
  readonly plan?: Plan
  /** Outputs by name, without long ones. */
  readonly outputs: Readonly<Record<string, string>>
  /** Files by the output that names them: their text, without long ones. */
  readonly files: Readonly<Record<string, string>>
  readonly warnings: readonly string[]
  readonly notice?: string
  /** Absent when it succeeded. */
  readonly failure?: RunFailure
}

/** What a run is about, as its inputs say it. */
export type RunSubject = Pick<RunRecord, 'action' | 'mode' | 'project' | 'environment'>

/** What the name of a record's file ends with. */
export const recordEnding = '.run.json'

/**
 * The name of the file: the same for the same action, mode, project and environment, so that a second run replaces the
 * record of the first. Inputs may hold anything, a file's name may not.
 */
export const recordName = ({ project, environment, action, mode }: RunSubject): string =>
  `${[project && `prj${project}`, environment, action, mode]
    .filter((part) => part !== undefined && part !== '')
    .join('.')
    .replaceAll(/[^\w.-]/g, '-')
    .slice(0, 150)}${recordEnding}`
