import * as core from '@actions/core'
import type { Location } from '../diagnostics/user-error.ts'

/** What an action needs of the runner, as a parameter so that tests can stand in for it. */
export interface Host {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The value of an input, trimmed; empty when it was not given. */
  readonly input: (name: string) => string
  readonly setOutput: (name: string, value: string) => void
  readonly info: (line: string) => void
  readonly debug: (text: string) => void
  readonly notice: (text: string) => void
  readonly warning: (text: string, where?: Location) => void
  /** Writes the one `::error::` of a failed run and makes the step fail. */
  readonly fail: (text: string, where?: Location) => void
  readonly writeSummary: (markdown: string) => Promise<void>
  /** Asks GitHub for a fresh OIDC token for this audience. */
  readonly idToken: (audience: string) => Promise<string>
}

const annotation = (where: Location | undefined): core.AnnotationProperties =>
  where === undefined ? {} : { file: where.file, startLine: where.line, startColumn: where.column }

/** Characters that some comparisons of text pass over as if they were not there. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu

/** What the runner takes for a command at the start of a line, after blanks. */
const isCommand = (line: string): boolean => /^\s*::/.test(line.replaceAll(invisible, ''))

/** The older form is a command wherever it stands in a line, so it loses its form. */
const olderCommand = /#(\p{Default_Ignorable_Code_Point}*)#(\p{Default_Ignorable_Code_Point}*)\[/gu

/**
 * Makes text from outside harmless in a log: a line that the runner would take for a workflow command is shown
 * with a bar before it, `##[` is shown as `## [`, control characters and those that turn the reading direction as `?`.
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function harmless(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '?',
    )
    .replace(olderCommand, '#$1#$2 [')
    .split('\n')
    .map((line) => (isCommand(line) ? `│ ${line}` : line))
    .join('\n')
}

/** GitHub's runner. */
export const runner: Host = {
  environment: process.env,
  input: (name) => core.getInput(name),
  setOutput: (name, value) => core.setOutput(name, value),
  info: (line) => core.info(harmless(line)),
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
  idToken: (audience) => core.getIDToken(audience),
}
