/** What is left of a persona that factory.yml no longer has, or whose group it calls otherwise: nothing but an empty group. */
import { describe, expect, test } from '@jest/globals'
import { allOf002, destroy } from './support/destroy.ts'
import { chain, delivered, type Factory, openFactory, type Run } from './support/factory.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const factoryFile = 'aifactory/factory.yml'
const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))

const groupOf = ({ sandbox }: Factory, end: string) => {
  const group = sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))
  if (group === undefined) throw new Error(`There is no group …${end}.`)
  return group
}

/** Everything in Azure, Entra and the lake that mentions an object id. */
const mentions = ({ sandbox }: Factory, id: string): readonly string[] => {
  const { arm, directory, lake } = sandbox.state
  const resources = Object.entries(arm.resources).filter(([, one]) => JSON.stringify(one).includes(id))
  const paths = lake.toJSON().accounts.flatMap(({ containers }) => containers.flatMap((one) => one.paths))
  return [
    ...resources.map(([key]) => key),
    ...directory.groups.filter(({ members }) => members.includes(id)).map((one) => one.displayName),
    ...paths.filter(({ acl }) => acl.includes(id)).map(({ path }) => path),
  ]
}

const deliverPeople = async ({ run }: Factory): Promise<readonly Run[]> => [
  await run('add-member', '002', 'dev'),
  await run('datalake-acl', '002', 'dev'),
]

const changesOf = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind, name }) =>
    change === 'keep' ? [] : [`${change} ${kind} ${name}`],
  )

describe('a persona of projects', () => {
  const auditor = 'personas: { auditor: { title: Auditor, from: aiEngineer } }\n'
  const named = '  auditor: [ops@contoso.example]\n'
  const withAuditor = delivered('002', (repository) => {
    repository.edit(factoryFile, 'environments:\n', `${auditor}environments:\n`)
    repository.edit(manifestOf('002'), 'team:\n', `team:\n${named}`)
  })

  test('that factory.yml no longer has leaves nobody in its group, and nothing that the group could do', async () => {
    const factory = await withAuditor()
    const group = groupOf(factory, '_prj002_dev_auditor')
    expect(group.members).toHaveLength(1)
    const before = mentions(factory, group.id).join()
    for (const place of ['acrcommon', 'sqlroleassignments', '_lake_dev_traversal', 'projects/project002'])
      expect(before).toContain(place)

    factory.repository.edit(factoryFile, auditor, '')
    factory.repository.edit(manifestOf('002'), named, '')
    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
    expect(changesOf(planned)).toContain('delete member ops@contoso.example')
    expect(JSON.parse(planned.outputs['people'] ?? '')).toContainEqual(
      expect.objectContaining({
        who: 'ops@contoso.example',
        change: 'loses',
        as: 'Former persona auditor',
      }),
    )
    expect((await deliverPeople(factory)).map(outcome)).toEqual(['0', '0'])
    expect(group.members).toEqual([])
    expect(mentions(factory, group.id)).toEqual([])
    expect((await deliverPeople(factory)).flatMap(({ writes }) => writes)).toEqual([])
    expect((await factory.run('datalake-acl', '002', 'dev', { mode: 'verify' })).exitCode).toBe(0)
  })

  test('goes with the project, whether any run came in between or not', async () => {
    const factory = await withAuditor()
    const { id } = groupOf(factory, '_prj002_dev_auditor')
    factory.repository.edit(factoryFile, auditor, '')
    factory.repository.edit(manifestOf('002'), named, '')
    const destroyed = await destroy(factory, allOf002)
    expect(outcome(destroyed)).toBe('0')
    expect(factory.sandbox.state.directory.groups.some((one) => one.id === id)).toBe(false)
    expect(mentions(factory, id)).toEqual([])
  })

  test('whose group is called otherwise has the new one before the old one is empty', async () => {
    const factory = await withAuditor()
    const old = groupOf(factory, '_prj002_dev_auditor')
    factory.repository.edit(factoryFile, 'auditor: {', 'auditor: { group: examiner,')
    const since = factory.sandbox.requestCount()
    expect((await deliverPeople(factory)).map(outcome)).toEqual(['0', '0'])
    const renamed = groupOf(factory, '_prj002_dev_examiner')
    expect([old.members, renamed.members.length]).toEqual([[], 1])
    expect(mentions(factory, old.id)).toEqual([])
    expect(mentions(factory, renamed.id).join()).toMatch(/acrcommon.*_lake_dev_traversal/)
    const writes = factory.sandbox
      .requests(since)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((one) => /^(PUT|DELETE) .*roleAssignments\//i.test(one) || one.includes('/$ref'))
    const firstGone = writes.findIndex((one) => one.startsWith('DELETE'))
    expect(firstGone).toBeGreaterThan(0)
    expect(writes.slice(firstGone).filter((one) => one.startsWith('PUT'))).toEqual([])
    expect((await deliverPeople(factory)).flatMap((run) => run.writes)).toEqual([])
  })

  test('is looked for by name, and a group of others is left alone whatever it is called', async () => {
    const factory = await withAuditor()
    const group = groupOf(factory, '_prj002_dev_auditor')
    const members = [...group.members]
    group.owners.splice(0, group.owners.length, '44444444-4444-4444-4444-444444444403')
    factory.repository.edit(factoryFile, auditor, '')
    factory.repository.edit(manifestOf('002'), named, '')
    expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
    expect(group.members).toEqual(members)
  })
})

test('a role in Cosmos DB that factory.yml takes from all goes', async () => {
  const factory = await delivered('002')()
  const inCosmos = () =>
    Object.entries(factory.sandbox.state.arm.resources)
      .filter(([id]) => id.includes('sqlroleassignments'))
      .map(([, { properties }]) => properties?.['principalId'])
  const people = new Set(factory.sandbox.state.directory.groups.map(({ id }) => id))
  const ofPeople = () => inCosmos().filter((id) => typeof id === 'string' && people.has(id))
  expect(ofPeople().length).toBeGreaterThan(0)
  const none = ['lead', 'dataScientist', 'aiEngineer', 'agentDeveloper', 'frontendDeveloper', 'dataEngineer']
    .map((key) => `  ${key}: { rights: { dev: { cosmosDb: [] } } }\n`)
    .join('')
  factory.repository.edit(factoryFile, 'environments:\n', `personas:\n${none}environments:\n`)
  expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
  expect(ofPeople()).toEqual([])
})

test('a persona of the core team that factory.yml no longer has leaves nothing but an empty group', async () => {
  const factory = await openFactory()
  const core = () => factory.run('add-member', '', 'dev', { mode: 'core' })
  const guard = 'personas: { guard: { title: Guard, kind: coreTeam, from: itAdmin } }\n'
  factory.repository.edit(factoryFile, 'coreTeam:\n', `${guard}coreTeam:\n  guard: [cleo@contoso.example]\n`)
  expect(outcome(await core())).toBe('0')
  const group = groupOf(factory, '_coreteam_dev_guard')
  expect((await factory.deliver('002', 'dev')).map(outcome)).toEqual(chain.map(() => '0'))
  expect(mentions(factory, group.id).join()).toMatch(/vaults.*_lake_dev_traversal/)

  factory.repository.edit(factoryFile, guard, '')
  factory.repository.edit(factoryFile, '  guard: [cleo@contoso.example]\n', '')
  const run = await core()
  expect(outcome(run)).toBe('0')
  expect(changesOf(run)).toContain('delete member cleo@contoso.example')
  expect(outcome(await factory.run('datalake-acl', '002', 'dev'))).toBe('0')
  expect(group.members).toEqual([])
  expect(mentions(factory, group.id)).toEqual([])
  expect((await core()).writes).toEqual([])
})
