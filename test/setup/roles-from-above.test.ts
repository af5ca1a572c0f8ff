/** Roles that identities hold besides those that set-up gives them, wherever they come from. */
import { afterEach, beforeAll, expect, test } from '@jest/globals'
import { addManagementGroup, addRoleAssignment } from '../../sandbox/arm/index.ts'
import { emptySubscriptionsFile, readSeed } from '../../sandbox/seeds/index.ts'
import type { SandboxSnapshot } from '../../sandbox/state.ts'
import { asOps, graphAsOps } from './as-ops.ts'
import { openSettingUp, type SettingUp } from './setting-up.ts'

const subscription = (last: number): string => `/subscriptions/22222222-2222-2222-2222-22222222220${last}`
/** Each holds the next, and the subscription of stage, prod or dev. */
const groups = { everything: 2, withProd: 3, devAlone: 1 } as const
const group = (name: keyof typeof groups): string =>
  `/providers/Microsoft.Management/managementGroups/${name}`
const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
const administrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const dataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
/** One that somebody has made, and that may assign roles. */
const custom = '99999999-0000-0000-0000-000000000001'

/** Three empty subscriptions in management groups, and Ops as the Owner of all. */
async function companySeed(): Promise<SandboxSnapshot> {
  const seed = await readSeed(emptySubscriptionsFile)
  const { arm } = seed
  if (arm === undefined) throw new Error('The seed has no subscriptions.')
  let parent: string | undefined
  for (const [name, last] of Object.entries(groups)) {
    addManagementGroup(arm, { name, parent })
    parent = name
    const [, , id = ''] = subscription(last).split('/')
    Object.assign(arm.subscriptions[id] ?? {}, { managementGroup: name })
  }
  addRoleAssignment(arm, {
    ...{ name: crypto.randomUUID(), scope: '/', roleId: owner, principalType: 'User' },
    principalId: '44444444-4444-4444-4444-444444444404',
  })
  return seed
}

let here: SettingUp
beforeAll(async () => {
  here = await openSettingUp({ seed: await companySeed() })
  expect((await here.run()).exitCode).toBe(0)
  const ops = await asOps(here.sandbox)
  const scope = subscription(1)
  await ops('PUT', `${scope}/providers/Microsoft.Authorization/roleDefinitions/${custom}`, '2022-04-01', {
    properties: {
      ...{ roleName: 'helper', type: 'CustomRole', assignableScopes: [scope] },
      permissions: [{ actions: ['*/read', 'Microsoft.Authorization/roleAssignments/*'] }],
    },
  })
}, 100_000)

const name = '88888888-0000-0000-0000-000000000001'
const deliver = (): string => {
  const { servicePrincipals } = here.sandbox.state.directory
  return (
    servicePrincipals.find(({ displayName }) => displayName === 'aif001sdc_mrvela1b2c_dev_deliver')?.id ?? ''
  )
}

let given: string | undefined
async function give(role: string, scope: string, to?: string): Promise<void> {
  given = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`
  const ops = await asOps(here.sandbox)
  await ops('PUT', given, '2022-04-01', {
    properties: {
      roleDefinitionId: `${subscription(1)}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      principalId: to ?? deliver(),
      principalType: to === undefined ? 'ServicePrincipal' : 'Group',
    },
  })
}

afterEach(async () => {
  if (given !== undefined) await (await asOps(here.sandbox))('DELETE', given, '2022-04-01')
  given = undefined
})

const check = () => here.run({ flags: ['--check'] })

test.each([
  ['Contributor', contributor],
  ['Role Based Access Control Administrator', administrator],
  ['Owner', owner],
  ['Storage Blob Data Reader', dataReader],
])('%s at a management group that holds prod too is a role in prod', async (_name, role) => {
  await give(role, group('withProd'))
  const { exitCode, text } = await check()
  expect(text).toMatch(
    new RegExp(
      `^Fault: .*_dev_deliver' .* of dev holds a role in prod, on ${group('withProd')}\\.\\n.*${group('withProd')}.*${name}`,
      'm',
    ),
  )
  expect(exitCode).toBe(1)
})

test('all environments below it are named', async () => {
  await give(contributor, group('everything'))
  expect((await check()).text).toContain('of dev holds a role in stage and prod,')
})

test('one that only lets an identity see how things are set up is a warning', async () => {
  await give(reader, group('withProd'))
  const { exitCode, text } = await check()
  expect(text).toMatch(
    /^Warning: .*_dev_deliver' .* of dev holds a role with which it sees how prod is set up/m,
  )
  expect(exitCode).toBe(0)
})

test('Contributor at a management group of its own environment alone is nothing more than it has', async () => {
  await give(contributor, group('devAlone'))
  const { exitCode, text } = await check()
  expect([exitCode, text.includes('Fault')]).toEqual([0, false])
})

test.each([
  ['the Role Based Access Control Administrator without a condition', administrator, group('devAlone')],
  [
    'the same of a resource group',
    administrator,
    `${subscription(1)}/resourceGroups/mrvel-esml-common-sdc-dev-001`,
  ],
  ['a role of somebody’s own that may assign roles', custom, subscription(1)],
])('%s can give itself any role', async (_name, role, scope) => {
  await give(role, scope)
  const { exitCode, text } = await check()
  expect(text).toContain(`holds a role on ${scope} with which it can give itself any other`)
  expect(exitCode).toBe(1)
})

test('so it can by a group that holds, without a condition, what it has itself under one', async () => {
  const graph = await graphAsOps(here.sandbox)
  const id = await graph('POST', '/groups', {
    ...{ displayName: 'helpers', mailNickname: 'helpers', mailEnabled: false, securityEnabled: true },
    'members@odata.bind': [`${here.sandbox.url}/graph/v1.0/directoryObjects/${deliver()}`],
  })
  await give(administrator, subscription(1), id)
  const { exitCode, text } = await check()
  expect(text).toMatch(new RegExp(`with which it can give itself any other\\.\n.* of the group ${id}`))
  expect(exitCode).toBe(1)
})
