/** Somebody leaves: out of everything in one run, signed in as the identity for people, with the rights that set-up gives it. */
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import type { Circumstances, Factory, Run } from './support/factory.ts'
import { graphByHand, reference, securityGroup } from './support/graph-by-hand.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { identityOf, setUpAndDelivered } from './support/set-up-factory.ts'
import { errorOf } from './support/transcript.ts'

const bo = 'bo@contoso.example'
const anna = 'anna@contoso.example'

/** Bo is in the teams of three projects in dev, of one in stage, and in the core team. */
const withBo = setUpAndDelivered(
  [
    { project: '002', environments: ['dev', 'stage'] },
    { project: '003', environments: ['dev'] },
  ],
  (repository) =>
    repository.write(
      'aifactory/factory.yml',
      repository
        .read('aifactory/factory.yml')
        .replace('dataOps: []', `dataOps: [${bo}, ops@contoso.example]`),
    ),
)

async function leave(
  factory: Factory,
  inputs: Readonly<Record<string, string>> = {},
  { environment = 'dev', ...circumstances }: Circumstances & { readonly environment?: 'dev' | 'stage' } = {},
): Promise<Run> {
  return factory.run(
    'add-member',
    '',
    environment,
    { mode: 'offboard', remove: bo, ...inputs },
    { as: identityOf(factory, 'people', environment), ...circumstances },
  )
}

const idOf = ({ sandbox }: Factory, address: string): string =>
  sandbox.state.directory.users.find(({ userPrincipalName }) => userPrincipalName === address)?.id ?? ''

/** The names of the groups that somebody is in, without what all begin with. */
const groupsWith = (factory: Factory, address: string): readonly string[] =>
  factory.sandbox.state.directory.groups
    .filter(({ members }) => members.includes(idOf(factory, address)))
    .map(({ mailNickname }) => mailNickname.replace(/^aif001sdc_mrvela1b2c_/, ''))
    .toSorted()

const warningsOf = (run: Run): readonly string[] => readPlan(run).warnings

describe('somebody who leaves', () => {
  test('is out of all projects and the core team of the environment, by the bundle, and stays nowhere unsaid', async () => {
    const factory = await withBo()
    expect(groupsWith(factory, bo)).toEqual([
      'coreteam_dev_data_ops',
      'coreteam_test_data_ops',
      'prj002_dev_ai_engineer',
      'prj002_test_ai_engineer',
      'prj003_dev_data_scientist',
    ])
    const planned = await leave(factory, { mode: 'plan-offboard' })
    const shown = readPlan(planned).changes
    expect([planned.exitCode, planned.outputs['changed'], ...planned.writes]).toEqual([0, 'true'])

    const run = await leave(factory, {}, { bundle: true })
    expect([run.exitCode, readPlan(run).changes]).toEqual([0, shown])
    expect(groupsWith(factory, bo)).toEqual(['coreteam_test_data_ops', 'prj002_test_ai_engineer'])
    const left = JSON.parse(run.outputs['still-in'] ?? '') as readonly { environment: string; why: string }[]
    expect(left.map(({ environment }) => environment)).toEqual(['stage', 'stage'])
    expect(warningsOf(run).join('\n')).toContain(
      'bo@contoso.example is still ai engineer of project 002 in stage. The group is one of stage',
    )
    const stage = await leave(factory, {}, { environment: 'stage' })
    expect([stage.exitCode, stage.outputs['still-in']]).toEqual([0, '[]'])
    expect(groupsWith(factory, bo)).toEqual([])
    const again = await leave(factory)
    expect([again.exitCode, again.outputs['changed'], ...again.writes]).toEqual([0, 'false'])
  })

  test('costs as many calls in a large factory as in a small one, but for the memberships', async () => {
    const factory = await withBo()
    const { requests, writes } = await leave(factory, { mode: 'plan-offboard' })
    expect(writes).toEqual([])
    expect(requests.length).toBeLessThanOrEqual(8)
    expect(requests.every(({ path }) => path.startsWith('/graph/'))).toBe(true)
  })

  test('is found in every document that would bring them back, by any of their names, with the line', async () => {
    const factory = await withBo()
    factory.repository.edit(manifestOf('003'), bo, idOf(factory, bo).toUpperCase())
    factory.repository.write(manifestOf('001'), 'version: [\n')
    const run = await leave(factory)
    const named = JSON.parse(run.outputs['still-named'] ?? '') as readonly {
      file: string
      line: number
      key: string
    }[]
    const lineIn = (file: string, text: string): number =>
      factory.repository
        .read(file)
        .split('\n')
        .findIndex((line) => line.includes(text)) + 1
    expect(named.map(({ file, line, key }) => [file, line, key])).toEqual([
      ['aifactory/factory.yml', lineIn('aifactory/factory.yml', bo), 'coreTeam.dataOps.0'],
      [manifestOf('002'), lineIn(manifestOf('002'), bo), 'team.aiEngineer.0'],
      [manifestOf('003'), lineIn(manifestOf('003'), 'dataScientist'), 'team.dataScientist.0'],
    ])
    const text = warningsOf(run).join('\n')
    expect(text).toContain(
      'still names bo@contoso.example (team.aiEngineer.0): the next delivery would add them back.',
    )
    expect(text).toContain(`cannot be read: ${manifestOf('001')}`)
  })

  test('stays where another group of theirs is in a group of ours, which is said', async () => {
    const factory = await withBo()
    const hand = await graphByHand(factory.sandbox)
    const { directory } = factory.sandbox.state
    const team = await hand('POST', '/groups', securityGroup('guild'))
    await hand('POST', `/groups/${team}/members/$ref`, {
      '@odata.id': reference(factory.sandbox, idOf(factory, bo)),
    })
    const lead = directory.groups.find(({ mailNickname }) => mailNickname.endsWith('_prj003_dev_team_lead'))
    await hand('POST', `/groups/${lead?.id}/members/$ref`, { '@odata.id': reference(factory.sandbox, team) })
    const run = await leave(factory)
    expect(run.exitCode).toBe(0)
    expect(warningsOf(run).join('\n')).toMatch(
      /bo@contoso\.example is still team lead of project 003 in dev\. They are in it by another group/,
    )
    expect(groupsWith(factory, bo)).toContain('guild')
  })
})

describe('who leaves and', () => {
  test('is in a group twice, themselves and by another group, is still in it, and a plan says so', async () => {
    const factory = await withBo()
    const hand = await graphByHand(factory.sandbox)
    const member = (id: string) => ({ '@odata.id': reference(factory.sandbox, id) })
    const guild = await hand('POST', '/groups', securityGroup('guild'))
    await hand('POST', `/groups/${guild}/members/$ref`, member(idOf(factory, bo)))
    const engineers = factory.sandbox.state.directory.groups.find(({ mailNickname }) =>
      mailNickname.endsWith('_prj002_dev_ai_engineer'),
    )
    await hand('POST', `/groups/${engineers?.id}/members/$ref`, member(guild))
    for (const mode of ['plan-offboard', 'offboard']) {
      const run = await leave(factory, { mode })
      expect(run.exitCode).toBe(0)
      expect(run.outputs['still-in']).toContain('_prj002_dev_ai_engineer')
      expect(warningsOf(run).join('\n')).toMatch(
        /bo@contoso\.example is still ai engineer of project 002 in dev\. They are in it by another group/,
      )
    }
  })

  test('has been deleted already holds nobody up, and is found in the documents', async () => {
    const factory = await withBo()
    const hand = await graphByHand(factory.sandbox)
    await hand('DELETE', `/users/${idOf(factory, bo)}`)
    const run = await leave(factory, { remove: `${bo}, ops@contoso.example`, allow: 'no-lead' })
    expect(run.exitCode).toBe(0)
    expect(groupsWith(factory, 'ops@contoso.example').filter((one) => one.includes('_dev_'))).toEqual([])
    expect(run.outputs['still-named']).toContain('team.aiEngineer.0')
    expect(warningsOf(run).join('\n')).toContain(`The account '${bo}' is deleted already`)
  })

  test('may have activated a role is told so', async () => {
    const factory = await withBo()
    factory.repository.write(
      'aifactory/factory.yml',
      `${factory.repository.read('aifactory/factory.yml')}\npersonas: { aiEngineer: { eligible: {} } }\n`,
    )
    const text = warningsOf(await leave(factory)).join('\n')
    expect(text).toContain(
      'What bo@contoso.example has activated as ai engineer of project 002 in dev stays active',
    )
    expect(text).not.toContain('activated as data')
  })

  test('is in a group of an administrative unit is out of it by a role at the unit, and owning it is not needed', async () => {
    const factory = await withBo()
    const { groups, units, roleAssignments, servicePrincipals } = factory.sandbox.state.directory
    const engineers = groups.find(({ mailNickname }) => mailNickname.endsWith('_prj002_dev_ai_engineer'))
    const people = identityOf(factory, 'people', 'dev')
    const { id = '' } = servicePrincipals.find(({ appId }) => appId === people.clientId) ?? {}
    const unit = crypto.randomUUID()
    units?.push({
      ...{ id: unit, displayName: 'aif-dev', description: null, visibility: null },
      ...{ isMemberManagementRestricted: false, members: [engineers?.id ?? ''] },
    })
    for (const [roleDefinitionId, directoryScopeId] of [
      ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b', '/'],
      ['fdd7a751-b60b-444a-984c-02652fe8fa1c', `/administrativeUnits/${unit}`],
    ] as const)
      roleAssignments?.push({
        id: crypto.randomUUID(),
        principalId: id,
        roleDefinitionId,
        directoryScopeId,
      })
    if (engineers !== undefined)
      Object.assign(engineers, { owners: engineers.owners.filter((one) => one !== id) })
    factory.repository.edit('aifactory/factory.yml', '  dev:\n', `  dev:\n    administrativeUnit: ${unit}\n`)
    expect((await leave(factory)).exitCode).toBe(0)
    expect(groupsWith(factory, bo)).toEqual(['coreteam_test_data_ops', 'prj002_test_ai_engineer'])
  })
})

describe('before anything is changed', () => {
  async function refused(run: (factory: Factory) => Promise<Run>): Promise<string> {
    const factory = await withBo()
    const before = azureState(factory.sandbox)
    const result = await run(factory)
    expect(result.exitCode).toBe(1)
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
    return errorOf(result)
  }

  test('the last lead is refused, unless somebody says so', async () => {
    expect(await refused((factory) => leave(factory, { remove: anna }))).toMatch(
      /Nobody would be left as team lead of project 002 in dev, team lead of project 003 in dev\..*allow: no-lead/,
    )
    const factory = await withBo()
    const run = await leave(factory, { remove: anna, allow: 'no-lead' })
    expect([run.exitCode, groupsWith(factory, anna)]).toEqual([0, ['prj002_test_team_lead']])
  })

  test('so is somebody whom the directory does not know, together with those whom it knows', async () => {
    const error = await refused((factory) => leave(factory, { remove: `${bo}, nobody@contoso.example` }))
    expect(error).toContain("Entra ID has no user or group 'nobody@contoso.example'.")
  })

  test('so is a group of the factory, and what is no person', async () => {
    const lead = (factory: Factory) =>
      factory.sandbox.state.directory.groups.find(({ mailNickname }) =>
        mailNickname.endsWith('_dev_team_lead'),
      )
    expect(await refused((factory) => leave(factory, { remove: lead(factory)?.id ?? '' }))).toMatch(
      /is a group of the factory, and nobody who leaves/,
    )
    const identity = ({ sandbox }: Factory) => sandbox.state.directory.servicePrincipals[0]?.id ?? ''
    expect(await refused((factory) => leave(factory, { remove: identity(factory) }))).toMatch(
      /is an application or a managed identity, and nobody who leaves/,
    )
  })

  test('so is a run that names nobody, or a project', async () => {
    expect(await refused((factory) => leave(factory, { remove: '' }))).toContain(
      "Input 'remove' names nobody.",
    )
    expect(await refused((factory) => leave(factory, { project: '002' }))).toContain(
      "Input 'project' means nothing in mode 'offboard'.",
    )
  })
})
