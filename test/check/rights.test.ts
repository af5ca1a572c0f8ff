/** The rights of the identity that delivers, action by action, as the check computes them. */
import { describe, expect, test } from '@jest/globals'
import type { Right } from '../../src/azure/granted-rights.ts'
import { dev, ids } from '../azure/on-sandbox.ts'
import { devGroupOf, prodSubscription } from '../e2e/support/places.ts'
import { type Checked, foundAbout, openChecking } from './checking.ts'
import { assign, definitionOf, exactly, groupOf, subscription, withoutRoles } from './delivering-identity.ts'

const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
const ipamPoolUser = '7b3e853f-ad5d-4fb5-a7b8-56a3581c7037'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const administrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'
const dataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

const faultsOf = ({ findings }: Checked) =>
  findings.filter(({ subject, severity }) => subject === 'Rights' && severity === 'fault')
const commandsOf = (checked: Checked): readonly string[] =>
  faultsOf(checked).flatMap(({ commands = [] }) => commands)
const short = (text: string): string =>
  text.replaceAll(subscription, '{subscription}').replaceAll(dev.objectId, '{identity}')

describe('an identity that may only read', () => {
  test('is told by the smallest built-in roles what it lacks, the widest place first, with the commands', async () => {
    const { sandbox, hand, check } = await openChecking()
    await withoutRoles(sandbox, hand)
    await assign(hand, reader)
    const checked = await check('002')
    expect(checked.succeeded).toBe(false)
    expect(
      commandsOf(checked).map((command) => short(command).replace(/--condition .*/, '--condition …')),
    ).toEqual(
      [
        "az role assignment create --assignee-object-id {identity} --assignee-principal-type ServicePrincipal --role 'Contributor' --scope '{subscription}'",
        "az role assignment create --assignee-object-id {identity} --assignee-principal-type ServicePrincipal --role 'Role Based Access Control Administrator' --scope '{subscription}' --condition …",
        `az role assignment create --assignee-object-id {identity} --assignee-principal-type ServicePrincipal --role 'Storage Blob Data Owner' --scope '${short(ids.lake)}'`,
      ].toSorted(),
    )
    expect(checked.summary).toContain('```bash\naz role assignment create')
    const asked = sandbox
      .requests()
      .filter(({ path }) => path.includes('/Microsoft.Authorization/permissions'))
    expect(new Set(asked.map(({ path }) => path)).size).toBe(asked.length)
    expect(asked).not.toEqual([])
  })
})

describe('an identity that has no role at all', () => {
  test('is one fault, with what the set-up gives it, and the reason why all the rest is not known', async () => {
    const { sandbox, hand, check } = await openChecking()
    await withoutRoles(sandbox, hand)
    const checked = await check('002')
    expect(checked.succeeded).toBe(false)
    const faults = checked.findings.filter(({ severity }) => severity === 'fault')
    expect(faults.map(({ subject, what }) => [subject, short(what).split(': ')[0]])).toEqual([
      [
        'Rights',
        `The delivering identity may not even read in subscription ${dev.subscriptionId} what a delivery reads`,
      ],
    ])
    expect(faults[0]?.why).toMatch(/Nothing is known therefore of: .*rights.*policies.*network.*data lake\.$/)
    expect(faults[0]?.commands?.map((command) => /--role '([^']+)'/.exec(command)?.[1])).toEqual([
      'Contributor',
      'Role Based Access Control Administrator',
      'Storage Blob Data Owner',
    ])
    expect(checked.lines.filter((line) => line.includes('AuthorizationFailed'))).toEqual([])
  })

  test('in a place that does not exist is not told to get a role there', async () => {
    const { repository, check } = await openChecking()
    repository.edit('aifactory/factory.yml', 'name: mrvel', 'name: other')
    const checked = await check('002')
    expect(faultsOf(checked)).toEqual([])
    expect(checked.findings.map(({ what }) => short(what))).toContainEqual(
      expect.stringMatching(
        /^Rights of the delivering identity on .*\/storageAccounts\/othera1b2cesml001dev: not checked\.$/,
      ),
    )
  })
})

describe('what is missing is named exactly', () => {
  test('a data action on the lake', async () => {
    const { sandbox, hand, check } = await openChecking()
    await withoutRoles(sandbox, hand)
    await assign(hand, contributor)
    await assign(hand, administrator)
    const checked = await check('002')
    expect(
      faultsOf(checked).map(({ what, where }) => [
        short(what),
        where?.file.endsWith('aifactory/factory.yml'),
      ]),
    ).toEqual([
      [
        `The delivering identity may not do on ${short(ids.lake)}: Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read, Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write, Microsoft.Storage/storageAccounts/blobServices/containers/blobs/modifyPermissions/action, Microsoft.Storage/storageAccounts/blobServices/containers/blobs/runAsSuperUser/action.`,
        true,
      ],
    ])
  })

  test('any of the rights that the check lists, whichever is taken away', async () => {
    const { sandbox, hand, check } = await openChecking()
    const rights: readonly Right[] = JSON.parse((await check('003')).outputs['rights'] ?? '[]')
    expect(rights.length).toBeGreaterThan(50)
    // What checking itself takes is left.
    const writing = rights.filter(({ action }) => !/\/read$/i.test(action))
    for (const taken of writing.filter((_, index) => index % 9 === 0)) {
      await exactly(
        sandbox,
        hand,
        rights.filter(({ action }) => action !== taken.action),
      )
      await assign(hand, reader)
      const faults = faultsOf(await check('003'))
      expect(faults.flatMap(({ what }) => what)).toEqual(
        expect.arrayContaining([expect.stringContaining(taken.action)]),
      )
      expect(faults.every(({ what }) => what.endsWith(`: ${taken.action}.`))).toBe(true)
    }
  })
})

test('the right to take addresses from the pool of a VNet, in a subscription of another team', async () => {
  const { hand, repository, check } = await openChecking()
  const platform = `${prodSubscription}/resourceGroups/platform`
  const manager = `${platform}/providers/Microsoft.Network/networkManagers/avnm`
  const pool = `${manager}/ipamPools/apps`
  const network = `${ids.common}/providers/Microsoft.Network/virtualNetworks/vnet-pooled`
  const location = 'swedencentral'
  await hand.put(platform, '2024-11-01', { location })
  const networkManagerScopes = { subscriptions: [subscription] }
  await hand.put(manager, '2025-05-01', { location, properties: { networkManagerScopes } })
  await hand.put(pool, '2025-05-01', { location, properties: { addressPrefixes: ['10.64.0.0/16'] } })
  const ipamPoolPrefixAllocations = [{ pool: { id: pool }, numberOfIpAddresses: '4096' }]
  await hand.put(network, '2025-05-01', {
    location,
    properties: { addressSpace: { ipamPoolPrefixAllocations } },
  })
  repository.edit('aifactory/factory.yml', 'addressSpace: [172.16.0.0/16]', `vnetId: ${network}`)
  const action = 'Microsoft.Network/networkManagers/ipamPools/associateResourcesToPool/action'
  const checked = await check('002')
  expect(JSON.parse(checked.outputs['rights'] ?? '[]')).toContainEqual({
    plane: 'control',
    action,
    scope: pool,
  })
  expect(foundAbout(checked, 'Rights')).toEqual([
    `unchecked: Whether the delivering identity may do on ${pool}: ${action}.`,
  ])
  await assign(hand, reader, platform)
  expect(foundAbout(await check('002'), 'Rights')).toEqual([
    `fault: The delivering identity may not do on ${pool}: ${action}.`,
  ])
  await assign(hand, ipamPoolUser, pool)
  expect(foundAbout(await check('002'), 'Rights')).toEqual([expect.stringMatching(/^good: /)])
})

test('the right to give up a deleted workspace, which is deleted once more because nobody lists it', async () => {
  const { check } = await openChecking()
  const right = {
    plane: 'control',
    action: 'Microsoft.MachineLearningServices/workspaces/delete',
    scope: devGroupOf('001'),
  }
  const rightsOf = ({ outputs }: Checked): unknown => JSON.parse(outputs['rights'] ?? '[]')
  expect(rightsOf(await check('001', { allow: 'purge' }))).toContainEqual(right)
  expect(rightsOf(await check('001'))).not.toContainEqual(right)
})

describe('roles come', () => {
  test('through a group that the identity is in', async () => {
    const { sandbox, hand, check } = await openChecking()
    await withoutRoles(sandbox, hand)
    const id = await groupOf(sandbox, [dev.objectId])
    for (const role of [contributor, administrator]) await assign(hand, role, subscription, {}, id, 'Group')
    await assign(hand, dataOwner, ids.lake, {}, id, 'Group')
    expect(faultsOf(await check('002'))).toEqual([])
  })

  test('with exceptions, which another role may allow', async () => {
    const { sandbox, hand, check } = await openChecking()
    const role = 'dddddddd-0000-4000-8000-0000000000bb'
    await hand.put(definitionOf(role), '2022-04-01', {
      properties: {
        roleName: 'All but networks',
        permissions: [{ actions: ['*'], notActions: ['Microsoft.Network/*/write'] }],
        assignableScopes: [subscription],
      },
    })
    await withoutRoles(sandbox, hand)
    await assign(hand, role)
    await assign(hand, dataOwner, ids.lake)
    const faults = faultsOf(await check('002'))
    expect(faults.length).toBeGreaterThan(0)
    for (const { what } of faults) expect(what).toMatch(/: (Microsoft\.Network\/\S+\/write(, |\.$))+/)
    await assign(hand, '4d97b98b-1d4f-4787-a291-c67834d212e7')
    expect(faultsOf(await check('002'))).toEqual([])
  })
})

describe('a condition on assigning roles', () => {
  const under = async (condition: string) => {
    const checking = await openChecking()
    const { sandbox, hand } = checking
    await withoutRoles(sandbox, hand)
    await assign(hand, contributor)
    await assign(hand, dataOwner, ids.lake)
    await assign(hand, administrator, subscription, { condition, conditionVersion: '2.0' })
    return checking.check('002')
  }
  const write = "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})"
  const attribute = (name: string) => `@Request[Microsoft.Authorization/roleAssignments:${name}]`

  test('that allows other roles only is found, with the roles that it refuses and the condition that allows them', async () => {
    const checked = await under(
      `(${write}) OR (${attribute('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${reader}})`,
    )
    const [fault] = faultsOf(checked)
    expect(fault?.what).toMatch(/only under a condition that refuses: Storage Blob Data Contributor to a /)
    // Azure takes the same role only once in a place.
    expect(commandsOf(checked).at(-2)).toMatch(
      /^az role assignment delete .*'Role Based Access Control Admin/,
    )
    expect(commandsOf(checked).at(-1)).toMatch(
      /--condition "\(\(!\(ActionMatches.*PrincipalType.*" --condition-version 2\.0$/,
    )
  })

  test('of a role that may do more is left, beside one that assigns what is needed', async () => {
    const checking = await openChecking()
    const { sandbox, hand } = checking
    await withoutRoles(sandbox, hand)
    await assign(hand, dataOwner, ids.lake)
    const condition = `(${write}) OR (${attribute('RoleDefinitionId')} ForAnyOfAnyValues:GuidEquals {${reader}})`
    await assign(hand, owner, subscription, { condition, conditionVersion: '2.0' })
    const commands = commandsOf(await checking.check('002'))
    expect(commands.map((command) => short(command).replace(/--condition .*/, '--condition …'))).toEqual([
      "az role assignment create --assignee-object-id {identity} --assignee-principal-type ServicePrincipal --role 'Role Based Access Control Administrator' --scope '{subscription}' --condition …",
    ])
  })

  test('that depends on what is not known before is said to be not checked, and is no fault', async () => {
    const { findings, succeeded } = await under(
      `(${write}) OR (${attribute('PrincipalId')} ForAnyOfAnyValues:GuidEquals {${reader}})`,
    )
    expect(succeeded).toBe(true)
    expect(findings.filter(({ severity }) => severity === 'unchecked').map(({ what }) => what)).toEqual([
      expect.stringMatching(/^Whether the delivering identity may assign: /),
    ])
  })
})

test('a deny assignment wins over all roles, and is named', async () => {
  const { sandbox, check } = await openChecking()
  const scope = ids.common
  sandbox.state.arm.denyAssignments[`${scope}/denied`] = {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/eeeeeeee-0000-4000-8000-000000000001`,
    name: 'eeeeeeee-0000-4000-8000-000000000001',
    stack: `${subscription}/providers/Microsoft.Resources/deploymentStacks/landing-zone`,
    scope,
    actions: ['Microsoft.Network/networkSecurityGroups/write'],
    notActions: [],
    excludedPrincipals: [],
    applyToChildScopes: true,
  }
  expect(faultsOf(await check('002')).map(({ what }) => what)).toEqual([
    expect.stringMatching(
      /^The deny assignment '.*' keeps the delivering identity from Microsoft\.Network\/networkSecurityGroups\/write on /,
    ),
  ])
})

test('a resource group that exists is where the rights of its resources can be given', async () => {
  const { sandbox, hand, check } = await openChecking()
  await hand.put(devGroupOf('002'), '2024-11-01', { location: 'swedencentral' })
  const { outputs } = await check('002')
  const rights: readonly Right[] = JSON.parse(outputs['rights'] ?? '[]')
  await exactly(sandbox, hand, rights)
  await assign(hand, reader)
  expect(faultsOf(await check('002'))).toEqual([])
  expect(
    rights.filter(({ scope, action }) => scope === subscription && /storage|keyvault\/vaults/i.test(action)),
  ).toEqual([])
})
