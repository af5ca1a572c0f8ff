import { readFailure } from './failure.ts'

/** What a temporary failure is called, or undefined when trying again would not help. */
export type Temporary = (error: unknown) => string | undefined

/** For how long something is tried again: minutes spent in pauses, all together. */
export interface RetryBudget {
  readonly minutes: number
}

/** How often something is tried that takes long itself: each pause twice as long as the one before. */
export interface Attempts {
  readonly attempts: number
  /** Milliseconds. */
  readonly firstPause: number
}

/** What waiting takes. */
export interface Waiting {
  /** Logs what is being waited for. */
  readonly progress: (line: string) => void
  /** Time, so that tests need not wait. */
  readonly sleep: (milliseconds: number) => Promise<void>
  /** A number from 0 up to, but not including, 1, so that runs that wait for the same resource do not retry at the same time. */
  readonly random: () => number
  /** Milliseconds that one request may take. */
  readonly timeLimit: number
}

/** How often one request is made. The pauses between add up to half a minute. */
export const mostAttempts = 7

const firstPause = 500
const longestPause = 15_000
/** A longer Retry-After is not waited for: the run ends with the error. */
const longestRetryAfter = 10 * 60_000

/**
 * Tries again while a failure is temporary, and logs each new attempt. The last error is thrown as it came. The pauses
 * double up to 15 s; they vary by half around that, so that runs that wait for one resource retry one by one, and are
 * never shorter than Azure asks for.
 * @param limit how many attempts in all, or for how long
 */
export async function retryWhile<T>(
  work: () => Promise<T>,
  temporary: Temporary,
  what: string,
  session: Omit<Waiting, 'timeLimit'>,
  limit: Limit = 12,
): Promise<T> {
  let waited = 0
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const reason = temporary(error)
      if (reason === undefined) throw error
      const pause = pauseBefore(attempt, error, session, limit)
      const bound = boundOf(limit, attempt, waited, pause)
      if (bound === undefined) throw error
      session.progress(`${what}: ${reason}. Retrying in ${seconds(pause)} s (${bound})`)
      await session.sleep(pause)
      waited += pause
    }
  }
}

type Limit = number | RetryBudget | Attempts

function pauseBefore(
  attempt: number,
  error: unknown,
  { random }: Pick<Waiting, 'random'>,
  limit: Limit,
): number {
  const growth = 2 ** (attempt - 1)
  const regular =
    typeof limit === 'object' && 'attempts' in limit
      ? limit.firstPause * growth
      : Math.min(firstPause * growth, longestPause)
  const asked = (readFailure(error).retryAfter ?? 0) * 1_000
  return Math.max(asked, Math.round(regular * (0.5 + random())))
}

/** How far along the next attempt is, in words; undefined when there is to be none. */
function boundOf(limit: Limit, attempt: number, waited: number, pause: number): string | undefined {
  if (typeof limit === 'number' || 'attempts' in limit) {
    const most = typeof limit === 'number' ? limit : limit.attempts
    if (attempt >= most || pause > longestRetryAfter) return undefined
    return `attempt ${attempt + 1} of ${most}`
  }
  if (waited + pause > limit.minutes * 60_000) return undefined
  return `waited ${seconds(waited)} s, at most ${limit.minutes} min`
}

/** Below ten seconds with one digit after the point. */
const seconds = (milliseconds: number): number =>
  milliseconds < 10_000 ? Math.round(milliseconds / 100) / 10 : Math.round(milliseconds / 1_000)

/**
 * Limits the time of some work. Its signal stops what can be stopped; what cannot is left alone.
 * @throws Error with code ETIMEDOUT
 */
export async function withinTimeLimit<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  // The timer also keeps the process alive until the work has ended, one way or the other.
  const timer = setTimeout(() => {
    const message = `No answer came within ${seconds(milliseconds)} s`
    reject(Object.assign(new Error(message), { code: 'ETIMEDOUT' }))
    controller.abort()
  }, milliseconds)
  try {
    return await Promise.race([work(controller.signal), late])
  } finally {
    clearTimeout(timer)
  }
}
