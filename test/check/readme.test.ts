import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { openChecking } from './checking.ts'

const readme = path.join(import.meta.dirname, '../../actions/provision-project/README.md')

/** What the first column of the table about mode check names. */
function subjectsOfReadme(): readonly string[] {
  const [, table = ''] =
    /^\| subject \|.*\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(readFileSync(readme, 'utf8')) ?? []
  return table.split('\n').flatMap((row) => /^\| (.*?) \|/.exec(row)?.[1]?.split(', ') ?? [])
}

test('the README says of every subject of a check what is found', async () => {
  const { check } = await openChecking()
  const { findings } = await check('001')
  const subjects = [...new Set(findings.map(({ subject }) => subject.toLowerCase()))]
  expect(subjectsOfReadme()).toEqual(expect.arrayContaining(subjects))
})
