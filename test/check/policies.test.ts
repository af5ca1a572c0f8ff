/** Policies that will deny, found from their assignments before the first write. */
import { describe, expect, test } from '@jest/globals'
import { ids } from '../azure/on-sandbox.ts'
import { devGroupOf, prodSubscription } from '../e2e/support/places.ts'
import { type Checking, foundAbout, openChecking } from './checking.ts'
import { assign as assignRole, subscription } from './delivering-identity.ts'

const builtIn = (id: string) => `/providers/Microsoft.Authorization/policyDefinitions/${id}`
const allowedLocations = builtIn('e56962a6-4747-49cd-b67b-bf8b01975c4c')
const requiredTag = builtIn('871b6d14-10aa-478d-b590-94f262ecfa99')
const assignmentId = `${subscription}/providers/Microsoft.Authorization/policyAssignments/guard`

const assign = ({ hand }: Checking, policyDefinitionId: string, parameters: object, more: object = {}) =>
  hand.put(assignmentId, '2023-04-01', {
    properties: { displayName: 'Guard rails', policyDefinitionId, parameters, ...more },
  })
const onlyGermany = { listOfAllowedLocations: { value: ['germanywestcentral'] } }

/** Assigns a policy of one's own to the subscription, or to a scope in it. */
async function own(
  { hand }: Checking,
  rule: object,
  {
    mode = 'All',
    scope = subscription,
    definition: home = subscription,
  }: { mode?: string; scope?: string; definition?: string } = {},
): Promise<void> {
  const definition = `${home}/providers/Microsoft.Authorization/policyDefinitions/own`
  // biome-ignore lint/suspicious/noThenProperty: that is what Azure calls it
  const policyRule = { if: rule, then: { effect: 'deny' } }
  await hand.put(definition, '2023-04-01', { properties: { displayName: 'Own rule', mode, policyRule } })
  await hand.put(`${scope}/providers/Microsoft.Authorization/policyAssignments/own`, '2023-04-01', {
    properties: { displayName: 'Own assignment', policyDefinitionId: definition },
  })
}
const type = (equals: string) => ({ field: 'type', equals })

describe('a policy that denies', () => {
  test('the location is named with its assignment, and what it allows', async () => {
    const checking = await openChecking()
    await assign(checking, allowedLocations, onlyGermany)
    const checked = await checking.check('002')
    expect(checked.succeeded).toBe(false)
    const [fault] = checked.findings.filter(({ subject }) => subject === 'Policies')
    expect(fault?.what).toMatch(
      /^Azure would deny Microsoft\..* and \d+ more: the policy 'Allowed locations' \(assignment 'Guard rails' at \/subscriptions\/[^)]+\)\.$/,
    )
    expect(fault?.why).toBe(
      'It looks at: location is "swedencentral". It is assigned with listOfAllowedLocations: ["germanywestcentral"].',
    )
  })

  test('resources without a tag', async () => {
    const checking = await openChecking()
    await assign(checking, requiredTag, { tagName: { value: 'dataOwner' } })
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(
        /^fault: Azure would deny .*: the policy 'Require a tag on resources' \(assignment 'Guard rails'/,
      ),
    ])
  })

  test('a property, in an initiative whose parameters are handed down', async () => {
    const checking = await openChecking()
    const definition = `${subscription}/providers/Microsoft.Authorization/policyDefinitions/no-search`
    await checking.hand.put(definition, '2023-04-01', {
      properties: {
        displayName: 'Types that nobody may have',
        mode: 'All',
        parameters: { types: { type: 'Array' }, effect: { type: 'String', defaultValue: 'Audit' } },
        policyRule: {
          if: {
            allOf: [
              { field: 'type', in: "[parameters('types')]" },
              { not: { field: 'Microsoft.Search/searchServices/publicNetworkAccess', equals: 'Enabled' } },
            ],
          },
          // biome-ignore lint/suspicious/noThenProperty: that is what Azure calls it
          then: { effect: "[parameters('effect')]" },
        },
      },
    })
    const set = `${subscription}/providers/Microsoft.Authorization/policySetDefinitions/rails`
    await checking.hand.put(set, '2023-04-01', {
      properties: {
        displayName: 'Rails',
        parameters: { denied: { type: 'Array' } },
        policyDefinitions: [
          {
            policyDefinitionId: definition,
            policyDefinitionReferenceId: 'search',
            parameters: { types: { value: "[parameters('denied')]" }, effect: { value: 'Deny' } },
          },
        ],
      },
    })
    await assign(checking, set, { denied: { value: ['Microsoft.Search/searchServices'] } })
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(
        /^fault: Azure would deny Microsoft\.Search\/searchServices '[^']+': the policy 'Types that nobody may have' of the initiative 'Rails' \(assignment 'Guard rails'/,
      ),
    ])
  })
})

describe('a policy that denies what is in no template', () => {
  test('subnets or their network security groups, on the group of the VNet', async () => {
    const checking = await openChecking()
    const types = ['Microsoft.Network/virtualNetworks/subnets', 'Microsoft.Network/networkSecurityGroups']
    await own(checking, { field: 'type', in: types }, { scope: ids.common })
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(
        /^fault: Azure would deny Microsoft\.Network\/networkSecurityGroups '[^']+', Microsoft\.Network\/virtualNetworks\/subnets '[^']+'/,
      ),
    ])
  })

  test('role assignments, of people and of identities', async () => {
    const checking = await openChecking()
    await own(checking, {
      allOf: [
        type('Microsoft.Authorization/roleAssignments'),
        { field: 'Microsoft.Authorization/roleAssignments/principalType', in: ['ServicePrincipal', 'Group'] },
      ],
    })
    const checked = await checking.check('002')
    expect(foundAbout(checked, 'Policies')).toEqual([
      expect.stringMatching(
        /^fault: Azure would deny Microsoft\.Authorization\/roleAssignments '.* more: the policy 'Own rule'/,
      ),
    ])
    expect(checked.succeeded).toBe(false)
    // Where the project is there already, so may be its role assignments.
    await checking.hand.put(devGroupOf('002'), '2024-11-01', { location: 'swedencentral' })
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(/^warning: Azure would deny Microsoft\.Authorization\/roleAssignments/),
    ])
  })
})

describe('policies of the subscription in which the VNet is', () => {
  const platform = `${prodSubscription}/resourceGroups/platform`
  const network = `${platform}/providers/Microsoft.Network/virtualNetworks/vnet-hub`
  async function elsewhere(): Promise<Checking> {
    const checking = await openChecking()
    const { hand, repository } = checking
    const location = 'swedencentral'
    await hand.put(platform, '2024-11-01', { location })
    await hand.put(network, '2025-05-01', {
      location,
      properties: { addressSpace: { addressPrefixes: ['172.16.0.0/16'] } },
    })
    repository.edit('aifactory/factory.yml', 'addressSpace: [172.16.0.0/16]', `vnetId: ${network}`)
    const noSubnets = { definition: prodSubscription, scope: prodSubscription }
    await own(checking, type('Microsoft.Network/virtualNetworks/subnets'), noSubnets)
    return checking
  }
  const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'

  test('deny its subnets', async () => {
    const checking = await elsewhere()
    await assignRole(checking.hand, reader, prodSubscription)
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(/^fault: Azure would deny Microsoft\.Network\/virtualNetworks\/subnets '/),
    ])
  })

  test('are not checked when they may not be read, nor are the subnets when the VNet may not', async () => {
    const checking = await elsewhere()
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      'unchecked: Whether a policy denies the subnets and their network security groups.',
    ])
    await assignRole(checking.hand, reader, platform)
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      // Azure says so when it validates them, whoever may read what.
      expect.stringMatching(/^fault: RequestDisallowedByPolicy: .* Policy: 'Own rule'/),
      expect.stringMatching(/^unchecked: Whether a policy of subscription .* denies Microsoft\.Network\//),
    ])
  })
})

describe('a policy whose rule a request does not answer is asked of Azure, which validates all that is to come', () => {
  const subnetType = 'Microsoft.Network/virtualNetworks/subnets'
  const withoutRoute = {
    allOf: [type(subnetType), { field: `${subnetType}/routeTable.id`, exists: 'false' }],
  }

  test('and denies: subnets without a route table, with the key that gives them one', async () => {
    const checking = await openChecking()
    await own(checking, withoutRoute)
    const checked = await checking.check('002')
    expect(foundAbout(checked, 'Policies')).toEqual([
      expect.stringMatching(
        /^fault: Azure would deny Microsoft\.Network\/virtualNetworks\/subnets '[^']+', .*: the policy 'Own rule'/,
      ),
    ])
    const [fault] = checked.findings.filter(({ subject }) => subject === 'Policies')
    expect(fault?.fix).toMatch(
      /^Give the subnet .*routeTableId.* under 'environments\.dev\.network\.subnets\.KIND'/,
    )
    expect(fault?.where?.file).toMatch(/prj002\.yml$/)
  })

  test('and accepts: the same, where the documents name a route table', async () => {
    const checking = await openChecking()
    const { hand, repository } = checking
    const routeTableId = `${ids.common}/providers/Microsoft.Network/routeTables/rt`
    await hand.put(routeTableId, '2024-07-01', { location: 'swedencentral' })
    repository.edit(
      'aifactory/projects/prj002.yml',
      '  dev: {}',
      `  dev: { network: { subnets: { aca2: { routeTableId: ${routeTableId} }, genai: { routeTableId: ${routeTableId} } } } }`,
    )
    await own(checking, withoutRoute)
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      'good: None of the 1 policies denies what the delivery creates.',
    ])
  })

  test('by an expression', async () => {
    const checking = await openChecking()
    await own(checking, {
      allOf: [
        type('Microsoft.KeyVault/vaults'),
        { value: "[substring(field('name'), 0, 3)]", equals: 'kv-' },
      ],
    })
    expect(foundAbout(await checking.check('002'), 'Policies')).toEqual([
      expect.stringMatching(/^fault: Azure would deny Microsoft\.KeyVault\/vaults 'kv-[^']+': the policy/),
    ])
  })

  test('and is not known when Azure may not be asked', async () => {
    const checking = await openChecking()
    await own(checking, withoutRoute)
    checking.sandbox.faults.add({
      path: '/deployments/[^/]+/validate',
      times: 9,
      status: 403,
      body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
    })
    const checked = await checking.check('002')
    expect(checked.succeeded).toBe(true)
    expect(foundAbout(checked, 'Policies')).toEqual([
      expect.stringMatching(
        /^unchecked: Whether the policy 'Own rule' .* denies Microsoft\.Network\/virtual/,
      ),
    ])
  })
})

test.each([
  [
    'a zone group',
    'Microsoft.Network/privateEndpoints/privateDnsZoneGroups',
    /^Set 'dns: \{ mode: policy \}'/,
    /factory/,
  ],
  [
    'a vault',
    'Microsoft.KeyVault/vaults',
    /^Comply with it by the options of the service in the manifest/,
    /prj002/,
  ],
])('where and how %s that is denied as such can be changed is said', async (_what, denied, fix, file) => {
  const checking = await openChecking()
  await own(checking, type(denied))
  const [fault] = (await checking.check('002')).findings.filter(({ subject }) => subject === 'Policies')
  expect(fault?.why).toBe('It forbids this type as such.')
  expect(fault?.fix).toMatch(fix)
  expect(fault?.where?.file).toMatch(file)
})

describe('a policy does not stop a delivery', () => {
  const allowed = (checked: Awaited<ReturnType<Checking['check']>>) =>
    checked.findings.filter(({ subject, severity }) => subject === 'Policies' && severity === 'fault')

  test('of mode Indexed, which looks at no resource groups', async () => {
    const checking = await openChecking()
    const noTag = {
      allOf: [
        type('Microsoft.Resources/subscriptions/resourceGroups'),
        { field: 'tags.dataClass', exists: false },
      ],
    }
    await own(checking, noTag, { mode: 'Indexed' })
    expect(allowed(await checking.check('002'))).toEqual([])
    await own(checking, noTag, { mode: 'All' })
    expect(allowed(await checking.check('002')).map(({ why }) => why)).toEqual([
      'It looks at: tags.dataClass is not set.',
    ])
  })

  test('that is not enforced', async () => {
    const checking = await openChecking()
    await assign(checking, allowedLocations, onlyGermany, { enforcementMode: 'DoNotEnforce' })
    expect(allowed(await checking.check('002'))).toEqual([])
  })

  test('from whose scope the resource groups of the project and of the VNet are left out', async () => {
    const checking = await openChecking()
    await assign(checking, allowedLocations, onlyGermany, { notScopes: [devGroupOf('002'), ids.common] })
    expect(allowed(await checking.check('002'))).toEqual([])
  })

  test('from which it is exempted', async () => {
    const checking = await openChecking()
    await checking.hand.put(devGroupOf('002'), '2024-11-01', { location: 'swedencentral' })
    await assign(checking, allowedLocations, onlyGermany, { notScopes: [ids.common] })
    expect(allowed(await checking.check('002'))).toHaveLength(1)
    await checking.hand.put(
      `${devGroupOf('002')}/providers/Microsoft.Authorization/policyExemptions/agreed`,
      '2022-07-01-preview',
      { properties: { policyAssignmentId: assignmentId, exemptionCategory: 'Waiver' } },
    )
    expect(allowed(await checking.check('002'))).toEqual([])
  })
})
