/** Rights in the directory that set-up has not given to an identity. */
import { beforeAll, expect, test } from '@jest/globals'
import type { DirectoryRoleName } from '../../sandbox/entra/directory-roles.ts'
import { graphAsOps } from './as-ops.ts'
import { giveRoles } from './platform-team.ts'
import { openSettingUp, type SettingUp } from './setting-up.ts'

let here: SettingUp
beforeAll(async () => {
  here = await openSettingUp()
  expect((await here.run()).exitCode).toBe(0)
}, 100_000)

const principal = (kind: string) => {
  const found = here.sandbox.state.directory.servicePrincipals.find(
    ({ displayName }) => displayName === `aif001sdc_mrvela1b2c_dev_${kind}`,
  )
  if (found === undefined) throw new Error(`There is no ${kind}.`)
  return found
}

/** A group that roles can be given to, with a member. */
async function groupWith(id: string): Promise<string> {
  const graph = await graphAsOps(here.sandbox)
  return graph('POST', '/groups', {
    ...{ displayName: 'admins', mailNickname: 'admins', mailEnabled: false, securityEnabled: true },
    isAssignableToRole: true,
    'members@odata.bind': [`${here.sandbox.url}/graph/v1.0/directoryObjects/${id}`],
  })
}

const check = async () => {
  const { exitCode, text } = await here.run({ flags: ['--check'] })
  return { exitCode, text }
}

test.each<[DirectoryRoleName, 'itself' | 'a group', string, number]>([
  ['Groups Administrator', 'itself', 'Fault', 1],
  ['Groups Administrator', 'a group', 'Fault', 1],
  ['Directory Readers', 'itself', 'Warning', 0],
])('the role %s by %s is shown', async (role, by, severity, code) => {
  const { id, displayName } = principal('deliver')
  giveRoles(here.sandbox, by === 'a group' ? await groupWith(id) : id, [role])
  const { exitCode, text } = await check()
  here.sandbox.state.directory.roleAssignments?.pop()
  expect(text).toMatch(
    new RegExp(
      `^${severity}: '${displayName}' .* of dev holds the role '${role}' in the directory, for the whole tenant`,
      'm',
    ),
  )
  expect(exitCode).toBe(code)
})

test.each([
  ['plan', 'Group.Create', 'Fault', 1],
  ['people', 'Group.Create', 'Fault', 1],
  ['people', 'AppRoleAssignment.ReadWrite.All', 'Fault', 1],
  ['deliver', 'Directory.Read.All', 'Warning', 0],
  ['deliver', 'User.ReadBasic.All', 'Warning', 0],
  ['deliver', 'Mail.Read', 'Fault', 1],
  ['plan', 'Files.Read.All', 'Fault', 1],
  ['people', 'Group.Read.All', 'Fault', 1],
])('%s with %s is shown', async (kind, permission, severity, code) => {
  const one = principal(kind)
  Object.assign(one, { graphRoles: [permission] })
  const { exitCode, text } = await check()
  Object.assign(one, { graphRoles: [] })
  expect(text).toMatch(
    new RegExp(`^${severity}: '${one.displayName}' .* has ${permission} in Microsoft Graph`, 'm'),
  )
  expect(exitCode).toBe(code)
})

test('a permission of another service is a fault', async () => {
  const one = principal('deliver')
  const other = here.sandbox.state.directory.servicePrincipals.find(({ id }) => id === principal('plan').id)
  const before = one.appRoleAssignments ?? []
  const appRoleId = crypto.randomUUID()
  const added = {
    id: 'mail',
    appRoleId,
    resourceId: other?.id ?? '',
    createdDateTime: '2026-01-01T00:00:00Z',
  }
  Object.assign(one, { appRoleAssignments: [...before, added] })
  const { exitCode, text } = await check()
  Object.assign(one, { appRoleAssignments: before })
  expect(text).toContain(`has the permission ${appRoleId} of '${other?.displayName}'`)
  expect(exitCode).toBe(1)
})

test.each<[string, string]>([
  ['/roleManagement/directory/roleAssignments', 'roles in the directory'],
  [
    '222203/providers/Microsoft.Authorization/roleAssignments',
    'roles on /subscriptions/22222222-2222-2222-2222-222222222203',
  ],
])('what may not be seen is not called right: %s', async (path, what) => {
  here.sandbox.faults.add({
    ...{ method: 'GET', path, status: 403, times: 'always' },
    body: { error: { code: 'Authorization_RequestDenied', message: 'No.' } },
  })
  const { text } = await check()
  here.sandbox.faults.clear()
  expect(text).toContain(`Warning: Not looked at, because you may not see them: ${what}, of 'aif001`)
  expect(text).not.toContain('as they should be')
  expect((await check()).text).toContain('as they should be')
})
