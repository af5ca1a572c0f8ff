import { escaped } from '../diagnostics/escape.ts'
import { UserError } from '../diagnostics/user-error.ts'
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

/** Writes the one `::error::` of a failed run: what the user has to fix, or a defect of ours. */
export function reportFailure(host: Host, error: unknown): void {
  if (error instanceof UserError) {
    host.fail(escaped(error.message), error.parts.where)
    if (error.parts.cause !== undefined) host.debug(describeCause(error.parts.cause))
    return
  }
  if (error instanceof Error && error.stack !== undefined) host.debug(error.stack)
  host.fail(
    escaped(
      `This is a defect of the action, not of your input: ${describeCause(error)} Please report it in ${issues}, with the log of a run with debug logging on.`,
    ),
  )
}
