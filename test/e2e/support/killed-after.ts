import { setTimeout } from 'node:timers/promises'
import type { Factory, Run } from './factory.ts'
import { questions, writesIn } from './transcript.ts'

/** Starts a run, and kills it as soon as the changes that Azure has taken of it are enough. */
export async function killedWhen(
  { sandbox }: Factory,
  enough: (made: Run['writes']) => boolean,
  start: (signal: AbortSignal) => Promise<Run>,
): Promise<Run> {
  const since = sandbox.requestCount()
  const controller = new AbortController()
  const made = (): Run['writes'] =>
    writesIn(sandbox.requests(since).filter(({ caller }) => caller !== undefined))
  const run = start(controller.signal)
  const ended = run.then(() => true)
  while (!enough(made())) if (await Promise.race([ended, setTimeout(1, false)])) break
  controller.abort()
  return run
}

/**
 * Starts a run, and kills it as soon as Azure has taken so many changes of it. Changes that go together with the last of
 * them are on their way by then: they do not arrive.
 */
export async function killedAfter(
  factory: Factory,
  changes: number,
  start: (signal: AbortSignal) => Promise<Run>,
): Promise<Run> {
  const { faults } = factory.sandbox
  const path = `^(?!.*(?:${questions.source}|/oauth2/))`
  faults.add({ method: 'PUT|PATCH|POST|DELETE', path, skip: changes, times: 'always', stall: true })
  const run = await killedWhen(factory, (made) => made.length >= changes, start)
  faults.clear()
  return run
}
