import type { Caller } from '../../contracts.ts'
import { methodNotAllowed, type Target } from './request.ts'

/** One request about deployments, stacks or what-if results. */
export interface Call {
  readonly request: Request
  readonly target: Target
  readonly caller: Caller
  readonly query: URLSearchParams
}

/** What answers requests about one thing, by method and action, e.g. `POST validate`, and who lists all of a scope. */
interface Handlers<Desk> {
  readonly list: (desk: Desk, call: Call) => Response
  readonly named: Readonly<
    Record<string, (desk: Desk, call: Call, name: string) => Response | Promise<Response>>
  >
}

/** Leads a request to its handler. @throws ArmError `MethodNotAllowed`, when there is none */
export async function dispatch<Desk>(desk: Desk, handlers: Handlers<Desk>, call: Call): Promise<Response> {
  const { name, action } = call.target
  const { method } = call.request
  if (name === undefined) {
    if (method !== 'GET') throw methodNotAllowed(method)
    return handlers.list(desk, call)
  }
  const handler = handlers.named[`${method} ${action ?? ''}`]
  if (handler === undefined) throw methodNotAllowed(method)
  return handler(desk, call, name)
}
