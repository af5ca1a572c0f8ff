import { UserError } from '../user-error.ts'
import { explanations } from './explanations.ts'
import { type Failure, readFailure } from './failure.ts'

const longestMessage = 1_500

const oneLine = (message: string): string => {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)} …` : line
}

function azureSays(failure: Failure): string {
  if (failure.details.length === 0) {
    return failure.code === '' ? oneLine(failure.message) : `${failure.code}: ${oneLine(failure.message)}`
  }
  return failure.details
    .slice(0, 5)
    .map(
      ({ code, message, target }) =>
        `${code}: ${oneLine(message)}${target === undefined ? '' : ` (${target})`}`,
    )
    .join(' | ')
}

/**
 * Turns an error of any of Microsoft's clients into one that a person can act on: what was being done, what Azure
 * says (the innermost errors, not the wrapping), why probably, how to fix it, and the correlation id.
 * @param doing the interrupted work, e.g. "Reading VNet 'x'"
 */
export function azureError(error: unknown, doing: string): UserError {
  if (error instanceof UserError) return error
  const failure = readFailure(error)
  const codes = [...failure.details.map(({ code }) => code), failure.code]
  const explanation = codes.map((code) => explanations[code]).find((found) => found !== undefined)
  return new UserError({
    what: `${doing} failed. ${failure.status === undefined ? '' : `Azure answered ${failure.status}. `}${azureSays(failure)}`,
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
