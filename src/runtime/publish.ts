import { escaped } from '../diagnostics/escape.ts'
import { UserError } from '../diagnostics/user-error.ts'
import { isChanged, jsonFile, type Report, type ResultFile, resultName } from '../plan/report.ts'
import { describeCause } from './failure.ts'
import type { Host } from './host.ts'
import { writeResult } from './result-files.ts'

/** How a report is published. Every action has these inputs. */
export interface PublishOptions {
  /** Is the job summary written? */
  readonly summary: boolean
}

/**
 * Publishes what an operation reports, the same way for every action: the plan as a file, the outputs, every warning as
 * an annotation, the job summary, and one line that says how it ended.
 * @throws UserError when the runner does not let a file be written
 */
export async function publish(host: Host, report: Report, options: PublishOptions): Promise<void> {
  const { plan, warnings = plan?.warnings ?? [], outputs, files = {}, summary, notice } = report
  const changed = isChanged(report)
  if (changed !== undefined) host.setOutput('changed', String(changed))
  const planFile: ResultFile | undefined = plan && jsonFile(resultName(plan, 'plan.json'), plan)
  const all = { ...(planFile && { 'plan-file': planFile }), ...files }
  for (const [name, file] of Object.entries(all)) host.setOutput(name, writeResult(host.environment, file))
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value)
  for (const warning of warnings) host.warning(escaped(warning))
  if (summary !== undefined && options.summary) await writeSummary(host, summary)
  if (notice !== undefined) host.notice(escaped(notice))
}

/** The work is done by then, and its outputs are published. */
async function writeSummary(host: Host, summary: string): Promise<void> {
  try {
    await host.writeSummary(summary)
  } catch (cause) {
    throw new UserError({
      what: `The work was done, but its job summary cannot be written: ${describeCause(cause)}.`,
      why: 'The file that the runner names in GITHUB_STEP_SUMMARY is missing or may not be written, or its disk is full.',
      fix: "Check the runner, or leave the summary out with the input 'summary: false'.",
      cause,
    })
  }
}
