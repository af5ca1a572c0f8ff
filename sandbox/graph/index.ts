import type { Area, Caller, Clock, Exchange } from '../contracts.ts'
import { isGraphAudience } from '../entra/resources.ts'
import { batch } from './batch.ts'
import { GraphError, refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, parseSegments } from './http.ts'
import { rightsOf } from './rights.ts'
import { route } from './routes.ts'

/** What Microsoft Graph needs of the rest of the sandbox. */
export interface GraphOptions extends GraphContext {
  /** The fault that strikes one request of a batch, by method and path, as it would strike that request alone. */
  readonly strike?: (method: string, path: string) => Response | undefined
}

const prefix = '/graph/v1.0'

/** Microsoft Graph v1.0 at `/graph/v1.0`: the directory, its roles and batches. */
export function createGraph(options: GraphOptions): Area {
  const { directory, clock } = options

  /** Every refusal becomes Graph's error form here, so that a request in a batch fails alone. */
  function handle(request: GraphRequest, exchange: Exchange): GraphResponse {
    try {
      return route(options, request)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      return errorResponse(error, request.headers, exchange, clock)
    }
  }

  async function answer(request: Request, exchange: Exchange, caller: Caller): Promise<GraphResponse> {
    const root = `${exchange.base}${prefix}`
    const rights = () => rightsOf(directory, caller, clock)
    const whole: GraphRequest = {
      method: request.method,
      ...addressed(exchange.url.pathname.slice(prefix.length) + exchange.url.search),
      headers: request.headers,
      body: await readBody(request),
      rights: rights(),
      root,
    }
    if (whole.segments[0]?.name !== '$batch') return handle(whole, exchange)
    return batch(whole, async ({ method, url, headers, body }) => {
      const fault = options.strike?.(method, `${prefix}${url}`)
      const inside = { method, ...addressed(url), headers, body, rights: rights(), root }
      const given = fault ? await struck(fault) : handle(inside, exchange)
      const { status } = given
      exchange.logInside?.({ method, path: `${prefix}${url}`, status, area: fault ? 'fault' : 'graph' })
      return given
    })
  }

  return async (request, exchange) => {
    if (!exchange.url.pathname.startsWith(`${prefix}/`)) return undefined
    try {
      return toResponse(await answer(request, exchange, authenticate(exchange)), request, exchange)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      return toResponse(errorResponse(error, request.headers, exchange, clock), request, exchange)
    }
  }
}

async function struck(fault: Response): Promise<GraphResponse> {
  const { 'content-type': _type, ...headers } = Object.fromEntries(fault.headers)
  const text = await fault.text()
  return { status: fault.status, headers, ...(text !== '' && { body: JSON.parse(text) }) }
}

function authenticate(exchange: Exchange): Caller {
  const { caller } = exchange
  if (!caller) throw refusals.notSignedIn()
  if (!isGraphAudience(caller.audience, exchange.base)) throw refusals.wrongAudience()
  return caller
}

function addressed(address: string): Pick<GraphRequest, 'segments' | 'query' | 'address'> {
  const [path = '', query = ''] = address.split(/\?(.*)/s)
  return { segments: parseSegments(path), query: new URLSearchParams(query), address }
}

async function readBody(request: Request): Promise<unknown> {
  const text = request.method === 'GET' || request.method === 'DELETE' ? '' : await request.text()
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw refusals.malformedBody()
  }
}

/** https://learn.microsoft.com/graph/errors */
function errorResponse(error: GraphError, headers: Headers, exchange: Exchange, clock: Clock): GraphResponse {
  const requestId = exchange.requestId
  return {
    status: error.status,
    body: {
      error: {
        code: error.code,
        message: error.message,
        innerError: {
          date: clock
            .now()
            .toISOString()
            .replace(/\.\d+Z$/, ''),
          'request-id': requestId,
          'client-request-id': headers.get('client-request-id') ?? requestId,
        },
      },
    },
  }
}

function toResponse(answer: GraphResponse, request: Request, exchange: Exchange): Response {
  const headers = new Headers({
    'request-id': exchange.requestId,
    'client-request-id': request.headers.get('client-request-id') ?? exchange.requestId,
    'OData-Version': '4.0',
  })
  if (answer.body !== undefined)
    headers.set('Content-Type', 'application/json;odata.metadata=minimal;charset=utf-8')
  for (const [name, value] of Object.entries(answer.headers ?? {})) headers.set(name, value)
  return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
    status: answer.status,
    headers,
  })
}
