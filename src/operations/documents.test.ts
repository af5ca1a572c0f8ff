import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { UserError } from '../diagnostics/user-error.ts'
import { readDocument } from './documents.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'documents-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a document of the user', () => {
  test('is read as text', () => {
    const file = path.join(folder, 'factory.yml')
    writeFileSync(file, 'name: Å\n')
    expect(readDocument(file, 'factory-file')).toBe('name: Å\n')
  })

  test.each([
    ['is not there', () => path.join(folder, 'none.yml')],
    [
      'is a folder',
      () => {
        mkdirSync(path.join(folder, 'a-folder'), { recursive: true })
        return path.join(folder, 'a-folder')
      },
    ],
  ])('that %s is refused with the name of the input', (_what, prepare) => {
    const file = prepare()
    expect(() => readDocument(file, 'factory-file')).toThrow(UserError)
    expect(() => readDocument(file, 'factory-file')).toThrow(
      `The file '${file}' (input 'factory-file') cannot be read.`,
    )
  })

  test('larger than 1 MB is refused', () => {
    const file = path.join(folder, 'large.yml')
    writeFileSync(file, 'x'.repeat(1_000_001))
    expect(() => readDocument(file, 'factory-file')).toThrow("(input 'factory-file') is larger than 1 MB.")
  })
})
