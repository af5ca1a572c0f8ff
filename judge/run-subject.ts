import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Case, Subject } from './case-file.ts'
import type { Driver, Outcome } from './driver.ts'
import { fill, type Values } from './values.ts'
import { faultsOf, type Verdict, verdictOf } from './verdict.ts'

/** A case that was run. */
export interface Judged {
  readonly subject: string
  readonly judged: Case
  readonly verdict: Verdict
  /** Why it is wrong. */
  readonly faults: readonly string[]
  readonly seconds: number
}

/** What a subject's cases run with. */
export interface Court {
  /** The process in which somebody is signed in: one of the subject's identities, or the owner. */
  driverFor(identity: string | undefined): Driver
  readonly values: Values
  report(judged: Judged): void
}

/** Runs the cases of one subject in their order, with a folder of its own for their files. */
export async function runSubject({ subject, cases }: Subject, court: Court): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'judge-files-'))
  const values = new Map(court.values)
  try {
    for (const one of cases) {
      const { faults, outcome } = await judge(one, court, values, folder)
      court.report({
        subject,
        judged: one,
        verdict: verdictOf(one, faults),
        faults,
        seconds: outcome.seconds ?? 0,
      })
      for (const [name, query] of Object.entries(one.save ?? {})) values.set(name, outcome.values?.[query])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

interface Result {
  readonly faults: readonly string[]
  readonly outcome: Outcome
}

/** Runs one case; again and again while it is not as expected and Azure takes its time for it, too. */
async function judge(one: Case, court: Court, values: Values, folder: string): Promise<Result> {
  const end = Date.now() + (one.within ?? 0) * 1000
  for (;;) {
    const result = await once(one, court, values, folder)
    if (result.faults.length === 0 || Date.now() >= end) return result
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function once(one: Case, court: Court, values: Values, folder: string): Promise<Result> {
  try {
    const { name, as, files, expect, save, see, absent, within, ...tool } = one
    for (const [file, content] of Object.entries(files ?? {}))
      writeFileSync(path.join(folder, file), textOf(fill(content, values)))
    const queries = [...Object.keys(expect.holds ?? {}), ...Object.values(save ?? {})]
    const job = { ...Object(fill(tool, values)), folder, queries }
    const outcome = await court.driverFor(as).run(job)
    const expected = Object(fill(expect, values))
    return { outcome, faults: faultsOf(expected, outcome) }
  } catch (error) {
    return { outcome: {}, faults: [String(error)] }
  }
}

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))
