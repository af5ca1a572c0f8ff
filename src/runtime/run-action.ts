import { escaped } from '../diagnostics/escape.ts'
import { FailureWithReport, type Report } from '../plan/report.ts'
import { cancelled, journalOf } from './cancellation.ts'
import { describeCause, failureSummary, reportFailure } from './failure.ts'
import { type Host, runner } from './host.ts'
import { type InputReader, inputReader } from './inputs.ts'
import { leaveRecord } from './leave-record.ts'
import { type PublishOptions, publish } from './publish.ts'
import { userAgent } from './version.ts'

/** What an operation is given by the run. */
export interface RunContext extends Pick<Host, 'environment' | 'info' | 'startGroup' | 'idToken'> {
  /** Name of the action. */
  readonly action: string
  /** The user agent that Azure sees. */
  readonly userAgent: string
}

/**
 * Runs an action: reads its inputs, calls its operation, and publishes what that reports. Whatever is thrown, an Error
 * or not, ends in exactly one `::error::`, and in the job summary.
 * @param action its name
 * @param readInputs its inputs, mapped to the options of the operation
 * @returns whether it succeeded
 */
export async function runAction<Inputs extends PublishOptions>(
  action: string,
  readInputs: (read: InputReader) => Inputs,
  operation: (options: Inputs, context: RunContext) => Promise<Report>,
  host: Host = runner,
): Promise<boolean> {
  // An input that cannot be read is reported in the summary too, unless nobody wants one.
  let options: PublishOptions = { summary: host.input('summary').trim().toLowerCase() !== 'false' }
  let report: Report | undefined
  const started = new Date()
  const { info, begun } = journalOf(host.info)
  try {
    const inputs = readInputs(inputReader(host))
    options = inputs
    const { environment, startGroup, idToken } = host
    const context = {
      action,
      userAgent: userAgent(action, environment),
      environment,
      info,
      startGroup,
      idToken,
    }
    report = await Promise.race([operation(inputs, context), untilCancelled(host, begun)])
    await publish(host, report, options)
    leaveRecord(host, { action, started, report, failed: undefined })
    return true
  } catch (thrown) {
    const error = thrown instanceof FailureWithReport ? thrown.cause : thrown
    await summarise(host, action, error, options)
    if (thrown instanceof FailureWithReport) await publishRest(host, thrown.report, options)
    report = thrown instanceof FailureWithReport ? thrown.report : report
    leaveRecord(host, { action, started, report, failed: { error } })
    reportFailure(host, error)
    return false
  }
}

/** Never ends by itself. @throws UserError once the run is stopped: what it had begun is left as it is */
async function untilCancelled(host: Host, begun: ReturnType<typeof journalOf>['begun']): Promise<never> {
  throw cancelled(await host.cancellation(), begun())
}

/** Writes into the job summary why a run failed. A second failure is not reported: the run has failed already. */
async function summarise(host: Host, action: string, error: unknown, options: PublishOptions): Promise<void> {
  if (!options.summary) return
  try {
    await host.writeSummary(failureSummary(action, error))
  } catch (cause) {
    host.debug(`The job summary cannot be written: ${describeCause(cause)}`)
  }
}

/** Publishes what a failed run has. That this fails too must not hide why the run failed. */
async function publishRest(host: Host, report: Report, options: PublishOptions): Promise<void> {
  try {
    await publish(host, report, options)
  } catch (error) {
    host.warning(escaped(`The results of the failed run could not be published: ${describeCause(error)}`))
  }
}
