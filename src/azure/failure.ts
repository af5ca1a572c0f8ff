import { UserError } from '../diagnostics/user-error.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { policiesNamedIn } from './policy-names.ts'

/** Why a call of Azure failed, in one shape for Resource Manager, Entra, Graph and the data lake. */
export interface Failure {
  /** HTTP status, or undefined when no answer came, or an operation failed that had been accepted. */
  readonly status: number | undefined
  /** Azure's code, e.g. `AuthorizationFailed`, `AADSTS700213`, `ENOTFOUND`; empty when there is none. */
  readonly code: string
  readonly message: string
  readonly correlationId: string | undefined
  /** Seconds of Retry-After, when the response has it. */
  readonly retryAfter: number | undefined
  /** Codes and messages of the innermost errors, deepest first. */
  readonly details: readonly { readonly code: string; readonly message: string; readonly target?: string }[]
}

type Detail = Failure['details'][number]

/** An answer over HTTP. */
export interface Answer {
  readonly status: number
  readonly header: (name: string) => string | undefined
  /** Parsed JSON; undefined when the body is empty, or that of a refusal is no JSON. */
  readonly body: unknown
}

/** A refusal of Azure's, or an operation that it accepted and that failed. */
export class AzureError extends Error {
  override readonly name = 'AzureError'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** A response that is not what the API documents: a proxy's page, or one that was cut off. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse'
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const listIn = (value: JsonObject, name: string): readonly Json[] => {
  const list = value[name]
  return Array.isArray(list) ? list : []
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

function parseObject(json: string): unknown {
  if (!json.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Storage repeats in the message what is in the headers. */
const withoutRequestId = (message: string): string => message.replace(/\s*\bRequestId:\S+\s+Time:\S+\s*$/, '')

/** What deployment stacks say of resources whose own errors they list besides. */
const generic = ['DeploymentStackDeleteResourcesFailed', 'DeploymentStackDeploymentFailed', 'DeletionFailed']

/**
 * The innermost errors. What stands beside the wrapping and not in the error itself, as the names of policies do now and
 * then, goes down to it.
 * @param around `additionalInfo` of the errors around this one
 */
function innermost(error: unknown, around: readonly Json[] = [], depth = 0): readonly Detail[] {
  if (!isJsonObject(error) || depth > 10) return []
  const own = listIn(error, 'additionalInfo')
  const info = own.length > 0 ? own : around
  // Azure Resource Manager puts a provider's error as escaped JSON into the message of its own.
  const escaped = parseObject(text(error['message']))
  const nested = isJsonObject(escaped) ? [escaped['error'] ?? escaped] : []
  const below = [...listIn(error, 'details'), ...nested].flatMap((child) => innermost(child, info, depth + 1))
  if (below.length > 0) return below
  const code = text(error['code'])
  if (code === '') return []
  const target = text(error['target'])
  const policies = policiesNamedIn({ ...error, additionalInfo: info })
  const message = [withoutRequestId(text(error['message'])), policies].filter(Boolean).join(' ')
  return [{ code, message, ...(target === '' ? {} : { target }) }]
}

/** The innermost errors without those that only say that there are others. */
function causes(error: unknown): readonly Detail[] {
  const all = innermost(error)
  const telling = all.filter(({ code }) => !generic.includes(code))
  return telling.length > 0 ? telling : all
}

/** The header may also hold a date, which Azure does not use. */
const secondsOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) : undefined

/** What an answer says about a failure. `status` is left out for an operation that failed after it was accepted. */
export function failureOf({ status, header, body }: Omit<Answer, 'status'> & Partial<Answer>): Failure {
  const error = property(body, 'error') ?? body
  const entra = entraFailure(text(property(body, 'error_description')))
  const correlationId =
    entra?.correlationId ||
    text(property(property(error, 'innerError'), 'request-id')) ||
    header('x-ms-correlation-request-id') ||
    header('x-ms-request-id') ||
    header('request-id')
  return {
    status,
    code: entra?.code || text(property(error, 'code')) || (header('x-ms-error-code') ?? ''),
    message: entra?.message ?? withoutRequestId(text(property(error, 'message'))),
    correlationId: correlationId || undefined,
    retryAfter: secondsOf(header('retry-after')),
    details: causes(error),
  }
}

/** The answer that one of Microsoft's clients keeps in its error; undefined when none came, or one that is no refusal. */
function keptAnswer(error: unknown): Answer | undefined {
  const response = property(error, 'response')
  const status = property(response, 'status')
  const headers = property(response, 'headers')
  const get = property(headers, 'get')
  if (typeof status !== 'number' || status < 400 || typeof get !== 'function') return undefined
  return {
    status,
    header: (name) => text(Reflect.apply(get, headers, [name])) || undefined,
    body: parseObject(text(property(response, 'bodyAsText'))),
  }
}

const connectionCode =
  /^(E[A-Z_]+|UND_ERR_[A-Z_]+|[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]+|[A-Z]+_[A-Z]+_ERROR|PARSE_ERROR)$/

/** What the system says about a connection that failed, wherever in the causes it is. */
function connectionFailure(error: unknown): { readonly code: string; readonly message: string } | undefined {
  let current = error
  for (let depth = 0; current !== undefined && depth < 10; depth += 1) {
    const code = text(property(current, 'code'))
    if (connectionCode.test(code)) return { code, message: text(property(current, 'message')) }
    current = property(current, 'cause')
  }
  return undefined
}

/** Entra says all in one sentence, between words that only its support needs. */
function entraFailure(message: string): Pick<Failure, 'code' | 'message' | 'correlationId'> | undefined {
  const [, code, sentence = ''] = /(AADSTS\d+): (.*?)\s*(?:Trace ID:|$)/s.exec(message) ?? []
  if (code === undefined) return undefined
  return { code, message: sentence, correlationId: /Correlation ID: ([0-9a-f-]{36})/i.exec(message)?.[1] }
}

/** The library that signs in puts its own codes before its sentences. */
function signInFailure(message: string): Pick<Failure, 'code' | 'message'> | undefined {
  const [, code, sentence = ''] = /^([a-z]+_resolution_error|network_error): (.*)$/.exec(message) ?? []
  return code === undefined ? undefined : { code, message: sentence }
}

/** Reads any error of a call of Azure, also inside the `UserError` that was made of it. */
export function readFailure(error: unknown): Failure {
  if (error instanceof AzureError) return error.failure
  if (error instanceof UserError && error.parts.cause !== undefined) return readFailure(error.parts.cause)
  const answer = keptAnswer(error)
  if (answer !== undefined) return failureOf(answer)
  const message = error instanceof Error ? error.message : String(error)
  const status = property(error, 'statusCode')
  return {
    status: typeof status === 'number' && status >= 400 ? status : undefined,
    code: '',
    message,
    correlationId: undefined,
    retryAfter: undefined,
    details: [],
    ...(entraFailure(message) ?? signInFailure(message) ?? connectionFailure(error)),
  }
}

/** Does the error, or any error inside it, carry one of these codes? */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const failure = readFailure(error)
  return codes.includes(failure.code) || failure.details.some(({ code }) => codes.includes(code))
}

/** Is the error Azure's report that something does not exist? A proxy's response has no Azure code. */
export function isMissing(error: unknown): boolean {
  const { status, code } = readFailure(error)
  return status === 404 && code !== ''
}

/** Did Azure refuse it because the identity lacks the right? A proxy that refuses has no code of Azure's. */
export function isForbidden(error: unknown): boolean {
  const { status, code } = readFailure(error)
  return status === 403 && code !== ''
}

/** What somebody reads, or something else where the identity lacks the right to. */
export async function unlessForbidden<Found, Otherwise>(
  read: () => Promise<Found>,
  otherwise: Otherwise,
): Promise<Found | Otherwise> {
  try {
    return await read()
  } catch (error) {
    if (isForbidden(error)) return otherwise
    throw error
  }
}
