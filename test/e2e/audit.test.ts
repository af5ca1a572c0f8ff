/** Access that should not be: an audit finds it, signed in as the identity that plans, and changes nothing. */
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import type { Circumstances, Factory, Run } from './support/factory.ts'
import { graphByHand, reference, securityGroup } from './support/graph-by-hand.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { identityOf, setUpAndDelivered } from './support/set-up-factory.ts'
import { errorOf } from './support/transcript.ts'

const delivered = setUpAndDelivered([{ project: '002', environments: ['dev'] }], (repository) => {
  for (const other of ['001', '003'])
    repository.write(
      manifestOf(other),
      repository
        .read(manifestOf(other))
        .replace(/environments:[\s\S]*?(?=team:)|$/, 'environments: { stage: {} }\n'),
    )
})

const audit = (factory: Factory, inputs = {}, circumstances: Circumstances = {}): Promise<Run> =>
  factory.run(
    'add-member',
    '',
    'dev',
    { mode: 'audit', ...inputs },
    { as: identityOf(factory, 'plan', 'dev'), ...circumstances },
  )

interface Found {
  readonly kind: string
  readonly of: string
  readonly who: string
  readonly what: string
}
const findingsOf = ({ outputs }: Run): readonly Found[] => JSON.parse(outputs['findings'] ?? 'null')
const kindsOf = (run: Run): readonly string[] => findingsOf(run).map(({ kind, who }) => `${kind}: ${who}`)

const userOf = ({ sandbox }: Factory, address: string) => {
  const found = sandbox.state.directory.users.find(({ userPrincipalName }) => userPrincipalName === address)
  if (found === undefined) throw new Error(`There is no ${address}.`)
  return found
}

const groupOf = ({ sandbox }: Factory, end: string) => {
  const found = sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))
  if (found === undefined) throw new Error(`There is no group …${end}.`)
  return found
}

const subscription = '/subscriptions/22222222-2222-2222-2222-222222222201'
const project = `${subscription}/resourceGroups/mrvel-esml-project002-sdc-dev-001-rg`
const commonArea = `${subscription}/resourceGroups/mrvel-esml-common-sdc-dev-001`
const factoryFile = 'aifactory/factory.yml'
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'

async function assignByHand(
  { sandbox }: Factory,
  principalId: string,
  principalType: string,
  role = reader,
  scope = project,
): Promise<void> {
  const { put } = await byHand(sandbox)
  await put(
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
    '2022-04-01',
    {
      properties: {
        principalId,
        principalType,
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      },
    },
  )
}

const resources = ({ sandbox }: Factory) => Object.values(sandbox.state.arm.resources)

/** One of the factory's own roles, as somebody changes what it lets do. */
async function redefine(
  factory: Factory,
  name: RegExp,
  change: (actions: readonly string[]) => readonly string[],
) {
  const found = resources(factory).find(
    ({ id, properties }) => /\/roledefinitions\//i.test(id) && name.test(String(properties?.['roleName'])),
  )
  const { permissions } = z
    .object({
      permissions: z.tuple([
        z.looseObject({ actions: z.array(z.string()), dataActions: z.array(z.string()) }),
      ]),
    })
    .parse(found?.properties)
  const [{ actions, dataActions, ...rest }] = permissions
  const { put } = await byHand(factory.sandbox)
  await put(found?.id ?? '', '2022-04-01', {
    properties: {
      ...found?.properties,
      permissions: [{ ...rest, actions: change(actions), dataActions: change(dataActions) }],
    },
  })
}

describe('an audit', () => {
  test('of what was just delivered finds nothing, by the bundle, with reading rights alone', async () => {
    const factory = await delivered()
    const before = azureState(factory.sandbox)
    const run = await audit(factory, {}, { bundle: true })
    expect([run.exitCode, kindsOf(run)]).toEqual([0, []])
    expect(run.summary).toContain('Looked at: project 002, the core team.')
    expect([run.writes, difference(before, azureState(factory.sandbox))]).toEqual([[], nothing])
  })

  test('finds who has a role themselves, who is gone, disabled, in by hand, and what no manifest asks for', async () => {
    const factory = await delivered()
    const { sandbox } = factory
    const hand = await graphByHand(sandbox)
    const cleo = userOf(factory, 'cleo@contoso.example')
    const lead = groupOf(factory, '_prj002_dev_team_lead')
    await hand('POST', `/groups/${lead.id}/members/$ref`, { '@odata.id': reference(sandbox, cleo.id) })
    await assignByHand(factory, cleo.id, 'User')
    await assignByHand(factory, lead.id, 'Group', contributor)
    const gone = await hand('POST', '/groups', {
      ...{ displayName: 'gone', mailNickname: 'gone', mailEnabled: false, securityEnabled: true },
    })
    await assignByHand(factory, gone, 'Group')
    await hand('DELETE', `/groups/${gone}`)
    await hand('PATCH', `/users/${userOf(factory, 'bo@contoso.example').id}`, { accountEnabled: false })

    const before = azureState(sandbox)
    const run = await audit(factory)
    expect(run.exitCode).toBe(1)
    expect(kindsOf(run)).toEqual([
      'direct-assignment: cleo@contoso.example',
      `orphaned-assignment: ${gone}`,
      'disabled-account: bo@contoso.example',
      'foreign-member: cleo@contoso.example',
      `beyond-manifest: ${lead.displayName}`,
    ])
    expect(errorOf(run)).toMatch(
      /The audit of dev found access that should not be: 1 direct-assignment, 1 orphaned-assignment, 1 disabled-account, 1 foreign-member, 1 beyond-manifest\./,
    )
    expect(difference(before, azureState(sandbox))).toEqual(nothing)
    expect(run.summary).toContain('cleo')

    const some = await audit(factory, { project: '002', 'fail-on': 'unowned-group' })
    expect([some.exitCode, kindsOf(some).length]).toEqual([0, 5])
    expect((await audit(factory, { 'fail-on': 'none' })).exitCode).toBe(0)
    expect(errorOf(await audit(factory, { 'fail-on': 'nothing' }))).toContain(
      'Input \'fail-on\' holds "nothing".',
    )
  })

  test('finds groups that nobody owns, or somebody else', async () => {
    const factory = await delivered()
    const { sandbox } = factory
    const hand = await graphByHand(sandbox)
    const lead = groupOf(factory, '_prj002_dev_team_lead')
    await hand('DELETE', `/groups/${lead.id}`)
    await hand('POST', '/groups', securityGroup(lead.mailNickname))
    const engineer = groupOf(factory, '_prj002_dev_ai_engineer')
    await hand('POST', `/groups/${engineer.id}/owners/$ref`, {
      '@odata.id': reference(sandbox, userOf(factory, 'cleo@contoso.example').id),
    })
    const kinds = kindsOf(await audit(factory))
    expect(kinds.filter((one) => !one.startsWith('orphaned-assignment'))).toEqual([
      `unowned-group: ${lead.displayName}`,
      `foreign-owner: ${engineer.displayName}`,
    ])
    // The roles of the group that was there before.
    expect(kinds).toContain(`orphaned-assignment: ${lead.id}`)
  })

  test('says of a project whose manifest cannot be read that nobody knows', async () => {
    const factory = await delivered()
    factory.repository.edit(manifestOf('002'), 'type: genai-1', 'type: nothing')
    const run = await audit(factory)
    expect([run.exitCode, findingsOf(run).map(({ kind, of }) => `${kind}: ${of}`)]).toEqual([
      1,
      ['not-audited: project 002'],
    ])
  })

  test('finds a condition that was taken off, one that was put on, and a role of the factory that lets do more', async () => {
    const factory = await delivered()
    const { put } = await byHand(factory.sandbox)
    const assignmentOf = (end: string) => {
      const { id } = groupOf(factory, end)
      const found = resources(factory).find(
        (one) =>
          one.id
            .toLowerCase()
            .startsWith(`${project}/providers/microsoft.authorization/roleassignments/`.toLowerCase()) &&
          one.properties?.['principalId'] === id,
      )
      const { principalId, principalType, roleDefinitionId, condition } = found?.properties ?? {}
      return { id: found?.id ?? '', condition, properties: { principalId, principalType, roleDefinitionId } }
    }
    const limited = assignmentOf('_prj002_dev_data_engineer')
    expect(limited.condition).toMatch(/storageAccounts/)
    await put(limited.id, '2022-04-01', { properties: limited.properties })
    const whole = assignmentOf('_prj002_dev_team_lead')
    expect(whole.condition ?? '').toBe('')
    const condition = "((!(ActionMatches{'Microsoft.Storage/storageAccounts/read'})))"
    await put(whole.id, '2022-04-01', {
      properties: { ...whole.properties, condition, conditionVersion: '2.0' },
    })
    await redefine(factory, /^AI Factory lead \(.*-dev\)$/, (all) => [
      ...all,
      'Microsoft.Authorization/*/write',
    ])
    const run = await audit(factory)
    expect(run.exitCode).toBe(1)
    expect(kindsOf(run).toSorted()).toEqual([
      expect.stringMatching(/^beyond-manifest: AI Factory lead \(/),
      expect.stringMatching(/^other-condition: .*_data_engineer$/),
      expect.stringMatching(/^other-condition: .*_team_lead$/),
    ])
    expect(run.outputs['findings']).toMatch(/without a condition, and it is meant for .* only/)
  })

  test('leaves what an outdated role of the factory lacks, which a delivery keeps', async () => {
    const factory = await delivered()
    const search = resources(factory).find(({ type }) => type === 'Microsoft.Search/searchServices')?.id ?? ''
    await redefine(factory, /^AI Factory lead \(.*-dev\)$/, (all) =>
      all.filter((one) => !one.includes('Search')),
    )
    for (const role of ['7ca78c08-252a-4471-8644-bb5ff32d4ba0', '8ebe5a00-799e-43f5-93ac-243d3dce84a7'])
      await assignByHand(factory, groupOf(factory, '_prj002_dev_team_lead').id, 'Group', role, search)
    const run = await factory.run('add-member', '002', 'dev')
    expect([run.exitCode, readPlan(run).changes.filter(({ change }) => change === 'delete')]).toEqual([0, []])
    expect(kindsOf(await audit(factory))).toEqual([])
  })

  test('finds what our groups inherit, what they hold instead of activating it, and other groups in the common area', async () => {
    const factory = await delivered()
    const hand = await graphByHand(factory.sandbox)
    const lead = groupOf(factory, '_prj002_dev_team_lead')
    await assignByHand(factory, lead.id, 'Group', contributor, subscription)
    const strange = await hand('POST', '/groups', securityGroup('strange'))
    await assignByHand(factory, strange, 'Group', reader, commonArea)
    const { repository } = factory
    repository.write(factoryFile, `${repository.read(factoryFile)}\npersonas: { lead: { eligible: {} } }\n`)
    const run = await audit(factory)
    expect(kindsOf(run)).toEqual([
      `beyond-manifest: ${lead.displayName}`,
      `beyond-manifest: ${lead.displayName}`,
      'beyond-manifest: strange',
    ])
    expect(findingsOf(run).map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /has AI Factory lead .* on 'mrvel-esml-project002-sdc-dev-001-rg', and no document/,
        ),
        expect.stringMatching(
          /has Contributor by an assignment on the subscription .*, and no document asks/,
        ),
      ]),
    )
  })

  test('finds who is left of a project that no manifest asks for, and of a persona that factory.yml no longer has', async () => {
    const factory = await delivered()
    const hand = await graphByHand(factory.sandbox)
    const former = groupOf(factory, '_prj002_dev_team_lead').mailNickname.replace(
      /prj002.*/,
      'coreteam_dev_guard',
    )
    const guard = await hand('POST', '/groups', securityGroup(former))
    await hand('POST', `/groups/${guard}/members/$ref`, {
      '@odata.id': reference(factory.sandbox, userOf(factory, 'cleo@contoso.example').id),
    })
    await assignByHand(factory, guard, 'Group', reader, commonArea)
    const { repository } = factory
    repository.write(
      manifestOf('002'),
      repository
        .read(manifestOf('002'))
        .replace(/environments:[\s\S]*?(?=team:)/, 'environments: { stage: {} }\n'),
    )
    const run = await audit(factory)
    expect(run.exitCode).toBe(1)
    expect(run.summary).toContain('Looked at: the core team.')
    const all = findingsOf(run).map(({ kind, of }) => `${kind}: ${of}`)
    expect(all).toEqual(
      expect.arrayContaining([
        'beyond-manifest: the core team',
        'not-audited: project 002',
        'unasked-group: project 002',
        'unasked-group: the core team',
      ]),
    )
    expect(run.outputs['findings']).toContain('anna@contoso.example is in ')
  })

  test('says where it could not look who may activate a role', async () => {
    const factory = await delivered()
    factory.sandbox.faults.add({
      ...{ method: 'GET', path: 'roleEligibilitySchedules', status: 403, times: 9 },
      body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    })
    expect(findingsOf(await audit(factory)).map(({ kind, of }) => `${kind}: ${of}`)).toEqual([
      'not-audited: project 002',
      'not-audited: the core team',
    ])
  })
})
