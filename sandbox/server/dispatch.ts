import {
  type Area,
  ArmError,
  type Caller,
  type Clock,
  type Exchange,
  type Identifiers,
} from '../contracts.ts'
import type { Fault, Faults } from './faults.ts'
import type { BatchedRequest, RequestLog } from './request-log.ts'

/** An area under the name that the request log shows. */
export interface NamedArea {
  readonly name: string
  readonly answer: Area
}

/** What the dispatcher needs. `areas` is read at each request, so it may be filled after the dispatcher is made. */
export interface DispatcherOptions {
  readonly areas: readonly NamedArea[]
  /** Base address of the sandbox, without a trailing slash. */
  readonly base: () => string
  /** Who an access token belongs to; `undefined` when it does not verify. */
  readonly verify: (token: string) => Promise<Caller | undefined>
  readonly clock: Clock
  readonly identifiers: Identifiers
  readonly log: RequestLog
  readonly faults: Faults
}

/** A request's end: an answer, one that breaks off, or a connection cut or left alone on purpose. */
export type Outcome =
  | { readonly kind: 'answer' | 'cut'; readonly response: Response }
  | { readonly kind: 'drop' | 'stall' }

/** Answers requests by asking one area after the other. */
export interface Dispatcher {
  /** For requests from outside: faults strike, and the request is logged. */
  serve(request: Request): Promise<Outcome>
  /** For requests one area makes to another: no fault, no entry in the log. */
  ask(request: Request): Promise<Response>
}

interface Answer {
  readonly response: Response
  readonly area: string
}

/** Joins areas into one server. They are tried in order; an address that none knows is answered with 404. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { areas, clock, faults, identifiers, log } = options

  async function identify(request: Request): Promise<Caller | undefined> {
    const token = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    return token === undefined ? undefined : options.verify(token)
  }

  async function answer(request: Request, exchange: Exchange): Promise<Answer> {
    for (const area of areas) {
      const response = await guarded(area, request, exchange)
      if (response) return { response, area: area.name }
    }
    return { response: unknownAddress(request, exchange), area: 'none' }
  }

  async function exchangeOf(request: Request): Promise<Exchange> {
    return {
      url: new URL(request.url),
      base: options.base(),
      caller: await identify(request),
      requestId: identifiers.uuid(),
    }
  }

  async function struck({ outcome, when }: Fault, request: Request, exchange: Exchange): Promise<Outcome> {
    if (when === 'after') await answer(request, exchange)
    if (outcome.kind === 'answer') {
      const response = outcome.response()
      return { kind: 'answer', response: outcome.isOwn ? finished(response, request, exchange) : response }
    }
    if (outcome.kind !== 'cut') return { kind: outcome.kind === 'stall' ? 'stall' : 'drop' }
    const response = outcome.response?.() ?? (await answer(request, exchange)).response
    return { kind: 'cut', response: finished(response, request, exchange) }
  }

  async function resolve(request: Request, exchange: Exchange): Promise<{ outcome: Outcome; area: string }> {
    const reply = (response: Response): Outcome => ({
      kind: 'answer',
      response: finished(response, request, exchange),
    })
    const fault = isInternal(exchange.url)
      ? undefined
      : faults.strike(request.method, exchange.url.pathname + exchange.url.search)
    if (fault) await clock.sleep(fault.delay)
    await fault?.until
    if (!fault || fault.outcome.kind === 'pass') {
      const { response, area } = await answer(request, exchange)
      return { outcome: reply(response), area }
    }
    return { outcome: await struck(fault, request, exchange), area: 'fault' }
  }

  return {
    serve: async (request) => {
      const start = performance.now()
      const batched: BatchedRequest[] = []
      const exchange = {
        ...(await exchangeOf(request)),
        logInside: (part: BatchedRequest) => batched.push(part),
      }
      const { outcome, area } = await resolve(request, exchange)
      if (!isInternal(exchange.url)) {
        log.add({
          at: clock.now().toISOString(),
          method: request.method,
          path: exchange.url.pathname + exchange.url.search,
          status: 'response' in outcome ? outcome.response.status : 0,
          milliseconds: Math.round((performance.now() - start) * 10) / 10,
          ...(exchange.caller && { caller: briefly(exchange.caller) }),
          area,
          ...(batched.length > 0 && { batched }),
        })
      }
      return outcome
    },
    ask: async (request) => (await answer(request, await exchangeOf(request))).response,
  }
}

/** An area's answer; what it throws becomes Azure's error form, and a defect of the sandbox says that it is one. */
async function guarded(area: NamedArea, request: Request, exchange: Exchange): Promise<Response | undefined> {
  try {
    return await area.answer(request, exchange)
  } catch (error) {
    if (error instanceof ArmError) {
      const retry = error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }
      return Response.json({ error: error.body }, { status: error.status, headers: retry })
    }
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
    const message = `This is a defect of the sandbox (${area.name}), not of the request. ${cause}`
    return Response.json({ error: { code: 'SandboxDefect', message } }, { status: 500 })
  }
}

function unknownAddress(request: Request, exchange: Exchange): Response {
  const message =
    `The sandbox has nothing at ${request.method} ${exchange.url.pathname}. ` +
    'It serves the parts of Azure and GitHub that its parity map lists.'
  return Response.json({ error: { code: 'SandboxUnknownAddress', message } }, { status: 404 })
}

/** Adds what every answer of Azure carries, where the area has not set it. */
function finished(response: Response, request: Request, exchange: Exchange): Response {
  const headers = new Headers(response.headers)
  const defaults: Record<string, string | null> = {
    'x-ms-request-id': exchange.requestId,
    'x-ms-correlation-request-id': exchange.requestId,
    'x-ms-client-request-id': request.headers.get('x-ms-client-request-id'),
  }
  for (const [name, value] of Object.entries(defaults)) {
    if (value !== null && !headers.has(name)) headers.set(name, value)
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

function isInternal(url: URL): boolean {
  return url.pathname.startsWith('/_sandbox/')
}

function briefly(caller: Caller): { objectId: string; appId?: string } {
  return { objectId: caller.objectId, ...(caller.appId !== undefined && { appId: caller.appId }) }
}
