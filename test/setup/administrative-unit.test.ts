/** What the identity that delivers needs where groups are created in an administrative unit, and guests are invited. */
import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { beforeSetup, openSettingUp } from './setting-up.ts'

const unit = '77777777-7777-4777-8777-777777777701'
const withUnit = beforeSetup
  .replace('  dev:\n', `  dev:\n    administrativeUnit: ${unit}\n`)
  .replace('environments:\n', 'members: { invite: true }\nenvironments:\n')

test('a unit and invitations take rights that set-up gives, and takes for too much without them', async () => {
  const here = await openSettingUp(undefined, withUnit)
  const { directory } = here.sandbox.state
  directory.units?.push({
    ...{ id: unit, displayName: 'aif-dev', description: null, visibility: null },
    isMemberManagementRestricted: false,
    members: [],
  })
  const planned = await here.run({ flags: ['--check'] })
  expect(planned.text).toContain(
    `Give 'aif001sdc_mrvela1b2c_dev_deliver' the role Groups Administrator in the directory, at the administrative unit ${unit}`,
  )
  expect((await here.run()).exitCode).toBe(0)

  const identity = directory.servicePrincipals.find(
    ({ displayName }) => displayName === 'aif001sdc_mrvela1b2c_dev_deliver',
  )
  const scopes = (directory.roleAssignments ?? [])
    .filter(({ principalId }) => principalId === identity?.id)
    .map(({ directoryScopeId }) => directoryScopeId)
  expect(scopes.toSorted()).toEqual(['/', `/administrativeUnits/${unit}`])
  const again = await here.run()
  expect([again.exitCode, ...again.writes]).toEqual([0])
  expect((await here.run({ flags: ['--check'] })).text).toContain('as they should be')

  here.edit((text) => text.replace(unit, randomUUID()))
  const elsewhere = await here.run({ flags: ['--check'] })
  expect(elsewhere.text).toMatch(
    new RegExp(
      `^Warning: '${identity?.displayName}' .* holds the role 'Groups Administrator' in the directory, at /administrativeUnits/${unit}`,
      'm',
    ),
  )
}, 200_000)
