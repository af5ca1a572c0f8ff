/** Privileged Identity Management of directory roles: being eligible, and having a role for a time. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@microsoft/microsoft-graph-client'
import { graphPermissions } from '../entra/graph-permissions.ts'
import { startTenant, type TestTenant, tenant } from '../server/test-tenant.ts'

let sandbox: TestTenant
let admin: Client
let group = ''
beforeAll(async () => {
  sandbox = await startTenant()
  admin = sandbox.newApplication(...Object.keys(graphPermissions)).graph
  const name = 'pim'
  const body = { displayName: name, mailNickname: name, mailEnabled: false, securityEnabled: true }
  group = ((await admin.api('/groups').post(body)) as { id: string }).id
})
afterAll(() => sandbox.server.close())

const groupsAdministrator = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const path = '/roleManagement/directory'
const password = 'Sandbox-1234'
const denied = { statusCode: 403, code: 'Authorization_RequestDenied' }
let serial = 0
const newPerson = async (): Promise<{ id: string; own: Client }> => {
  serial += 1
  const userPrincipalName = `pim${serial}@contoso.example`
  const { id } = (await admin.api('/users').post({
    accountEnabled: true,
    displayName: 'Pim',
    mailNickname: `pim${serial}`,
    userPrincipalName,
    passwordProfile: { password },
  })) as { id: string }
  return { id, own: await sandbox.person(userPrincipalName, password) }
}
const eligible = (
  principalId: string,
  expiration: object = { type: 'noExpiration' },
  changes: object = {},
): Promise<{ id: string }> =>
  admin.api(`${path}/roleEligibilityScheduleRequests`).post({
    action: 'adminAssign',
    principalId,
    roleDefinitionId: groupsAdministrator,
    directoryScopeId: '/',
    justification: 'On call',
    scheduleInfo: { expiration },
    ...changes,
  }) as Promise<{ id: string }>
const activate = (
  own: Client,
  principalId: string,
  duration = 'PT1H',
  changes: object = {},
): Promise<{ status: string }> =>
  own.api(`${path}/roleAssignmentScheduleRequests`).post({
    action: 'selfActivate',
    principalId,
    roleDefinitionId: groupsAdministrator,
    directoryScopeId: '/',
    justification: 'Ticket 1',
    scheduleInfo: { expiration: { type: 'afterDuration', duration } },
    ...changes,
  }) as Promise<{ status: string }>
const use = (own: Client): Promise<unknown> => own.api(`/groups/${group}`).patch({ description: 'changed' })

describe('who is eligible for a role', () => {
  test('has it only while it is activated', async () => {
    const { id, own } = await newPerson()
    await eligible(id)
    await expect(use(own)).rejects.toMatchObject(denied)
    expect((await activate(own, id)).status).toBe('Provisioned')
    await use(own)
    const active = await admin
      .api(`${path}/roleAssignmentScheduleInstances`)
      .filter(`principalId eq '${id}'`)
      .get()
    expect(active.value).toMatchObject([
      { assignmentType: 'Activated', roleDefinitionId: groupsAdministrator },
    ])
    sandbox.advance(3_600_000)
    await expect(use(own)).rejects.toMatchObject(denied)
    await expect(
      admin.api(`${path}/roleEligibilityScheduleInstances`).filter(`principalId eq '${id}'`).get(),
    ).resolves.toMatchObject({ value: [{ principalId: id }] })
  })

  test('gives it back early', async () => {
    const { id, own } = await newPerson()
    await eligible(id)
    await activate(own, id)
    await activate(own, id, 'PT1H', { action: 'selfDeactivate' })
    await expect(use(own)).rejects.toMatchObject(denied)
  })

  test('may be so through a group made for roles', async () => {
    const { id, own } = await newPerson()
    const body = {
      displayName: `g${serial}`,
      mailNickname: `g${serial}`,
      mailEnabled: false,
      securityEnabled: true,
      isAssignableToRole: true,
      'members@odata.bind': [`${sandbox.server.url}/graph/v1.0/users/${id}`],
    }
    const { id: forRoles } = (await admin.api('/groups').post(body)) as { id: string }
    await eligible(forRoles)
    await activate(own, id)
    await use(own)
  })

  test.each<[string, string, object, object]>([
    [
      'without a justification',
      'PT1H',
      { justification: '' },
      {
        code: 'RoleAssignmentRequestPolicyValidationFailed',
        message: expect.stringContaining('JustificationRule'),
      },
    ],
    [
      'for longer than eight hours',
      'PT9H',
      {},
      {
        code: 'RoleAssignmentRequestPolicyValidationFailed',
        message: expect.stringContaining('ExpirationRule'),
      },
    ],
    ['for a duration that is none', 'one hour', {}, { statusCode: 400 }],
    [
      'for ever',
      '',
      { scheduleInfo: { expiration: { type: 'noExpiration' } } },
      { code: 'RoleAssignmentRequestPolicyValidationFailed' },
    ],
    ['as somebody else', 'PT1H', { principalId: tenant.anna }, denied],
    [
      'for a role that they are not eligible for',
      'PT1H',
      { roleDefinitionId: '62e90394-69f5-4237-9190-012177145e10' },
      { code: 'RoleAssignmentDoesNotExist' },
    ],
  ])('does not activate it %s', async (_name, duration, changes, refusal) => {
    const { id, own } = await newPerson()
    await eligible(id)
    await expect(activate(own, id, duration, changes)).rejects.toMatchObject(refusal)
    await expect(use(own)).rejects.toMatchObject(denied)
  })

  test('does not activate it twice, nor beyond the end of it, nor after', async () => {
    const { id, own } = await newPerson()
    await eligible(id, { type: 'afterDuration', duration: 'PT2H' })
    await expect(activate(own, id, 'PT3H')).rejects.toMatchObject({
      code: 'RoleAssignmentRequestPolicyValidationFailed',
    })
    await activate(own, id, 'PT30M')
    await expect(activate(own, id, 'PT30M')).rejects.toMatchObject({ code: 'RoleAssignmentExists' })
    sandbox.advance(2 * 3_600_000)
    await expect(activate(own, id, 'PT30M')).rejects.toMatchObject({ code: 'RoleAssignmentDoesNotExist' })
  })

  test('is so until that is removed', async () => {
    const { id, own } = await newPerson()
    await eligible(id)
    await expect(eligible(id)).rejects.toMatchObject({ code: 'RoleAssignmentExists' })
    await eligible(id, undefined, { action: 'adminRemove' })
    await expect(activate(own, id)).rejects.toMatchObject({ code: 'RoleAssignmentDoesNotExist' })
  })
})

test('a service principal is eligible for nothing: it could not activate it', async () => {
  await expect(eligible(sandbox.newApplication().objectId)).rejects.toMatchObject({ statusCode: 400 })
})

test('nobody makes themselves eligible', async () => {
  const { id, own } = await newPerson()
  const attempt = own.api(`${path}/roleEligibilityScheduleRequests`).post({
    action: 'adminAssign',
    principalId: id,
    roleDefinitionId: groupsAdministrator,
    directoryScopeId: '/',
    justification: 'Please',
  })
  await expect(attempt).rejects.toMatchObject(denied)
})

test('a role is assigned for a time', async () => {
  const app = sandbox.newApplication()
  await admin.api(`${path}/roleAssignmentScheduleRequests`).post({
    action: 'adminAssign',
    principalId: app.objectId,
    roleDefinitionId: groupsAdministrator,
    directoryScopeId: '/',
    justification: 'Migration',
    scheduleInfo: { expiration: { type: 'afterDuration', duration: 'P1D' } },
  })
  await use(app.graph)
  sandbox.advance(24 * 3_600_000)
  await expect(use(app.graph)).rejects.toMatchObject(denied)
})

test('a request that only validates changes nothing', async () => {
  const { id } = await newPerson()
  await eligible(id, undefined, { isValidationOnly: true })
  await expect(
    admin.api(`${path}/roleEligibilitySchedules`).filter(`principalId eq '${id}'`).get(),
  ).resolves.toMatchObject({ value: [] })
})
