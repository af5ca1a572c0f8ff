import type { Progress, Sleep } from './session.ts'

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

/**
 * Tries again while Azure says that the refusal is temporary, with growing pauses (up to 15 s) and at most
 * `attempts` times; each new attempt is told. The last error is thrown as it came.
 */
export async function retryWhile<T>(
  work: () => Promise<T>,
  temporary: Temporary,
  what: string,
  { progress, sleep }: { readonly progress: Progress; readonly sleep: Sleep },
  attempts = 12,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const reason = temporary(error)
      if (reason === undefined || attempt >= attempts) throw error
      const pause = Math.min(500 * 2 ** (attempt - 1), 15_000)
      progress(
        `${what}: ${reason}. Trying again in ${pause / 1000} s (attempt ${attempt + 1} of ${attempts})`,
      )
      await sleep(pause)
    }
  }
}
