import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type RunRecord, recordEnding } from '../../plan/run-record.ts'
import { runSchema } from '../../report/run-schema.ts'

/** No record is larger: what goes into one is bounded. */
const largestRecord = 50_000_000

/** Reads the record of a run; undefined when there is none, or it is not one. */
export function readRecord(file: string): RunRecord | undefined {
  if (!existsSync(file) || statSync(file).size > largestRecord) return undefined
  try {
    return runSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // A process that was killed may have left half of one.
    return undefined
  }
}

/** The records of all runs that left one in this folder, in the order in which they began. */
export function readRecords(folder: string): readonly RunRecord[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(recordEnding))
    .flatMap((name) => readRecord(path.join(folder, name)) ?? [])
    .toSorted((a, b) => (a.started < b.started ? -1 : 1))
}
