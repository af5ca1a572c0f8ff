/** Writes that meet each other on one network, seen as they go over the wire. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Conflict } from './index.ts'
import { type HeldClock, heldClock } from './testing/held-clock.ts'
import { idOf, owner, type ServedArm, serveArm } from './testing/served-arm.ts'

const network = idOf('Microsoft.Network/virtualNetworks', 'vnet')

/** Runs with a network on which no write ends before the clock is released. */
async function slowly(
  conflicts: readonly Conflict[] | undefined,
  use: (arm: ServedArm, clock: HeldClock) => Promise<void>,
): Promise<void> {
  const clock = heldClock()
  const arm = await serveArm({ clock, ...(conflicts === undefined ? {} : { conflicts }) })
  try {
    await arm.put(network, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    })
    clock.hold()
    await use(arm, clock)
  } finally {
    clock.release()
    await arm.close()
  }
}

const send = (arm: ServedArm, method: string, name: string, number: number, headers = {}) =>
  fetch(`${arm.url}${network}/subnets/${name}?api-version=2024-05-01`, {
    method,
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json', ...headers },
    ...(method === 'PUT' && {
      body: JSON.stringify({ properties: { addressPrefix: `10.0.${number}.0/24` } }),
    }),
  })
const codeOf = async (response: Response) => {
  const body = (await response.json()) as { error?: { code: string } }
  return [response.status, body.error?.code ?? 'accepted', response.headers.get('retry-after')]
}
/** Where the operation of an accepted write ends. */
async function endOf(response: Response): Promise<unknown> {
  const address = response.headers.get('azure-asyncoperation') ?? ''
  for (;;) {
    const answer = await fetch(address, { headers: { authorization: `Bearer ${owner}` } })
    const body = (await answer.json()) as { status: string }
    if (body.status !== 'InProgress') return body
  }
}

describe('a write that meets another one on its network', () => {
  test('is refused with 409, and every third time with 429 and a time to wait', () =>
    slowly(undefined, async (arm, clock) => {
      const first = await send(arm, 'PUT', 's0', 0)
      expect(first.status).toBe(201)
      const refusals = []
      for (const number of [1, 2, 3, 4]) refusals.push(await codeOf(await send(arm, 'PUT', 's', number)))
      expect(refusals).toEqual([
        [409, 'AnotherOperationInProgress', null],
        [409, 'AnotherOperationInProgress', null],
        [429, 'RetryableErrorDueToAnotherOperation', '1'],
        [409, 'AnotherOperationInProgress', null],
      ])
      clock.release()
      expect(await endOf(first)).toMatchObject({ status: 'Succeeded' })
    }))

  test('may take its place, which then ends as canceled though its subnet is there', () =>
    slowly(['superseded'], async (arm, clock) => {
      const [first, second] = [await send(arm, 'PUT', 's0', 0), await send(arm, 'PUT', 's1', 1)]
      expect([first.status, second.status]).toEqual([201, 201])
      expect((await send(arm, 'DELETE', 's0', 0)).status).toBe(409)
      clock.release()
      expect(await endOf(first)).toMatchObject({
        status: 'Canceled',
        error: {
          code: 'Canceled',
          details: [
            {
              code: 'CanceledAndSupersededDueToAnotherOperation',
              message: expect.stringMatching(
                /^Operation PutSubnetOperation \(.+\) was canceled and superseded by operation PutSubnetOperation \(.+\)\.$/,
              ),
            },
          ],
        },
      })
      expect(await endOf(second)).toMatchObject({ status: 'Succeeded' })
      const { subnets } = await arm.network.virtualNetworks.get('rg', 'vnet')
      expect(subnets?.map(({ name, provisioningState }) => [name, provisioningState])).toEqual([
        ['s0', 'Succeeded'],
        ['s1', 'Succeeded'],
      ])
    }))
})

describe('a subnet', () => {
  let arm: ServedArm
  beforeAll(async () => {
    arm = await serveArm()
    await arm.put(network, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } },
    })
  })
  afterAll(() => arm.close())

  test('is written only when it is new, when If-None-Match says so', async () => {
    const put = async () => (await send(arm, 'PUT', 'new', 9, { 'if-none-match': '*' })).status
    expect([await put(), await put()]).toEqual([201, 412])
  })

  test('is deleted only when nobody wrote in between, when If-Match says so', async () => {
    await send(arm, 'PUT', 's0', 0)
    const before = (await arm.network.subnets.get('rg', 'vnet', 's0')).etag ?? ''
    await send(arm, 'PUT', 's1', 1)
    const remove = async (etag: string) => (await send(arm, 'DELETE', 's0', 0, { 'if-match': etag })).status
    expect(await remove(before)).toBe(412)
    expect(await remove((await arm.network.subnets.get('rg', 'vnet', 's0')).etag ?? '')).toBe(202)
  })
})
