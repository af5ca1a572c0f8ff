import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Context, holds, interpolated, runsAlways } from './expression.ts'
import { runStep, type Step, type StepResult } from './step.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions */
const compositeSchema = z.object({
  inputs: z
    .record(z.string(), z.object({ default: scalar.optional(), required: z.boolean().optional() }))
    .default({}),
  outputs: z.record(z.string(), z.object({ value: z.string() })).default({}),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        id: z.string(),
        uses: z.string().startsWith('$/'),
        if: z.string().default(''),
        'continue-on-error': z.boolean().default(false),
        with: z.record(z.string(), scalar).default({}),
      }),
    ),
  }),
})

/** One step of a composite action that has run. */
export interface CompositeStep extends StepResult {
  readonly id: string
}

/** How a composite action ended. */
export interface CompositeResult {
  readonly exitCode: number
  readonly outputs: Readonly<Record<string, string>>
  /** Those that have run, in their order. */
  readonly steps: readonly CompositeStep[]
}

/** A job's context with the inputs of the action in it. */
function inputContext(
  { with: given, token = '' }: Step,
  declared: z.output<typeof compositeSchema>['inputs'],
): Map<string, string> {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(declared, name))
  if (unknown.length > 0) throw new Error(`The action has no input '${unknown.join("', '")}'.`)
  const context = new Map([['github.token', token]])
  const inputs = Object.entries(declared).map(
    ([name, { default: standard = '' }]) =>
      [`inputs.${name}`.toLowerCase(), given[name] ?? interpolated(standard, context)] as const,
  )
  return new Map([...context, ...inputs])
}

const valuesOf = (texts: Readonly<Record<string, string>>, context: Context): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, interpolated(text, context)]))

/** After a failure only what says `always()` runs. */
export const isReached = (condition: string, hasFailed: boolean, context: Context): boolean =>
  (!hasFailed || runsAlways(condition)) && (condition === '' || holds(condition, context))

/**
 * Runs a composite action as GitHub's runner does: its steps one after the other until one fails, each with the inputs and
 * the outputs of earlier ones that it asks for. `$/` is the repository that the action is of.
 * @param repository the folder of that repository
 */
export async function runComposite(step: Step, repository: string): Promise<CompositeResult> {
  const { inputs, outputs, runs } = compositeSchema.parse(
    parse(readFileSync(path.join(step.action, 'action.yml'), 'utf8')),
  )
  const context = inputContext(step, inputs)
  const steps: CompositeStep[] = []
  let exitCode = 0
  for (const { id, uses, if: condition, 'continue-on-error': goesOn, with: given } of runs.steps) {
    if (!isReached(condition, exitCode !== 0, context)) continue
    const action = path.join(repository, uses.slice('$/'.length))
    const result = await runStep({ ...step, action, with: valuesOf(given, context) })
    steps.push({ id, ...result })
    context.set(`steps.${id}.outcome`.toLowerCase(), result.exitCode === 0 ? 'success' : 'failure')
    for (const [name, value] of Object.entries(result.outputs))
      context.set(`steps.${id}.outputs.${name}`.toLowerCase(), value)
    if (!goesOn && exitCode === 0) exitCode = result.exitCode
  }
  const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))
  return { exitCode, outputs: valuesOf(values, context), steps }
}
