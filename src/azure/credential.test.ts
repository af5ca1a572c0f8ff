import type { AccessToken } from '@azure/identity'
import { describe, expect, test } from '@jest/globals'
import { sharedCredential } from './credential.ts'

const minutes = 60_000

/** A sign-in service that counts, and whose clock the test moves. Tokens live an hour. */
function service(answer: (count: number, time: number) => AccessToken | null | Error = hourly) {
  const asked: string[] = []
  let signIns = 0
  let time = 0
  const credential = sharedCredential(
    () => {
      signIns += 1
      return async (scope) => {
        const count = asked.push(scope)
        await new Promise((resolve) => setImmediate(resolve))
        const token = answer(count, time)
        if (token instanceof Error) throw token
        return token
      }
    },
    () => time,
  )
  return {
    asked,
    signIns: () => signIns,
    discard: credential.discard,
    forClients: (scope: string) => credential.getToken([scope]),
    token: credential.token,
    prepare: credential.prepare,
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
  test('asks once per scope, however many clients need it at the same moment', async () => {
    const { asked, token } = service()
    const tokens = await Promise.all([token('a'), token('b'), token('a'), token('a'), token('b')])
    expect(asked).toEqual(['a', 'b'])
    expect(tokens).toEqual(['token 1', 'token 2', 'token 1', 'token 1', 'token 2'])
  })

  test('begins to ask before a token is needed; a failure then is nobody’s', async () => {
    const { asked, prepare, token } = service((count, time) =>
      count === 1 ? new Error('not yet') : hourly(count, time),
    )
    prepare('a')
    await new Promise((resolve) => setImmediate(resolve))
    expect(await token('a')).toBe('token 2')
    prepare('b')
    expect(await token('b')).toBe('token 3')
    expect(asked).toEqual(['a', 'a', 'b'])
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

  test('passes a failure on to all who wait for it, and does not keep it', async () => {
    const { asked, token } = service((count, time) => (count === 1 ? new Error('no') : hourly(count, time)))
    const [first, second] = await Promise.allSettled([token('a'), token('a')])
    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
    expect(await token('a')).toBe('token 2')
  })

  test('does not keep an empty answer', async () => {
    const { token } = service((count, time) => (count === 1 ? null : hourly(count, time)))
    await expect(token('a')).rejects.toThrow('Sign-in returned no token.')
    expect(await token('a')).toBe('token 2')
  })

  test('signs in again once when a token is not accepted, however many requests it was sent with', async () => {
    const { asked, token, discard, signIns } = service()
    await token('a')
    discard('a', 'token 1')
    const renewed = token('a')
    discard('a', 'token 1')
    expect(await renewed).toBe('token 2')
    discard('a', 'token 1')
    expect(await token('a')).toBe('token 2')
    expect([asked.length, signIns()]).toEqual([2, 2])
  })

  test('lets no client keep a token for itself', async () => {
    const { forClients } = service()
    expect(await forClients('a')).toEqual({ token: 'token 1', expiresOnTimestamp: 0 })
  })
})
