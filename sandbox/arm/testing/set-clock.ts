import type { Clock } from '../../contracts.ts'
import { systemClock } from '../../server/runtime.ts'

/** A clock whose days a test lets pass. */
export interface SetClock extends Clock {
  passDays(days: number): void
}

/** Makes one that begins at the machine's time. */
export function setClock(): SetClock {
  let passed = 0
  return {
    now: () => new Date(systemClock.now().getTime() + passed),
    sleep: systemClock.sleep,
    passDays: (days) => {
      passed += days * 86_400_000
    },
  }
}
