import { describe, expect, test } from '@jest/globals'
import { poll } from './long-running.ts'

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
    },
  }
}

describe('polling', () => {
  const doneAfter = (polls: number) => {
    let count = 0
    return async () => {
      count += 1
      return count >= polls ? 'done' : undefined
    }
  }

  test('asks quickly at first, then at most every ten seconds', async () => {
    const { pauses, session } = watch()
    await poll(doneAfter(14), 'it', session)
    expect(pauses.slice(0, 3)).toEqual([200, 300, 450])
    expect(Math.max(...pauses)).toBe(10_000)
    expect(pauses).toHaveLength(13)
  })

  test('logs what it waits for, as soon as a quarter of a minute has passed since it last did', async () => {
    const { logged, session } = watch()
    await poll(doneAfter(16), 'the deployment', session)
    expect(logged).toEqual([
      'Still waiting for the deployment (23 s)',
      'Still waiting for the deployment (43 s)',
      'Still waiting for the deployment (63 s)',
    ])
  })

  test('does not wait for what is done at once', async () => {
    const { pauses, logged, session } = watch()
    await poll(async () => 'done', 'it', session)
    expect([...pauses, ...logged]).toEqual([])
  })
})
