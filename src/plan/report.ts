import { hasChanges, type Outcome, type Plan } from './model.ts'
import { countSentence, planSummary } from './summary.ts'

/** A file that a run leaves for later steps. */
export interface ResultFile {
  /** Its name in the runner's temporary folder. */
  readonly name: string
  readonly text: string
}

/**
 * What an operation found and did. Everything that a run publishes follows from it: the plan file, the outputs, the
 * warnings, the job summary and the notice.
 */
export interface Report {
  /** Absent when nothing was compared. */
  readonly plan?: Plan
  /** Those of a run without a plan, which has its own. */
  readonly warnings?: readonly string[]
  readonly outcome: Outcome
  /** Outputs by name, besides `changed`, `plan-file` and those of the files. */
  readonly outputs: Readonly<Record<string, string>>
  /** Files by the output that names their path. */
  readonly files?: Readonly<Record<string, ResultFile>>
  /** The job summary, in Markdown. */
  readonly summary?: string
  /** How it ended, in one line. */
  readonly notice?: string
}

/** An operation that failed and still has something to publish, e.g. the plan that was refused. */
export class FailureWithReport extends Error {
  override readonly name = 'FailureWithReport'
  readonly report: Report

  constructor(cause: unknown, report: Report) {
    super('The operation failed with a report.', { cause })
    this.report = report
  }
}

/**
 * Does anything differ, or was anything changed? After a failure: may anything have been changed? Undefined when the run
 * failed before it had a plan.
 */
export function isChanged({ plan, outcome }: Pick<Report, 'plan' | 'outcome'>): boolean | undefined {
  if (plan === undefined) return outcome === 'failed' ? undefined : false
  return outcome !== 'refused' && hasChanges(plan)
}

/** The name of a file that belongs to a plan, which says whose it is: `prj001.dev.ip-calc.plan.json`. */
export const resultName = ({ project, environment, action }: Plan, ending: string): string =>
  [project === undefined ? undefined : `prj${project}`, environment, action, ending]
    .filter((part) => part !== undefined)
    .join('.')

/** A file of JSON that people can read too. */
export const jsonFile = (name: string, value: unknown): ResultFile => ({
  name,
  text: `${JSON.stringify(value, null, 2)}\n`,
})

/** A plan with a title: what a summary and a notice are made of. */
export interface TitledPlan extends Pick<Report, 'outcome' | 'outputs' | 'files'> {
  /** E.g. `Project 001 in dev: data lake`. */
  readonly title: string
  readonly plan: Plan
  /** Markdown of the operation's own, already escaped: above the changes, and below them. */
  readonly lead?: string
  readonly details?: string
  /** What a summary without changes says; by default that everything is as the manifests say. */
  readonly unchanged?: string
  /** Are the changes of a run that failed those that it made? */
  readonly isExact?: boolean
}

/** The report of an operation whose plan says it all: its changes are the summary, their counts the notice. */
export function planReport({
  title,
  plan,
  outcome,
  lead,
  details,
  unchanged,
  isExact,
  ...rest
}: TitledPlan): Report {
  const state = outcome === 'failed' && isExact === true ? 'partly' : outcome
  return {
    ...rest,
    plan,
    outcome,
    summary: planSummary(title, plan, state, { lead, details, unchanged }),
    notice: `${title}: ${countSentence(plan, state)}.`,
  }
}
