/** What factory.yml once gave a persona and no longer does is gone from Azure with the next delivery, also when set-up has run in between. */
import { expect, test } from '@jest/globals'
import { setUpBy } from './support/administrator.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { devGroupOf } from './support/places.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { assignedWithin } from './support/role-assignments.ts'
import { errorOf } from './support/transcript.ts'

const withProject003 = delivered('003')
const factoryFile = 'aifactory/factory.yml'

const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))
const addMembers = ({ run }: Factory, mode: 'plan' | 'apply' = 'apply') =>
  run('add-member', '003', 'dev', { mode })

const ownRoles = (factory: Factory): readonly string[] =>
  [...assignedWithin(factory, devGroupOf('003')).values()]
    .filter(({ isOwn }) => isOwn)
    .map(({ role }) => role.replace(/^AI Factory (.*) \(.*$/, '$1'))
const membersOf = ({ sandbox: { state } }: Factory, group: string): readonly string[] =>
  state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(`prj003_dev_${group}`))?.members ??
  []

/** All that people have in dev, but secrets. */
const nothingElse = [
  'resourceGroup',
  'platformStorage',
  'storage',
  'containerRegistry',
  'aiFoundry',
  'aiSearch',
  'cosmosDb',
  'machineLearning',
]
const narrowed = `dataScientist: { rights: { dev: { keyVault: [Key Vault Secrets User], ${nothingElse
  .map((key) => `${key}: []`)
  .join(', ')} } } }`

test('a persona that is narrowed, and one that is replaced, lose their roles; people leave; set-up deletes what nobody has', async () => {
  const factory = await withProject003()
  const { repository } = factory
  const saying = (personas: string): void =>
    repository.write(
      factoryFile,
      `${repository.read(factoryFile).replace(/^personas: .*\n/m, '')}personas: { ${personas} }\n`,
    )
  saying('auditor: { title: Auditor, from: frontendDeveloper }')
  repository.edit(manifestOf('003'), 'team:', 'team:\n  auditor: [ops@contoso.example]')
  await setUpBy(factory)
  expect((await factory.deliver('003', 'dev')).map(outcome).filter((one) => one !== '0')).toEqual([])
  expect(ownRoles(factory)).toEqual(expect.arrayContaining(['data scientist', 'auditor', 'lead']))
  expect(membersOf(factory, 'ai_engineer')).toHaveLength(1)

  saying(`reviewer: { title: Reviewer, from: frontendDeveloper }, ${narrowed}`)
  repository.edit(manifestOf('003'), '\n  auditor: [ops@contoso.example]', '')
  repository.edit(manifestOf('003'), '\n  aiEngineer: [cleo@contoso.example]', '')
  const setUp = await setUpBy(factory)
  expect(setUp.text).toMatch(
    /Warning: The role 'AI Factory data scientist \(.*\)' is of nobody in factory\.yml any more, and is still assigned once\./,
  )
  expect(setUp.text).toMatch(/Warning: The role 'AI Factory auditor \(/)

  const planned = await addMembers(factory, 'plan')
  expect(readPlan(planned).changes.filter(({ change }) => change === 'delete')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        name: expect.stringMatching(/^AI Factory data scientist .*_data_scientist$/),
      }),
      expect.objectContaining({ name: expect.stringMatching(/^AI Factory auditor .*_auditor$/) }),
    ]),
  )
  expect(outcome(await addMembers(factory))).toBe('0')
  expect(ownRoles(factory)).not.toEqual(expect.arrayContaining(['data scientist']))
  expect(ownRoles(factory)).not.toEqual(expect.arrayContaining(['auditor']))
  expect(membersOf(factory, 'ai_engineer')).toEqual([])
  expect((await addMembers(factory)).writes).toEqual([])

  const after = await setUp.again()
  expect(
    [...after.text.matchAll(/done: Delete the role 'AI Factory ([a-z ]+) \(/g)].map(([, name]) => name),
  ).toEqual(expect.arrayContaining(['data scientist', 'auditor']))
  const last = await setUp.again()
  expect([last.exitCode, last.writes]).toEqual([0, []])
})

test('who is to leave leaves also where somebody has forbidden that a role is taken away', async () => {
  const factory = await withProject003()
  const { repository, sandbox } = factory
  await setUpBy(factory)
  repository.edit(manifestOf('003'), '\n  aiEngineer: [cleo@contoso.example]', '')
  sandbox.faults.add({
    ...{ method: 'DELETE', path: 'roleAssignments/', status: 403, times: 'always' },
    body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
  })
  const run = await addMembers(factory)
  expect(outcome(run)).toContain('Removing a role assignment failed')
  expect(membersOf(factory, 'ai_engineer')).toEqual([])
})
