import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, Identifiers } from '../contracts.ts'

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await wait(milliseconds)
  },
}

/** Random identifiers, as Azure gives them. */
export const randomIdentifiers: Identifiers = { uuid: () => randomUUID() }
