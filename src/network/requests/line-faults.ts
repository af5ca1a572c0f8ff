import { UserError } from '../../diagnostics/user-error.ts'

/** What is wrong with one line of an input. */
export interface LineFault {
  /** From 1. */
  readonly line: number
  /** One or two sentences. */
  readonly message: string
}

const mostFaultsShown = 10

/**
 * Refuses an input with all that is wrong with it. Does nothing without faults.
 * @param fix what the input should look like, a sentence
 * @throws UserError with the first ten faults, each with its line and only once
 */
export function refuse(input: string, faults: readonly LineFault[], fix: string): void {
  if (faults.length === 0) return
  const told = [...new Set(faults.map(({ line, message }) => `Line ${line}: ${message}`))]
  const shown = told.slice(0, mostFaultsShown)
  const more = told.length - shown.length
  throw new UserError({
    what: `Input '${input}' cannot be read. ${shown.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`,
    fix,
  })
}
