import { isJsonObject } from '../json.ts'

/** What can be read from an error of any of Microsoft's clients, without knowing which client threw it. */
export interface Failure {
  /** HTTP status, or undefined when no answer came. */
  readonly status: number | undefined
  /** Azure's code, e.g. `AuthorizationFailed`, `AADSTS700213`, `ENOTFOUND`; empty when there is none. */
  readonly code: string
  readonly message: string
  readonly correlationId: string | undefined
  /** Seconds after which Azure wants to be asked again, when it said so. */
  readonly retryAfter: number | undefined
  /** Codes and messages of the innermost errors, deepest first. */
  readonly details: readonly { readonly code: string; readonly message: string; readonly target?: string }[]
}

type Detail = Failure['details'][number]

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function parseEscaped(message: string): unknown {
  // Azure Resource Manager puts a provider's error as escaped JSON into the message of its own.
  if (!message.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(message)
  } catch {
    return undefined
  }
}

/** Storage repeats in the message what is in the headers. */
const withoutRequestId = (message: string): string => message.replace(/\s*\bRequestId:\S+\s+Time:\S+\s*$/, '')

function innermost(error: unknown, depth = 0): readonly Detail[] {
  if (!isJsonObject(error) || depth > 10) return []
  const inner = Array.isArray(error['details']) ? error['details'] : []
  const escaped = parseEscaped(text(error['message']))
  const nested = isJsonObject(escaped) ? [escaped['error'] ?? escaped] : []
  const below = [...inner, ...nested].flatMap((child) => innermost(child, depth + 1))
  if (below.length > 0) return below
  const code = text(error['code'])
  if (code === '') return []
  const target = text(error['target'])
  return [{ code, message: withoutRequestId(text(error['message'])), ...(target === '' ? {} : { target }) }]
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function header(error: unknown, name: string): string | undefined {
  const headers = property(property(error, 'response'), 'headers')
  const get = property(headers, 'get')
  if (typeof get !== 'function') return undefined
  const value: unknown = Reflect.apply(get, headers, [name])
  return typeof value === 'string' && value !== '' ? value : undefined
}

function body(error: unknown): unknown {
  const details = property(error, 'details')
  const parsed = property(details, 'error') ?? details
  if (isJsonObject(parsed)) return parsed
  const raw = property(property(error, 'response'), 'bodyAsText') ?? property(error, 'body')
  if (typeof raw !== 'string') return undefined
  const fromText = parseEscaped(raw)
  return property(fromText, 'error') ?? fromText
}

const connectionCode = /^(E[A-Z_]+|UND_ERR_[A-Z_]+|[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]+)$/

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
  const [, code, said = ''] = /(AADSTS\d+): (.*?)\s*(?:Trace ID:|$)/s.exec(message) ?? []
  if (code === undefined) return undefined
  return { code, message: said, correlationId: /Correlation ID: ([0-9a-f-]{36})/i.exec(message)?.[1] }
}

/** The header may also hold a date, which Azure does not use. */
const secondsOf = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,5}$/.test(header) ? Number(header) : undefined

/** Reads an error of any of Microsoft's clients: Resource Manager, Entra, Graph or storage. */
export function readFailure(error: unknown): Failure {
  // A recursive change of rights in the lake wraps what stopped it.
  const inner = property(error, 'innerError')
  if (inner instanceof Error) return readFailure(inner)
  const message = error instanceof Error ? error.message : String(error)
  const entra = entraFailure(message)
  const connection = connectionFailure(error)
  // The library that signs in puts its own codes before its sentences.
  const signIn = /^([a-z]+_resolution_error|network_error): (.*)$/.exec(message)
  const parsed = body(error)
  const status = property(error, 'statusCode') ?? property(error, 'status')
  const code =
    entra?.code ??
    (text(property(parsed, 'code')) ||
      text(header(error, 'x-ms-error-code')) ||
      text(property(error, 'code')))
  const correlation =
    entra?.correlationId ??
    header(error, 'x-ms-correlation-request-id') ??
    header(error, 'x-ms-request-id') ??
    header(error, 'request-id') ??
    (text(property(error, 'requestId')) || property(property(error, 'errorResponse'), 'correlationId'))
  return {
    status: typeof status === 'number' && status > 0 ? status : undefined,
    code: code || connection?.code || (signIn?.[1] ?? ''),
    message: withoutRequestId(
      entra?.message ?? signIn?.[2] ?? (text(property(parsed, 'message')) || connection?.message || message),
    ),
    correlationId: typeof correlation === 'string' && correlation !== '' ? correlation : undefined,
    retryAfter: secondsOf(header(error, 'retry-after')),
    details: innermost(parsed),
  }
}

/** Does the error, or any error inside it, carry one of these codes? */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const failure = readFailure(error)
  return codes.includes(failure.code) || failure.details.some(({ code }) => codes.includes(code))
}

/** Does the error say that a thing is not there? */
export const isMissing = (error: unknown): boolean => readFailure(error).status === 404
