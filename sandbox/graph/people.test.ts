/** Creating people, inviting guests, signing in by password, and taking back what was deleted. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication(...Object.keys(graphPermissions)).graph
})
afterAll(() => sandbox.server.close())

const password = 'Sandbox-1234'
let serial = 0
const person = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1
  return {
    accountEnabled: true,
    displayName: `Person ${serial}`,
    mailNickname: `person${serial}`,
    userPrincipalName: `person${serial}@contoso.example`,
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
    ...changes,
  }
}
interface Made {
  readonly id: string
  readonly userPrincipalName: string
}
const newPerson = (changes?: Record<string, unknown>): Promise<Made> =>
  admin.api('/users').post(person(changes)) as Promise<Made>
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const newGroup = async (changes: Record<string, unknown> = {}): Promise<string> => {
  serial += 1
  const name = `people-${serial}`
  const body = {
    displayName: name,
    mailNickname: name,
    mailEnabled: false,
    securityEnabled: true,
    ...changes,
  }
  return ((await admin.api('/groups').post(body)) as { id: string }).id
}

describe('a person', () => {
  test('is made, changed, signs in, and is deleted', async () => {
    const { id, userPrincipalName } = await newPerson({ jobTitle: 'Engineer' })
    await admin.api(`/users/${id}`).patch({ department: 'AI', displayName: 'Renamed' })
    await expect(admin.api(`/users/${id}`).get()).resolves.toMatchObject({
      displayName: 'Renamed',
      jobTitle: 'Engineer',
    })
    const own = await sandbox.person(userPrincipalName, password)
    await expect(own.api('/me').get()).resolves.toMatchObject({ id })
    await expect(sandbox.person(userPrincipalName, 'wrong')).rejects.toThrow(/AADSTS50126/)
    await admin.api(`/users/${id}`).patch({ accountEnabled: false })
    await expect(sandbox.person(userPrincipalName, password)).rejects.toThrow(/AADSTS50057/)
    await admin.api(`/users/${id}`).delete()
    await expect(sandbox.person(userPrincipalName, password)).rejects.toThrow(/AADSTS50034/)
  })

  test.each([
    ['accountEnabled', undefined],
    ['displayName', undefined],
    ['mailNickname', undefined],
    ['userPrincipalName', undefined],
    ['passwordProfile', undefined],
    ['userPrincipalName', 'x@elsewhere.example'],
    ['userPrincipalName', 'anna@contoso.example'],
    ['passwordProfile', { password: 'short' }],
    ['passwordProfile', { password: 'onlylowercase' }],
    ['shoeSize', 40],
  ])('is not made with %s %j', async (property, value) => {
    await expect(admin.api('/users').post(person({ [property]: value }))).rejects.toMatchObject({
      statusCode: 400,
      code: 'Request_BadRequest',
    })
  })

  test('who is a member reads the directory, owns the groups that they create, and changes no others', async () => {
    const { id, userPrincipalName } = await newPerson()
    const own = await sandbox.person(userPrincipalName, password)
    await own.api('/users').get()
    const name = `mine-${serial}`
    const group = await own
      .api('/groups')
      .post({ displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true })
    await expect(admin.api(`/groups/${group.id}/owners`).get()).resolves.toMatchObject({ value: [{ id }] })
    await own.api(`/groups/${group.id}/members/$ref`).post({ '@odata.id': reference(tenant.anna) })
    const attempt = own.api(`/groups/${await newGroup()}/members/$ref`).post({ '@odata.id': reference(id) })
    await expect(attempt).rejects.toMatchObject({ statusCode: 403 })
  })

  test('is in the groups that they are in, those within groups included', async () => {
    const { id } = await newPerson()
    const inner = await newGroup({ 'members@odata.bind': [reference(id)] })
    const outer = await newGroup({ 'members@odata.bind': [reference(inner)] })
    const all = await admin.api(`/users/${id}/getMemberGroups`).post({ securityEnabledOnly: false })
    expect(all.value.toSorted()).toEqual([inner, outer].toSorted())
    const checked = await admin.api(`/directoryObjects/${id}/checkMemberGroups`).post({ groupIds: [outer] })
    expect(checked.value).toEqual([outer])
  })
})

test('an application has no /me', async () => {
  await expect(admin.api('/me').get()).rejects.toMatchObject({ statusCode: 400, code: 'BadRequest' })
})

test('a guest is invited once, and is there at once', async () => {
  const invite = {
    invitedUserEmailAddress: 'dora@fabrikam.example',
    inviteRedirectUrl: 'https://contoso.example',
  }
  const { invitedUser, status } = await admin.api('/invitations').post(invite)
  expect(status).toBe('PendingAcceptance')
  const guest = await admin
    .api(`/users/${invitedUser.id}`)
    .select('userPrincipalName,userType,mail,externalUserState')
    .get()
  expect(guest).toMatchObject({
    userPrincipalName: 'dora_fabrikam.example#EXT#@contoso.example',
    userType: 'Guest',
    mail: 'dora@fabrikam.example',
    externalUserState: 'PendingAcceptance',
  })
  await expect(admin.api('/invitations').post(invite)).resolves.toMatchObject({ invitedUser })
  const member = { ...invite, invitedUserEmailAddress: 'anna@contoso.example' }
  await expect(admin.api('/invitations').post(member)).rejects.toMatchObject({ statusCode: 400 })
})

describe('what was deleted', () => {
  test('comes back for 30 days: a person with their groups, a security group with its members', async () => {
    const { id, userPrincipalName } = await newPerson()
    const group = await newGroup({ 'members@odata.bind': [reference(id)] })
    await admin.api(`/users/${id}`).delete()
    await expect(admin.api(`/groups/${group}/members`).get()).resolves.toMatchObject({ value: [] })
    const deleted = await admin.api('/directory/deletedItems/microsoft.graph.user').get()
    expect(deleted.value).toMatchObject(
      [expect.anything(), { id, deletedDateTime: expect.any(String) }].slice(-deleted.value.length),
    )
    // Its name is free for others at once.
    expect(deleted.value.at(-1).userPrincipalName).toBe(`${id.replaceAll('-', '')}${userPrincipalName}`)
    await admin.api(`/directory/deletedItems/${id}/restore`).post({})
    await expect(admin.api(`/groups/${group}/members`).get()).resolves.toMatchObject({ value: [{ id }] })
    await admin.api(`/groups/${group}`).delete()
    expect(sandbox.directory.groupsOf(id)).toEqual([])
    await admin.api(`/directory/deletedItems/${group}/restore`).post({})
    expect(sandbox.directory.groupsOf(id)).toEqual([group])
  })

  test('and then not any more, nor when it was deleted for good', async () => {
    const [first, second] = [await newGroup(), await newGroup()]
    await admin.api(`/groups/${first}`).delete()
    await admin.api(`/groups/${second}`).delete()
    await admin.api(`/directory/deletedItems/${first}`).delete()
    await expect(admin.api(`/directory/deletedItems/${first}/restore`).post({})).rejects.toMatchObject({
      statusCode: 404,
    })
    sandbox.advance(31 * 24 * 3_600_000)
    await expect(admin.api(`/directory/deletedItems/${second}/restore`).post({})).rejects.toMatchObject({
      statusCode: 404,
    })
  })

  test('does not come back over another that has taken its name', async () => {
    const { id, userPrincipalName } = await newPerson()
    await admin.api(`/users/${id}`).delete()
    await newPerson({ userPrincipalName })
    await expect(admin.api(`/directory/deletedItems/${id}/restore`).post({})).rejects.toMatchObject({
      statusCode: 409,
    })
  })

  test('comes back at the word of who may delete it', async () => {
    const group = await newGroup()
    await admin.api(`/groups/${group}`).delete()
    const reader = sandbox.newApplication('Group.Read.All')
    await expect(reader.graph.api(`/directory/deletedItems/${group}`).get()).resolves.toMatchObject({
      id: group,
    })
    const attempt = reader.graph.api(`/directory/deletedItems/${group}/restore`).post({})
    await expect(attempt).rejects.toMatchObject({ statusCode: 403 })
  })
})
