/** What a check says of the roles that projects hold. */
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { defineOwnRoles } from '../e2e/support/own-roles.ts'
import { openChecking } from './checking.ts'

const file = 'aifactory/factory.yml'
const findingsOf = async ({ check }: Awaited<ReturnType<typeof openChecking>>) =>
  (await check('003')).findings
    .filter(({ subject }) => subject === 'Roles of projects')
    .map(({ severity, what }) => `${severity}: ${what}`)

/** That a project with everything takes less than a third with the factory's own roles, as the sentence has it. */
function expectSaving(sentence = ''): void {
  const [, builtin, own] = /takes (\d+) role assignments .* and (\d+) with/.exec(sentence) ?? []
  expect(Number(own) * 3).toBeLessThan(Number(builtin))
}

test("the factory's own roles that do not exist are a warning with the price, until set-up defines them", async () => {
  const checking = await openChecking()
  const [missing, ...rest] = await findingsOf(checking)
  expect(rest).toEqual([])
  expect(missing).toMatch(
    /^warning: (\d+) of the \1 roles .* do not exist in dev, .* takes \d+ role assignments .* and \d+ with /,
  )
  expectSaving(missing)

  await defineOwnRoles(checking.sandbox, path.join(checking.repository.folder, file))
  expect(await findingsOf(checking)).toEqual([
    "good: The factory's own roles exist, and are those of this version of AI Factory Actions.",
  ])
})

test('a role that is not as this version means it is a warning', async () => {
  const checking = await openChecking()
  await defineOwnRoles(
    checking.sandbox,
    path.join(checking.repository.folder, file),
    (permissions, { principal }) =>
      principal === 'persona:lead'
        ? { ...permissions, notActions: [...permissions.notActions, 'Microsoft.Search/*/read'] }
        : permissions,
  )
  expect(await findingsOf(checking)).toEqual([
    expect.stringMatching(
      /^warning: .*'AI Factory lead \(.*\)' without Microsoft\.Search\/\*\/read\. Run 'npm run setup/,
    ),
  ])
})

test('roles: builtin is as it was chosen, and its price is said', async () => {
  const checking = await openChecking()
  checking.repository.edit(file, 'tags:', 'roles: builtin\ntags:')
  const [price, ...rest] = await findingsOf(checking)
  expect(rest).toEqual([])
  expect(price).toMatch(/^good: .*'roles: builtin'.* takes \d+ role assignments .* and \d+ with/)
  expectSaving(price)
})
