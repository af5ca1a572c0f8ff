import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { StepRecord } from '../../demo/deliver.ts'
import { inlineDrawing } from '../../demo/report/drawing.ts'
import { escapeText } from '../../demo/report/html.ts'
import { renderReport } from '../../demo/report/report.ts'
import { anyText } from '../../src/testing/any-text.ts'
import { deliveryRecords, failing, requestRecord, unchanged } from './records.ts'

const records = deliveryRecords()
const report = renderReport(records)

/** The text that a reader sees, without markup. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')

/** The same records, with other outputs of one action in Dev. */
const withOutputs = (action: string, outputs: Readonly<Record<string, string>>): readonly StepRecord[] =>
  records.map((record) =>
    record.action === action && record.environment === 'dev'
      ? { ...record, result: { ...record.result, outputs: { ...record.result.outputs, ...outputs } } }
      : record,
  )

/** The steps up to one that fails with this error. */
function stoppedAt(action: string, environment: string, error: string): readonly StepRecord[] {
  const at = records.findIndex((record) => record.action === action && record.environment === environment)
  return records.slice(0, at + 1).map((record, index) => (index === at ? failing(record, error) : record))
}

describe('A delivery', () => {
  test('is shown at the top: which project, whose, where, in how long and in how many calls', () => {
    const milliseconds = records.reduce((sum, { result }) => sum + result.milliseconds, 0)
    const calls = records.reduce((sum, record) => sum + record.calls, 0)
    const text = textOf(report)
    expect(text).toContain('Project 001 · rag-chat Delivered to Dev, Stage and Prod.')
    expect(text).toContain('Owner anna@contoso.example')
    expect(text).toContain('Cost centre 1234')
    expect(text).toContain('Region swedencentral')
    expect(text).toContain(`${(milliseconds / 1000).toFixed(1)} s`)
    expect(text).toContain(`calls to Azure and GitHub ${calls}`)
  })

  test.each([
    ['dev', 'vnt-esmlcmn-sdc-dev-001', 'aif2-p001001dev'],
    ['stage', 'vnt-esmlcmn-sdc-test-001', 'aif2-p001001test'],
    ['prod', 'vnt-esmlcmn-sdc-prod-001', 'aif2-p001001prod'],
  ])('shows the VNet and the resources of %s', (environment, network, foundryProject) => {
    expect(report).toContain(`<title id="${environment}-vnet-map-title">Address space of VNet ${network}`)
    expect(report).toContain(`AI Foundry project</span> <code>${foundryProject}</code>`)
  })

  test('shows who is in which group, and which roles people and identities hold on what', () => {
    const text = textOf(report)
    expect(text).toMatch(
      /AI engineer bo@contoso\.example cleo@contoso\.example aif001sdc_mrvela1b2c_prj001_dev/,
    )
    expect(text).toMatch(/Cosmos DB cosmos-prj001-sdc-dev-a1b2c-001 Cosmos DB Built-in Data Contributor/)
    expect(text).toContain('What identities may do')
  })

  test('shows the folders of the lake, what everybody can do in them, and their lists', () => {
    const text = textOf(report)
    expect(text).toContain('projects/project001/work read, write')
    expect(text).toMatch(/everything in it rwx Owner rwx The project's identity --- Owning group/)
  })

  test('shows warnings where they belong', () => {
    expect(textOf(report)).toContain(
      "Warning in add-member Group 'aif001sdc_mrvela1b2c_prj001_prod_data_engineer' has no member yet.",
    )
  })

  test('names no element twice', () => {
    const ids = [...report.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  test('without a change says that nothing was changed', () => {
    expect(textOf(renderReport(unchanged(records)))).toContain(
      'Everything in Dev, Stage and Prod was already as the manifest says. Nothing was changed.',
    )
  })
})

describe('A delivery that failed', () => {
  test('shows where it stopped, why, and what was not reached', () => {
    const text = textOf(renderReport(stoppedAt('provision-project', 'stage', 'No quota for <gpt>.')))
    expect(text).toContain('Stopped in Stage at provision-project. What was done before is kept')
    expect(text).toContain('Failed in provision-project No quota for <gpt>.')
    expect(text).toContain('Prod not reached')
    expect(text).toContain('Nothing was created here yet.')
  })

  test('opens with the environment that failed', () => {
    const failed = renderReport(stoppedAt('add-member', 'stage', 'No such user.'))
    expect(failed.match(/id="show-\d" checked/g)).toEqual(['id="show-1" checked'])
  })

  test('at the request shows why it was refused', () => {
    const text = textOf(renderReport([failing(requestRecord, 'Owner: this is not an e-mail address.')]))
    expect(text).toContain('The request could not be accepted. Nothing was created.')
    expect(text).toContain('Owner: this is not an e-mail address.')
  })

  test('before it began is a page as well', () => {
    expect(textOf(renderReport([]))).toContain('Nothing was delivered.')
  })
})

describe('Rights in the lake that are not as they should be', () => {
  test('are shown with what they should be and where the way is blocked', () => {
    const access = [
      { path: 'projects/p', who: 'team lead', id: 'x', rights: '---', wanted: 'r-x', blockedAt: '' },
    ]
    const page = renderReport(withOutputs('datalake-acl', { 'effective-access': JSON.stringify(access) }))
    expect(textOf(page)).toContain('stopped at the root; should be r-x')
  })
})

describe('What the actions left behind is not trusted', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>'

  test('names cannot become markup', () => {
    const page = renderReport(
      withOutputs('add-member', {
        groups: JSON.stringify([{ key: hostile, name: hostile, id: hostile, members: [hostile] }]),
        assignments: JSON.stringify([
          { principal: hostile, role: hostile, scope: `/resourceGroups/${hostile}` },
        ]),
      }).map((record) => ({
        ...record,
        environment: record.environment === 'prod' ? hostile : record.environment,
      })),
    )
    expect(page).not.toMatch(/<(script|img)/)
    expect(textOf(page)).toContain(hostile)
  })

  test('no text becomes markup, whatever it is', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 200 }), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"'`]|&(?!#\d+;)|\p{Cs}|(?![\n\t])\p{Cc}/u)
      }),
    )
  })

  test.each([
    ['a script', '<svg xmlns="x"><script>alert(1)</script></svg>'],
    ['a handler', '<svg xmlns="x" onload="alert(1)"></svg>'],
    ['a picture from elsewhere', '<svg xmlns="x"><style>a{background:url(//evil.example)}</style></svg>'],
    ['an attribute without quotes', '<svg xmlns="x"><rect x=1 onload=alert(1)></svg>'],
    ['other markup', '<p>Hello</p>'],
  ])('a drawing with %s is left out', (_, svg) => {
    expect(inlineDrawing(svg, 'dev')).toBeUndefined()
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'drawing-')), 'map.svg')
    writeFileSync(file, svg)
    const text = textOf(renderReport(withOutputs('ip-calc', { 'map-file': file })))
    expect(text).toContain('The drawing of the VNet cannot be shown here.')
  })

  test.each([
    ['is not JSON', '{'],
    ['has another shape', '{"a":1}'],
  ])('an output that %s is reported, and the rest is shown', (_, resources) => {
    const text = textOf(renderReport(withOutputs('provision-project', { resources })))
    expect(text).toContain("The output 'resources' of provision-project cannot be shown:")
    expect(text).toContain('Project 001 · rag-chat')
  })

  test('a missing file is reported', () => {
    const text = textOf(renderReport(withOutputs('ip-calc', { 'map-file': '/nowhere/map.svg' })))
    expect(text).toMatch(/The output 'map-file' of ip-calc cannot be shown: .*ENOENT/)
  })

  test('however much there is, the page stays readable', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `/resourceGroups/r/providers/A.B/c/n${index}`)
    const page = renderReport(withOutputs('provision-project', { resources: JSON.stringify(many) }))
    expect(page.length).toBeLessThan(report.length + 100_000)
    expect(textOf(page)).toContain('… and 19,700 more.')
  })
})
