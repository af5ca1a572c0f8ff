import { expect, test } from '@jest/globals'
import { tellRetries } from './told-retries.ts'

const request = {
  requestId: 'one',
  method: 'GET',
  url: 'https://host/subscriptions/s/virtualNetworks/v?api-version=1',
}

/** Sends the same request until it is answered with 200, as the client's retries do, and hands back what was told. */
async function told(...answers: readonly (number | Error)[]): Promise<readonly string[]> {
  const lines: string[] = []
  const { policy } = tellRetries((line) => lines.push(line))
  for (const answer of answers) {
    const sent = policy.sendRequest(request, () =>
      answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ status: answer }),
    )
    await sent.catch((error) => expect(error).toBe(answer))
  }
  return lines
}

test('a request that is answered at once is nothing to tell', async () => {
  expect(await told(200, 200)).toEqual([])
})

test('each repetition says why, what and how often', async () => {
  expect(await told(503, 429, new Error('reset'), 200)).toEqual([
    'Azure answered 503 for GET …/virtualNetworks/v: attempt 2',
    'Azure answered 429 for GET …/virtualNetworks/v: attempt 3',
    'No answer from Azure for GET …/virtualNetworks/v: attempt 4',
  ])
})

test('an answer that repeating would not change is no reason to tell the next request', async () => {
  expect(await told(404, 200)).toEqual([])
})
