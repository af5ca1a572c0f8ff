import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { commit } from './support/commits.ts'
import { chain, delivered, type Factory, openFactory, type Run } from './support/factory.ts'
import { graphByHand, reference } from './support/graph-by-hand.ts'
import { devCommonArea } from './support/places.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const changesOf = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind, name }) =>
    change === 'keep' ? [] : [`${change} ${kind} ${name}`],
  )

/** The exit code, and what went wrong. */
const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))

const withProject002 = delivered('002')
const withProject003 = delivered('003')

/** People and roles, then the lake, as a delivery does it. */
const deliverPeople = async ({ run }: Factory, project: string): Promise<readonly Run[]> => [
  await run('add-member', project, 'dev'),
  await run('datalake-acl', project, 'dev'),
]

const groupOf = ({ sandbox }: Factory, end: string) => {
  const group = sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))
  if (group === undefined) throw new Error(`There is no group …${end}.`)
  return group
}

const namesIn = (factory: Factory, end: string): readonly (string | undefined)[] =>
  groupOf(factory, end).members.map(
    (member) => factory.sandbox.state.directory.users.find(({ id }) => id === member)?.userPrincipalName,
  )

/** Everything in Azure that mentions an object id. */
const mentions = ({ sandbox }: Factory, id: string): readonly string[] => {
  const { arm, directory, lake } = sandbox.state
  const roles = Object.entries(arm.resources).filter(([, resource]) => JSON.stringify(resource).includes(id))
  const groups = directory.groups.filter(({ members }) => members.includes(id))
  const paths = lake.toJSON().accounts.flatMap(({ containers }) => containers.flatMap((one) => one.paths))
  return [
    ...roles.map(([key]) => key),
    ...groups.map(({ displayName }) => displayName),
    ...paths.filter(({ acl }) => acl.includes(id)).map(({ path }) => path),
  ]
}

describe('the last of a persona that the type does not have', () => {
  const withBo = delivered('002', (repository) => {
    repository.edit(manifestOf('002'), 'team:\n', 'team:\n  dataScientist: [bo@contoso.example]\n')
  })

  test('takes everything along that the group could do', async () => {
    const factory = await withBo()
    const group = groupOf(factory, '_prj002_dev_data_scientist')
    expect(group.members).toHaveLength(1)
    expect(mentions(factory, group.id).length).toBeGreaterThan(5)

    factory.repository.edit(manifestOf('002'), '  dataScientist: [bo@contoso.example]\n', '')
    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
    expect(changesOf(planned)).toContain('delete member bo@contoso.example')
    const runs = await deliverPeople(factory, '002')
    expect(runs.map(outcome)).toEqual(['0', '0'])
    expect(group.members).toEqual([])
    expect(mentions(factory, group.id)).toEqual([])
    expect((await deliverPeople(factory, '002')).flatMap(({ writes }) => writes)).toEqual([])
    expect((await factory.run('datalake-acl', '002', 'dev', { mode: 'verify' })).exitCode).toBe(0)
  })

  test('can be taken out by name', async () => {
    const factory = await withBo()
    factory.repository.edit(manifestOf('002'), '  dataScientist: [bo@contoso.example]\n', '')
    const remove = { persona: 'dataScientist', remove: 'bo@contoso.example' }
    const first = await factory.run('add-member', '002', 'dev', remove)
    expect(changesOf(first)).toEqual(['delete member bo@contoso.example'])
  })

  test('is not looked up while the group does not exist', async () => {
    const factory = await withProject002()
    const run = await factory.run('add-member', '002', 'dev', {
      persona: 'dataScientist',
      remove: 'bo@contoso.example',
    })
    expect([run.exitCode, ...changesOf(run)]).toEqual([0])
  })

  test('leaves too when the project becomes of another type', async () => {
    const factory = await withProject003()
    const group = groupOf(factory, '_prj003_dev_data_scientist')
    const manifest = factory.repository.read(manifestOf('003'))
    factory.repository.write(
      manifestOf('003'),
      manifest.replace('type: all', 'type: genai-1').replace(/^ {2}dataScientist: .*\n/m, ''),
    )
    expect((await deliverPeople(factory, '003')).map(outcome)).toEqual(['0', '0'])
    expect(group.members).toEqual([])
    expect(mentions(factory, group.id)).toEqual([])
  })
})

describe('rights on the registry that all projects share', () => {
  const registry = `${devCommonArea}/Microsoft.ContainerRegistry/registries/acrcommona1b2csdc001dev`
  const onRegistry = ({ sandbox }: Factory): readonly string[] =>
    Object.entries(sandbox.state.arm.resources)
      .filter(([id]) => id.startsWith(`${registry}/providers/`.toLowerCase()))
      .map(([, resource]) => `${JSON.stringify(resource)}`)

  test('go with the projects that get their own, and what others have there stays', async () => {
    const factory = await withProject002()
    const { repository, sandbox } = factory
    const hand = await byHand(sandbox)
    const roleDefinitionId = `${devCommonArea.split('/resourceGroups')[0]}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`
    await hand.put(
      `${registry}/providers/Microsoft.Authorization/roleAssignments/99999999-9999-4999-8999-999999999999`,
      '2022-04-01',
      {
        properties: {
          principalId: sandbox.state.directory.users[0]?.id,
          principalType: 'User',
          roleDefinitionId,
        },
      },
    )
    const others = onRegistry(factory)
    await factory.deliver('001', 'dev')
    expect(onRegistry(factory).length).toBeGreaterThan(others.length)

    repository.edit(
      'aifactory/factory.yml',
      'sharedContainerRegistry: true',
      'sharedContainerRegistry: false',
    )
    const runs = await factory.deliver('001', 'dev')
    expect(runs.map(outcome)).toEqual(chain.map(() => '0'))
    expect(onRegistry(factory).toSorted()).toEqual([...others].toSorted())
    expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
  })

  test('go with the resource whose identity had them', async () => {
    const factory = await withProject003()
    const workspace = factory.sandbox.state.directory.servicePrincipals.find(({ alternativeNames }) =>
      alternativeNames?.some((name) => name.includes('MachineLearningServices')),
    )
    if (workspace === undefined) throw new Error('The workspace has no identity.')
    expect(mentions(factory, workspace.id).some((id) => id.includes('acrcommon'))).toBe(true)
    factory.repository.edit(manifestOf('003'), 'team:', 'services: { machineLearning: false }\nteam:')
    const hand = await byHand(factory.sandbox)
    await hand.remove(workspace.alternativeNames?.[1] ?? '', '2024-10-01')
    const before = mentions(factory, workspace.id)
    expect(outcome(await factory.run('add-member', '003', 'dev'))).toBe('0')
    expect(mentions(factory, workspace.id)).toEqual(before)
    const provisioned = await factory.run('provision-project', '003', 'dev', { allow: 'deletion' })
    expect(outcome(provisioned)).toBe('0')
    expect(mentions(factory, workspace.id)).toEqual([])
    expect((await factory.run('provision-project', '003', 'dev')).writes).toEqual([])
  })
})

test('a plan says who gains and who loses what, as what, and which line says so', async () => {
  const factory = await withProject002()
  factory.repository.edit(
    manifestOf('002'),
    'aiEngineer: [bo@contoso.example]',
    'aiEngineer: [cleo@contoso.example]',
  )
  const run = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
  const line = factory.repository
    .read(manifestOf('002'))
    .split('\n')
    .findIndex((text) => text.includes('aiEngineer'))
  const as = 'AI engineer of project 002 in dev'
  expect(JSON.parse(run.outputs['people'] ?? '')).toEqual([
    {
      ...{
        who: 'cleo@contoso.example',
        change: 'gains',
        as,
        why: `${manifestOf('002')}:${line + 1} names them.`,
      },
      what: expect.stringMatching(/^Builds applications and agents .*\. Roles: .* on .*\.$/),
    },
    {
      ...{ who: 'bo@contoso.example', change: 'loses', as, why: 'No longer in the team.' },
      what: expect.stringContaining('Builds applications and agents'),
    },
  ])
  expect(run.summary).toContain('Who gains and who loses what')
})

describe('before anything is changed', () => {
  async function refused(lead: (factory: Factory) => string): Promise<string> {
    const factory = await withProject002()
    factory.repository.edit(manifestOf('002'), 'team:\n', `team:\n  dataEngineer: [${lead(factory)}]\n`)
    const before = azureState(factory.sandbox)
    const run = await factory.run('add-member', '002', 'dev')
    expect(run.exitCode).toBe(1)
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
    return errorOf(run)
  }

  test('an application is refused as a member of the team, with the line of the manifest', async () => {
    const error = await refused(({ sandbox }) => sandbox.state.directory.servicePrincipals[0]?.id ?? '')
    expect(error).toMatch(/prj002\.yml.*is neither a person nor a group\. It is an application/)
  })

  test('a group is refused that would be a member of itself', async () => {
    const error = await refused((factory) => groupOf(factory, '_prj002_dev_data_engineer').id)
    expect(error).toMatch(/prj002\.yml.*which would be a member of itself/)
  })
})

test('a group that is missing is no reason to say that the lake is as it should be', async () => {
  const factory = await withProject002()
  const { groups } = factory.sandbox.state.directory
  const [group] = groups.splice(groups.indexOf(groupOf(factory, '_prj002_dev_data_engineer')), 1)
  for (const mode of ['verify', 'apply']) {
    const run = await factory.run('datalake-acl', '002', 'dev', { mode })
    expect([run.exitCode, ...run.writes]).toEqual([1])
    expect(errorOf(run)).toBe(
      `::error::The group ${group?.displayName} of project 002 in dev does not exist. ` +
        'The ACLs of the data lake name groups, and add-member creates them. Run add-member with mode apply first.',
    )
  }
})

test('two projects get their people and their folders at the same time', async () => {
  const factory = await openFactory()
  for (const project of ['001', '002']) {
    await factory.run('ip-calc', project, 'dev')
    await factory.run('provision-project', project, 'dev')
  }
  const runs = await Promise.all([deliverPeople(factory, '001'), deliverPeople(factory, '002')])
  expect(runs.flat().map(outcome)).toEqual(['0', '0', '0', '0'])
  const again = [...(await deliverPeople(factory, '001')), ...(await deliverPeople(factory, '002'))]
  expect(again.flatMap(({ writes }) => writes)).toEqual([])
})

describe('members whom others have added', () => {
  const stranger = '44444444-4444-4444-4444-444444444403'
  const withBo = '  dataScientist: [bo@contoso.example]\n'
  const withProject = delivered('002', (repository) => {
    repository.edit(manifestOf('002'), 'team:\n', `team:\n${withBo}`)
  })
  const two = '  dataScientist: [ops@contoso.example, bo@contoso.example]\n'
  const withTwo = delivered('002', (repository) => {
    repository.edit(manifestOf('002'), 'team:\n', `team:\n${two}`)
  })
  const withOwnerOnly = delivered('001', (repository) => {
    repository.edit(manifestOf('001'), '  lead: [anna@contoso.example]\n', '')
  })
  const asksForHistory = ({ sandbox }: Factory, since: number): readonly string[] =>
    sandbox.requests(since).flatMap(({ path }) => (path.includes('/commits?') ? [path] : []))
  /** Somebody else has put cleo into the group of the data scientists. */
  async function withStranger(): Promise<Factory> {
    const factory = await withProject()
    await (await graphByHand(factory.sandbox))(
      'POST',
      `/groups/${groupOf(factory, '_prj002_dev_data_scientist').id}/members/$ref`,
      { '@odata.id': reference(factory.sandbox, stranger) },
    )
    return factory
  }

  test('stay and are shown, and whom an earlier version of the manifest named leaves', async () => {
    const factory = await withStranger()
    const { repository, sandbox } = factory
    const group = groupOf(factory, '_prj002_dev_data_scientist')
    repository.edit(manifestOf('002'), withBo, '')
    commit(sandbox, repository)
    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
    expect(changesOf(planned)).toContain('delete member bo@contoso.example')
    expect(readPlan(planned).warnings.join()).toMatch(
      /cleo@contoso\.example is in \S+, and stays: others added them/,
    )
    expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
    expect(group.members).toEqual([stranger])
    expect((await factory.run('add-member', '002', 'dev')).writes).toEqual([])
  })

  test('cost a quiet run nothing while there are none', async () => {
    const factory = await withProject()
    const since = factory.sandbox.requestCount()
    expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
    expect(asksForHistory(factory, since)).toEqual([])
  })

  test('stay with those who have left when the history cannot be read, and it is said how to go on', async () => {
    const factory = await withStranger()
    const group = groupOf(factory, '_prj002_dev_data_scientist')
    const before = [...group.members]
    factory.repository.edit(manifestOf('002'), withBo, '')
    const run = await factory.run('add-member', '002', 'dev', { 'github-token': '' })
    expect(outcome(run)).toBe('0')
    expect(group.members).toEqual(before)
    expect(readPlan(run).warnings.join()).toMatch(
      /bo@contoso\.example.*stay: whether an earlier version named them is not known, because there is no 'github-token'\. Give the run a 'github-token'/,
    )
  })

  test('are no earlier leads of a project that names its owner only, whoever owned it', async () => {
    const factory = await withOwnerOnly()
    const { repository, sandbox } = factory
    repository.edit(manifestOf('001'), 'owner: anna@contoso.example', 'owner: bo@contoso.example')
    commit(sandbox, repository)
    expect(outcome(await factory.run('add-member', '001', 'dev'))).toBe('0')
    expect(namesIn(factory, '_prj001_dev_team_lead')).toEqual(['bo@contoso.example'])
  })

  test('may be somebody who was called otherwise when the manifest named them, and it is asked', async () => {
    const factory = await withTwo()
    const { repository, sandbox } = factory
    const group = groupOf(factory, '_prj002_dev_data_scientist')
    const bo = sandbox.state.directory.users.find(
      ({ userPrincipalName: name }) => name === 'bo@contoso.example',
    )
    if (bo === undefined) throw new Error('Bo is nobody.')
    Object.assign(bo, { userPrincipalName: 'bo.smith@contoso.example', mail: 'bo.smith@contoso.example' })
    // Names that no document could have today are not asked for.
    for (const name of ["''", `${'x'.repeat(300)}@contoso.example`, '12']) {
      repository.edit(manifestOf('002'), two, `${two}  dataEngineer: [${name}]\n`)
      commit(sandbox, repository)
      repository.edit(manifestOf('002'), `  dataEngineer: [${name}]\n`, '')
    }
    repository.edit(manifestOf('002'), two, '  dataScientist: [ops@contoso.example]\n')
    repository.edit(manifestOf('002'), '[bo@contoso.example]', '[cleo@contoso.example]')
    commit(sandbox, repository)
    const run = await factory.run('add-member', '002', 'dev')
    expect(outcome(run)).toBe('0')
    expect(readPlan(run).warnings.join()).toMatch(
      /bo\.smith@contoso\.example is in \S+, and stays: .* earlier ones name bo@contoso\.example, whom Entra ID does not find any more\. Is that them\? Then remove them with the inputs 'persona: dataScientist' and 'remove: /,
    )
    const removed = await factory.run('add-member', '002', 'dev', { persona: 'dataScientist', remove: bo.id })
    expect(outcome(removed)).toBe('0')
    expect(group.members).not.toContain(bo.id)
  })

  test('leave when the documents alone decide', async () => {
    const factory = await withStranger()
    factory.repository.edit(
      'aifactory/factory.yml',
      'environments:\n',
      'members: { foreign: remove }\nenvironments:\n',
    )
    expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
    expect(groupOf(factory, '_prj002_dev_data_scientist').members).not.toContain(stranger)
  })
})
