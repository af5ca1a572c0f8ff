import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../diagnostics/user-error.ts'
import type { ResultFile } from '../plan/report.ts'

/**
 * Writes a result of the run into the runner's temporary folder and returns its path.
 * @throws UserError when the runner does not let it
 */
export function writeResult(
  environment: Readonly<Record<string, string | undefined>>,
  { name, text }: ResultFile,
): string {
  const folder = path.join(environment['RUNNER_TEMP'] ?? path.join(process.cwd(), 'out'), 'ai-factory')
  const file = path.join(folder, name)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, text)
  } catch (cause) {
    throw new UserError({
      what: `The file '${file}' cannot be written.`,
      why: "The runner's temporary folder (RUNNER_TEMP) is missing or may not be written, or its disk is full.",
      fix: 'Check the runner, then run the job again.',
      cause,
    })
  }
  return file
}
