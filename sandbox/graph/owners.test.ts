/** Who owns a group, and groups that directory roles can be given to. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
/** May everything. */
let admin: Client
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication(...Object.keys(graphPermissions)).graph
})
afterAll(() => sandbox.server.close())

let serial = 0
const named = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
  serial += 1
  const name = `group-${serial}`
  return { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true, ...changes }
}
const reference = (id: string): string => `${sandbox.server.url}/graph/v1.0/directoryObjects/${id}`
const made = async (changes?: Record<string, unknown>): Promise<string> =>
  ((await admin.api('/groups').post(named(changes))) as { id: string }).id
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }

describe('the owners of a group', () => {
  test('are listed without applications, unless these are asked for', async () => {
    const application = sandbox.newApplication()
    const id = await made({ 'owners@odata.bind': [reference(application.objectId), reference(tenant.anna)] })
    await expect(admin.api(`/groups/${id}/owners`).get()).resolves.toMatchObject({
      value: [{ id: tenant.anna }],
    })
    const typed = await admin.api(`/groups/${id}/owners/microsoft.graph.servicePrincipal`).get()
    expect(typed.value).toEqual([
      expect.objectContaining({ id: application.objectId, appId: application.appId }),
    ])
  })

  test('are ids alone to who may read members and not what they are', async () => {
    const owner = sandbox.newApplication('GroupMember.Read.All')
    const id = await made({ 'owners@odata.bind': [reference(owner.objectId), reference(tenant.anna)] })
    const people = await owner.graph.api(`/groups/${id}/owners`).get()
    expect(people.value).toMatchObject([{ id: tenant.anna, userPrincipalName: null }])
    const typed = await owner.graph.api(`/groups/${id}/owners/microsoft.graph.servicePrincipal`).get()
    expect(typed.value).toMatchObject([{ id: owner.objectId, appId: null, displayName: null }])
  })
})

describe('the last owner', () => {
  test('stays, and so does the last one who is a person', async () => {
    const other = sandbox.newApplication()
    const id = await made({ 'owners@odata.bind': [reference(other.objectId), reference(tenant.anna)] })
    const remove = (owner: string): Promise<unknown> =>
      admin.api(`/groups/${id}/owners/${owner}/$ref`).delete()
    await expect(remove(tenant.anna)).rejects.toMatchObject({ statusCode: 400 })
    await remove(other.objectId)
    await expect(remove(tenant.anna)).rejects.toMatchObject({
      message: expect.stringContaining('at least one owner'),
    })
  })
})

describe('a group that directory roles can be given to', () => {
  test('is a security group, for ever', async () => {
    const id = await made({ isAssignableToRole: true })
    await expect(admin.api(`/groups/${id}`).get()).resolves.toMatchObject({ isAssignableToRole: true })
    const attempt = admin.api(`/groups/${id}`).patch({ isAssignableToRole: false })
    await expect(attempt).rejects.toMatchObject({ statusCode: 400 })
    const plain = await made()
    await expect(admin.api(`/groups/${plain}`).patch({ isAssignableToRole: true })).rejects.toMatchObject({
      statusCode: 400,
    })
    const mail = {
      isAssignableToRole: true,
      groupTypes: ['Unified'],
      mailEnabled: true,
      securityEnabled: false,
    }
    await expect(admin.api('/groups').post(named(mail))).rejects.toMatchObject({ statusCode: 400 })
    const dynamic = { isAssignableToRole: true, groupTypes: ['DynamicMembership'] }
    await expect(admin.api('/groups').post(named(dynamic))).rejects.toMatchObject({ statusCode: 400 })
  })

  test('holds no other group', async () => {
    const [id, inner] = [await made({ isAssignableToRole: true }), await made()]
    const attempt = admin.api(`/groups/${id}/members/$ref`).post({ '@odata.id': reference(inner) })
    await expect(attempt).rejects.toMatchObject({ statusCode: 400 })
    const both = named({ isAssignableToRole: true, 'members@odata.bind': [reference(inner)] })
    await expect(admin.api('/groups').post(both)).rejects.toMatchObject({ statusCode: 400 })
  })

  test('is changed by its owner or who manages roles, and made by these alone', async () => {
    const groups = sandbox.newApplication('Group.ReadWrite.All', 'GroupMember.ReadWrite.All')
    const owner = sandbox.newApplication()
    const id = await made({ isAssignableToRole: true, 'owners@odata.bind': [reference(owner.objectId)] })
    const add = (graph: Client, member: string): Promise<unknown> =>
      graph.api(`/groups/${id}/members/$ref`).post({ '@odata.id': reference(member) })
    await expect(add(groups.graph, tenant.anna)).rejects.toMatchObject(denied)
    await expect(groups.graph.api(`/groups/${id}`).patch({ description: 'x' })).rejects.toMatchObject(denied)
    await expect(groups.graph.api('/groups').post(named({ isAssignableToRole: true }))).rejects.toMatchObject(
      denied,
    )
    await add(owner.graph, tenant.anna)
    await add(sandbox.newApplication('RoleManagement.ReadWrite.Directory').graph, tenant.bo)
  })
})
