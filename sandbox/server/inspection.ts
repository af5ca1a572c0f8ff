import type { Area } from '../contracts.ts'
import type { RequestLog } from './request-log.ts'

/** What `/_sandbox/` shows. */
export interface InspectionOptions {
  readonly log: RequestLog
  /** The state as it would be saved. */
  readonly state: unknown
}

/** Keys of the state that are nobody's business: private keys and client secrets. */
const hidden: readonly string[] = ['signingKey', 'secrets', 'privateKey']

/**
 * For people and tests who look into a running sandbox: `GET /_sandbox/requests?since=N` and `GET /_sandbox/state`.
 * These requests are not logged themselves.
 */
export function createInspection({ log, state }: InspectionOptions): Area {
  return async (request, { url }) => {
    if (request.method !== 'GET') return undefined
    switch (url.pathname) {
      case '/_sandbox/requests': {
        const requests = log.list(Number(url.searchParams.get('since') ?? 0) || 0)
        return Response.json({ requests })
      }
      case '/_sandbox/state':
        return new Response(
          JSON.stringify(state, (name, value: unknown) => (hidden.includes(name) ? undefined : value), 2),
          { headers: { 'Content-Type': 'application/json' } },
        )
      default:
        return undefined
    }
  }
}
