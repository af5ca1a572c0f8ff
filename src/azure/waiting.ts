import { readFailure } from './failure.ts'
import type { Progress, Session, Sleep } from './session.ts'

/** What the two generations of Microsoft's pollers have in common. */
export interface Poller<State> {
  readonly poll: () => Promise<State>
  readonly isDone: boolean | (() => boolean)
}

const isDone = (poller: Poller<unknown>): boolean =>
  typeof poller.isDone === 'function' ? poller.isDone() : poller.isDone

const firstPause = 200
const longestPause = 10_000
const growth = 1.5
const linesEvery = 15_000

/**
 * Polls a long-running operation until it is done: quickly at first, then less often, at most every ten seconds.
 * Says about every quarter of a minute what it waits for and how long it has waited.
 */
export async function waitFor<State>(
  poller: Poller<State>,
  what: string,
  { progress, sleep }: { readonly progress: Progress; readonly sleep: Sleep },
): Promise<void> {
  let waited = 0
  let told = 0
  for (let pause = firstPause; ; pause = Math.min(pause * growth, longestPause)) {
    await poller.poll()
    if (isDone(poller)) return
    await sleep(pause)
    waited += pause
    if (waited - told >= linesEvery) {
      told = waited
      progress(`Still waiting for ${what} (${Math.round(waited / 1000)} s)`)
    }
  }
}

/** What a temporary refusal is called, or undefined when trying again would not help. */
export type Temporary = (error: unknown) => string | undefined

/** For how long something is tried again. */
export interface Patience {
  /** Minutes spent in pauses, all together. */
  readonly minutes: number
}

/** What retries need of a session. */
type Waiting = Pick<Session, 'progress' | 'sleep' | 'random'>

const firstRetry = 500
const longestRetry = 15_000

/**
 * Tries again while Azure says that the refusal is temporary; each new attempt is told. The last error is thrown as it
 * came. With a number of attempts the pauses double up to 15 s. With patience they vary by half around that, so that many
 * who wait for one thing come back one by one, and are never shorter than Azure asks for.
 */
export async function retryWhile<T>(
  work: () => Promise<T>,
  temporary: Temporary,
  what: string,
  session: Waiting,
  limit: number | Patience = 12,
): Promise<T> {
  let waited = 0
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const reason = temporary(error)
      const next = reason === undefined ? undefined : nextAttempt({ attempt, waited, error }, limit, session)
      if (next === undefined) throw error
      const { pause, bound } = next
      session.progress(`${what}: ${reason}. Trying again in ${seconds(pause)} s (${bound})`)
      await session.sleep(pause)
      waited += pause
    }
  }
}

/** The pause before the next attempt, and how far along that is; undefined when there is to be none. */
function nextAttempt(
  { attempt, waited, error }: { readonly attempt: number; readonly waited: number; readonly error: unknown },
  limit: number | Patience,
  session: Waiting,
): { readonly pause: number; readonly bound: string } | undefined {
  const regular = Math.min(firstRetry * 2 ** (attempt - 1), longestRetry)
  if (typeof limit === 'number') {
    if (attempt >= limit) return undefined
    return { pause: regular, bound: `attempt ${attempt + 1} of ${limit}` }
  }
  const pause = patientPause(regular, error, session)
  if (waited + pause > limit.minutes * 60_000) return undefined
  return { pause, bound: `waited ${seconds(waited)} s, at most ${limit.minutes} min` }
}

function patientPause(regular: number, error: unknown, { random }: Waiting): number {
  const asked = (readFailure(error).retryAfter ?? 0) * 1_000
  return Math.max(asked, Math.round(regular * (0.5 + random())))
}

/** Below ten seconds with one digit after the point. */
const seconds = (milliseconds: number): number =>
  milliseconds < 10_000 ? Math.round(milliseconds / 100) / 10 : Math.round(milliseconds / 1_000)
