import { isChanged, jsonFile, type Report } from '../plan/report.ts'
import { type RunFailure, type RunRecord, type RunSubject, recordName } from '../plan/run-record.ts'
import { asUserError, describeCause } from './failure.ts'
import type { Host } from './host.ts'
import { writeResult } from './result-files.ts'

/** Characters of an output or a file that a record holds; Azure's own what-if may have many more. */
const longestText = 1_000_000

/** How a run ended. */
interface RunEnd {
  readonly action: string
  readonly started: Date
  readonly report: Report | undefined
  /** What was thrown. */
  readonly failed: { readonly error: unknown } | undefined
}

const given = (host: Host, name: string): string | undefined => {
  const value = host.input(name).trim()
  return value === '' ? undefined : value
}

/** The inputs that name the run; they may be anything. */
function subjectOf(host: Host, action: string): RunSubject {
  const [project, environment] = [given(host, 'project'), given(host, 'environment')]
  return {
    action,
    mode: given(host, 'mode') ?? 'plan',
    ...(project !== undefined && { project }),
    ...(environment !== undefined && { environment }),
  }
}

const short = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text.length <= longestText))

function failureOf({ error }: NonNullable<RunEnd['failed']>): RunFailure {
  const { parts, isDefect } = asUserError(error)
  const { cause: _, ...shown } = parts
  return { ...shown, isDefect }
}

/** What a run leaves for the report of the delivery. */
function recordOf(host: Host, { action, started, report, failed }: RunEnd, ended: Date): RunRecord {
  const { plan, outputs = {}, files = {}, notice, warnings = plan?.warnings ?? [] } = report ?? {}
  const changed = report === undefined ? (failed === undefined ? false : undefined) : isChanged(report)
  return {
    version: 1,
    ...subjectOf(host, action),
    started: started.toISOString(),
    milliseconds: ended.getTime() - started.getTime(),
    outcome: report?.outcome ?? 'failed',
    ...(changed !== undefined && { changed }),
    ...(plan !== undefined && { plan }),
    outputs: short(outputs),
    files: short(Object.fromEntries(Object.entries(files).map(([name, { text }]) => [name, text]))),
    warnings,
    ...(notice !== undefined && { notice }),
    ...(failed !== undefined && { failure: failureOf(failed) }),
  }
}

/**
 * Writes the record of a run beside its other results, when there is a folder for results. The run has ended by then:
 * that its record cannot be written changes nothing about it.
 */
export function leaveRecord(host: Host, end: RunEnd): void {
  if (host.environment['RUNNER_TEMP'] === undefined) return
  try {
    const record = recordOf(host, end, new Date())
    writeResult(host.environment, jsonFile(recordName(record), record))
  } catch (cause) {
    host.debug(`The record of the run cannot be written: ${describeCause(cause)}`)
  }
}
