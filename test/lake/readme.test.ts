import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { folderRules, type LakeRole } from '../../src/lake/matrix.ts'

/** The columns of the table; roles that share one have the same rights everywhere. */
const columns: readonly (readonly LakeRole[])[] = [
  ['lead', 'dataScientist', 'aiEngineer'],
  ['dataEngineer'],
  ['frontendDeveloper'],
  ['projectIdentity'],
  ['dataOps'],
  ['itAdmin'],
]

test('the README shows the rights of dev as they are', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'actions', 'datalake-acl', 'README.md')
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^\| `[a-zN]+` \|/.test(line) && line.split('|').length === columns.length + 4)
    .map((line) => line.split('|').map((cell) => cell.replaceAll('`', '').trim()))
  const shown = rows.map(([, folder, , ...rights]) => [folder, ...rights.slice(0, columns.length)])
  const expected = folderRules.map(({ folder, rights: { dev } }) => [
    folder === '' ? 'projectNNN' : folder,
    ...columns.map((roles) => [...new Set(roles.map((role) => dev[role] ?? '–'))].join(' or ')),
  ])
  expect(shown).toEqual(expected)
})
