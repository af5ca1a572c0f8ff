import { UserError } from '../../src/diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'

/** Why a run failed, and what it published. @throws what it failed with, when that is no refusal */
export async function failureOf(
  run: Promise<Report>,
): Promise<{ readonly message: string; readonly report: Report }> {
  try {
    await run
  } catch (error) {
    if (error instanceof FailureWithReport && error.cause instanceof UserError)
      return { message: error.cause.message, report: error.report }
    throw error
  }
  throw new Error('The run did not fail.')
}
