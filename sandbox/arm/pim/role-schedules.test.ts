/** Privileged Identity Management of Azure roles, by Microsoft's own client. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Clock } from '../../contracts.ts'
import { systemClock } from '../../server/runtime.ts'
import { ask } from '../testing/asking.ts'
import {
  groupId,
  owner,
  reader,
  refused,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  team,
} from '../testing/served-arm.ts'

let arm: ServedArm
let advanced = 0
const clock: Clock = { now: () => new Date(Date.now() + advanced), sleep: systemClock.sleep }
const hour = 3_600_000
beforeAll(async () => {
  arm = await serveArm({ clock, limits: { roleAssignmentsPerSubscription: 5 } })
})
afterAll(() => arm.close())

let serial = 0
const guid = (): string => {
  serial += 1
  return `eeeeeeee-0000-0000-0000-${String(serial).padStart(12, '0')}`
}
const definition = (role: string): string =>
  `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`
const bodyOf = (principalId: string, requestType: string, duration: string, role: string) => ({
  principalId,
  roleDefinitionId: definition(role),
  requestType,
  justification: 'On call',
  scheduleInfo: { expiration: { type: 'AfterDuration', duration } },
})
const eligible = (
  principalId: string,
  { scope = groupId, duration = 'P30D', role = roleIds.contributor, as = owner, type = 'AdminAssign' } = {},
) =>
  arm
    .as(as)
    .authorizations.roleEligibilityScheduleRequests.create(
      scope.slice(1),
      guid(),
      bodyOf(principalId, type, duration, role),
    )
const activate = (
  as: string,
  {
    scope = groupId,
    duration = 'PT1H',
    role = roleIds.contributor,
    type = 'SelfActivate',
    principal = as,
    justification = 'Ticket 1',
  } = {},
) =>
  arm.as(as).authorizations.roleAssignmentScheduleRequests.create(scope.slice(1), guid(), {
    ...bodyOf(principal, type, duration, role),
    justification,
  })
/** What Contributor may do and others may not. */
const use = (as: string): Promise<string> =>
  refused(
    arm.as(as).network.virtualNetworks.beginCreateOrUpdateAndWait('rg', 'vnet', {
      location: 'swedencentral',
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    }),
  )
const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const one of pages) found.push(one)
  return found
}

describe('who is eligible for a role', () => {
  test('has it only while it is activated, with a role assignment for that time', async () => {
    await eligible(stranger)
    expect(await use(stranger)).toBe('AuthorizationFailed')
    expect(await activate(stranger)).toMatchObject({ status: 'Provisioned', principalId: stranger })
    expect(await use(stranger)).toBe('accepted')
    const own = await all(
      arm.as(stranger).authorizations.roleAssignmentScheduleInstances.listForScope(groupId.slice(1), {
        filter: 'asTarget()',
      }),
    )
    expect(own).toMatchObject([{ principalId: stranger, assignmentType: 'Activated', status: 'Provisioned' }])
    const assigned = () =>
      all(
        arm.authorizations.roleAssignments.listForScope(groupId.slice(1), {
          filter: `principalId eq '${stranger}'`,
        }),
      )
    expect(await assigned()).toHaveLength(1)
    advanced += hour
    expect(await use(stranger)).toBe('AuthorizationFailed')
    expect(await assigned()).toHaveLength(0)
    const still = await all(
      arm.as(stranger).authorizations.roleEligibilityScheduleInstances.listForScope(groupId.slice(1), {
        filter: 'asTarget()',
      }),
    )
    expect(still).toMatchObject([{ principalId: stranger }])
  })

  test('gives it back early', async () => {
    await activate(stranger)
    await activate(stranger, { type: 'SelfDeactivate' })
    expect(await use(stranger)).toBe('AuthorizationFailed')
  })

  test('may be so through a group, and at a scope above', async () => {
    await eligible(team, { scope: `/subscriptions/${subscription}` })
    expect(await use(reader)).toBe('AuthorizationFailed')
    await activate(reader)
    expect(await use(reader)).toBe('accepted')
    await activate(reader, { type: 'SelfDeactivate' })
  })

  test.each([
    ['without a justification', { justification: '' }, 'RoleAssignmentRequestPolicyValidationFailed'],
    ['for longer than eight hours', { duration: 'PT9H' }, 'RoleAssignmentRequestPolicyValidationFailed'],
    ['for a duration that is none', { duration: 'an hour' }, 'InvalidRoleAssignmentRequest'],
    ['as somebody else', { principal: reader }, 'AuthorizationFailed'],
    ['for another role', { role: roleIds.owner }, 'RoleAssignmentDoesNotExist'],
    [
      'above the place where it is',
      { scope: `/subscriptions/${subscription}` },
      'RoleAssignmentDoesNotExist',
    ],
  ])('does not activate it %s', async (_name, changes, code) => {
    expect(await refused(activate(stranger, changes))).toBe(code)
  })

  test('does not activate it twice, nor after it has ended', async () => {
    await activate(stranger)
    expect(await refused(activate(stranger))).toBe('RoleAssignmentExists')
    await activate(stranger, { type: 'SelfDeactivate' })
    advanced += 31 * 24 * hour
    expect(await refused(activate(stranger))).toBe('RoleAssignmentDoesNotExist')
  })

  test('is so for a year at most, and not twice', async () => {
    expect(await refused(eligible(stranger, { duration: 'P400D' }))).toBe(
      'RoleAssignmentRequestPolicyValidationFailed',
    )
    await eligible(stranger)
    expect(await refused(eligible(stranger))).toBe('RoleAssignmentExists')
    await eligible(stranger, { type: 'AdminRemove' })
    expect(await refused(activate(stranger))).toBe('RoleAssignmentDoesNotExist')
  })

  test('is made so by who may write such requests alone', async () => {
    expect(await refused(eligible(stranger, { as: stranger }))).toBe('AuthorizationFailed')
    expect(await refused(activate(stranger, { type: 'AdminAssign' }))).toBe('AuthorizationFailed')
  })
})

test('no service principal can be eligible', async () => {
  const identity = await arm.put(
    `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mi-pim`,
    {
      location: 'swedencentral',
    },
  )
  const principalId = String(identity.properties?.['principalId'])
  expect(await refused(eligible(principalId))).toBe('InvalidPrincipal')
})

test('what is eligible does not count to the limit of role assignments', async () => {
  const limited = await serveArm({ limits: { roleAssignmentsPerSubscription: 1 } })
  try {
    const { authorizations } = limited
    for (const [index, role] of [roleIds.contributor, roleIds.reader, roleIds.blobReader].entries()) {
      const name = `ffffffff-0000-0000-0000-00000000000${index}`
      await authorizations.roleEligibilityScheduleRequests.create(
        groupId.slice(1),
        name,
        bodyOf(team, 'AdminAssign', 'P1D', role),
      )
    }
    const assign = authorizations.roleAssignments.create(groupId.slice(1), guid(), {
      roleDefinitionId: definition(roleIds.reader),
      principalId: reader,
    })
    // One, the owner's, is there from the beginning.
    expect(await refused(assign)).toBe('RoleAssignmentLimitExceeded')
  } finally {
    await limited.close()
  }
})

test('a role that has ended is shown no more, whatever is asked first', async () => {
  const shown = async () => {
    const permissions = await all(arm.as(stranger).authorizations.permissions.listForResourceGroup('rg'))
    const { body } = await ask(arm, 'GET', '/subscriptions', undefined, { as: stranger })
    return { permissions: permissions.length > 0, subscriptions: body['value'] }
  }
  await arm.authorizations.roleAssignmentScheduleRequests.create(
    groupId.slice(1),
    guid(),
    bodyOf(stranger, 'AdminAssign', 'P1D', roleIds.contributor),
  )
  expect(await shown()).toMatchObject({
    permissions: true,
    subscriptions: [{ subscriptionId: subscription }],
  })
  advanced += 24 * hour
  expect(await shown()).toEqual({ permissions: false, subscriptions: [] })
})

test('a role is assigned for a time', async () => {
  const body = bodyOf(stranger, 'AdminAssign', 'P1D', roleIds.contributor)
  await arm.authorizations.roleAssignmentScheduleRequests.create(groupId.slice(1), guid(), body)
  expect(await use(stranger)).toBe('accepted')
  advanced += 24 * hour
  expect(await use(stranger)).toBe('AuthorizationFailed')
})
