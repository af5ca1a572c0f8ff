import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { parts } from '../../scripts/import-rules.ts'

const root = path.join(import.meta.dirname, '..', '..')
const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8')

/** What stands between backticks in the tables and is a path: it has a slash, or is a folder of this repository. */
const paths = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text))
  .filter((text) => /^[\w.][\w./-]*$/.test(text) && (text.includes('/') || existsSync(path.join(root, text))))

describe('The page about the architecture', () => {
  test.each([...new Set(paths)])('names %s, which exists', (name) => {
    expect(existsSync(path.join(root, name))).toBe(true)
  })

  test('says where every part of the product is changed', () => {
    const folders = Object.values(parts)
      .flatMap((part) => part.folders)
      .filter((folder) => folder !== 'actions' && !folder.endsWith('.ts'))
    expect(folders.filter((folder) => !paths.some((name) => name.startsWith(folder)))).toEqual([])
  })

  test.each(Object.values(parts).flatMap(({ folders }) => folders))('draws %s, which exists', (folder) => {
    expect(existsSync(path.join(root, folder))).toBe(true)
  })
})
