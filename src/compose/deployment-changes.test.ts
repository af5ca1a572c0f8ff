import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../json.ts'
import {
  type DeploymentFacts,
  deploymentChanges,
  type PredictedChange,
  type PredictedProperty,
} from './deployment-changes.ts'
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
    document: 'the manifest',
    ...facts,
  })
const one = (facts: Partial<DeploymentFacts>) => plan(facts).find(({ scope }) => scope === account)
const modified = (delta: readonly Differing[], sameTemplate = true) =>
  one({ sameTemplate, predicted: [prediction({ changeType: 'modify', delta: delta.map(property) })] })

/** As Azure answers: what it does not say is absent. */
const prediction = (
  change: Partial<PredictedChange> & Pick<PredictedChange, 'changeType'>,
): PredictedChange => ({
  id: account,
  isCertain: true,
  takesOver: false,
  delta: [],
  ...change,
})
interface Differing extends Pick<PredictedProperty, 'path' | 'changeType' | 'before' | 'after'> {
  readonly children?: readonly Differing[]
}
const property = ({ children = [], ...rest }: Differing): PredictedProperty => ({
  ...rest,
  children: children.map(property),
})

const cannotSay = 'Azure cannot say beforehand what changes in it.'

describe('where nobody knows the template that was deployed last', () => {
  const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/pend`
  const deleted = (path: string, children: readonly Differing[] = []): Differing => ({
    path,
    changeType: children.length > 0 ? 'modify' : 'delete',
    before: 'x',
    children,
  })

  test('what Azure fills in does not go, whatever stands in a list, and all else does', () => {
    const state = deleted('privateLinkServiceConnectionState', [deleted('status')])
    const delta = [
      deleted('properties', [
        { ...deleted('privateLinkServiceConnections', [deleted('0', [deleted('properties', [state])])]) },
        deleted('customDnsConfigs'),
        deleted('customNetworkInterfaceName'),
      ]),
    ].map(property)
    const changes = plan({
      wanted: [endpoint],
      stack: undefined,
      previous: undefined,
      sameTemplate: false,
      predicted: [prediction({ id: endpoint, changeType: 'modify', takesOver: true, delta })],
    })
    const paths = changes.flatMap(({ properties = [] }) => properties.map(({ path }) => path))
    expect(paths).toEqual(['properties.customNetworkInterfaceName'])
  })
})

describe('what Azure predicts for a resource', () => {
  test.each([
    ['create', true, 'create', undefined],
    ['create', false, 'create', undefined],
    ['noChange', true, 'keep', undefined],
    ['noChange', false, 'keep', undefined],
    ['noEffect', false, 'keep', undefined],
    ['delete', false, 'delete', undefined],
    ['deploy', true, 'keep', undefined],
    ['deploy', false, 'modify', cannotSay],
    ['unsupported', true, 'keep', undefined],
    ['unsupported', false, 'modify', cannotSay],
    ['ignore', false, 'modify', cannotSay],
  ])('%s, the same template %s: %s', (changeType, sameTemplate, change, reason) => {
    const found = one({ sameTemplate, predicted: [prediction({ changeType })] })
    expect(found).toEqual({
      change,
      kind: 'Microsoft.Storage/storageAccounts',
      name: 'sa',
      scope: account,
      ...(reason === undefined ? {} : { uncertainty: { is: 'unknown', reason } }),
    })
  })

  test('nothing at all is no change only when the template is the one deployed last', () => {
    expect(one({})?.change).toBe('keep')
    expect(one({ sameTemplate: false })?.change).toBe('modify')
  })

  test('why Azure cannot say it stands with it', () => {
    const predicted = [prediction({ changeType: 'unsupported', unsupportedReason: 'It may not be read.' })]
    expect(one({ predicted, sameTemplate: false })?.uncertainty?.reason).toBe(
      `${cannotSay} It may not be read.`,
    )
  })

  test.each([
    [false, 'modify'],
    [true, 'keep'],
  ])(
    'what others made and the stack takes over is a change, once (the same template: %s)',
    (sameTemplate, change) => {
      const predicted = [prediction({ changeType: 'noChange', takesOver: true })]
      expect(one({ predicted, sameTemplate })?.change).toBe(change)
    },
  )

  test('only possibly is marked so', () => {
    const delta = [property({ path: 'a', changeType: 'modify', before: 1, after: 2 })]
    const predicted = [prediction({ changeType: 'modify', isCertain: false, delta })]
    expect(one({ predicted })).toMatchObject({ change: 'modify', uncertainty: { is: 'potential' } })
  })

  test('ids are compared without regard to case', () => {
    const predicted = [prediction({ id: account.toUpperCase(), changeType: 'create' })]
    expect(one({ predicted })?.change).toBe('create')
  })
})

describe('a property that differs', () => {
  test.each<[string, Differing, boolean, readonly string[]]>([
    ['changed by hand', { path: 'a.b', changeType: 'modify', before: 1, after: 2 }, true, ['a.b']],
    ['taken away by hand', { path: 'a', changeType: 'create', before: null, after: 2 }, true, ['a']],
    ['without effect', { path: 'a', changeType: 'noEffect', before: 1, after: 2 }, false, []],
    [
      'not known beforehand',
      { path: 'a', changeType: 'modify', before: 'x', after: "[reference('y').z]" },
      false,
      [],
    ],
    ['a text in brackets', { path: 'a', changeType: 'modify', before: 'x', after: '[[x]' }, true, ['a']],
    [
      'a member put into a list by hand',
      {
        path: 'ipRules',
        changeType: 'array',
        children: [{ path: '0', changeType: 'delete', before: 'x' }],
      },
      true,
      ['ipRules.0'],
    ],
    [
      "a value the service filled in, in a list's member",
      {
        path: 'delegations',
        changeType: 'array',
        children: [
          {
            path: '0',
            changeType: 'modify',
            children: [{ path: 'state', changeType: 'delete', before: 'x' }],
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
        changeType: 'modify',
        children: [
          {
            path: 'b',
            changeType: 'modify',
            children: [{ path: 'c', changeType: 'modify', before: 1, after: 2 }],
          },
        ],
      },
      true,
      ['a.b.c'],
    ],
  ])('%s', (_what, differing, sameTemplate, paths) => {
    const found = modified([differing], sameTemplate)
    expect(found?.change).toBe(paths.length === 0 ? 'keep' : 'modify')
    expect((found?.properties ?? []).map(({ path }) => path)).toEqual(paths)
  })

  describe('and would vanish', () => {
    const vanishing = (path: string): Differing => ({ path, changeType: 'delete', before: 1 })
    const inMember = (path: string): Differing => ({
      path: 'properties.connections',
      changeType: 'array',
      children: [{ path: '0', changeType: 'modify', children: [vanishing(path)] }],
    })

    test.each([true, false])('was filled in by the service (the same template: %s)', (sameTemplate) => {
      for (const differing of [vanishing('properties.a'), vanishing('tags.b'), inMember('state.status')]) {
        expect(modified([differing], sameTemplate)?.change).toBe('keep')
      }
    })

    test.each([
      ['properties.minimumTlsVersion', vanishing('properties.minimumTlsVersion')],
      ['properties.MinimumTLSVersion', vanishing('properties.MinimumTLSVersion')],
      ['properties.networkAcls', vanishing('properties.networkAcls')],
      ['tags.a.b', vanishing('tags.a.b')],
      ['properties.connections.0.name', inMember('name')],
    ])('is shown when the template deployed last had set it: %s', (path, differing) => {
      expect(modified([differing], false)?.properties?.map((shown) => shown.path)).toEqual([path])
    })

    test('is shown as something that perhaps changes when nothing is known of what was deployed last', () => {
      const unknown = (...delta: readonly Differing[]) => {
        const predicted = [prediction({ changeType: 'modify', delta: delta.map(property) })]
        const [shown, same] = [undefined, new Map<string, JsonObject>()].map((previous) =>
          one({ predicted, previous, sameTemplate: false }),
        )
        expect(same).toEqual(shown)
        return shown
      }
      const gone = vanishing('properties.a')
      const potential = { is: 'potential', reason: expect.stringContaining('filled in itself') }
      expect(unknown(gone)).toMatchObject({ change: 'modify', uncertainty: potential })
      const certain = [
        { path: 'p', changeType: 'modify', before: 1, after: 2 },
        { path: 'list', changeType: 'array', children: [vanishing('0')] },
      ]
      for (const other of certain) expect(unknown(gone, other)).not.toHaveProperty('uncertainty')
    })
  })

  test('is shown as it is and as it will be', () => {
    const delta = [{ path: 'p', changeType: 'modify', before: 'Enabled', after: { a: [1, null] } }]
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
      { sameTemplate: false, predicted: [prediction({ changeType: 'noChange' })] },
      'modify',
      'The template differs from the one deployed last.',
    ],
    [
      'is no change of its own when its resources change',
      { sameTemplate: false, predicted: [prediction({ changeType: 'create' })] },
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
        reason: 'It is no longer asked for in the manifest.',
      },
    ])
  })

  test.each([
    ['detaches what it is told to let go', 'detach', undefined],
    ['detaches what cannot be deleted, and says why', 'unsupported', 'It cannot be deleted.'],
  ])('%s', (_what, changeType, unsupportedReason) => {
    const gone = prediction({
      id: container,
      changeType,
      ...(unsupportedReason && { unsupportedReason }),
    })
    const changes = plan({ predicted: [gone], stack: { resourceIds: [account, container], succeeded: true } })
    expect(changes.filter(({ scope }) => scope === container)).toEqual([
      expect.objectContaining({
        change: 'detach',
        reason: expect.stringContaining(unsupportedReason ?? 'It stays in Azure'),
      }),
    ])
  })

  test('shows what somebody set to deny others its changes', () => {
    const denySettings = [
      property({ path: 'Mode', changeType: 'modify', before: 'denyDelete', after: 'none' }),
    ]
    expect(stackOf({ denySettings })).toMatchObject({
      change: 'modify',
      properties: [{ path: 'denySettings.Mode', before: 'denyDelete', after: 'none' }],
    })
  })

  test('shows nothing of what belongs to others', () => {
    const other = `${group}/providers/Microsoft.Storage/storageAccounts/other`
    const changes = plan({
      predicted: [
        prediction({ id: other, changeType: 'ignore' }),
        prediction({ id: other, changeType: 'delete' }),
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
