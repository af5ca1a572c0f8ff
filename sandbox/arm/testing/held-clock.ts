import type { Clock } from '../../contracts.ts'
import { systemClock } from '../../server/runtime.ts'

/** The machine's clock, but whoever sleeps while it is held wakes when it is released, and not before. */
export interface HeldClock extends Clock {
  hold(): void
  release(): void
}

/** Makes one, with which a test decides how long work takes. */
export function heldClock(): HeldClock {
  let gate: PromiseWithResolvers<void> | undefined
  return {
    now: systemClock.now,
    sleep: (milliseconds) => gate?.promise ?? systemClock.sleep(milliseconds),
    hold: () => {
      gate ??= Promise.withResolvers()
    },
    release: () => {
      gate?.resolve()
      gate = undefined
    },
  }
}
