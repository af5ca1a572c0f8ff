import type { Area } from '../contracts.ts'
import { type Faults, parseFaultRules } from './faults.ts'
import type { RequestLog } from './request-log.ts'

/** What `/_sandbox/` shows. */
export interface InspectionOptions {
  readonly log: RequestLog
  /** The state as it would be saved. */
  readonly state: unknown
  readonly faults: Faults
}

/** Keys of the state that are nobody's business: private keys and client secrets. */
const hidden: readonly string[] = ['signingKey', 'secrets', 'privateKey']

/**
 * For people and tests who look into a running sandbox, or make it misbehave. These requests are not logged themselves.
 *
 * - `GET /_sandbox/requests?since=N`, `GET /_sandbox/state`
 * - `POST /_sandbox/faults` adds rules, the content of a faults file; `DELETE /_sandbox/faults` takes all away
 */
export function createInspection({ log, state, faults }: InspectionOptions): Area {
  const calls: Readonly<Record<string, (request: Request, url: URL) => Response | Promise<Response>>> = {
    'GET /_sandbox/requests': (_request, url) =>
      Response.json({ requests: log.list(Number(url.searchParams.get('since') ?? 0) || 0) }),
    'GET /_sandbox/state': () => showState(state),
    'POST /_sandbox/faults': (request) => addFaults(request, faults),
    'DELETE /_sandbox/faults': () => {
      faults.clear()
      return new Response(null, { status: 204 })
    },
  }
  return async (request, { url }) => calls[`${request.method} ${url.pathname}`]?.(request, url)
}

function showState(state: unknown): Response {
  const text = JSON.stringify(state, (name, value: unknown) => (hidden.includes(name) ? undefined : value), 2)
  return new Response(text, { headers: { 'Content-Type': 'application/json' } })
}

async function addFaults(request: Request, faults: Faults): Promise<Response> {
  const text = await request.text()
  try {
    for (const rule of parseFaultRules(text)) faults.add(rule)
    return new Response(null, { status: 204 })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return Response.json({ error: { code: 'InvalidFaultRules', message } }, { status: 400 })
  }
}
