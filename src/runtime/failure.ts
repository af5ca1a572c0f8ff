import { escaped } from '../diagnostics/escape.ts'
import { type Location, type SingleFault, UserError, type UserErrorParts } from '../diagnostics/user-error.ts'
import { cell, table } from '../plan/markdown.ts'
import type { Host } from './host.ts'

/** Where defects are reported. */
export const issues = 'the issues of the repository this action comes from'

const longestDescription = 4_000
const deepestCause = 5

function asText(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  try {
    return JSON.stringify(thrown) ?? String(thrown)
  } catch {
    // It refers to itself, or to something that JSON does not know.
    return Object.prototype.toString.call(thrown)
  }
}

/** Whatever was thrown, with its causes, in a text of bounded length. */
export function describeCause(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error)) return asText(thrown).slice(0, longestDescription)
  const isLast = thrown.cause === undefined || depth >= deepestCause
  const cause = isLast ? '' : ` Cause: ${describeCause(thrown.cause, depth + 1)}`
  return `${thrown.name}: ${thrown.message}${cause}`.slice(0, longestDescription)
}

/** What was thrown, as an error with parts: the user's to fix, or a defect of ours. */
export function asUserError(thrown: unknown): Pick<UserError, 'message' | 'parts'> & { isDefect: boolean } {
  if (thrown instanceof UserError) return { message: thrown.message, parts: thrown.parts, isDefect: false }
  const { message, parts } = new UserError({
    what: `This is a defect of the action, not of your input: ${describeCause(thrown)}`,
    fix: `Please report it in ${issues}, with the log of a run with debug logging on.`,
  })
  return { message, parts, isDefect: true }
}

/** Writes the one `::error::` of a failed run. */
export function reportFailure(host: Host, thrown: unknown): void {
  const { message, parts, isDefect } = asUserError(thrown)
  if (isDefect && thrown instanceof Error && thrown.stack !== undefined) host.debug(thrown.stack)
  host.fail(escaped(message), parts.where)
  if (parts.cause !== undefined) host.debug(describeCause(parts.cause))
}

const longestPart = 8_000
const plainLink = /^https:\/\/[\w./#?=&%-]+$/

/** Why a run failed, for the job summary: what the `::error::` says, part by part; of several faults each in a row of its own. */
export function failureSummary(action: string, thrown: unknown): string {
  const { what, where, why, fix, more, correlationId, faults = [] } = asUserError(thrown).parts
  const parts =
    faults.length > 1
      ? [cell(faultsSentence(what, faults), longestPart), faultsTable(faults)]
      : [
          cell(what, longestPart),
          ...labelled('Fix', fix),
          ...labelled('Where', where && placeOf(where)),
          ...labelled('Why', why),
        ]
  return [
    `## ❌ ${cell(action)} failed`,
    ...parts,
    ...(more !== undefined && plainLink.test(more) ? [`[More](${more})`] : labelled('More', more)),
    ...labelled('Azure correlation id', correlationId),
    '',
  ].join('\n\n')
}

const placeOf = ({ file, line, column }: Location): string => `${file}, line ${line}, column ${column}`

/** What stands in a row of its own is not said above the table too. */
const faultsSentence = (what: string, faults: readonly SingleFault[]): string =>
  faults.some((fault) => what.includes(fault.what)) ? `There are ${faults.length} faults.` : what

const faultsTable = (faults: readonly SingleFault[]): string =>
  table(
    ['Fix', 'Where', 'What is wrong', 'Why'],
    faults.map(({ what, where, why = '', fix = '' }) => [
      fix,
      where === undefined ? '' : placeOf(where),
      what,
      why,
    ]),
    longestPart,
  )

const labelled = (label: string, text: UserErrorParts['why']): readonly string[] =>
  text === undefined || text === '' ? [] : [`**${label}:** ${cell(text, longestPart)}`]
