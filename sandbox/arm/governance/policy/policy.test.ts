/** Policies: what platform teams forbid, change and watch, whatever the rights of who asks. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { addManagementGroup, addRoleAssignment, addSubscription } from '../../index.ts'
import { type Ask, asking } from '../../testing/asking.ts'
import {
  groupId,
  idOf,
  owner,
  roleIds,
  type ServedArm,
  serveArm,
  stranger,
  subscription,
  tenantId,
} from '../../testing/served-arm.ts'

const scope = `/subscriptions/${subscription}`
const group = '/providers/Microsoft.Management/managementGroups/platform'

let arm: ServedArm
let ask: Ask
beforeAll(async () => {
  arm = await serveArm({
    seed: (state) => {
      addManagementGroup(state, { name: 'platform' })
      addSubscription(state, {
        subscriptionId: subscription,
        displayName: 'Development',
        managementGroup: 'platform',
      })
      addRoleAssignment(state, {
        name: 'dddddddd-0000-0000-0000-000000000001',
        scope: '/',
        roleId: roleIds.owner,
        principalId: owner,
        principalType: 'User',
      })
      addRoleAssignment(state, {
        name: 'dddddddd-0000-0000-0000-000000000002',
        scope,
        roleId: roleIds.contributor,
        principalId: stranger,
        principalType: 'User',
      })
    },
  })
  ask = asking(arm)
})
afterAll(() => arm.close())

const builtIn = (guid: string) => `/providers/Microsoft.Authorization/policyDefinitions/${guid}`
const allowedLocations = builtIn('e56962a6-4747-49cd-b67b-bf8b01975c4c')
const requireTag = builtIn('871b6d14-10aa-478d-b590-94f262ecfa99')
const inheritTag = builtIn('ea3f2387-9b95-492a-a190-fcdc54f7b070')
const closedStorage = builtIn('b2982f36-99f2-4db5-8eff-283140c09693')
const assignment = (name: string, at: string) =>
  `${at}/providers/Microsoft.Authorization/policyAssignments/${name}`
const nsg = (name: string, at = groupId) => `${at}/providers/Microsoft.Network/networkSecurityGroups/${name}`
const plain = { location: 'swedencentral' }
const values = (parameters: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { value }]))

/** Assigns a policy for as long as the work takes. */
async function under(
  policyDefinitionId: string,
  parameters: Record<string, unknown>,
  work: () => Promise<void>,
  more: { at?: string; properties?: object; body?: object } = {},
): Promise<void> {
  const id = assignment('test', more.at ?? scope)
  const properties = {
    displayName: 'A test',
    policyDefinitionId,
    parameters: values(parameters),
    ...more.properties,
  }
  const { status, body } = await ask('PUT', id, { properties, ...more.body })
  expect([body, status]).toEqual([body, 201])
  try {
    await work()
  } finally {
    await ask('DELETE', id)
  }
}
const define = async (name: string, policyRule: object, parameters: object = {}) => {
  const id = `${scope}/providers/Microsoft.Authorization/policyDefinitions/${name}`
  const answer = await ask('PUT', id, {
    properties: { displayName: name, mode: 'All', policyRule, parameters },
  })
  return { id, ...answer }
}
const rule = (condition: object, effect: object) =>
  Object.fromEntries([
    ['if', condition],
    ['then', effect],
  ])
const denies = (condition: object) => rule(condition, { effect: 'deny' })

describe('a policy that denies', () => {
  test('refuses with the names in the details, and what was looked at', () =>
    under(allowedLocations, { listOfAllowedLocations: ['swedencentral'] }, async () => {
      const id = nsg('abroad')
      const { status, body } = await ask('PUT', id, { location: 'West Europe' })
      expect(status).toBe(403)
      expect(body['error']).toEqual({
        code: 'RequestDisallowedByPolicy',
        target: 'abroad',
        message: "Resource 'abroad' was disallowed by policy. See error details for policy resource IDs.",
        additionalInfo: [
          {
            type: 'PolicyViolation',
            info: expect.objectContaining({
              policyDefinitionId: allowedLocations,
              policyDefinitionDisplayName: 'Allowed locations',
              policyDefinitionEffect: 'deny',
              policyAssignmentName: 'test',
              policyAssignmentDisplayName: 'A test',
              policyAssignmentScope: scope,
              evaluationDetails: {
                evaluatedExpressions: expect.arrayContaining([
                  {
                    result: 'True',
                    expressionKind: 'Field',
                    expression: 'location',
                    path: 'location',
                    expressionValue: 'westeurope',
                    targetValue: ['swedencentral'],
                    operator: 'NotIn',
                  },
                ]),
              },
            }),
          },
        ],
      })
      expect((await ask('PUT', nsg('home'), plain)).status).toBe(201)
      expect((await ask('GET', id)).status).toBe(404)
    }))

  test('says what its assignment has to say', () =>
    under(
      requireTag,
      { tagName: 'costCenter' },
      async () => {
        expect((await ask('PUT', nsg('untagged'), plain)).message).toBe(
          "Resource 'untagged' was disallowed by policy. Reasons: 'Say who pays.'. See error details for policy resource IDs.",
        )
        expect((await ask('PUT', nsg('tagged'), { ...plain, tags: { costCenter: '1' } })).status).toBe(201)
        const tags = `${nsg('tagged')}/providers/Microsoft.Resources/tags/default`
        expect((await ask('PUT', tags, { properties: { tags: {} } })).code).toBe('RequestDisallowedByPolicy')
        expect((await ask('PATCH', nsg('tagged'), { tags: {} })).code).toBe('RequestDisallowedByPolicy')
      },
      { properties: { nonComplianceMessages: [{ message: 'Say who pays.' }] } },
    ))

  test('at a management group reaches the subscriptions below, but for what is excluded', () =>
    under(
      requireTag,
      { tagName: 'owner' },
      async () => {
        expect((await ask('PUT', nsg('without'), plain)).code).toBe('RequestDisallowedByPolicy')
        const other = groupId.replace('/rg', '/excluded')
        await ask('PUT', other, plain)
        expect((await ask('PUT', nsg('without', other), plain)).status).toBe(201)
      },
      { at: group, properties: { notScopes: [groupId.replace('/rg', '/excluded')] } },
    ))

  test.each([
    ['that is only watched', { properties: { enforcementMode: 'DoNotEnforce' } }, { tagName: 'a' }],
    ['at another resource group', { at: groupId.replace('/rg', '/elsewhere') }, { tagName: 'a' }],
  ])('%s refuses nothing here', async (_what, more, parameters) => {
    await ask('PUT', groupId.replace('/rg', '/elsewhere'), plain)
    await under(
      requireTag,
      parameters,
      async () => {
        expect((await ask('PUT', nsg('watched'), plain)).status).toBeLessThan(300)
      },
      more,
    )
  })

  test('lets pass what is exempt, until that ends', () =>
    under(requireTag, { tagName: 'a' }, async () => {
      const exemption = `${groupId}/providers/Microsoft.Authorization/policyExemptions/later`
      const exempt = (expiresOn?: string) =>
        ask('PUT', exemption, {
          properties: {
            policyAssignmentId: assignment('test', scope),
            exemptionCategory: 'Waiver',
            expiresOn,
          },
        })
      expect((await ask('PUT', nsg('exempt'), plain)).code).toBe('RequestDisallowedByPolicy')
      expect((await exempt()).status).toBe(201)
      expect((await ask('PUT', nsg('exempt'), plain)).status).toBe(201)
      await exempt('2020-01-01T00:00:00Z')
      expect((await ask('PUT', nsg('exempt'), plain)).code).toBe('RequestDisallowedByPolicy')
      await ask('DELETE', exemption)
    }))

  test('looks into properties, with an effect that its assignment chooses', () =>
    under(closedStorage, { effect: 'Deny' }, async () => {
      const account = (publicNetworkAccess?: string) =>
        ask('PUT', idOf('Microsoft.Storage/storageAccounts', 'closedaccount'), {
          ...plain,
          sku: { name: 'Standard_LRS' },
          kind: 'StorageV2',
          properties: { publicNetworkAccess },
        })
      expect((await account()).code).toBe('RequestDisallowedByPolicy')
      expect((await account('Enabled')).code).toBe('RequestDisallowedByPolicy')
      expect((await account('Disabled')).status).toBeLessThan(300)
    }))

  test('may ask subnets for a security group and a route table', async () => {
    const type = 'Microsoft.Network/virtualNetworks/subnets'
    const missing = ['networkSecurityGroup', 'routeTable'].map((part) => ({
      field: `${type}/${part}.id`,
      exists: 'false',
    }))
    const { id } = await define(
      'subnets',
      denies({ allOf: [{ field: 'type', equals: type }, { anyOf: missing }] }),
    )
    const network = idOf('Microsoft.Network/virtualNetworks', 'governed')
    await arm.put(network, { ...plain, properties: { addressSpace: { addressPrefixes: ['10.9.0.0/16'] } } })
    const [rules, routes] = [nsg('for-subnets'), idOf('Microsoft.Network/routeTables', 'for-subnets')]
    for (const one of [rules, routes]) await arm.put(one, plain)
    const subnet = (more: object) =>
      ask('PUT', `${network}/subnets/one`, { properties: { addressPrefix: '10.9.0.0/24', ...more } })
    await under(id, {}, async () => {
      expect((await subnet({ networkSecurityGroup: { id: rules } })).code).toBe('RequestDisallowedByPolicy')
      expect((await subnet({ networkSecurityGroup: { id: rules }, routeTable: { id: routes } })).status).toBe(
        201,
      )
    })
  })
})

describe('a policy that changes a request', () => {
  const identity = { location: 'swedencentral', identity: { type: 'SystemAssigned' } }

  test('adds the tag that the resource group has, and leaves one that is there', async () => {
    const tagged = groupId.replace('/rg', '/paying')
    await ask('PUT', tagged, { ...plain, tags: { costCenter: '42' } })
    await under(
      inheritTag,
      { tagName: 'costCenter' },
      async () => {
        expect((await ask('PUT', nsg('bare', tagged), plain)).body['tags']).toEqual({ costCenter: '42' })
        const own = await ask('PUT', nsg('own', tagged), { ...plain, tags: { costCenter: '7' } })
        expect(own.body['tags']).toEqual({ costCenter: '7' })
        expect((await ask('PUT', nsg('unpaid'), plain)).body['tags']).toBeUndefined()
      },
      { body: identity },
    )
  })

  test('and satisfies one that denies by that', async () => {
    const tagged = groupId.replace('/rg', '/paying')
    await ask('PUT', tagged, { ...plain, tags: { costCenter: '42' } })
    const requiring = assignment('requires', tagged)
    await ask('PUT', requiring, {
      properties: { policyDefinitionId: requireTag, parameters: values({ tagName: 'costCenter' }) },
    })
    expect((await ask('PUT', nsg('both', tagged), plain)).code).toBe('RequestDisallowedByPolicy')
    await under(
      inheritTag,
      { tagName: 'costCenter' },
      async () => {
        expect((await ask('PUT', nsg('both', tagged), plain)).status).toBe(201)
      },
      { body: identity },
    )
    await ask('DELETE', requiring)
  })

  test('appends what is not there', async () => {
    const details = [{ field: "tags['by']", value: 'policy' }]
    const { id } = await define(
      'append',
      rule({ field: 'type', like: '*SecurityGroups' }, { effect: 'append', details }),
    )
    await under(id, {}, async () => {
      expect((await ask('PUT', nsg('appended'), plain)).body['tags']).toEqual({ by: 'policy' })
    })
  })
})

describe('a set of policies', () => {
  test('is assigned at once, each with parameters of the set', async () => {
    const id = `${scope}/providers/Microsoft.Authorization/policySetDefinitions/set`
    await ask('PUT', id, {
      properties: {
        parameters: { place: { type: 'Array' } },
        policyDefinitions: [
          {
            policyDefinitionReferenceId: 'where',
            policyDefinitionId: allowedLocations,
            parameters: { listOfAllowedLocations: { value: "[parameters('place')]" } },
          },
          {
            policyDefinitionReferenceId: 'who',
            policyDefinitionId: requireTag,
            parameters: { tagName: { value: 'owner' } },
          },
        ],
      },
    })
    await under(id, { place: ['swedencentral'] }, async () => {
      const { body } = await ask('PUT', nsg('of-set'), { location: 'westeurope' })
      const error = body['error'] as { additionalInfo: { info: object }[] }
      expect(error.additionalInfo.map(({ info }) => info)).toMatchObject([
        { policyDefinitionReferenceId: 'where', policySetDefinitionName: 'set' },
        { policyDefinitionReferenceId: 'who', policySetDefinitionName: 'set' },
      ])
    })
  })
})

test('a policy that audits refuses nothing, and reports what does not comply', () =>
  under(closedStorage, { effect: 'Audit' }, async () => {
    const open = idOf('Microsoft.Storage/storageAccounts', 'openaccount')
    const body = {
      ...plain,
      sku: { name: 'Standard_LRS' },
      kind: 'StorageV2',
      properties: { publicNetworkAccess: 'Enabled' },
    }
    expect((await ask('PUT', open, body)).status).toBeLessThan(300)
    const states = await ask(
      'POST',
      `${groupId}/providers/Microsoft.PolicyInsights/policyStates/latest/queryResults`,
    )
    expect(states.body['value']).toContainEqual(
      expect.objectContaining({
        resourceId: open,
        complianceState: 'NonCompliant',
        policyDefinitionAction: 'audit',
      }),
    )
  }))

describe('what policies are made of', () => {
  test('built-in definitions are there with their identifiers', async () => {
    expect((await ask('GET', allowedLocations)).body).toMatchObject({
      properties: { policyType: 'BuiltIn', displayName: 'Allowed locations' },
    })
    const listed = await ask(
      'GET',
      `${scope}/providers/Microsoft.Authorization/policyDefinitions?$filter=${encodeURIComponent("policyType eq 'BuiltIn'")}`,
    )
    expect(listed.body['value']).toContainEqual(expect.objectContaining({ id: requireTag }))
    expect((await ask('GET', builtIn('00000000-0000-0000-0000-000000000000'))).code).toBe(
      'PolicyDefinitionNotFound',
    )
    // The client looks in the subscription first.
    const elsewhere = await ask('GET', `${scope}${allowedLocations}`)
    expect(elsewhere).toMatchObject({ status: 404, code: 'PolicyDefinitionNotFound' })
    expect((await ask('GET', assignment('none', scope))).code).toBe('PolicyAssignmentNotFound')
  })

  test('assignments are listed at, above and below a scope', () =>
    under(requireTag, { tagName: 'a' }, async () => {
      const names = async (at: string, filter = '') => {
        const { body } = await ask('GET', `${assignment('', at).slice(0, -1)}${filter}`)
        return (body['value'] as { name: string }[]).map(({ name }) => name)
      }
      expect(await names(groupId)).toEqual(['test'])
      expect(await names(group)).toEqual([])
      expect(await names(groupId, '?$filter=atExactScope()')).toEqual([])
    }))

  test.each([
    [
      'a definition that there is not',
      { policyDefinitionId: builtIn('00000000-0000-0000-0000-000000000000') },
      'PolicyDefinitionNotFound',
    ],
    ['no value for a parameter', { policyDefinitionId: requireTag }, 'MissingPolicyParameter'],
    [
      'a parameter that there is not',
      { policyDefinitionId: requireTag, parameters: values({ tagName: 'a', colour: 'b' }) },
      'UndefinedPolicyParameter',
    ],
    [
      'a value that is not allowed',
      { policyDefinitionId: closedStorage, parameters: values({ effect: 'Explode' }) },
      'PolicyParameterValueNotAllowed',
    ],
    [
      'an unknown enforcement mode',
      { policyDefinitionId: requireTag, parameters: values({ tagName: 'a' }), enforcementMode: 'Sometimes' },
      'InvalidRequestContent',
    ],
    [
      'an effect that acts, without an identity',
      { policyDefinitionId: inheritTag, parameters: values({ tagName: 'a' }) },
      'ResourceIdentityRequired',
    ],
  ])('an assignment with %s is refused', async (_what, properties, code) => {
    expect((await ask('PUT', assignment('refused', scope), { properties })).code).toBe(code)
  })

  test.each([
    ['an operator that there is not', denies({ field: 'type', is: 'x' })],
    ['no subject', denies({ equals: 'x' })],
    ['an effect that there is not', rule({ field: 'type', equals: 'x' }, { effect: 'explode' })],
  ])('a rule with %s is refused', async (_what, policyRule) => {
    expect((await define('bad', policyRule)).code).toBe('InvalidPolicyRule')
  })

  test.each([
    ['an effect that changes, without the roles for it', { effect: 'modify', details: { operations: [] } }],
    ['an effect that deploys, without the roles for it', { effect: 'deployIfNotExists', details: {} }],
  ])('a rule with %s is refused', async (_what, effect) => {
    const { code, message } = await define('roleless', rule({ field: 'type', equals: 'x' }, effect))
    expect({ code, message }).toEqual({
      code: 'InvalidPolicyRule',
      message: expect.stringContaining('roleDefinitionIds'),
    })
  })

  const parameter = { type: 'String' }
  const denied = (value: string) => denies({ field: 'name', equals: value })

  test('a parameter that a rule uses is declared, and one that is declared is used', async () => {
    expect(await define('undeclared', denied("[parameters('z')]"))).toMatchObject({
      status: 400,
      code: 'InvalidPolicyParameters',
      message: expect.stringContaining("undefined parameter 'z' which is used in the policy rule"),
    })
    expect((await define('unused', denied('x'), { z: parameter })).code).toBe('UnusedPolicyParameters')
    expect((await define('literal', denied("[[parameters('z')]"))).status).toBe(201)
    expect((await define('used', denied("[concat('a', Parameters('Z'))]"), { z: parameter })).status).toBe(
      201,
    )
  })

  test('a template within a rule has parameters of its own', async () => {
    const deployment = {
      properties: {
        mode: 'incremental',
        template: { resources: [], outputs: { o: { value: "[parameters('inner')]" } } },
        parameters: { inner: { value: "[parameters('outer')]" } },
      },
    }
    const effect = {
      effect: 'deployIfNotExists',
      details: { type: 'x', roleDefinitionIds: [inheritTag], deployment },
    }
    const defined = await define('deploys', rule({ field: 'type', equals: 'x' }, effect), {
      outer: parameter,
    })
    expect(defined.status).toBe(201)
  })

  test('a set gives its definitions the parameters that they have, from those that it has', async () => {
    const put = async (given: object, parameters: object = {}) =>
      (
        await ask('PUT', `${scope}/providers/Microsoft.Authorization/policySetDefinitions/set`, {
          properties: {
            policyDefinitions: [{ policyDefinitionId: requireTag, parameters: values({ ...given }) }],
            parameters,
          },
        })
      ).code
    expect(await put({})).toBe('MissingPolicyParameter')
    expect(await put({ tagName: 'a', colour: 'b' })).toBe('UndefinedPolicyParameter')
    expect(await put({ tagName: "[parameters('tag')]" })).toBe('InvalidPolicyParameters')
    expect(await put({ tagName: 'a' }, { tag: parameter })).toBe('UnusedPolicyParameters')
    expect(await put({ tagName: "[parameters('tag')]" }, { tag: parameter })).toBeUndefined()
  })

  test.each([
    ['Everything', 400, 'InvalidPolicyDefinitionMode'],
    ['indexed', 201, undefined],
    ['Microsoft.KeyVault.Data', 201, undefined],
  ])('a definition of mode %s is answered with %i', async (mode, status, code) => {
    const id = `${scope}/providers/Microsoft.Authorization/policyDefinitions/${mode}`
    const answer = await ask('PUT', id, { properties: { mode, policyRule: denied('x') } })
    expect(answer).toMatchObject({ status, ...(code === undefined ? {} : { code }) })
  })

  test('names have 64 characters, those of assignments at a management group 24', async () => {
    const refused = (type: string, longest: number) => ({
      status: 400,
      message: expect.stringContaining(
        `is invalid. The ${type} name length must not exceed '${longest}' characters.`,
      ),
    })
    const properties = { policyDefinitionId: requireTag, parameters: values({ tagName: 'a' }) }
    const assign = (length: number, at: string) =>
      ask('PUT', assignment('n'.repeat(length), at), {
        properties: { ...properties, enforcementMode: 'DoNotEnforce' },
      })
    const root = `/providers/Microsoft.Management/managementGroups/${tenantId}`
    expect(await assign(65, scope)).toMatchObject({
      ...refused('policy assignment', 64),
      code: 'InvalidPolicyAssignmentName',
    })
    expect((await assign(64, scope)).status).toBe(201)
    expect(await assign(25, root)).toMatchObject(refused('policy assignment', 24))
    expect((await assign(24, root)).status).toBe(201)
    expect(await define('n'.repeat(65), denied('x'))).toMatchObject(refused('policy definition', 64))
    for (const at of [assignment('n'.repeat(64), scope), assignment('n'.repeat(24), root)])
      expect((await ask('DELETE', at)).status).toBe(200)
  })

  test('a definition goes only when nobody uses it', async () => {
    const { id } = await define('used', denies({ field: 'name', equals: 'never' }))
    await under(id, {}, async () => {
      expect((await ask('DELETE', id)).code).toBe('InvalidDeletePolicyDefinitionRequest')
    })
    expect((await ask('DELETE', id)).status).toBe(200)
  })

  test.each(['policyDefinitions', 'policySetDefinitions', 'policyAssignments', 'policyExemptions'])(
    '%s are not for a Contributor',
    async (kind) => {
      const id = `${scope}/providers/Microsoft.Authorization/${kind}/mine`
      expect((await ask('PUT', id, { properties: {} }, stranger)).code).toBe('AuthorizationFailed')
    },
  )
})
