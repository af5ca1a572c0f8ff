import { UserError } from '../user-error.ts'
import { explanations } from './explanations.ts'
import { type Failure, readFailure } from './failure.ts'

const longestMessage = 1_500
const mostDetails = 5

/** Characters that make a reader see text in another order than it has are left out. */
const oneLine = (message: string): string => {
  const line = message
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)} …` : line
}

const said = ({ code, message, target = '' }: Failure['details'][number]): string => {
  const parts = [code, message].map(oneLine).filter((part) => part !== '')
  const sentence = parts.join(': ') || 'It did not say why'
  const place = oneLine(target)
  return place === '' ? sentence : `${sentence} (${place})`
}

function azureSays({ details, code, message }: Failure): string {
  const all = details.length === 0 ? [{ code, message }] : details
  const distinct = [...new Set(all.map(said))]
  const rest = distinct.length - mostDetails
  return [...distinct.slice(0, mostDetails), ...(rest > 0 ? [`and ${rest} more`] : [])].join(' | ')
}

const ended = (text: string): string => (/[.!?)…]$/.test(text) ? text : `${text}.`)

/**
 * Turns an error of any of Microsoft's clients into one that a person can act on: what was being done, what Azure
 * says (the innermost errors, not the wrapping), why probably, how to fix it, and the correlation id.
 * @param doing the interrupted work, e.g. "Reading VNet 'x'"
 */
export function azureError(error: unknown, doing: string): UserError {
  if (error instanceof UserError) return error
  const failure = readFailure(error)
  const codes = [...failure.details.map(({ code }) => code), failure.code]
  const explained = codes.find((code) => Object.hasOwn(explanations, code))
  const explanation = explained === undefined ? undefined : explanations[explained]
  return new UserError({
    what: ended(
      `${doing} failed. ${failure.status === undefined ? '' : `Azure answered ${failure.status}. `}${azureSays(failure)}`,
    ),
    ...(explanation === undefined ? {} : explanation),
    ...(failure.correlationId === undefined ? {} : { correlationId: failure.correlationId }),
    cause: error,
  })
}

/** Did Azure refuse it because the identity lacks the right? Knows errors of clients and those that `azureError` made of them. */
export function isForbidden(error: unknown): boolean {
  const raw = error instanceof UserError ? error.parts.cause : error
  return raw !== undefined && readFailure(raw).status === 403
}

/** Does the work; what goes wrong in it is told as `azureError` tells it. */
export async function explaining<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw azureError(error, doing)
  }
}
