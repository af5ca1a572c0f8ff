import type { Resources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Progress } from './applied-steps.ts'
import type { NetworkStep } from './existing-changes.ts'

/** The error, with what this run had created until then and still exists. */
export async function withWhatExists(
  error: unknown,
  { done, begun }: Progress,
  resources: Resources,
  info: (line: string) => void,
): Promise<unknown> {
  if (done.length === 0 && begun === undefined) return error
  const [there, state] = await Promise.all([
    Promise.all(done.map(async (one) => ((await exists(one.step, resources)) === 'no' ? [] : [one]))),
    begun && exists(begun, resources),
  ])
  const created = there
    .flat()
    .filter(({ step }) => 'body' in step)
    .map(({ step: { kind, name }, subnet }) => `${kind} ${name} ${subnet?.addressPrefix ?? ''}`.trimEnd())
  const sentences = [
    ...(begun === undefined || state === undefined || state === 'no' ? [] : [halfDone(begun, state)]),
    ...(created.length === 0 ? [] : [`Created before that, and still there: ${created.join(', ')}.`]),
  ]
  if (sentences.length === 0) return error
  if (!(error instanceof UserError)) {
    info(sentences.join(' '))
    return error
  }
  const { parts } = error
  return new UserError({
    ...parts,
    what: [parts.what, ...sentences].join(' '),
    fix: [parts.fix, 'Running again creates only what is missing; mode release deletes what was created.']
      .filter((part) => part !== undefined)
      .join(' '),
  })
}

const halfDone = (step: NetworkStep, state: 'yes' | 'unknown'): string => {
  const { kind, name } = step
  if ('merge' in step) return `It is not known whether ${kind} ${name} was changed.`
  return state === 'yes'
    ? `Even so, ${kind} ${name} exists now.`
    : `It is not known whether ${kind} ${name} was created.`
}

/** Does what a step creates exist? */
async function exists(
  { id, apiVersion }: NetworkStep,
  resources: Resources,
): Promise<'yes' | 'no' | 'unknown'> {
  try {
    return (await resources.read(id, apiVersion)) === undefined ? 'no' : 'yes'
  } catch (error) {
    if (error instanceof UserError) return 'unknown'
    throw error
  }
}
