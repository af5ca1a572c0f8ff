import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../diagnostics/user-error.ts'
import type { Plan } from '../plan/model.ts'

/**
 * Writes a result of the run into the runner's temporary folder and returns its path.
 * @throws UserError when the runner does not let it
 */
export function writeResult(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  text: string,
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

/** Writes a result as JSON that people can read too. */
export const writeJson = (
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  value: unknown,
): string => writeResult(environment, name, `${JSON.stringify(value, null, 2)}\n`)

/** The name of a file that belongs to a plan, which says whose it is: `prj001.dev.ip-calc.plan.json`. */
export const resultName = ({ project, environment, action }: Plan, ending: string): string =>
  [project === undefined ? undefined : `prj${project}`, environment, action, ending]
    .filter((part) => part !== undefined)
    .join('.')

/** Writes a plan as JSON and returns its path. */
export const writePlan = (environment: Readonly<Record<string, string | undefined>>, plan: Plan): string =>
  writeJson(environment, resultName(plan, 'plan.json'), plan)
