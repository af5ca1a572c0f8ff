import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Directory, openDirectory } from '../../src/azure/directory.ts'
import { graphByHand, reference, securityGroup } from '../e2e/support/graph-by-hand.ts'
import { dev, type OnSandbox, onSandbox, people } from './on-sandbox.ts'

const groupsAdministrator = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const directoryReaders = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b'
const prod = '33333333-3333-3333-3333-3333333333b3'
const group = { displayName: 'Team lead', mailNickname: 'aif_team_lead', description: 'For a test' }

let here: OnSandbox
let unit: string
const opened = (id: string): Promise<Directory> =>
  openDirectory(here.session, { delivering: dev.clientId, people: undefined, unit: id })
const state = () => here.sandbox.state.directory
const stored = (id: string) => state().groups.find((one) => one.id === id)

/** An administrative unit, and the rights that take part in it. */
function newUnit(isRestricted: boolean, ...roles: readonly { role: string; scope: string }[]): string {
  const id = randomUUID()
  const { units, roleAssignments, servicePrincipals } = state()
  units?.push({
    id,
    displayName: 'aif-dev',
    description: null,
    visibility: null,
    isMemberManagementRestricted: isRestricted,
    members: [],
  })
  for (const { role, scope } of roles) {
    roleAssignments?.push({
      id: randomUUID(),
      principalId: dev.objectId,
      roleDefinitionId: role,
      directoryScopeId: scope.replace('{unit}', id),
    })
  }
  const identity = servicePrincipals.find(({ id: one }) => one === dev.objectId)
  if (identity)
    Object.assign(identity, { graphRoles: [...(identity.graphRoles ?? []), 'AdministrativeUnit.Read.All'] })
  return id
}
const needed = [
  { role: groupsAdministrator, scope: '/administrativeUnits/{unit}' },
  { role: directoryReaders, scope: '/' },
]

beforeEach(async () => {
  here = await onSandbox()
  unit = newUnit(false, ...needed)
})
afterEach(() => here.sandbox.close())

describe('the groups of an environment that has an administrative unit', () => {
  test.each([
    ['as it is', false],
    ['with restricted management', true],
  ])('are created in it, found again and changed by a role at the unit, %s', async (_what, isRestricted) => {
    unit = newUnit(isRestricted, ...needed)
    const directory = await opened(unit)
    const { objectId, ownership } = await directory.ensureGroup(group)
    expect(ownership.kind).toBe('ours')
    expect(state().units?.find(({ id }) => id === unit)?.members).toEqual([objectId])
    expect(stored(objectId)?.owners).toEqual([dev.objectId])
    await directory.addMembers(objectId, [people.anna])
    expect(await directory.findGroup(group.mailNickname)).toMatchObject({
      objectId,
      ownership: { kind: 'ours' },
      members: [{ objectId: people.anna }],
    })
    expect((await directory.ensureGroup(group)).objectId).toBe(objectId)
    await directory.removeGroup(objectId)
    expect(await directory.lookUpGroup(group.mailNickname)).toBeUndefined()
  })

  test('are not those of the same name outside of it, or in it with another owner', async () => {
    const directory = await opened(unit)
    const byHand = await graphByHand(here.sandbox)
    const bound = { 'owners@odata.bind': [reference(here.sandbox, prod)] }
    await byHand('POST', '/groups', securityGroup(group.mailNickname, bound))
    expect((await directory.lookUpGroup(group.mailNickname))?.ownership).toEqual({
      kind: 'others',
      owners: ['mrvel-aifactory-prod'],
    })
    const { objectId } = await directory.ensureGroup(group)
    expect((await directory.lookUpGroup(group.mailNickname))?.objectId).toBe(objectId)
    await byHand('POST', `/groups/${objectId}/owners/$ref`, {
      '@odata.id': reference(here.sandbox, people.anna),
    })
    expect((await directory.lookUpGroup(group.mailNickname))?.ownership.kind).toBe('others')
  })

  test('are completed when a run ended before they had an owner', async () => {
    const directory = await opened(unit)
    const { objectId } = await directory.ensureGroup(group)
    const made = stored(objectId)
    if (made) made.owners = []
    const found = await directory.lookUpGroup(group.mailNickname)
    expect(found?.ownership).toEqual({ kind: 'ours', missing: [dev.objectId] })
    if (found) await directory.completeOwners(found)
    expect(stored(objectId)?.owners).toEqual([dev.objectId])
  })

  test('made before the unit are its identity’s still', async () => {
    const before = await (
      await openDirectory(here.session, { delivering: dev.clientId, people: undefined })
    ).ensureGroup(group)
    const found = await (await opened(unit)).ensureGroup(group)
    expect(found.objectId).toBe(before.objectId)
  })
})

describe('what is missing is named', () => {
  test('when there is no such unit', async () => {
    await expect((await opened(randomUUID())).ensureGroup(group)).rejects.toThrow(
      /^Entra ID has no administrative unit [0-9a-f-]{36}\. factory\.yml has it as the environment's 'administrativeUnit'/,
    )
  })

  test('when the identity has no role at it', async () => {
    await expect((await opened(newUnit(false))).ensureGroup(group)).rejects.toThrow(
      /^This identity may not create groups in the administrative unit .* give the identity that delivers the role Groups Administrator at that unit and Directory Readers/,
    )
  })
})
