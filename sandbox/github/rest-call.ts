/** What every call of the REST API is answered with. https://docs.github.com/rest */
import type { Clock } from '../contracts.ts'
import type { Caller, Needs } from './caller.ts'
import type { GithubState, Repository } from './state.ts'

/** What a call is answered from. */
export interface RestContext {
  readonly state: GithubState
  readonly clock: Clock
  readonly base: string
  /** Whose token came with the request. */
  readonly caller: Caller
}

/** A call that concerns a repository. */
export interface RestCall extends RestContext {
  readonly request: Request
  readonly url: URL
  readonly repository: Repository
  /** The parts of the address that vary. */
  readonly parts: readonly string[]
}

/** A call that is answered. */
export interface Route {
  readonly method: string
  /** Below `/repos/{owner}/{name}`. */
  readonly path: RegExp
  /** What the token must have been granted. */
  readonly needs: Needs
  readonly answer: (call: RestCall) => Response | Promise<Response>
}

/** Refuses a request. */
export const refusal = (status: number, message: string): Response =>
  Response.json(
    { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
    { status, headers: { 'content-type': 'application/json; charset=utf-8' } },
  )

/** The answer about what is not there, or not shown. */
export const notFound = (): Response => refusal(404, 'Not Found')

/** The body of a request as an object; empty when it is none. */
export async function objectIn(request: Request): Promise<Readonly<Record<string, unknown>>> {
  try {
    const value: unknown = await request.json()
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
