/** Who lacks a right gets the commands for whoever has it, and the rest is done. */
import { expect, test } from '@jest/globals'
import { giveRoles } from './platform-team.ts'
import { beforeSetup, openSettingUp } from './setting-up.ts'

test('a person without any right registers the applications, which members may, and gets commands for the rest', async () => {
  const { run, read, sandbox } = await openSettingUp()
  const since = sandbox.state.directory.applications.length
  const { exitCode, text } = await run({ as: 'dana@contoso.example' })
  expect(exitCode).toBe(1)
  expect(text).toContain('You lack the right to')
  expect(text).toMatch(
    /^az group create --subscription 22222222-2222-2222-2222-222222222201 --name mrvel-esml-common-sdc-dev-001 /m,
  )
  expect(text).toMatch(/^# For an Owner of that place:$/m)
  expect(text).toMatch(
    /^az role assignment create --assignee-object-id .* --role b24988ac-6180-42a0-ab88-20f7382dd24c /m,
  )
  expect(text).toMatch(/^# For a Privileged Role Administrator in Entra ID:$/m)
  expect(text).toMatch(/^az rest --method POST --url .*\/appRoleAssignedTo --body /m)
  // Members may register applications, unless the tenant says otherwise.
  expect(sandbox.state.directory.applications.length).toBe(since + 9)
  expect(read()).not.toBe(beforeSetup)
})

test('what two people may do together is complete after both', async () => {
  const { run, sandbox } = await openSettingUp()
  const roles = sandbox.state.directory.roleAssignments?.splice(0) ?? []
  const owner = await run()
  expect(owner.exitCode).toBe(1)
  const left = owner.text.split('You lack the right to')[1] ?? ''
  expect(left).toContain('# For a Privileged Role Administrator in Entra ID:')
  expect(left).not.toContain('# For an Owner of that place:')
  sandbox.state.directory.roleAssignments?.push(...roles)
  const both = await run()
  expect(both.exitCode).toBe(0)
  expect(both.writes.every((write) => write.endsWith('/appRoleAssignments'))).toBe(true)
})

test('a run that broke off goes on, and registers nothing twice', async () => {
  const { run, sandbox } = await openSettingUp()
  const before = sandbox.state.directory.applications.length
  sandbox.faults.add({
    method: 'POST',
    path: '/servicePrincipals$',
    status: 400,
    body: { error: { code: 'Request_BadRequest', message: 'No.' } },
  })
  const broken = await run()
  expect(broken.exitCode).toBe(1)
  expect(broken.text).toContain('Otherwise run it again')
  expect((await run()).exitCode).toBe(0)
  expect(sandbox.state.directory.applications.length).toBe(before + 9)
})

test('an Application Administrator, whom Entra makes no owner of what they register, completes it in one run', async () => {
  const { run, sandbox } = await openSettingUp()
  const { directory } = sandbox.state
  giveRoles(sandbox, '44444444-4444-4444-4444-444444444404', ['Application Administrator'])
  const before = directory.applications.length
  expect((await run()).exitCode).toBe(0)
  const registered = directory.applications.slice(before)
  expect(registered.map(({ owners }) => owners)).toEqual(Array.from({ length: 9 }, () => []))
  const second = await run()
  expect([second.exitCode, second.writes]).toEqual([0, []])
})

test('what nobody owns, and somebody else may have made a service principal of, is not used', async () => {
  const { run, sandbox } = await openSettingUp()
  const appId = crypto.randomUUID()
  const displayName = 'aif001sdc_mrvela1b2c_prod_deliver'
  sandbox.state.directory.applications.push({ id: crypto.randomUUID(), appId, displayName, owners: [] })
  sandbox.state.directory.servicePrincipals.push({
    id: crypto.randomUUID(),
    appId,
    displayName,
    servicePrincipalType: 'Application',
    owners: ['44444444-4444-4444-4444-444444444401'],
  })
  const { exitCode, text, writes } = await run()
  expect([exitCode, writes]).toEqual([1, []])
  expect(text).toContain('There are already applications of these names')
})

test('an application that somebody else registered under the name of ours is not used', async () => {
  const { run, sandbox } = await openSettingUp()
  const name = 'aif001sdc_mrvela1b2c_prod_deliver'
  sandbox.state.directory.applications.push({
    id: crypto.randomUUID(),
    appId: crypto.randomUUID(),
    displayName: name,
    owners: ['44444444-4444-4444-4444-444444444401'],
  })
  const { exitCode, text, writes } = await run()
  expect([exitCode, writes]).toEqual([1, []])
  expect(text).toContain(`There are already applications of these names: '${name}'`)
})

test('what waits for something that was refused is not called refused, and has no command that guesses ids by names', async () => {
  const { run, sandbox, read } = await openSettingUp()
  sandbox.faults.add({
    method: 'POST',
    path: '/applications$',
    status: 403,
    body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } },
    times: 'always',
  })
  const { exitCode, text } = await run()
  expect(exitCode).toBe(1)
  const [refused = '', waiting = ''] = (text.split('You lack the right to')[1] ?? '').split(
    'Run set-up again once that is done:',
  )
  expect(refused).toMatch(/^ 9 of these changes/)
  expect(refused.match(/^az ad app create /gm)).toHaveLength(9)
  expect(refused).toContain('#   refused: Registering application')
  expect(refused).not.toContain('--filter')
  expect(refused).not.toMatch(/^az (?:ad sp|role assignment|rest --method POST)/m)
  expect(waiting).toMatch(
    /- Let '.*_prod_people' sign in as .*\n {6}its application has to be registered first/,
  )
  expect(waiting).toMatch(
    /- Assign the role 'Contributor' .*\n {6}its service principal has to be created first/,
  )
  expect(read()).toBe(beforeSetup)
})
