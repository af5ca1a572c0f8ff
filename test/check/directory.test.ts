/** What the delivering identity may do in the directory: the check says what a delivery then finds. */
import { describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { openDirectory } from '../../src/azure/directory.ts'
import { dev, onSandbox, people } from '../azure/on-sandbox.ts'
import { graphByHand, reference, securityGroup } from '../e2e/support/graph-by-hand.ts'
import { foundAbout, openChecking } from './checking.ts'

/** Gives the identity that delivers to dev these application permissions and no others. */
function permit({ state }: Sandbox, graphRoles: readonly string[]): void {
  const own = state.directory.servicePrincipals.find(({ id }) => id === dev.objectId)
  Object.assign(own ?? {}, { graphRoles, appRoleAssignments: [] })
}

/** Does what add-member does with a group. */
async function canHaveGroups(graphRoles: readonly string[]): Promise<boolean> {
  const { sandbox, session } = await onSandbox()
  permit(sandbox, graphRoles)
  try {
    const directory = await openDirectory(session, { delivering: dev.clientId, people: undefined })
    if ((await directory.resolve(['anna@contoso.example'])).size === 0) return false
    const { objectId } = await directory.ensureGroup({
      displayName: 'Team',
      mailNickname: 'aif_team',
      description: 'For a test',
    })
    await directory.addMembers(objectId, [people.anna])
    return true
  } catch {
    return false
  } finally {
    await sandbox.close()
  }
}

describe('permissions of Microsoft Graph', () => {
  test.each([
    [['Group.Create', 'GroupMember.Read.All', 'User.Read.All'], true],
    [['Group.ReadWrite.All', 'User.Read.All'], true],
    [['Directory.ReadWrite.All'], true],
    [['Group.Create', 'User.Read.All'], false],
    [['Group.Create', 'GroupMember.Read.All', 'User.ReadBasic.All'], false],
    [['GroupMember.ReadWrite.All', 'User.Read.All'], false],
  ])('%j: enough is %s, to the check and to a delivery', async (graphRoles, isEnough) => {
    const { sandbox, check } = await openChecking()
    permit(sandbox, graphRoles)
    const found = foundAbout(await check('002'), 'Directory permissions')
    expect(found.every((finding) => !finding.startsWith('fault: '))).toBe(isEnough)
    expect(await canHaveGroups(graphRoles)).toBe(isEnough)
  })

  test('that are missing are named by the least that is enough, with the command that grants it', async () => {
    const { sandbox, check } = await openChecking()
    permit(sandbox, ['GroupMember.Read.All', 'User.Read.All'])
    const { findings } = await check('002')
    expect(
      findings
        .filter(({ subject }) => subject === 'Directory permissions')
        .map(({ fix, commands }) => [fix, commands?.join().includes(sandbox.url)]),
    ).toEqual([['Grant it Group.Create, as Privileged Role Administrator.', true]])
  })

  test.each([
    ['members: { invite: true }\nenvironments:\n  dev:\n', 'User.Invite.All'],
    [`environments:\n  dev:\n    administrativeUnit: ${people.anna}\n`, 'AdministrativeUnit.Read.All'],
  ])('with %j also %s is needed, and nothing else', async (text, permission) => {
    const { sandbox, repository, check } = await openChecking()
    const usual = ['Group.Create', 'GroupMember.Read.All', 'User.Read.All']
    const fixes = async () =>
      (await check('002')).findings.flatMap(({ subject, severity, fix }) =>
        subject === 'Directory permissions' && severity === 'fault' ? [fix] : [],
      )
    permit(sandbox, usual)
    expect(await fixes()).toEqual([])
    repository.edit('aifactory/factory.yml', 'environments:\n  dev:\n', text)
    expect(await fixes()).toEqual([`Grant it ${permission}, as Privileged Role Administrator.`])
    permit(sandbox, [...usual, permission])
    expect(await fixes()).toEqual([])
  })

  test('that reach beyond the environment are a warning, with the commands that take them away', async () => {
    const { sandbox, check } = await openChecking()
    permit(sandbox, ['Group.ReadWrite.All', 'User.Read.All'])
    const checked = await check('002')
    expect(checked.succeeded).toBe(true)
    const [warning] = checked.findings.filter(({ subject }) => subject === 'Directory permissions')
    expect(warning?.severity).toBe('warning')
    expect(warning?.what).toContain('more in the directory than its own groups: Group.ReadWrite.All.')
    expect(warning?.commands?.join()).toMatch(/--method DELETE .*62a82d76-70ea-41e2-9197-370581804d09/)
  })

  test('are judged without asking who owns the groups, which an identity may be refused', async () => {
    const { sandbox, check } = await openChecking()
    const error = { code: 'Authorization_RequestDenied', message: 'No.' }
    const group = { id: people.anna, displayName: 'Team' }
    sandbox.faults.add({ path: '/groups\\(uniqueName', times: 99, status: 200, body: group })
    sandbox.faults.add({ path: '/groups/[^/]+/owners', times: 99, status: 403, body: { error } })
    const checked = await check('002')
    expect(checked.lines.join('\n')).not.toContain('defect')
    expect(foundAbout(checked, 'Locks')).toEqual(['good: No lock stands where the delivery writes.'])
  })
})

describe('groups of the names that the factory gives', () => {
  const checkedWith = async (owners: readonly string[]) => {
    const { sandbox, check } = await openChecking()
    const bound = owners.map((id) => reference(sandbox, id))
    const body = securityGroup('aif001sdc_mrvela1b2c_prj002_dev_team_lead', { 'owners@odata.bind': bound })
    await (await graphByHand(sandbox))('POST', '/groups', body)
    return foundAbout(await check('002'), 'People and groups')
  }

  test('are found out before a delivery when they have no owner', async () => {
    expect(await checkedWith([])).toEqual([
      expect.stringMatching(/^fault: The group '.*' in Entra ID has no owner\.$/),
    ])
  })
  test('or somebody else is one', async () => {
    expect(await checkedWith([dev.objectId, people.anna])).toEqual([
      expect.stringMatching(
        /^fault: The group '.*' in Entra ID belongs to somebody else: anna@contoso\.example\.$/,
      ),
    ])
  })
})

test('an owner whom the directory does not know is said, and stops nothing', async () => {
  const { repository, check } = await openChecking()
  repository.edit(
    'aifactory/projects/prj002.yml',
    'owner: anna@contoso.example',
    'owner: gone@contoso.example',
  )
  const checked = await check('002')
  expect(checked.succeeded).toBe(true)
  expect(foundAbout(checked, 'People and groups')).toEqual([
    "warning: Entra ID has nobody called 'gone@contoso.example', who owns the project.",
  ])
})
