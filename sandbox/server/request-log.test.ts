import { expect, test } from '@jest/globals'
import { createRequestLog } from './request-log.ts'

const request = (path: string) => ({ at: '', method: 'GET', path, status: 200, milliseconds: 1, area: 'arm' })

test('returns the requests after a sequence number', () => {
  const log = createRequestLog()
  for (const path of ['/a', '/b', '/c']) log.add(request(path))
  expect(log.list(1).map(({ sequence, path }) => [sequence, path])).toEqual([
    [2, '/b'],
    [3, '/c'],
  ])
})

test('forgets the oldest, and keeps counting', () => {
  const log = createRequestLog(10)
  for (let number = 1; number <= 1000; number += 1) log.add(request(`/${number}`))
  const kept = log.list()
  expect(kept.length).toBeGreaterThanOrEqual(10)
  expect(kept.length).toBeLessThan(20)
  expect(kept.at(-1)).toMatchObject({ sequence: 1000, path: '/1000' })
  expect(log.list(998).map(({ sequence }) => sequence)).toEqual([999, 1000])
  expect(log.list(5)).toEqual(kept)
})
