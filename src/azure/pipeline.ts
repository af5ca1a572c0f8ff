import type { HttpClient, HttpMethods, Pipeline } from '@azure/core-rest-pipeline'
import { UserError } from '../diagnostics/user-error.ts'
import { readAnswer } from './call.ts'
import type { Answer } from './failure.ts'

/** Where the requests of a service go. */
export interface Destination {
  /** What Microsoft's clients do with a request: sign in, name the user agent, find the proxy. */
  readonly pipeline: Pipeline
  /** The address of the service. */
  readonly endpoint: string
}

/** A request to a service of Azure. */
export interface Request {
  readonly method: HttpMethods
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** JSON. */
  readonly body?: string
  readonly signal: AbortSignal
}

let sharedClient: HttpClient | undefined

/** The connections that all services share. */
export async function connections(): Promise<HttpClient> {
  const { createDefaultHttpClient } = await import('@azure/core-rest-pipeline')
  sharedClient ??= createDefaultHttpClient()
  return sharedClient
}

/**
 * Sends a request.
 * @throws AzureError or UnexpectedResponse when the answer is no success, Error when none comes
 */
export async function send({ pipeline, endpoint }: Destination, request: Request): Promise<Answer> {
  const { method, url, headers = {}, body, signal } = request
  refuseOtherServer(url, endpoint)
  const { createHttpHeaders, createPipelineRequest } = await import('@azure/core-rest-pipeline')
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await pipeline.sendRequest(
    await connections(),
    createPipelineRequest({
      method,
      url,
      headers: createHttpHeaders({ accept: 'application/json', ...content, ...headers }),
      ...(body === undefined ? {} : { body }),
      abortSignal: signal,
    }),
  )
  return readAnswer({ status: answer.status, headers: answer.headers, text: answer.bodyAsText ?? '' })
}

/** Addresses come with answers too, and a request to anywhere else would carry the token there. */
function refuseOtherServer(url: string, endpoint: string): void {
  const { host, protocol } = new URL(url)
  const own = new URL(endpoint).host
  if (protocol === 'https:' && (host === own || host.endsWith(`.${own}`))) return
  throw new UserError({
    what: `The response refers to another server (${host}).`,
    why: 'A proxy in between responded, or a service that is not Azure.',
    fix: "Check the input 'azure-cloud' and the proxy of the runner.",
  })
}
