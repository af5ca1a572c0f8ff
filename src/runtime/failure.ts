import { escaped } from '../diagnostics/escape.ts'
import { UserError, type UserErrorParts } from '../diagnostics/user-error.ts'
import { cell } from '../plan/markdown.ts'
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

/** Why a run failed, for the job summary: what the `::error::` says, part by part. */
export function failureSummary(action: string, thrown: unknown): string {
  const { what, where, why, fix, more, correlationId } = asUserError(thrown).parts
  return [
    `## ❌ ${cell(action)} failed`,
    cell(what, longestPart),
    ...labelled('Where', where && `${where.file}, line ${where.line}, column ${where.column}`),
    ...labelled('Why', why),
    ...labelled('Fix', fix),
    ...(more !== undefined && plainLink.test(more) ? [`[More](${more})`] : labelled('More', more)),
    ...labelled('Azure correlation id', correlationId),
    '',
  ].join('\n\n')
}

const labelled = (label: string, text: UserErrorParts['why']): readonly string[] =>
  text === undefined || text === '' ? [] : [`**${label}:** ${cell(text, longestPart)}`]
