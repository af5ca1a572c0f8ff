import { type Answer, AzureError, failureOf, readFailure, UnexpectedResponse } from './failure.ts'
import { mostAttempts, retryWhile, withinTimeLimit } from './retry.ts'
import type { Session } from './session.ts'

/** A service with an API of its own. */
export interface Service {
  /** What it is called in the log. */
  readonly name: string
  /** What a token has to be for. */
  readonly scope: string
}

/** Statuses of 5xx that another attempt would not change: what was asked for does not exist in the service. */
const permanent = [501, 505]

const connectionFailure = /^(E[A-Z_]+|UND_ERR_[A-Z_]+|REQUEST_SEND_ERROR|PARSE_ERROR)$/

/** Would another attempt help? By evidence: throttling, a service that is unavailable, a response that got lost. */
export function temporaryFailure(error: unknown, service: string): string | undefined {
  if (error instanceof UnexpectedResponse)
    return `unexpected response, not from ${service} (${error.message})`
  const { status, code } = readFailure(error)
  if (status === undefined) {
    return connectionFailure.test(code) ? `the connection failed (${code})` : undefined
  }
  const isTemporary = status === 408 || status === 429 || (status >= 500 && !permanent.includes(status))
  return isTemporary ? `${service} answered ${status}` : undefined
}

/**
 * Sends one request, which has to be safe to repeat: with a limit to its time, again while the failure is temporary,
 * and once with a new token when the service does not accept the one it was sent.
 * @param what the request, for the log
 */
export async function call<T>(
  session: Session,
  { name, scope }: Service,
  what: string,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { credential, timeLimit } = session
  // First, because clients hide why signing in fails, and outside of what is repeated: that repeats by itself.
  await credential.token(scope)
  const once = async (): Promise<T> => {
    const token = await credential.token(scope)
    try {
      return await withinTimeLimit(timeLimit, request)
    } catch (error) {
      if (readFailure(error).status !== 401) throw error
      credential.discard(scope, token)
      await credential.token(scope)
      return withinTimeLimit(timeLimit, request)
    }
  }
  return retryWhile(once, (error) => temporaryFailure(error, name), what, session, mostAttempts)
}

/** A request as the log shows it: the end of its path says what it is about. */
export const requestLabel = (method: string, url: string): string =>
  `${method} …/${url.replace(/\?.*$/, '').split('/').slice(-2).join('/')}`

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: { readonly get: (name: string) => string | null | undefined }
  readonly text: string
}

const isJson = (contentType: string): boolean => /[/+]json\b/i.test(contentType)

/** Every service of Azure puts the id of the request into its answer; no proxy does. */
const hasRequestId = ({ headers }: RawAnswer): boolean =>
  ['x-ms-request-id', 'x-ms-correlation-request-id', 'request-id'].some((name) => headers.get(name))

/**
 * What an answer says.
 * @throws AzureError when it is a refusal
 * @throws UnexpectedResponse when it is a success that no API documents: a page, no JSON, or an empty response without a request id
 */
export function readAnswer(raw: RawAnswer): Answer {
  const { status, headers, text } = raw
  const contentType = headers.get('content-type') ?? ''
  const answer = { status, header: (name: string) => headers.get(name) ?? undefined }
  if (status >= 300 && status < 400) throw new UnexpectedResponse(`it is a redirect (${status})`)
  if (status >= 400) throw new AzureError(failureOf({ ...answer, body: parsedOrUndefined(text) }))
  if (text === '') {
    if (!hasRequestId(raw)) throw new UnexpectedResponse('it is empty and has no request id')
    return { ...answer, body: undefined }
  }
  if (contentType !== '' && !isJson(contentType)) {
    throw new UnexpectedResponse(`it is ${contentType.replace(/;.*/, '')}, not JSON`)
  }
  try {
    return { ...answer, body: JSON.parse(text) }
  } catch {
    throw new UnexpectedResponse('it is not valid JSON, or was cut off')
  }
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The page of a proxy that refuses; the status says enough.
    return undefined
  }
}
