import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { operationRules, parts } from '../../scripts/import-rules.ts'

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

/** May a file of the one folder of operations import a file of the other? An empty name stands for the files beside them. */
function mayImport(from: string, to: string): boolean {
  const [importer = '', imported = ''] = [from, to].map((folder) =>
    path.posix.join('src/operations', folder, 'x.ts'),
  )
  return !operationRules.some(
    (rule) =>
      new RegExp(rule.from.path).test(importer) &&
      new RegExp(rule.to.path).test(imported) &&
      !('pathNot' in rule.to && new RegExp(rule.to.pathNot).test(imported)),
  )
}

test('the folders of the operations form no circle, and all stand on the files beside them', () => {
  const left = new Set(
    readdirSync(path.join(root, 'src/operations'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  )
  for (const folder of left) expect([mayImport(folder, ''), mayImport('', folder)]).toEqual([true, false])
  // Takes away, again and again, what no other folder may import: of a circle something would be left.
  for (let size = left.size + 1; left.size < size; ) {
    size = left.size
    for (const top of left)
      if (![...left].some((other) => other !== top && mayImport(other, top))) left.delete(top)
  }
  expect([...left]).toEqual([])
})
