import * as core from '@actions/core'
import { escaped } from '../diagnostics/escape.ts'
import type { Location } from '../diagnostics/user-error.ts'

/** What an action needs of the runner, as a parameter so that tests can stand in for it. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The value of an input, trimmed; empty when it was not given. */
  readonly input: (name: string) => string
  readonly setOutput: (name: string, value: string) => void
  readonly info: (line: string) => void
  /** Begins a group of lines, which a reader can fold. @returns what ends it */
  readonly startGroup: (title: string) => () => void
  readonly debug: (text: string) => void
  readonly notice: (text: string) => void
  readonly warning: (text: string, where?: Location) => void
  /** Writes the one `::error::` of a failed run and makes the step fail. */
  readonly fail: (text: string, where?: Location) => void
  readonly writeSummary: (markdown: string) => Promise<void>
  /**
   * The signal that stops the run, when it comes. GitHub sends SIGINT to cancel a job or when its time is over,
   * SIGTERM 7.5 s later, and kills the process 2.5 s after that.
   * https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation
   */
  readonly cancellation: () => Promise<string>
  /** Requests a fresh GitHub OIDC token for this audience. */
  readonly idToken: (audience: string) => Promise<string>
}

const annotation = (where: Location | undefined): core.AnnotationProperties =>
  where === undefined ? {} : { file: where.file, startLine: where.line, startColumn: where.column }

/** GitHub's runner. */
export const runner: Host = {
  environment: process.env,
  input: (name) => core.getInput(name),
  setOutput: (name, value) => core.setOutput(name, value),
  info: (line) => core.info(escaped(line)),
  startGroup: (title) => {
    core.startGroup(escaped(title))
    return () => core.endGroup()
  },
  debug: (text) => core.debug(text),
  notice: (text) => core.notice(text),
  warning: (text, where) => core.warning(text, annotation(where)),
  fail: (text, where) => {
    process.exitCode = core.ExitCode.Failure
    core.error(text, annotation(where))
  },
  writeSummary: async (markdown) => {
    if (process.env['GITHUB_STEP_SUMMARY'] === undefined) return
    await core.summary.addRaw(markdown, true).write()
  },
  cancellation: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
    }),
  idToken: (audience) => core.getIDToken(audience),
}
