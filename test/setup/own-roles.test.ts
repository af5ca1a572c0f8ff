/** The roles of projects, where they cannot be as set-up would define them. */
import { expect, test } from '@jest/globals'
import { byHand } from '../e2e/support/by-hand.ts'
import { exampleText } from '../manifest/examples.ts'
import { asPlatformTeam } from './platform-team.ts'
import { openSettingUp, type SettingUp } from './setting-up.ts'

const example = exampleText('factory.yml').replace('tags:', 'repository: contoso/ai-factory\ntags:')
const own = 'AI Factory lead (mrvela1b2c-001-sdc-dev)'
const definitions = 'providers/Microsoft.Authorization/roleDefinitions'

const namesIn = ({ sandbox }: SettingUp): readonly string[] =>
  Object.values(sandbox.state.arm.resources).flatMap(({ properties }) =>
    typeof properties?.['roleName'] === 'string' ? [properties['roleName']] : [],
  )

test("a role of somebody else's with the name of ours is left alone, named, and all the rest is done", async () => {
  const settingUp = await openSettingUp({}, example)
  await asPlatformTeam(settingUp.sandbox, ['Privileged Role Administrator', 'Application Administrator'])
  const elsewhere = '/subscriptions/22222222-2222-2222-2222-222222222203'
  const hand = await byHand(settingUp.sandbox)
  const id = `${elsewhere}/${definitions}/${crypto.randomUUID()}`
  await hand.put(id, '2022-04-01', {
    properties: {
      roleName: own,
      type: 'CustomRole',
      permissions: [{ actions: ['*/read'] }],
      assignableScopes: [elsewhere],
    },
  })
  const { exitCode, text } = await settingUp.run()
  expect(exitCode).toBe(1)
  expect(text).toContain('Azure takes one of these changes from nobody as things are.')
  expect(text).toMatch(
    /- Create the role 'AI Factory lead \(mrvela1b2c-001-sdc-dev\)'.*\n {6}.*unique in a tenant.*roles: builtin/,
  )
  expect(namesIn(settingUp).filter((name) => name === own)).toHaveLength(1)
  expect(namesIn(settingUp)).toContain(own.replace('lead', 'data scientist'))

  // Once it has another name, set-up goes on.
  await hand.remove(id, '2022-04-01')
  const again = await settingUp.run()
  expect([again.exitCode, again.writes.length]).toEqual([0, 1])
  expect(namesIn(settingUp)).toContain(own)
})

test.each([
  [
    'a tenant that has all the custom roles that it can have',
    400,
    'RoleDefinitionLimitExceeded',
    '5,000 custom roles',
  ],
  ['a policy that forbids custom roles', 403, 'RequestDisallowedByPolicy', 'Azure Policy'],
])('%s is told how to do without', async (_, status, code, words) => {
  const settingUp = await openSettingUp()
  settingUp.sandbox.faults.add({
    ...{ method: 'PUT', path: '/roleDefinitions/', status, times: 'always' },
    body: { error: { code, message: 'No.' } },
  })
  const refused = await settingUp.run()
  expect(refused.exitCode).toBe(1)
  expect(refused.text).toMatch(/Azure takes \d+ of these changes from nobody as things are\./)
  expect(refused.text).toContain(words)
  expect(refused.text).toContain("say 'roles: builtin' in factory.yml")

  // What is left then is about the identities themselves, which no delivery waits for.
  settingUp.edit((text) => text.replace('tags:', 'roles: builtin\ntags:'))
  const rest = await settingUp.run()
  expect(rest.text).not.toContain("the role 'AI Factory lead")
  settingUp.sandbox.faults.clear()
  expect((await settingUp.run()).exitCode).toBe(0)
  const after = await settingUp.run()
  expect([after.exitCode, after.writes]).toEqual([0, []])
})
