import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../json.ts'
import { type DeploymentFacts, deploymentChanges, type PredictedProperty } from './deployment-changes.ts'
import type { SubscriptionTemplate } from './subscription-template.ts'
import { templateHash } from './template-hash.ts'

const group = '/subscriptions/s/resourceGroups/rg'
const account = `${group}/providers/Microsoft.Storage/storageAccounts/sa`
const container = `${account}/blobServices/default/containers/data`

/** The resource as the template deployed last has it. */
const written: JsonObject = {
  tags: { owner: 'anna', 'a.b': 'c' },
  properties: { minimumTlsVersion: 'TLS1_2', networkAcls: { ipRules: [] }, connections: [{ name: 'one' }] },
}

/** A plan of one resource: nothing of the stack itself, which the tests below speak of. */
const plan = (facts: Partial<DeploymentFacts>) =>
  deploymentChanges({
    wanted: [account],
    predicted: [],
    stack: { resourceIds: [account], succeeded: true },
    sameTemplate: true,
    previous: new Map([[account.toLowerCase(), written]]),
    stackName: 'st',
    ...facts,
  })
const one = (facts: Partial<DeploymentFacts>) => plan(facts).find(({ scope }) => scope === account)
const modified = (delta: readonly PredictedProperty[], sameTemplate = true) =>
  one({ sameTemplate, predicted: [{ resourceId: account, changeType: 'Modify', delta }] })

const cannotSay = 'Azure cannot say beforehand what changes in it.'

describe('what Azure predicts for a resource', () => {
  test.each([
    ['Create', true, 'create', undefined],
    ['Create', false, 'create', undefined],
    ['NoChange', true, 'keep', undefined],
    ['NoChange', false, 'keep', undefined],
    ['NoEffect', false, 'keep', undefined],
    ['Delete', false, 'delete', undefined],
    ['Deploy', true, 'keep', undefined],
    ['Deploy', false, 'modify', cannotSay],
    ['Unsupported', true, 'keep', undefined],
    ['Unsupported', false, 'modify', cannotSay],
    ['Ignore', false, 'modify', cannotSay],
  ])('%s, the same template %s: %s', (changeType, sameTemplate, change, reason) => {
    const found = one({ sameTemplate, predicted: [{ resourceId: account, changeType }] })
    expect(found).toEqual({
      change,
      kind: 'Microsoft.Storage/storageAccounts',
      name: 'sa',
      scope: account,
      ...(reason === undefined ? {} : { reason }),
    })
  })

  test('nothing at all is no change only when the template is the one deployed last', () => {
    expect(one({})?.change).toBe('keep')
    expect(one({ sameTemplate: false })?.change).toBe('modify')
  })

  test('ids are compared without regard to case', () => {
    const predicted = [{ resourceId: account.toUpperCase(), changeType: 'Create' }]
    expect(one({ predicted })?.change).toBe('create')
  })
})

describe('a property that differs', () => {
  test.each<[string, PredictedProperty, boolean, readonly string[]]>([
    ['changed by hand', { path: 'a.b', propertyChangeType: 'Modify', before: 1, after: 2 }, true, ['a.b']],
    ['taken away by hand', { path: 'a', propertyChangeType: 'Create', before: null, after: 2 }, true, ['a']],
    ['without effect', { path: 'a', propertyChangeType: 'NoEffect', before: 1, after: 2 }, false, []],
    [
      'not known beforehand',
      { path: 'a', propertyChangeType: 'Modify', before: 'x', after: "[reference('y').z]" },
      false,
      [],
    ],
    [
      'a text in brackets',
      { path: 'a', propertyChangeType: 'Modify', before: 'x', after: '[[x]' },
      true,
      ['a'],
    ],
    [
      'a member put into a list by hand',
      {
        path: 'ipRules',
        propertyChangeType: 'Array',
        children: [{ path: '0', propertyChangeType: 'Delete', before: 'x' }],
      },
      true,
      ['ipRules.0'],
    ],
    [
      "a value the service filled in, in a list's member",
      {
        path: 'delegations',
        propertyChangeType: 'Array',
        children: [
          {
            path: '0',
            propertyChangeType: 'Modify',
            children: [{ path: 'state', propertyChangeType: 'Delete', before: 'x' }],
          },
        ],
      },
      true,
      [],
    ],
    [
      'deep inside',
      {
        path: 'a',
        propertyChangeType: 'Modify',
        children: [
          {
            path: 'b',
            propertyChangeType: 'Modify',
            children: [{ path: 'c', propertyChangeType: 'Modify', before: 1, after: 2 }],
          },
        ],
      },
      true,
      ['a.b.c'],
    ],
  ])('%s', (_what, property, sameTemplate, paths) => {
    const found = modified([property], sameTemplate)
    expect(found?.change).toBe(paths.length === 0 ? 'keep' : 'modify')
    expect((found?.properties ?? []).map(({ path }) => path)).toEqual(paths)
  })

  describe('and would vanish', () => {
    const vanishing = (path: string): PredictedProperty => ({ path, propertyChangeType: 'Delete', before: 1 })
    const inMember = (path: string): PredictedProperty => ({
      path: 'properties.connections',
      propertyChangeType: 'Array',
      children: [{ path: '0', propertyChangeType: 'Modify', children: [vanishing(path)] }],
    })

    test.each([true, false])('was filled in by the service (the same template: %s)', (sameTemplate) => {
      for (const property of [vanishing('properties.a'), vanishing('tags.b'), inMember('state.status')]) {
        expect(modified([property], sameTemplate)?.change).toBe('keep')
      }
    })

    test.each([
      ['properties.minimumTlsVersion', vanishing('properties.minimumTlsVersion')],
      ['properties.MinimumTLSVersion', vanishing('properties.MinimumTLSVersion')],
      ['properties.networkAcls', vanishing('properties.networkAcls')],
      ['tags.a.b', vanishing('tags.a.b')],
      ['properties.connections.0.name', inMember('name')],
    ])('is shown when the template deployed last had set it: %s', (path, property) => {
      expect(modified([property], false)?.properties?.map((shown) => shown.path)).toEqual([path])
    })

    test('is shown when nothing is known of what was deployed last', () => {
      const predicted = [{ resourceId: account, changeType: 'Modify', delta: [vanishing('properties.a')] }]
      for (const previous of [undefined, new Map<string, JsonObject>()]) {
        expect(one({ predicted, previous, sameTemplate: false })?.change).toBe('modify')
      }
    })
  })

  test('is shown as it is and as it will be', () => {
    const delta = [{ path: 'p', propertyChangeType: 'Modify', before: 'Enabled', after: { a: [1, null] } }]
    expect(modified(delta)?.properties).toEqual([{ path: 'p', before: 'Enabled', after: { a: [1, null] } }])
  })
})

describe('the stack', () => {
  const stackOf = (facts: Partial<DeploymentFacts>) => plan(facts)[0]

  test.each<[string, Partial<DeploymentFacts>, string, string | undefined]>([
    ['is created at first', { stack: undefined, sameTemplate: false }, 'create', undefined],
    ['is kept when nothing differs', {}, 'keep', undefined],
    [
      'is deployed again after a run that failed',
      { stack: { resourceIds: [account], succeeded: false } },
      'modify',
      'Its last run did not succeed; it is deployed again.',
    ],
    [
      'is deployed when the template differs although Azure sees no difference',
      { sameTemplate: false, predicted: [{ resourceId: account, changeType: 'NoChange' }] },
      'modify',
      'The template differs from the one deployed last.',
    ],
    [
      'is no change of its own when its resources change',
      { sameTemplate: false, predicted: [{ resourceId: account, changeType: 'Create' }] },
      'keep',
      undefined,
    ],
  ])('%s', (_what, facts, change, reason) => {
    expect(stackOf(facts)).toEqual({
      change,
      kind: 'deployment stack',
      name: 'st',
      ...(reason === undefined ? {} : { reason }),
    })
  })

  test('deletes what it manages and the template no longer holds, whatever the case of the id', () => {
    const resourceIds = [group.toUpperCase(), account, container]
    const changes = plan({ wanted: [group, account], stack: { resourceIds, succeeded: true } })
    expect(changes.filter(({ change }) => change === 'delete')).toEqual([
      {
        change: 'delete',
        kind: 'Microsoft.Storage/storageAccounts/blobServices/containers',
        name: 'sa/default/data',
        scope: container,
        reason: 'The manifest no longer asks for it.',
      },
    ])
  })

  test('shows nothing of what belongs to others', () => {
    const other = `${group}/providers/Microsoft.Storage/storageAccounts/other`
    const changes = plan({
      predicted: [
        { resourceId: other, changeType: 'Ignore' },
        { resourceId: other, changeType: 'Delete' },
      ],
    })
    expect(changes.map(({ name }) => name)).toEqual(['st', 'sa'])
  })
})

describe('the fingerprint of a template', () => {
  const template: SubscriptionTemplate = {
    $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    resources: [],
    outputs: {},
  }

  test('is short, and another for another template', () => {
    expect(templateHash(template)).toMatch(/^[0-9a-f]{32}$/)
    expect(templateHash({ ...template })).toBe(templateHash(template))
    const other = { ...template, outputs: { resourceGroup: { type: 'string', value: 'rg' } } }
    expect(templateHash(other)).not.toBe(templateHash(template))
  })
})
