import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import type { Change, ChangeKind, Plan } from './model.ts'
import { countSentence, planSummary as summaryOf } from './summary.ts'

/** The same with blanks at which lines may break. */
const planSummary = (...given: Parameters<typeof summaryOf>): string =>
  summaryOf(...given).replaceAll('\u00a0', ' ')

const planOf = (changes: readonly Change[], warnings: readonly string[] = []): Plan => ({
  version: 1,
  action: 'provision-project',
  project: '001',
  environment: 'dev',
  changes,
  warnings,
})

const network = '/subscriptions/s/resourceGroups/common/providers/Microsoft.Network/virtualNetworks/vnt-dev'
const group = '/subscriptions/s/resourceGroups/prj001-rg'
const example = planOf(
  [
    { change: 'keep', kind: 'resource group', name: 'prj001-rg', scope: group },
    {
      change: 'modify',
      kind: 'Microsoft.Storage/storageAccounts',
      name: 'saprj001',
      scope: `${group}/providers/Microsoft.Storage/storageAccounts/saprj001`,
      properties: [{ path: 'properties.publicNetworkAccess', before: 'Enabled', after: 'Disabled' }],
    },
    {
      change: 'create',
      kind: 'subnet',
      name: 'snt-prj001-genai',
      scope: network,
      properties: [{ path: 'addressPrefix', after: '172.16.61.128/25' }],
    },
    { change: 'create', kind: 'member', name: 'anna@contoso.example', scope: 'prj001_dev_team_lead' },
    {
      change: 'delete',
      kind: 'role assignment',
      name: 'Reader for prj001_dev_team_lead',
      scope: group,
      reason: 'The manifest no longer asks for it.',
    },
  ],
  ['eve@partner.example is not in the directory.'],
)

describe('the summary of a plan', () => {
  test('says first how much changes, what is deleted first, and folds away what stays', () => {
    expect(planSummary('Project 001 in dev', example, 'planned')).toMatchInlineSnapshot(`
"## Project 001 in dev

**Plan: 2 to add, 1 to change, 1 to destroy.** 1 unchanged.

> ⚠️ eve&#64;&#8203;partner.example is not in the directory.

| Change | What | Name | Where | Details |
| --- | --- | --- | --- | --- |
| 🗑️ destroy | role assignment | Reader for prj001&#95;dev&#95;team&#95;lead | prj001-rg | The manifest no longer asks for it. |
| ➕ create | subnet | snt-prj001-genai | vnt-dev | addressPrefix: "172.16.61.128/25" |
| ➕ create | member | anna&#64;&#8203;contoso.example | prj001&#95;dev&#95;team&#95;lead |  |
| ✏️ change | Microsoft.Storage/storageAccounts | saprj001 |  | properties.publicNetworkAccess: "Enabled" → "Disabled" |

<details><summary>1 unchanged</summary>

| What | Name |
| --- | --- |
| resource group | prj001-rg |

</details>
"
`)
  })

  test('speaks of the past when it is done', () => {
    expect(countSentence(example, 'applied')).toBe('2 added, 1 changed, 1 destroyed')
    expect(countSentence(example, 'planned')).toBe('2 to add, 1 to change, 1 to destroy')
  })

  test('says that nothing changes', () => {
    const text = planSummary(
      'Project 001 in dev',
      planOf([{ change: 'keep', kind: 'subnet', name: 'a' }]),
      'applied',
    )
    expect(text).toContain('No changes. Everything is as the manifests say.')
    expect(countSentence(planOf([]), 'applied')).toBe('no changes')
  })

  test('shows some of many properties at once, and folds the others', () => {
    const properties = Array.from({ length: 9 }, (_, index) => ({ path: `p${index}`, after: index }))
    const rows: readonly Change[] = [
      { change: 'delete', kind: 'k', name: 'whole' },
      { change: 'modify', kind: 'k', name: 'n', properties },
    ]
    const text = planSummary('x', planOf(rows), 'planned')
    const [shown = '', folded = ''] = text.split('<details>')
    expect(shown).toContain('whole')
    expect(shown).toContain('p3: – → 3<br>and 5 more |')
    expect(folded).toContain('One row in full')
    expect(folded).not.toContain('whole')
    expect(folded).toContain('p7: – → 7<br>p8: – → 8 |')
  })

  test('what is destroyed and detached is neither folded nor shortened', () => {
    const lost: readonly Change[] = (['delete', 'detach'] as const).flatMap((kind) =>
      Array.from({ length: 20 }, (_, index) => ({
        change: kind,
        kind: 'database',
        name: `${kind}-${index}`,
        reason: `Lost with it: ${'tables, '.repeat(80)}and what is in ${kind}-${index}.`,
      })),
    )
    const text = planSummary('x', planOf([...lost, ...example.changes]), 'planned')
    const [shown = ''] = text.split('<details>')
    for (const { name } of lost) expect(shown).toContain(`what is in ${name}. |`)
    expect(shown).toContain('20 to detach')
  })

  test('of what is destroyed as much is shown as GitHub shows, and the rest is counted', () => {
    const lost = Array.from(
      { length: 3_000 },
      (_, index): Change => ({ change: 'delete', kind: `kind ${index}`, name: 'n', reason: 'x'.repeat(400) }),
    )
    const text = planSummary('x', planOf(lost), 'planned')
    expect(text).toContain('| kind 0 |')
    expect(text).toMatch(/… and \d+ more rows, in the plan file\./)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  })

  test('fits a screen: of many creations the most are folded, and none is missing there', () => {
    const many = Array.from(
      { length: 60 },
      (_, index): Change => ({ change: 'create', kind: `kind ${index}`, name: 'n' }),
    )
    const [shown = '', folded = ''] = planSummary('x', planOf(many), 'planned').split('<details>')
    expect(shown.split('\n').length).toBeLessThan(25)
    expect(folded).toContain('50 more than above')
    for (const { kind } of many) expect(folded).toContain(`| ${kind} |`)
  })

  test('a tag that changes on twenty resources is one row, and what else changes in one of them another', () => {
    const tag = { path: 'tags.costCenter', before: '1', after: '2' }
    const sku = { path: 'sku.name', before: 'basic', after: 'standard' }
    const tagged = Array.from(
      { length: 20 },
      (_, index): Change => ({
        change: 'modify',
        kind: `type ${index % 4}`,
        name: `n${index}`,
        properties: index === 7 ? [tag, sku] : [tag],
      }),
    )
    const [shown = '', folded = ''] = planSummary('x', planOf(tagged), 'planned').split('<details>')
    expect(shown.split('\n').filter((line) => line.startsWith('| ✏️'))).toEqual([
      '| ✏️ change | type 3 | n7 | sku.name: "basic" → "standard" |',
      '| ✏️ change | 20 resources | 5 × type 0, 5 × type 1, 5 × type 2, 5 × type 3 | tags.costCenter: "1" → "2" |',
    ])
    expect(folded).toContain('type 3 n19')
  })

  test('what is a part of something that comes or goes is told with it, unless data is lost with it', () => {
    const at = '/subscriptions/s/resourceGroups/rg/providers'
    const gone = 'The manifest no longer asks for it.'
    const changes: readonly Change[] = [
      {
        change: 'delete',
        kind: 'A/accounts',
        name: 'a',
        scope: `${at}/A/accounts/a`,
        reason: `${gone} Lost: all.`,
      },
      {
        change: 'delete',
        kind: 'A/accounts/parts',
        name: 'a/p',
        scope: `${at}/A/accounts/a/parts/p`,
        reason: gone,
      },
      {
        change: 'delete',
        kind: 'A/accounts/data',
        name: 'a/d',
        scope: `${at}/A/accounts/a/data/d`,
        reason: `${gone} Lost: data.`,
      },
      { change: 'create', kind: 'resource group', name: 'rg', scope: '/subscriptions/s/resourceGroups/rg' },
      { change: 'create', kind: 'B/things', name: 'b', scope: `${at}/B/things/b` },
      { change: 'create', kind: 'B/things/parts', name: 'b/p', scope: `${at}/B/things/b/parts/p` },
    ]
    const text = planSummary('x', planOf(changes), 'planned')
    expect(text.split('\n').filter((line) => /^\| (?:🗑️|➕)/u.test(line))).toEqual([
      `| 🗑️ destroy | A/accounts | a | ${gone} Lost: all.<br>with parts p |`,
      `| 🗑️ destroy | A/accounts/data | a/d | ${gone} Lost: data. |`,
      '| ➕ create | resource group | rg |  |',
      '| ➕ create | B/things | b | with parts p |',
    ])
  })

  test('a part of a resource, and a setting on one, is named with the resource', () => {
    const at = '/subscriptions/s/resourceGroups/rg/providers'
    const setting = (vault: string): Change => ({
      change: 'delete',
      kind: 'Microsoft.Insights/diagnosticSettings',
      name: 'logs',
      scope: `${at}/Microsoft.KeyVault/vaults/${vault}/providers/Microsoft.Insights/diagnosticSettings/logs`,
    })
    const link = (zone: number): Change => ({
      change: 'create',
      kind: 'Microsoft.Network/privateDnsZones/virtualNetworkLinks',
      name: 'vnet',
      scope: `${at}/Microsoft.Network/privateDnsZones/zone${zone}/virtualNetworkLinks/vnet`,
    })
    const changes = [setting('kv-1'), setting('kv-2'), ...[1, 2, 3, 4, 5].map(link)]
    const text = planSummary('x', planOf(changes), 'planned')
    for (const vault of ['kv-1', 'kv-2']) expect(text).toContain(`| logs | ${vault} |`)
    // They stay one row.
    expect(text).toMatch(/5 × .*virtualNetworkLinks \| vnet &#40;zone1&#41;<br>vnet &#40;zone2&#41;<br>/)
  })

  test('what cannot be known beforehand is marked, with the reason', () => {
    const uncertain: Change = {
      change: 'modify',
      kind: 'k',
      name: 'n',
      uncertainty: { is: 'potential', reason: 'Its identity is known only while it is deployed.' },
    }
    const text = planSummary('x', planOf([uncertain, { ...uncertain, name: 'm' }]), 'planned')
    expect(text).toContain('| ✏️ change<br>perhaps | k | n |')
    expect(text).toContain('❔ perhaps: Its identity is known only while it is deployed. &#40;2&#41;')
  })
})

const text = fc.oneof(
  anyText({ maxLength: 300 }),
  fc.constantFrom('</details>', '@'.repeat(300), '東'.repeat(300), '<script>'),
)
const change: fc.Arbitrary<Change> = fc.record({
  change: fc.constantFrom<ChangeKind>('delete', 'detach', 'create', 'modify', 'keep'),
  kind: text,
  name: text,
  scope: text,
  reason: text,
})

describe('whatever is in a plan', () => {
  test('the summary stays whole and below what GitHub takes', () => {
    const plans = fc.record({
      changes: fc.array(change, { maxLength: 3 }),
      times: fc.constantFrom(1, 300),
      warnings: fc.array(text, { maxLength: 40 }),
      extra: fc.constantFrom('', 'x', '東'.repeat(400_000)),
    })
    fc.assert(
      fc.property(plans, ({ changes, times, warnings, extra }) => {
        const plan = planOf(Array.from({ length: times }, () => changes).flat(), warnings)
        const summary = planSummary('Title', plan, 'planned', { details: extra })
        expect(Buffer.byteLength(summary)).toBeLessThan(1_048_576)
        expect(summary.split('<details>')).toHaveLength(summary.split('</details>').length)
        for (const line of summary.split('\n').filter((candidate) => candidate.startsWith('|')))
          expect(line.endsWith('|')).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('what is too long is left out as a whole, and this is said', () => {
    const summary = planSummary('Title', example, 'planned', { details: 'x'.repeat(1_100_000) })
    expect(summary).toContain('| 🗑️ destroy |')
    expect(summary).toContain('1 unchanged')
    expect(summary).toContain('Some of this summary is left out')
    expect(summary).not.toContain('xxx')
  })
})

test('a sentence and the properties after it are not run together', () => {
  const modified: Change = {
    change: 'modify',
    kind: 'subnet',
    name: 'a',
    reason: 'It is not as it was.',
    properties: [
      { path: 'x', before: 1, after: 2 },
      { path: 'y', before: 3, after: 4 },
    ],
  }
  expect(planSummary('Title', planOf([modified]), 'planned')).toContain(
    'It is not as it was.<br>x: 1 → 2<br>y: 3 → 4 |',
  )
})
