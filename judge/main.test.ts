import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from '@jest/globals'

const main = path.join(import.meta.dirname, 'main.ts')
const judge = (...args: readonly string[]) => {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], {
    env: { PATH: import.meta.dirname },
    encoding: 'utf8',
  })
  return { status, stderr }
}

test('without Python nothing is judged, which fails unless it was allowed for', () => {
  const stderr = expect.stringMatching(/^Nothing was judged\. It takes Python 3\.10 or later/)
  expect(judge()).toEqual({ status: 1, stderr })
  expect(judge('--if-possible')).toEqual({ status: 0, stderr })
})
