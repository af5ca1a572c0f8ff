/** The core team of an environment: its groups are there before any project is. */
import { expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { commit } from './support/commits.ts'
import { type Factory, openFactory } from './support/factory.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const factoryFile = 'aifactory/factory.yml'

const coreTeam = ({ run }: Factory, mode: 'plan-core' | 'core', inputs = {}) =>
  run('add-member', '', 'dev', { mode, ...inputs })

/** The groups of dev with the addresses of their members. */
const groupsOf = ({ sandbox: { state } }: Factory) =>
  Object.fromEntries(
    state.directory.groups.map(({ mailNickname, members }) => [
      mailNickname.replace(/^aif001sdc_mrvela1b2c_/, ''),
      members.map(
        (id) =>
          state.directory.users.find((user) => user.id === id)?.userPrincipalName ??
          state.directory.groups.find((group) => group.id === id)?.mailNickname.replace(/^.*coreteam_/, ''),
      ),
    ]),
  )

/** Who has which role on what, by the output of a run. */
const rolesOf = ({ outputs }: { readonly outputs: Readonly<Record<string, string>> }) =>
  [...JSON.parse(outputs['assignments'] ?? '[]')].map(
    ({ role, principal, scope }) =>
      `${principal.replace(/^.*coreteam_dev_/, '')}: ${role} on ${scope.replace(/^.*\//, '')}`,
  )

test('the core team gets its groups without any project, a plan shows them, and a second run changes nothing', async () => {
  const factory = await openFactory()
  for (const project of ['001', '002', '003']) factory.repository.write(manifestOf(project), 'version: 1\n')
  const before = azureState(factory.sandbox)
  const planned = await coreTeam(factory, 'plan-core')
  expect([planned.exitCode, planned.outputs['changed']]).toEqual([0, 'true'])
  const shown = readPlan(planned)
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

  const applied = await coreTeam(factory, 'core')
  expect(applied.exitCode).toBe(0)
  expect(readPlan(applied)).toEqual(shown)
  expect(groupsOf(factory)).toEqual({
    coreteam_dev_it_admin: ['ops@contoso.example'],
    coreteam_dev_data_ops: [],
    lake_dev_traversal: ['dev_it_admin', 'dev_data_ops'],
  })
  expect(rolesOf(applied)).toEqual([
    'it_admin: Reader on mrvel-esml-common-sdc-dev-001',
    'it_admin: Key Vault Secrets Officer on kv-cmndev-a1b2c-001',
    'data_ops: Reader on mrvela1b2cesml001dev',
  ])
  const again = await coreTeam(factory, 'core')
  expect([again.exitCode, again.outputs['changed'], ...again.writes]).toEqual([0, 'false'])
})

test('what factory.yml takes from a persona of the core team is gone with the next run', async () => {
  const factory = await openFactory()
  await coreTeam(factory, 'core')
  factory.repository.edit(
    factoryFile,
    'coreTeam:',
    'personas: { itAdmin: { rights: { dev: { commonKeyVault: [] } } } }\ncoreTeam:',
  )
  const run = await coreTeam(factory, 'core')
  expect([run.exitCode, run.writes.length]).toEqual([0, 1])
  expect(readPlan(run).changes.filter(({ change }) => change !== 'keep')).toMatchObject([
    { change: 'delete', name: expect.stringMatching(/^Key Vault Secrets Officer for .*_it_admin$/) },
  ])
})

test('who leaves the core team is out, and one whom nobody knows stops everything', async () => {
  const factory = await openFactory()
  await coreTeam(factory, 'core')
  factory.repository.edit(factoryFile, 'itAdmin: [ops@contoso.example]', 'itAdmin: [cleo@contoso.example]')
  const run = await coreTeam(factory, 'core')
  expect(run.exitCode).toBe(0)
  expect(groupsOf(factory)['coreteam_dev_it_admin']).toEqual(['cleo@contoso.example'])

  factory.repository.edit(factoryFile, 'itAdmin: [cleo@contoso.example]', 'itAdmin: [nobody@contoso.example]')
  const before = azureState(factory.sandbox)
  const refused = await coreTeam(factory, 'core')
  expect(refused.exitCode).toBe(1)
  expect(errorOf(refused)).toMatch(/factory\.yml.*nobody@contoso\.example/)
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
})

test('an older factory.yml changes nothing', async () => {
  const factory = await openFactory()
  const { repository, sandbox } = factory
  const older = commit(sandbox, repository)
  const text = repository.read(factoryFile)
  repository.edit(factoryFile, 'itAdmin: [ops@contoso.example]', 'itAdmin: [cleo@contoso.example]')
  commit(sandbox, repository)
  await coreTeam(factory, 'core')
  repository.write(factoryFile, text)
  const run = await factory.run('add-member', '', 'dev', { mode: 'core' }, { job: { GITHUB_SHA: older } })
  expect([run.exitCode, ...run.writes]).toEqual([0])
  expect(groupsOf(factory)['coreteam_dev_it_admin']).toEqual(['cleo@contoso.example'])
})

test('the mode is about no project', async () => {
  const factory = await openFactory()
  const run = await factory.run('add-member', '001', 'dev', { mode: 'core' })
  expect(errorOf(run)).toContain("Input 'project' means nothing in mode 'core'.")
})
