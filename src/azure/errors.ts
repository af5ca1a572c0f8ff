import { UserError } from '../user-error.ts'
import { explanations } from './explanations.ts'
import { type Failure, readFailure } from './failure.ts'

const longestMessage = 1_500
const mostDetails = 5

const oneLine = (message: string): string => {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)} …` : line
}

const said = ({ code, message, target }: Failure['details'][number]): string => {
  const line = oneLine(message)
  const sentence = code === '' || line === '' ? `${code || line || 'It did not say why'}` : `${code}: ${line}`
  return target === undefined ? sentence : `${sentence} (${target})`
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

/** Does the work; what goes wrong in it is told as `azureError` tells it. */
export async function explaining<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw azureError(error, doing)
  }
}
