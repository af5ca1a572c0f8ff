import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { writeResult } from './result-files.ts'
import { userAgent, version } from './version.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'result-files-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a result', () => {
  test("goes into the runner's temporary folder, which need not exist", () => {
    const file = writeResult({ RUNNER_TEMP: path.join(folder, 'temp') }, { name: 'a.json', text: '{}' })
    expect(file).toBe(path.join(folder, 'temp', 'ai-factory', 'a.json'))
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('that the runner does not let write is reported as that', () => {
    const file = path.join(folder, 'not-a-folder')
    writeFileSync(file, '')
    expect(() => writeResult({ RUNNER_TEMP: file }, { name: 'a.json', text: '{}' })).toThrow(
      `The file '${path.join(file, 'ai-factory', 'a.json')}' cannot be written.`,
    )
  })
})

describe('how the actions introduce themselves', () => {
  test('the version is that of package.json', () => {
    const file = path.join(import.meta.dirname, '..', '..', 'package.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version })
  })

  test.each([
    [{}, `ai-factory-actions/${version} (ip-calc)`],
    [{ GITHUB_RUN_ID: '123' }, `ai-factory-actions/${version} (ip-calc; run 123)`],
    [{ GITHUB_RUN_ID: '1\r\nX-Evil: 1' }, `ai-factory-actions/${version} (ip-calc)`],
  ])('with %j', (environment, expected) => {
    expect(userAgent('ip-calc', environment)).toBe(expected)
  })
})
