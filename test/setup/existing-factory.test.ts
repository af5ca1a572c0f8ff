/** A factory that was set up by hand for an earlier version, and then by set-up. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { environments } from '../../src/vocabulary.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { graphByHand, reference, securityGroup } from '../e2e/support/graph-by-hand.ts'
import { exampleText } from '../manifest/examples.ts'
import { asPlatformTeam } from './platform-team.ts'
import { openSettingUp, type SettingUp, type SetupRun } from './setting-up.ts'

const group = 'aif001sdc_mrvela1b2c_prj001_dev_team_lead'
const foreign = 'aif001sdc_mrvela1b2c_coreteam_prod_it_admin'
/** Of stage, and made by the identity of dev. */
const formerly = 'aif001sdc_mrvela1b2c_lake_test_traversal'
const other = 'aif001sdc_mrvela1b2c_prj001_dev_something_else'
const example = exampleText('factory.yml').replace('tags:', 'repository: contoso/ai-factory\ntags:')

const delivering = ({ sandbox }: SettingUp) =>
  sandbox.state.directory.servicePrincipals.filter(({ displayName }) =>
    displayName.startsWith('mrvel-aifactory'),
  )

/** What earlier versions asked for. */
const giveWideRight = (factory: SettingUp): void => {
  for (const principal of delivering(factory)) {
    Object.assign(principal, { graphRoles: [...(principal.graphRoles ?? []), 'Group.ReadWrite.All'] })
  }
}

let here: SettingUp
let shown: SetupRun
let first: SetupRun
beforeAll(async () => {
  here = await openSettingUp({}, example)
  await asPlatformTeam(here.sandbox, [
    'Privileged Role Administrator',
    'Groups Administrator',
    'Application Administrator',
  ])
  const { directory } = here.sandbox.state
  const anna = directory.users[0]?.id ?? ''
  const graph = await graphByHand(here.sandbox)
  const upsert = (name: string) =>
    graph(
      'PATCH',
      `/groups(uniqueName='${name}')`,
      { ...securityGroup(name), uniqueName: name },
      { Prefer: 'create-if-missing' },
    )
  // As the wide right made them, without an owner; one of nobody's; and one that somebody made under a name of prod.
  const id = await upsert(group)
  await graph('POST', `/groups/${id}/members/$ref`, { '@odata.id': reference(here.sandbox, anna) })
  await upsert(other)
  const owners = { 'owners@odata.bind': [reference(here.sandbox, anna)] }
  await graph('POST', '/groups', securityGroup(foreign, owners))
  const deliver = directory.servicePrincipals.find(({ displayName }) => displayName === 'mrvel-aifactory-dev')
  const byDev = { 'owners@odata.bind': [reference(here.sandbox, deliver?.id ?? '')] }
  await graph('POST', '/groups', securityGroup(formerly, byDev))
  giveWideRight(here)
  shown = await here.run({ flags: ['--check'] })
  first = await here.run()
}, 100_000)

const ownersOf = (name: string): readonly string[] => {
  const { groups, servicePrincipals, users } = here.sandbox.state.directory
  const owners = groups.find(({ mailNickname }) => mailNickname === name)?.owners ?? []
  return owners
    .map((id) => [...servicePrincipals, ...users].find((one) => one.id === id)?.displayName ?? id)
    .toSorted()
}

test('the identities that factory.yml names stay, and get what they lack', () => {
  expect(first.text).not.toContain("Register the application 'aif001sdc_mrvela1b2c_dev_deliver'")
  expect(first.text).toContain("done: Register the application 'aif001sdc_mrvela1b2c_dev_plan'")
  for (const line of example.split('\n')) expect(here.read()).toContain(line)
})

test('the right to every group of the tenant is taken from each, after all that comes in its place', () => {
  expect(delivering(here)).toHaveLength(3)
  for (const { graphRoles } of delivering(here)) expect(graphRoles).not.toContain('Group.ReadWrite.All')
  for (const { displayName } of delivering(here)) {
    const own = first.text
      .split('\n')
      .filter((line) => /done: /.test(line) && line.includes(`'${displayName}'`))
    expect(own.at(-1)).toContain('Take Group.ReadWrite.All')
    expect(own.length).toBeGreaterThan(1)
  }
})

test('it is taken in one environment also while something is left to do in another', async () => {
  const factory = await openSettingUp({}, example)
  await asPlatformTeam(factory.sandbox, ['Privileged Role Administrator', 'Application Administrator'])
  giveWideRight(factory)
  factory.sandbox.faults.add({
    ...{ method: 'PUT', path: '222203/providers/Microsoft.Authorization/roleAssignments/', status: 403 },
    body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    times: 'always',
  })
  const { exitCode, text } = await factory.run()
  expect(exitCode).toBe(1)
  const keep = delivering(factory).filter(({ graphRoles }) => graphRoles?.includes('Group.ReadWrite.All'))
  expect(keep.map(({ displayName }) => displayName)).toEqual(['mrvel-aifactory-prod'])
  expect(text).toMatch(
    /- Take Group\.ReadWrite\.All .* from 'mrvel-aifactory-prod'.*\n {6}what comes in its place has to be there first/,
  )
})

test('the role to assign roles, which had no condition, is limited where it is', () => {
  expect(first.text).toMatch(
    /done: Limit the role 'Role Based Access Control Administrator' on subscription /,
  )
  const roles = Object.values(here.sandbox.state.arm.resources).filter(({ properties }) =>
    String(properties?.['roleDefinitionId']).endsWith('f58310d9-a9f6-439a-9e8d-f62e7b41a168'),
  )
  expect(roles).toHaveLength(environments.length)
  for (const { properties } of roles) expect(properties?.['condition']).toContain('RoleDefinitionId')
})

describe('groups', () => {
  test('of the factory belong to the identities of their environment, and to nobody else', () => {
    expect(ownersOf(group)).toEqual(['aif001sdc_mrvela1b2c_dev_people', 'mrvel-aifactory-dev'])
    expect(ownersOf(formerly)).toEqual(['aif001sdc_mrvela1b2c_test_people', 'mrvel-aifactory-test'])
    expect(first.text).toContain(`Take the ownership of the group '${formerly}' from 'mrvel-aifactory-dev'`)
  })

  test('that a person owns are shown, and stay as they are', () => {
    expect(ownersOf(foreign)).toEqual(['Anna Andersson'])
    expect(first.text).toMatch(
      new RegExp(`Fault: The group '${foreign}' .* belongs to 'anna@contoso\\.example'`),
    )
  })

  test('keep their members, and others keep their owners', () => {
    const { groups } = here.sandbox.state.directory
    expect(groups.find(({ mailNickname }) => mailNickname === group)?.members).toHaveLength(1)
    expect(ownersOf(other)).toEqual([])
  })
})

test('the check showed every change that was made then', () => {
  expect(shown.writes).toEqual([])
  for (const [, line = ''] of first.text.matchAll(/^ {2}done: (.*)$/gm)) {
    if (!line.startsWith('Write into factory.yml')) expect(shown.text).toContain(line)
  }
})

test('a credential for the repository’s old subject is shown, and left to people', async () => {
  const { text, writes, exitCode } = await here.run({ flags: ['--check'] })
  expect([writes, exitCode]).toEqual([[], 1])
  expect(text).toContain('as they should be. Nothing was changed.')
  expect(text).toMatch(
    /Warning: 'mrvel-aifactory-dev' .* also signs in as 'repo:contoso\/ai-factory:environment:dev'/,
  )
})

test.each<[string, string]>([
  ['another repository', 'repo:mallory/fork:environment:dev'],
  ['another repository of that name', 'repo:contoso@78/ai-factory@4243:environment:dev'],
  ['a name that the repository had once', 'repo:contoso/before:environment:dev'],
  ['another environment', 'repo:contoso@77/ai-factory@4242:environment:people-dev'],
])('a credential for %s is a fault', async (_what, subject) => {
  const { applications } = here.sandbox.state.directory
  const deliver = applications.find(({ displayName }) => displayName === 'mrvel-aifactory-dev')
  const { federatedCredentials = [] } = deliver ?? {}
  const [first] = federatedCredentials
  const added = { ...first, id: crypto.randomUUID(), name: 'another', subject }
  Object.assign(deliver ?? {}, { federatedCredentials: [...federatedCredentials, added] })
  const { exitCode, text } = await here.run({ flags: ['--check'] })
  Object.assign(deliver ?? {}, { federatedCredentials })
  expect(exitCode).toBe(1)
  expect(text).toMatch(new RegExp(`^Fault: 'mrvel-aifactory-dev' .* also signs in as '${subject}'`, 'm'))
})

test.each<[string, string, string]>([
  ['another environment', 'prod', 'of dev holds a role in prod'],
  ['everything', 'dev', 'with which it can give itself any other'],
])('a role that reaches %s is a fault', async (_what, environment, said) => {
  const hand = await byHand(here.sandbox)
  const { directory } = here.sandbox.state
  const deliver = directory.servicePrincipals.find(({ displayName }) => displayName === 'mrvel-aifactory-dev')
  const scope = `/subscriptions/22222222-2222-2222-2222-22222222220${environment === 'dev' ? 1 : 3}`
  const role =
    environment === 'dev' ? '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' : 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`
  await hand.put(id, '2022-04-01', {
    properties: {
      roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: deliver?.id,
      principalType: 'ServicePrincipal',
    },
  })
  const { exitCode, text } = await here.run({ flags: ['--check'] })
  expect(exitCode).toBe(1)
  expect(text).toContain('Fault: ')
  expect(text).toContain(said)
  await hand.remove(id, '2022-04-01')
})
