import { describe, expect, test } from '@jest/globals'
import { differencesOf, type Recording } from '../../live/compare.ts'
import { equalAddress, equalText } from '../../live/equal.ts'
import { type Exchange, exchangeOf, shapeOf } from '../../live/exchange.ts'

const sandboxUrl = 'https://localhost:4711'
const [real, twin] = ['7f0c2f2e-0c4b-4a55-9d57-6ad5d1f6c111', '22222222-2222-2222-2222-222222222201']
const vault = 'resourceGroups/live-esml-common-sdc-dev-001/providers/Microsoft.KeyVault/vaults/kv-live'

/** The same request, as it is made on Azure and on the sandbox. */
const onAzure = (path: string): string => `https://management.azure.com/subscriptions/${real}/${path}`
const onSandbox = (path: string): string => `${sandboxUrl}/subscriptions/${twin}/${path}`

interface Asked {
  /** Asked at the same time as all others that say so. */
  readonly together?: true
  readonly method?: string
  readonly path?: string
  readonly status?: number
  readonly body?: unknown
}

const timeOf = (index: number, { together }: Asked = {}) =>
  together ? { began: 0, ended: 1_000 } : { began: 2 * index, ended: 2 * index + 1 }

const defaults = { method: 'GET', path: `${vault}?api-version=2024-11-01`, status: 200, body: {} }

const recording =
  (address: (path: string) => string, sandbox?: string) =>
  (asked: readonly Asked[], outcome: readonly string[] = []): Recording => ({
    exchanges: asked.map((one, index): Exchange => {
      const { method, path, status, body } = { ...defaults, ...one }
      return exchangeOf({ method, url: address(path), status, ...timeOf(index, one) }, body)
    }),
    outcome,
    ...(sandbox !== undefined && { sandbox }),
  })
const azure = recording(onAzure)
const sandbox = recording(onSandbox, sandboxUrl)

/** What differs, as kind and what is only on Azure and only on the sandbox. */
const differing = (one: readonly Asked[], other: readonly Asked[]) =>
  differencesOf(azure(one), sandbox(other)).map(({ kind, azure: here, sandbox: there }) => [
    kind,
    here,
    there,
  ])

describe('The same requests and answers', () => {
  test('differ in nothing, whatever the ids, people, addresses and times are', () => {
    const one = {
      body: { id: `/subscriptions/${real}`, properties: { by: 'anna@contoso.com', at: '2026-01-01' } },
    }
    const other = {
      body: { id: `/subscriptions/${twin}`, properties: { by: 'bo@x.example', at: '2025-12-31' } },
    }
    expect(differing([one], [other])).toEqual([])
  })

  test('are the same in whichever order reads come, and however often they are made', () => {
    const [a, b] = [{ path: 'a' }, { path: 'b' }]
    expect(differing([a, b, a], [b, a])).toEqual([])
  })

  test('are the same on ARM, Graph and the lake of both', () => {
    const pairs = [
      ['https://graph.microsoft.com/v1.0/users/x', `${sandboxUrl}/graph/v1.0/users/x`],
      [
        'https://acc.dfs.core.windows.net/lake3/a?action=getStatus',
        `${sandboxUrl}/storage/acc/lake3/a?action=getStatus`,
      ],
      [onAzure('x?b=1&a=2'), onSandbox('x?a=2&b=1')],
    ] as const
    for (const [one, other] of pairs) {
      const found = equalAddress(one, {})
      expect(found).toBeDefined()
      expect(equalAddress(other, { sandbox: sandboxUrl })).toEqual(found)
    }
  })

  test('of signing in are not compared', () => {
    expect(equalAddress(`https://login.microsoftonline.com/${real}/oauth2/v2.0/token`, {})).toBeUndefined()
    expect(equalAddress(`${sandboxUrl}/${twin}/oauth2/v2.0/token`, { sandbox: sandboxUrl })).toBeUndefined()
  })
})

describe('A difference', () => {
  test('of the status and the code of the error is named', () => {
    const conflict = { status: 409, body: { error: { code: 'Conflict', message: 'Anna did it.' } } }
    expect(differing([conflict], [{}])).toEqual([
      ['status', ['409'], ['200']],
      ['code', ['Conflict'], []],
    ])
  })

  test('of codes further inside too', () => {
    const nested = (code: string) => ({
      status: 400,
      body: { error: { code: 'InvalidTemplate', details: [{ code: 'Multiple', details: [{ code }] }] } },
    })
    expect(differing([nested('SkuNotAvailable')], [nested('QuotaExceeded')])).toEqual([
      ['code', ['SkuNotAvailable'], ['QuotaExceeded']],
    ])
  })

  test('of the form of the answer is named by its path and type', () => {
    const [one, other] = [
      { properties: { sku: 'a', extra: [{ on: true }] } },
      { properties: { sku: 1, extra: [{}] } },
    ]
    expect(differing([{ body: one }], [{ body: other }])).toEqual([
      ['shape', ['properties.extra[].on: boolean', 'properties.sku: string'], ['properties.sku: number']],
    ])
  })

  test('is none where a list is empty on one side: nothing can be said of its items', () => {
    expect(differing([{ body: { value: [{ name: 'x' }] } }], [{ body: { value: [] } }])).toEqual([])
  })

  test('of what only one side was asked is named', () => {
    expect(differing([{ path: 'a' }, {}], [{}])).toEqual([['call', ['GET arm:/subscriptions/{id}/a'], []]])
  })

  test('of the order of changes is named, by those that change places', () => {
    const put = (path: string): Asked => ({ method: 'PUT', path })
    const [a, b, c] = [put('a'), put('b'), put('c')]
    expect(differing([a, b, c], [a, c, b])).toEqual([
      ['order', ['PUT arm:/subscriptions/{id}/b'], ['PUT arm:/subscriptions/{id}/c']],
    ])
  })

  test('of the order of changes is none where they overlap on one side: they have no order', () => {
    const put = (path: string): Asked => ({ method: 'PUT', path })
    const both: readonly Asked[] = [
      { ...put('b'), together: true },
      { ...put('a'), together: true },
    ]
    expect(differing([put('a'), put('b')], both)).toEqual([])
  })

  test('of a what-if is named by resource, kind of change and property', () => {
    const whatIf = (subscription: string, path: string): Asked => ({
      body: {
        properties: {
          changes: [
            {
              resourceId: `/subscriptions/${subscription}/x`,
              changeType: 'Modify',
              delta: [{ path, propertyChangeType: 'Modify', before: 1, after: 2 }],
            },
          ],
        },
      },
    })
    expect(differing([whatIf(real, 'properties.a')], [whatIf(twin, 'properties.b')])).toEqual([
      [
        'what-if',
        ['/subscriptions/{id}/x: Modify properties.a'],
        ['/subscriptions/{id}/x: Modify properties.b'],
      ],
    ])
  })

  test('of how the step ended is named', () => {
    const found = differencesOf(azure([], ['exit code 1']), sandbox([], ['exit code 0']))
    expect(found).toMatchObject([{ kind: 'outcome', azure: ['exit code 1'], sandbox: ['exit code 0'] }])
  })

  test('of an operation that lasts longer is none: only how it ends counts', () => {
    const poll = (
      address: (path: string) => string,
      operation: string,
      states: readonly number[],
    ): Exchange[] =>
      states.map((status) => ({
        ...exchangeOf(
          { method: 'GET', url: address(operation), status, ...timeOf(0) },
          status === 200 ? { status: 'Succeeded' } : undefined,
        ),
        pollOf: { method: 'PUT', url: address('a') },
      }))
    const one = { exchanges: poll(onAzure, 'operations/1234567890', [202, 202, 202, 200]), outcome: [] }
    const other = {
      exchanges: poll(onSandbox, 'operationStatuses/x', [200]),
      outcome: [],
      sandbox: sandboxUrl,
    }
    expect(differencesOf(one, other)).toEqual([])
    expect(differencesOf({ ...one, exchanges: one.exchanges.slice(0, -1) }, other)).toMatchObject([
      { kind: 'status', azure: ['202'], sandbox: ['200'] },
    ])
  })
})

describe('What is written down says nothing of whose it is', () => {
  test('of values only their types are kept', () => {
    const body = { secret: 's3cret', list: ['anna@contoso.com'], deep: { number: 42, on: true, no: null } }
    expect(shapeOf(body)).toEqual([
      'deep.no: null',
      'deep.number: number',
      'deep.on: boolean',
      'list[]: string',
      'secret: string',
    ])
  })

  test('nor of keys that somebody has named', () => {
    const body = {
      tags: { 'Cost Centre of Anna': '1', owner: '2' },
      userAssignedIdentities: { [`/subscriptions/${real}/x`]: {}, [real]: { clientId: real } },
    }
    expect(shapeOf(body)).toEqual(['tags.{name}: string', 'userAssignedIdentities.{name}.clientId: string'])
  })

  test('nor of addresses', () => {
    const text = `/users/Anna.Ek@contoso.com/x/${real}/10.1.2.3/20261130041500/9f86d081884c7d659a2f`
    expect(equalText(text)).toBe('/users/{person}/x/{id}/{address}/{id}/{id}')
    expect(equalText(vault)).toBe(vault)
  })

  test('and an error leaves its code, not its words', () => {
    const { codes, shape } = exchangeOf(
      { method: 'GET', url: onAzure('a'), status: 403, ...timeOf(0) },
      {
        error: {
          code: 'AuthorizationFailed',
          message: "The client 'anna@contoso.com' does not have authorization.",
        },
      },
    )
    expect(JSON.stringify({ codes, shape })).not.toMatch(/anna|client/)
    expect(codes).toEqual(['AuthorizationFailed'])
  })
})
