import type { Report } from '../plan/report.ts'

/** What an operation needs of whoever runs it: GitHub's runner, or a test. */
export interface OperationContext {
  /** The action that it runs in, which plans and result files are named after. */
  readonly action: string
  /** The user agent that Azure sees. */
  readonly userAgent: string
  /** Environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Writes a line to the log. */
  readonly info: (line: string) => void
  /** Begins a group of lines in the log. @returns what ends it */
  readonly startGroup?: (title: string) => () => void
  /** Requests a fresh GitHub OIDC token for this audience. */
  readonly idToken: (audience: string) => Promise<string>
  /** Asked while signing in; nothing is read or written in Azure before the answer. It rejects when the run must not go on. */
  readonly mayGoOn?: () => Promise<void>
}

/**
 * One use case. All have the same shape, stage by stage:
 *
 * 1. *Read* the documents, then what Azure, Entra and the data lake have. Nothing is written.
 * 2. *Decide*: the domain compares what should be with what is, which gives a plan and the steps that close the difference.
 * 3. *Guard*: what must not happen by accident is refused, before the first write.
 * 4. *Apply*, in mode `apply` only: {@link applySteps} runs the steps, each logged, and keeps what was done when one fails.
 * 5. *Report*: what was found and done, as one value. Publishing it is not an operation's business.
 *
 * A file has one of them, and is named after it. A stage that takes more than a few lines has a file of its own beside
 * it, e.g. `read-access.ts`, `refuse-unprovisioned.ts`, `access-steps.ts` and `access-report.ts` beside `assign-access.ts`.
 */
export type Operation<Options> = (options: Options, context: OperationContext) => Promise<Report>
