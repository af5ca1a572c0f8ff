import { setTimeout } from 'node:timers/promises'
import type { Factory, Run } from './factory.ts'
import { writesIn } from './transcript.ts'

/** Starts a run, and kills it as soon as Azure has taken so many changes of it. */
export async function killedAfter(
  { sandbox }: Factory,
  changes: number,
  start: (signal: AbortSignal) => Promise<Run>,
): Promise<Run> {
  const since = sandbox.requestCount()
  const controller = new AbortController()
  const made = (): number =>
    writesIn(sandbox.requests(since).filter(({ caller }) => caller !== undefined)).length
  const run = start(controller.signal)
  const ended = run.then(() => true)
  while (made() < changes) if (await Promise.race([ended, setTimeout(1, false)])) break
  controller.abort()
  return run
}
