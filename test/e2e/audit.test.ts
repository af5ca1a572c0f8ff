/** Access that should not be: an audit finds it, signed in as the identity that plans, and changes nothing. */
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import type { Circumstances, Factory, Run } from './support/factory.ts'
import { graphByHand, reference, securityGroup } from './support/graph-by-hand.ts'
import { manifestOf } from './support/repository.ts'
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
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'

async function assignByHand(
  { sandbox }: Factory,
  principalId: string,
  principalType: string,
  role = reader,
): Promise<void> {
  const { put } = await byHand(sandbox)
  await put(
    `${project}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`,
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
})
