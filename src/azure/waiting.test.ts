import { describe, expect, test } from '@jest/globals'
import { retryWhile, waitFor } from './waiting.ts'

function watch() {
  const told: string[] = []
  const pauses: number[] = []
  return {
    told,
    pauses,
    session: {
      progress: (line: string) => told.push(line),
      sleep: async (milliseconds: number) => {
        pauses.push(milliseconds)
      },
      random: () => 0.5,
    },
  }
}

describe('waiting for an operation', () => {
  const pollerOf = (polls: number) => {
    let count = 0
    return { poll: async () => (count += 1), isDone: () => count >= polls, polled: () => count }
  }

  test('asks quickly at first, then at most every ten seconds', async () => {
    const { pauses, session } = watch()
    await waitFor(pollerOf(14), 'it', session)
    expect(pauses.slice(0, 3)).toEqual([200, 300, 450])
    expect(Math.max(...pauses)).toBe(10_000)
    expect(pauses).toHaveLength(13)
  })

  test('says what it waits for, as soon as a quarter of a minute has passed since it last did', async () => {
    const { told, session } = watch()
    await waitFor(pollerOf(16), 'the deployment', session)
    expect(told).toEqual([
      'Still waiting for the deployment (23 s)',
      'Still waiting for the deployment (43 s)',
      'Still waiting for the deployment (63 s)',
    ])
  })

  test('does not wait for what is done at once', async () => {
    const { pauses, told, session } = watch()
    await waitFor({ poll: async () => undefined, isDone: true }, 'it', session)
    expect([...pauses, ...told]).toEqual([])
  })
})

describe('trying again', () => {
  const busy = (error: unknown) => (String(error).includes('busy') ? 'it is busy' : undefined)
  const failing = (...errors: readonly string[]) => {
    const left = [...errors]
    return async () => {
      const next = left.shift()
      if (next !== undefined) throw new Error(next)
      return 'done'
    }
  }

  test('goes on while the refusal is temporary, and tells each attempt', async () => {
    const { told, pauses, session } = watch()
    expect(await retryWhile(failing('busy', 'busy'), busy, 'Writing x', session)).toBe('done')
    expect(pauses).toEqual([500, 1_000])
    expect(told).toEqual([
      'Writing x: it is busy. Trying again in 0.5 s (attempt 2 of 12)',
      'Writing x: it is busy. Trying again in 1 s (attempt 3 of 12)',
    ])
  })

  test('ends at once at a refusal that will not change', async () => {
    const { pauses, session } = watch()
    await expect(retryWhile(failing('busy', 'forbidden'), busy, 'x', session)).rejects.toThrow('forbidden')
    expect(pauses).toHaveLength(1)
  })

  test('ends after the last attempt with the last error, and never pauses longer than 15 s', async () => {
    const { pauses, session } = watch()
    const work = failing(...Array.from({ length: 12 }, (_, index) => `busy ${index + 1}`))
    await expect(retryWhile(work, busy, 'x', session)).rejects.toThrow('busy 12')
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000, 15_000, 15_000])
  })

  describe('with patience', () => {
    const patience = { minutes: 2 }
    const endlessly = () => Promise.reject(new Error('busy'))

    test('goes on until the pauses add up to it, and tells how long it has waited', async () => {
      const { told, pauses, session } = watch()
      await expect(retryWhile(endlessly, busy, 'Writing x', session, patience)).rejects.toThrow('busy')
      const total = pauses.reduce((sum, pause) => sum + pause, 0)
      expect(total).toBeLessThanOrEqual(120_000)
      expect(total).toBeGreaterThan(105_000)
      expect(told[2]).toBe('Writing x: it is busy. Trying again in 2 s (waited 1.5 s, at most 2 min)')
      expect(told.at(-1)).toBe('Writing x: it is busy. Trying again in 15 s (waited 91 s, at most 2 min)')
    })

    test('comes back at another time than others who wait for the same', async () => {
      const pausesWith = async (random: number) => {
        const { pauses, session } = watch()
        await retryWhile(failing('busy', 'busy'), busy, 'x', { ...session, random: () => random }, patience)
        return pauses
      }
      expect(await pausesWith(0)).toEqual([250, 500])
      expect(await pausesWith(0.99)).toEqual([745, 1_490])
    })

    test('never comes back before Azure wants to be asked again', async () => {
      const { pauses, session } = watch()
      const headers = new Headers({ 'Retry-After': '17' })
      const error = Object.assign(new Error('busy'), { response: { headers } })
      let attempts = 0
      const work = async () => {
        attempts += 1
        if (attempts === 1) throw error
      }
      await retryWhile(work, busy, 'x', session, patience)
      expect(pauses).toEqual([17_000])
    })
  })
})
