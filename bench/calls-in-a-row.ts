/** How requests of one step depend on one another, told from when each began and ended. */
import type { LoggedRequest } from '../sandbox/server/request-log.ts'

/** What a request is for. Polling waits for Azure's own work, which is as long as it is. */
export type Purpose = 'signing in' | 'polling' | 'work'

/** A request with its times. */
export interface Call {
  readonly purpose: Purpose
  /** What it asks for, short enough for a line. */
  readonly label: string
  /** Milliseconds since 1970. */
  readonly start: number
  readonly end: number
}

/** A call that had to wait for the one before it. */
export interface Link {
  readonly call: Call
  /** How many calls were under way between the end of the link before and the end of this one, itself included. */
  readonly together: number
}

const signIn =
  /^\/(?:metadata\/endpoints|_services\/token\/|[^/]+\/oauth2\/|[^/]+\/v2\.0\/\.well-known\/|common\/discovery\/)/i
const poll = /\/(?:operationStatuses|operationResults|operations)[/?]/i
const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

function purposeOf(path: string): Purpose {
  if (signIn.test(path)) return 'signing in'
  return poll.test(path) ? 'polling' : 'work'
}

/** The end of the path, without what identifies a run. */
function labelOf({ method, path }: LoggedRequest): string {
  const { pathname, searchParams } = new URL(path, 'https://localhost')
  const call = searchParams.get('action') ?? ''
  const end = decodeURIComponent(pathname)
    .replaceAll(guid, '…')
    .split('/')
    .filter(Boolean)
    .slice(-3)
    .join('/')
  return `${method} ${end}${call === '' ? '' : ` (${call})`}`
}

/** The requests of one step as calls. The log has the moment at which each was answered. */
export const callsOf = (requests: readonly LoggedRequest[]): readonly Call[] =>
  requests.map((request) => {
    const end = Date.parse(request.at)
    return {
      purpose: purposeOf(request.path),
      label: labelOf(request),
      start: end - request.milliseconds,
      end,
    }
  })

/**
 * The longest row of calls of which each began after the one before it had ended. A call is taken to need what had
 * been answered in its process before it began, so this is what the step takes at least, whatever the machine.
 */
export function longestRow(calls: readonly Call[]): readonly Link[] {
  const row: Link[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const call of calls.toSorted((a, b) => a.end - b.end)) {
    if (call.start < free) continue
    row.push({ call, together: calls.filter(({ start, end }) => start < call.end && end > free).length })
    free = call.end
  }
  return row
}
