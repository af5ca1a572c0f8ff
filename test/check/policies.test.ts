/** Policies that will deny, found from their assignments before the first write. */
import { describe, expect, test } from '@jest/globals'
import { ids } from '../azure/on-sandbox.ts'
import { devGroupOf } from '../e2e/support/places.ts'
import { type Checking, foundAbout, openChecking } from './checking.ts'
import { subscription } from './delivering-identity.ts'

const builtIn = (id: string) => `/providers/Microsoft.Authorization/policyDefinitions/${id}`
const allowedLocations = builtIn('e56962a6-4747-49cd-b67b-bf8b01975c4c')
const requiredTag = builtIn('871b6d14-10aa-478d-b590-94f262ecfa99')
const assignmentId = `${subscription}/providers/Microsoft.Authorization/policyAssignments/guard`

const assign = ({ hand }: Checking, policyDefinitionId: string, parameters: object, more: object = {}) =>
  hand.put(assignmentId, '2023-04-01', {
    properties: { displayName: 'Guard rails', policyDefinitionId, parameters, ...more },
  })
const onlyGermany = { listOfAllowedLocations: { value: ['germanywestcentral'] } }

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
    expect(fault?.why).toBe('It is assigned with listOfAllowedLocations: ["germanywestcentral"].')
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

test('a policy on the group of the VNet that denies subnets or their network security groups is found', async () => {
  const checking = await openChecking()
  const definition = `${subscription}/providers/Microsoft.Authorization/policyDefinitions/no-subnets`
  await checking.hand.put(definition, '2023-04-01', {
    properties: {
      displayName: 'Networks are frozen',
      mode: 'All',
      policyRule: {
        if: {
          field: 'type',
          in: ['Microsoft.Network/virtualNetworks/subnets', 'Microsoft.Network/networkSecurityGroups'],
        },
        // biome-ignore lint/suspicious/noThenProperty: that is what Azure calls it
        then: { effect: 'deny' },
      },
    },
  })
  await checking.hand.put(
    `${ids.common}/providers/Microsoft.Authorization/policyAssignments/frozen`,
    '2023-04-01',
    { properties: { displayName: 'Frozen', policyDefinitionId: definition } },
  )
  const found = foundAbout(await checking.check('002'), 'Policies')
  expect(found).toEqual([
    expect.stringMatching(
      /^fault: Azure would deny Microsoft\.Network\/networkSecurityGroups '[^']+', Microsoft\.Network\/virtualNetworks\/subnets '[^']+'/,
    ),
  ])
})

describe('a policy does not stop a delivery', () => {
  const allowed = (checked: Awaited<ReturnType<Checking['check']>>) =>
    checked.findings.filter(({ subject, severity }) => subject === 'Policies' && severity === 'fault')

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
