import { AzureError } from '../../azure/failure.ts'
import { UserError } from '../../diagnostics/user-error.ts'

/** Is it what Azure, or a document, says, and no defect of ours? */
export const isAnswer = (error: unknown): boolean => error instanceof UserError || error instanceof AzureError

/** What a check reads, or something else where Azure answers that it may not, or what nobody expects. */
export async function unlessRefused<Found, Otherwise>(
  read: () => Promise<Found>,
  otherwise: (error: unknown) => Otherwise,
): Promise<Found | Otherwise> {
  try {
    return await read()
  } catch (error) {
    // A defect of ours stays one.
    if (!isAnswer(error)) throw error
    return otherwise(error)
  }
}
