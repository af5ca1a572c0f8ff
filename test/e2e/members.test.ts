import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { delivered, type Factory } from './support/factory.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const deliveringDev = '33333333-3333-3333-3333-3333333333b1'
const withProject = delivered('002')

const identityOf = ({ sandbox }: Factory) => {
  const found = sandbox.state.directory.servicePrincipals.find(({ id }) => id === deliveringDev)
  if (found === undefined) throw new Error('The identity that delivers is not there.')
  return found
}

const grant = (factory: Factory, permission: string): void => {
  const identity = identityOf(factory)
  Object.assign(identity, { graphRoles: [...(identity.graphRoles ?? []), permission] })
}

const inTeam = ({ repository }: Factory, persona: string, member: string): void =>
  repository.edit(manifestOf('002'), 'team:\n', `team:\n  ${persona}: [${member}]\n`)

const groupOf = ({ sandbox }: Factory, end: string) => {
  const found = sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))
  if (found === undefined) throw new Error(`There is no group …${end}.`)
  return found
}

describe('somebody outside of the tenant', () => {
  const dora = 'dora@fabrikam.example'
  async function inviting(): Promise<Factory> {
    const factory = await withProject()
    factory.repository.edit(
      'aifactory/factory.yml',
      'environments:\n',
      'members: { invite: true }\nenvironments:\n',
    )
    inTeam(factory, 'dataScientist', dora)
    return factory
  }

  test('is invited once, is a member from then on, and shown as invited until they accept', async () => {
    const factory = await inviting()
    grant(factory, 'User.Invite.All')
    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan' })
    const shown = readPlan(planned).changes.filter(({ change }) => change !== 'keep')
    expect(shown.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([`guest ${dora}`, `member ${dora}`]),
    )
    expect((await factory.run('add-member', '002', 'dev')).exitCode).toBe(0)
    const guest = factory.sandbox.state.directory.users.find(({ mail }) => mail === dora)
    expect(guest).toMatchObject({ userType: 'Guest', externalUserState: 'PendingAcceptance' })
    expect(groupOf(factory, '_prj002_dev_data_scientist').members).toEqual([guest?.id])

    const again = await factory.run('add-member', '002', 'dev')
    expect([again.exitCode, ...again.writes]).toEqual([0])
    const kept = readPlan(again).changes.find(({ name }) => name === guest?.userPrincipalName)
    expect(kept).toMatchObject({ change: 'keep', reason: expect.stringMatching(/have not accepted yet/) })
  })

  test('is not invited without the right, which is named, and nothing else is changed', async () => {
    const factory = await inviting()
    const before = azureState(factory.sandbox)
    const run = await factory.run('add-member', '002', 'dev')
    expect(errorOf(run)).toMatch(
      /may not invite dora@fabrikam\.example .*User\.Invite\.All of Microsoft Graph/,
    )
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
  })
})

describe('in an administrative unit', () => {
  test('a new group is created, by a role at it, and found again', async () => {
    const factory = await withProject()
    const unit = randomUUID()
    const { units, roleAssignments } = factory.sandbox.state.directory
    units?.push({
      ...{ id: unit, displayName: 'aif-dev', description: null, visibility: null },
      isMemberManagementRestricted: false,
      members: [],
    })
    const roles = [
      ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b', '/'],
      ['fdd7a751-b60b-444a-984c-02652fe8fa1c', `/administrativeUnits/${unit}`],
    ] as const
    for (const [roleDefinitionId, directoryScopeId] of roles) {
      roleAssignments?.push({
        id: randomUUID(),
        principalId: deliveringDev,
        roleDefinitionId,
        directoryScopeId,
      })
    }
    grant(factory, 'AdministrativeUnit.Read.All')
    factory.repository.edit('aifactory/factory.yml', '  dev:\n', `  dev:\n    administrativeUnit: ${unit}\n`)
    inTeam(factory, 'dataScientist', 'bo@contoso.example')
    expect((await factory.run('add-member', '002', 'dev')).exitCode).toBe(0)
    const group = groupOf(factory, '_prj002_dev_data_scientist')
    expect(units?.find(({ id }) => id === unit)?.members).toEqual([group.id])
    expect(group.members).toHaveLength(1)
    expect((await factory.run('add-member', '002', 'dev')).writes).toEqual([])
  })
})

describe('before anything is changed', () => {
  async function refused(spoil: (factory: Factory) => void | Promise<void>): Promise<string> {
    const factory = await withProject()
    await spoil(factory)
    const before = azureState(factory.sandbox)
    const run = await factory.run('add-member', '002', 'dev')
    expect(run.exitCode).toBe(1)
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
    return errorOf(run)
  }
  /** Puts somebody into the directory, before the sandbox is asked about them. */
  const withUser = ({ sandbox }: Factory, traits: object): void => {
    const user = { id: randomUUID(), displayName: 'Zoe', userPrincipalName: 'zoe@contoso.example', ...traits }
    sandbox.state.directory.users.push(user)
  }

  test.each<[string, RegExp, (factory: Factory) => void]>([
    [
      'a misspelt name, with who may be meant',
      /prj002\.yml:\d+:\d+: Entra ID has no user or group 'anni@contoso\.example'\. .*Is it anna@contoso\.example \(<guid>\)\?/,
      (factory) => inTeam(factory, 'dataScientist', 'anni@contoso.example'),
    ],
    [
      'an object id of another tenant',
      /prj002\.yml:\d+:\d+: Entra ID has no user or group '<guid>'/,
      (factory) => inTeam(factory, 'dataScientist', '44444444-4444-4444-4444-444444444499'),
    ],
    [
      'an account that is disabled',
      /prj002\.yml:\d+:\d+: The account 'zoe@contoso\.example' is disabled in Entra ID/,
      (factory) => {
        withUser(factory, { accountEnabled: false })
        inTeam(factory, 'dataScientist', 'zoe@contoso.example')
      },
    ],
    [
      'an address that two accounts have',
      /prj002\.yml:\d+:\d+: More than one account in Entra ID has the address 'team@contoso\.example': zoe@contoso\.example .*, yan@contoso\.example/,
      (factory) => {
        withUser(factory, { mail: 'team@contoso.example' })
        withUser(factory, { mail: 'team@contoso.example', userPrincipalName: 'yan@contoso.example' })
        inTeam(factory, 'dataScientist', 'team@contoso.example')
      },
    ],
    [
      'a team that was emptied by mistake',
      /prj002\.yml:\d+:\d+: .*lead/,
      ({ repository }) => {
        const text = repository.read(manifestOf('002'))
        repository.write(manifestOf('002'), text.replace(/^ {2}lead: .*$/m, '  lead: []'))
      },
    ],
  ])('%s is refused with its line', async (_what, message, spoil) => {
    expect(await refused(spoil)).toMatch(message)
  })

  test('all that is wrong is said at once', async () => {
    const error = await refused((factory) => {
      inTeam(factory, 'dataScientist', 'anni@contoso.example, nobody@contoso.example')
    })
    expect(error).toMatch(/The members of the groups have 2 faults: \(1\) .*anni@.* \(2\) .*nobody@/)
  })
})
