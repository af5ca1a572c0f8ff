import { describe, expect, test } from '@jest/globals'
import { retryWhile, withinTimeLimit } from './retry.ts'

function watch() {
  const logged: string[] = []
  const pauses: number[] = []
  return {
    logged,
    pauses,
    session: {
      progress: (line: string) => logged.push(line),
      sleep: async (milliseconds: number) => {
        pauses.push(milliseconds)
      },
      random: () => 0.5,
    },
  }
}

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

  test('goes on while the refusal is temporary, and logs each attempt', async () => {
    const { logged, pauses, session } = watch()
    expect(await retryWhile(failing('busy', 'busy'), busy, 'Writing x', session)).toBe('done')
    expect(pauses).toEqual([500, 1_000])
    expect(logged).toEqual([
      'Writing x: it is busy. Retrying in 0.5 s (attempt 2 of 12)',
      'Writing x: it is busy. Retrying in 1 s (attempt 3 of 12)',
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

  describe('with a retry budget', () => {
    const retryBudget = { minutes: 2 }
    const endlessly = () => Promise.reject(new Error('busy'))

    test('goes on until the pauses add up to it, and logs how long it has waited', async () => {
      const { logged, pauses, session } = watch()
      await expect(retryWhile(endlessly, busy, 'Writing x', session, retryBudget)).rejects.toThrow('busy')
      const total = pauses.reduce((sum, pause) => sum + pause, 0)
      expect(total).toBeLessThanOrEqual(120_000)
      expect(total).toBeGreaterThan(105_000)
      expect(logged[2]).toBe('Writing x: it is busy. Retrying in 2 s (waited 1.5 s, at most 2 min)')
      expect(logged.at(-1)).toBe('Writing x: it is busy. Retrying in 15 s (waited 91 s, at most 2 min)')
    })

    test('comes back at another time than others who wait for the same', async () => {
      const pausesWith = async (random: number) => {
        const { pauses, session } = watch()
        await retryWhile(
          failing('busy', 'busy'),
          busy,
          'x',
          { ...session, random: () => random },
          retryBudget,
        )
        return pauses
      }
      expect(await pausesWith(0)).toEqual([250, 500])
      expect(await pausesWith(0.99)).toEqual([745, 1_490])
    })

    test.each([
      ['a budget', retryBudget],
      ['a number of attempts', 7],
    ])('of %s never comes back before Azure wants to be asked again', async (_what, limit) => {
      const { pauses, session } = watch()
      const headers = new Headers({ 'Retry-After': '17' })
      const error = Object.assign(new Error('busy'), { response: { status: 429, headers } })
      let attempts = 0
      const work = async () => {
        attempts += 1
        if (attempts === 1) throw error
      }
      await retryWhile(work, busy, 'x', session, limit)
      expect(pauses).toEqual([17_000])
    })

    test('ends when Retry-After is longer than a job should wait', async () => {
      const { pauses, session } = watch()
      const headers = new Headers({ 'Retry-After': '3600' })
      const error = Object.assign(new Error('busy'), { response: { status: 429, headers } })
      await expect(retryWhile(() => Promise.reject(error), busy, 'x', session)).rejects.toBe(error)
      expect(pauses).toEqual([])
    })
  })
})

describe('a limit to the time of a request', () => {
  test('ends what does not end by itself, and stops it', async () => {
    let stopped: AbortSignal | undefined
    const endless = (signal: AbortSignal) => {
      stopped = signal
      return new Promise<never>(() => undefined)
    }
    await expect(withinTimeLimit(10, endless)).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'No answer came within 0 s',
    })
    expect(stopped?.aborted).toBe(true)
  })

  test('leaves alone what ends by itself, well or badly', async () => {
    expect(await withinTimeLimit(60_000, async () => 'done')).toBe('done')
    await expect(withinTimeLimit(60_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})
