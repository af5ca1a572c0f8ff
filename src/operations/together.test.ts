import { describe, expect, test } from '@jest/globals'
import { eachOf, together } from './together.ts'

const later = <T>(turns: number, value: T): Promise<T> =>
  turns === 0
    ? Promise.resolve(value)
    : new Promise((resolve) => setImmediate(() => resolve(later(turns - 1, value))))

const failing = async (turns: number, message: string): Promise<never> => {
  await later(turns, undefined)
  throw new Error(message)
}

describe('what is waited for together', () => {
  test('gives all results in their places', async () => {
    expect(await together(later(2, 'a'), later(0, 1))).toEqual(['a', 1])
  })

  test('fails with the first in order, whichever fails first', async () => {
    await expect(together(failing(3, 'first'), failing(0, 'second'))).rejects.toThrow('first')
  })
})

describe('each of some items', () => {
  test('is dealt with, at most so many at a time, begun in order', async () => {
    const begun: number[] = []
    let [under, most] = [0, 0]
    await eachOf([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item)
      under += 1
      most = Math.max(most, under)
      await later(item % 3, undefined)
      under -= 1
    })
    expect([begun, most]).toEqual([[1, 2, 3, 4, 5], 2])
  })

  test('is waited for when another fails, and none is begun after that', async () => {
    const ended: number[] = []
    const all = eachOf([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) await failing(0, 'one')
      await later(3, undefined)
      ended.push(item)
    })
    await expect(all).rejects.toThrow('one')
    expect(ended).toEqual([2])
  })
})
