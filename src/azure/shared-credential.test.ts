import type { AccessToken } from '@azure/identity'
import { describe, expect, test } from '@jest/globals'
import { sharedCredential } from './shared-credential.ts'

const minutes = 60_000

/** A sign-in service that counts, and whose clock the test moves. Tokens live an hour. */
function service(answer: (count: number, time: number) => AccessToken | null | Error = hourly) {
  const asked: string[] = []
  let time = 0
  const credential = sharedCredential(
    {
      getToken: async (scopes) => {
        const count = asked.push(String(scopes))
        await new Promise((resolve) => setImmediate(resolve))
        const token = answer(count, time)
        if (token instanceof Error) throw token
        return token
      },
    },
    () => time,
  )
  return {
    asked,
    token: async (scope: string) => (await credential.getToken(scope))?.token,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

const hourly = (count: number, time: number): AccessToken => ({
  token: `token ${count}`,
  expiresOnTimestamp: time + 60 * minutes,
})

describe('a credential that several clients share', () => {
  test('asks once per scope, however many want it at the same moment', async () => {
    const { asked, token } = service()
    const tokens = await Promise.all([token('a'), token('b'), token('a'), token('a'), token('b')])
    expect(asked).toEqual(['a', 'b'])
    expect(tokens).toEqual(['token 1', 'token 2', 'token 1', 'token 1', 'token 2'])
  })

  test('renews a token five minutes before it ends, and again only once', async () => {
    const { asked, token, pass } = service()
    await token('a')
    pass(54 * minutes)
    expect(await token('a')).toBe('token 1')
    pass(2 * minutes)
    expect(await Promise.all([token('a'), token('a'), token('a')])).toEqual(['token 2', 'token 2', 'token 2'])
    expect(asked).toHaveLength(2)
  })

  test('tells a failure to all who wait for it, and does not keep it', async () => {
    const { asked, token } = service((count, time) => (count === 1 ? new Error('no') : hourly(count, time)))
    const [first, second] = await Promise.allSettled([token('a'), token('a')])
    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
    expect(await token('a')).toBe('token 2')
  })

  test('does not keep an empty answer', async () => {
    const { token } = service((count, time) => (count === 1 ? null : hourly(count, time)))
    expect(await token('a')).toBeUndefined()
    expect(await token('a')).toBe('token 2')
  })
})
