import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { RunFailure } from '../../src/plan/run-record.ts'
import { setupStep } from '../../src/report/chain.ts'
import type { DeliveredRun, Delivery } from '../../src/report/delivery.ts'
import { inlineDrawing } from '../../src/report/drawing.ts'
import { readDelivery } from '../../src/report/facts.ts'
import { escapeText } from '../../src/report/html.ts'
import { comparedIn, ledgerOf, presentOf, total } from '../../src/report/ledger.ts'
import { link, portalLink } from '../../src/report/links.ts'
import { renderReport } from '../../src/report/page.ts'
import { anyText } from '../../src/testing/any-text.ts'
import { environments } from '../../src/vocabulary.ts'
import { delivered, failing, refused, requestRun, unchanged, withRuns } from './records.ts'

const report = renderReport(delivered)

/** The text that a reader sees, without markup. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')

const isStep = (run: DeliveredRun, action: string, environment = 'dev'): boolean =>
  run.action === action && run.environment === environment && ['reserve', 'apply'].includes(run.mode)

/** The same delivery, with other outputs and files of one action in Dev. */
const withOutputs = (
  action: string,
  outputs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string>> = {},
): Delivery =>
  withRuns((run) =>
    isStep(run, action)
      ? { ...run, outputs: { ...run.outputs, ...outputs }, files: { ...run.files, ...files } }
      : run,
  )

/** The delivery up to a step that fails like this. */
function stoppedAt(
  action: string,
  environment: string,
  failure: Partial<RunFailure> & Pick<RunFailure, 'what'>,
): Delivery {
  const at = delivered.runs.findIndex((run) => isStep(run, action, environment))
  const runs = delivered.runs.slice(0, at + 1)
  return { ...delivered, runs: runs.map((run, index) => (index === at ? failing(run, failure) : run)) }
}

describe('A delivery', () => {
  test('is shown at the top: which project, whose, where, in how long and in how many calls', () => {
    const milliseconds = delivered.runs.reduce((sum, run) => sum + run.milliseconds, 0)
    const calls = delivered.runs.reduce((sum, run) => sum + (run.calls ?? 0), 0)
    const text = textOf(report)
    expect(text).toContain('Project 001 · rag-chat Delivered to Dev, Stage and Prod.')
    expect(text).toContain('Owner anna@contoso.example')
    expect(text).toContain('Cost centre 1234')
    expect(text).toContain('Region swedencentral')
    expect(text).toContain(`${(milliseconds / 1000).toFixed(1)} s`)
    expect(text).toContain(`calls to Azure and GitHub ${calls}`)
    expect(text).toContain('When 29 Nov 2026, 10:00:00 UTC')
    expect(text).toContain('By run 12 , started by anna')
    expect(text).toContain('Answers questions about our service manuals.')
  })

  test.each([
    ['dev', 'vnt-esmlcmn-sdc-dev-001', 'aif2-p001001dev'],
    ['stage', 'vnt-esmlcmn-sdc-test-001', 'aif2-p001001test'],
    ['prod', 'vnt-esmlcmn-sdc-prod-001', 'aif2-p001001prod'],
  ])('shows the VNet and the resources of %s', (environment, network, foundryProject) => {
    expect(report).toContain(`<title id="${environment}-vnet-map-title">Address space of VNet ${network}`)
    expect(report).toContain(`Foundry project</span> <code>${foundryProject}</code>`)
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
      "Warning of add-member Group 'aif001sdc_mrvela1b2c_prj001_prod_data_engineer' has no member yet.",
    )
  })

  test('names no element twice', () => {
    const ids = [...report.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  test('without a change says that nothing was changed', () => {
    expect(textOf(renderReport(unchanged))).toContain(
      'Everything in Dev, Stage and Prod was already as the manifest says. Nothing was changed.',
    )
  })
})

describe('A delivery of documents that are older than those of the default branch', () => {
  test('says that nothing was changed and why, and never that all is as it should be', () => {
    const page = renderReport(withRuns(refused))
    const text = textOf(page)
    const why = 'because the default branch has newer documents of this project.'
    expect(text).toContain(`Nothing was changed in Dev, Stage and Prod, ${why}`)
    expect(text).toContain('Dev documents are older')
    expect(text).not.toContain('already as the manifest says')
    expect(text).not.toContain('nothing to change')
    expect(text).not.toContain('Nothing was created here yet.')
    expect(text).not.toContain('What to do next')
  })

  test('gives a warning that all steps have once in each environment', () => {
    const text = textOf(renderReport(withRuns(refused)))
    expect(text.match(/The documents of this run are older\./g)).toHaveLength(3)
    expect(text).toContain('Warning of ip-calc, provision-project, add-member and datalake-acl')
  })

  test('says so also when the first steps were applied before', () => {
    const text = textOf(
      renderReport(
        withRuns((run) => (run.action === 'ip-calc' && run.mode === 'reserve' ? run : refused(run))),
      ),
    )
    expect(text).toContain('The delivery to Dev, Stage and Prod was not finished, because by now')
  })
})

describe('A delivery that failed', () => {
  const noQuota = {
    what: 'No quota for <gpt>.',
    fix: 'Ask for more.',
    why: 'The region has none left.',
    where: { file: 'aifactory/projects/prj001.yml', line: 7, column: 3 },
    more: 'https://learn.microsoft.com/azure/quotas',
    correlationId: '0b6e2f0e-0000-4000-8000-000000000001',
  }

  test('starts with the cause, then how to fix it, where, why, and how to go on', () => {
    const text = textOf(renderReport(stoppedAt('provision-project', 'stage', noQuota)))
    const parts = [
      'Stopped in Stage: could not deploy the private resources.',
      'Why it stopped No quota for <gpt>. Fix Ask for more. Place aifactory/projects/prj001.yml:7:3',
      'Why The region has none left.',
      'Correlation id for Azure support 0b6e2f0e',
      'At the step “deploy the private resources” (provision-project) in Stage.',
      'gh run rerun 123 --failed',
      'check all that would stop it',
    ]
    expect(parts.map((part) => text.indexOf(part))).toEqual(
      parts.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
    )
    for (const part of parts) expect(text).toContain(part)
    expect(text).toContain('Prod not reached')
  })

  test('of a check names every fault with its own fix', () => {
    const faults = ['one', 'two'].map((name) => ({
      what: `Nobody is called ${name}.`,
      fix: `Correct ${name}.`,
    }))
    const [first = requestRun] = delivered.runs.filter(({ mode }) => mode === 'check')
    const run = { ...failing(first, { what: 'Two faults.', faults }), changed: false }
    const text = textOf(renderReport({ ...delivered, runs: [requestRun, run] }))
    expect(text).toContain('Nobody is called one. Fix Correct one.')
    expect(text).toContain('Nobody is called two. Fix Correct two.')
    expect(text).toContain('This step changed nothing; what earlier ones did is kept.')
  })

  test('leads to the line of the manifest that has to be changed', () => {
    expect(renderReport(stoppedAt('provision-project', 'dev', noQuota))).toMatch(
      /href="https:\/\/github\.com\/contoso\/factory\/blob\/[0-9a-f]+\/aifactory\/projects\/prj001\.yml#L7"/,
    )
  })

  test('counts what the failed step planned as not certain, never as done', () => {
    const run = delivered.runs.find((each) => isStep(each, 'provision-project'))
    const facts = readDelivery(stoppedAt('provision-project', 'dev', noQuota))
    const sum = total(ledgerOf(facts.environments[0]?.steps ?? []).map(({ tally }) => tally))
    expect(sum.uncertain).toBe(run?.plan?.changes.length)
    expect(sum.create).toBe(2)
  })

  test('opens with the environment that failed', () => {
    const failed = renderReport(stoppedAt('add-member', 'stage', { what: 'No such user.' }))
    expect(failed.match(/id="show-\d" checked/g)).toEqual(['id="show-1" checked'])
  })

  test('at the request shows why it was refused', () => {
    const run = failing(requestRun, { what: 'Owner: this is not an e-mail address.' })
    const text = textOf(renderReport({ ...delivered, runs: [run], environments: [], described: new Map() }))
    expect(text).toContain('The request could not be accepted. Nothing was created.')
    expect(text).toContain('Owner: this is not an e-mail address.')
  })

  test('before it began is a page as well', () => {
    expect(textOf(renderReport({ ...delivered, runs: [], environments: [] }))).toContain(
      'Nothing was delivered.',
    )
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
      }),
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
    const maps = { 'map-file': svg, 'map-narrow-file': svg }
    const text = textOf(renderReport(withOutputs('ip-calc', {}, maps)))
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

  test('however much there is, the page stays readable', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `/resourceGroups/r/providers/A.B/c/n${index}`)
    const page = renderReport(withOutputs('provision-project', { resources: JSON.stringify(many) }))
    expect(page.length).toBeLessThan(report.length + 100_000)
    expect(textOf(page)).toContain('… and 19,700 more.')
  })
})

describe('Numbers in the report', () => {
  const { request, environments } = readDelivery(delivered)
  const groups = [request === undefined ? [] : [request], ...environments.map(({ steps }) => steps)]

  test('are of one definition: every change of every plan is in exactly one row, and the rows add up to all', () => {
    for (const steps of groups) {
      const rows = ledgerOf(steps)
      const sum = total(rows.map(({ tally }) => tally))
      const planned = steps.flatMap(({ plan }) => plan?.changes ?? []).length
      expect(comparedIn(sum)).toBe(planned)
      expect(rows.reduce((all, { tally }) => all + comparedIn(tally), 0)).toBe(planned)
    }
  })

  test('at the top are the sum of those below', () => {
    const all = delivered.runs.reduce((sum, { plan }) => sum + (plan?.changes.length ?? 0), 0)
    const text = textOf(report)
    expect(text).toContain(`changes made ${all}`)
    const each = groups.map((steps) => steps.flatMap(({ plan }) => plan?.changes ?? []).length)
    for (const count of each) expect(text).toContain(String(count))
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(all)
  })

  test('on the card of an environment are those of its table, and of its list of resources', () => {
    const rows = ledgerOf(environments[0]?.steps ?? [])
    const [count, endpoints] = [presentOf(rows, 'Resources'), presentOf(rows, 'Private endpoints')]
    expect(count).toBeGreaterThan(5)
    expect(textOf(report)).toContain(
      `${count} resources and ${endpoints} private endpoints in resource group`,
    )
    expect(textOf(report)).toContain(`resources ${count} private endpoints ${endpoints}`)
  })

  test('say of each what is counted', () => {
    for (const steps of groups)
      for (const { explanation } of ledgerOf(steps)) expect(explanation).not.toBe('')
  })

  test('count a thing once when a later step finds it as the first one left it', () => {
    const again = withRuns((run) =>
      run.mode !== 'release-unneeded'
        ? run
        : {
            ...run,
            plan: {
              ...{ version: 1, action: 'ip-calc', warnings: [] },
              changes: (
                delivered.runs.find((each) => isStep(each, 'ip-calc', run.environment))?.plan?.changes ?? []
              ).map((change) => ({ ...change, change: 'keep' as const })),
            },
          },
    )
    const subnets = ledgerOf(readDelivery(again).environments[0]?.steps ?? []).find(
      ({ title }) => title === 'Subnets',
    )
    expect(subnets?.tally).toMatchObject({ create: 2, keep: 0 })
  })

  test('say nothing was changed when all is as it was', () => {
    expect(textOf(renderReport(unchanged))).toMatch(
      /Nothing\. All \d+ things that were compared are as the manifest says\./,
    )
  })
})

describe('What changed', () => {
  const page = renderReport(
    withRuns((run) =>
      !isStep(run, 'provision-project') || run.plan === undefined
        ? run
        : {
            ...run,
            plan: {
              ...run.plan,
              changes: [
                {
                  ...{ change: 'modify', kind: 'Microsoft.Search/searchServices', name: 'search-1' },
                  properties: [{ path: 'sku.name', before: 'basic', after: 'standard<b>' }],
                },
                {
                  ...{ change: 'delete', kind: 'Microsoft.KeyVault/vaults', name: 'kv-old' },
                  reason: 'It was switched off.',
                },
              ],
            },
          },
    ),
  )

  test('is shown with before and after, what is lost first', () => {
    const text = textOf(page)
    expect(text).toContain('sku.name basic → , now standard<b>')
    expect(text).toContain('It was switched off.')
    expect(text.indexOf('kv-old')).toBeLessThan(text.indexOf('search-1'))
  })

  test('costs what the plan estimates, in each environment and together', () => {
    expect(textOf(report)).toContain('a month in 3 environments, by list prices ≈ $332')
    expect(textOf(report)).toContain('Estimated cost per month: $0 → $111 (+$111), plus usage.')
    expect(textOf(report)).toContain('An estimate, not a quotation')
  })
})

test('What Azure limits is shown in each environment, the fullest first, and what is almost used up is said', () => {
  const text = textOf(report)
  expect(text.match(/Some of what Azure limits is almost used up/g)).toHaveLength(3)
  expect(text).toMatch(
    /units of the model quota gpt swedencentral 90 100 90 % almost all role assignments the subscription 120 4,000 3 %/,
  )
})

describe('What to do next', () => {
  test.each([
    ['private-peered', 'Work from a network that is peered with the project’s VNet'],
    ['private-vpn', 'Connect with the Azure VPN client'],
    ['private-bastion', 'through Azure Bastion'],
    ['private-ip-allowlist', 'one of the addresses that the factory allows: 203.0.113.7'],
    ['public-perimeter', 'Work from anywhere'],
  ] as const)('says how to connect in access mode %s', (accessMode, words) => {
    const described = new Map(
      [...delivered.described].map(([key, { project, ...rest }]) => [
        key,
        {
          ...rest,
          project: { ...project, factory: { ...project.factory, accessMode, allowedIps: ['203.0.113.7'] } },
        },
      ]),
    )
    expect(textOf(renderReport({ ...delivered, described }))).toContain(words)
  })

  test('says what each service is for, in the words of the issue form', () => {
    expect(textOf(report)).toContain('Azure AI Search Find the right passages in your own documents.')
  })
})

describe('Links', () => {
  test('lead to the resources, the run, the manifest and its commit', () => {
    const addresses = [...report.matchAll(/ href="([^"]*)"/g)].map(([, address]) => address)
    for (const start of [
      'https://portal.azure.com/#@',
      'https://github.com/contoso/factory/actions/runs/123/attempts/1',
      'https://github.com/contoso/factory/blob/0123456789abcdef',
      'https://github.com/contoso/factory/commit/0123456',
    ])
      expect(addresses.some((address) => address?.startsWith(start))).toBe(true)
  })

  test.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'http://example.com',
    '//example.com',
    'https://example.com/"onclick="alert(1)',
    'https://exam ple.com',
    'a/../../etc',
  ])('are not made of %s', (address) => {
    expect(link(address, 'text').text).toBe('text')
  })

  test('to the portal are made of resource ids only, whatever is in the name', () => {
    expect(portalLink('https://portal.azure.com', 'x', '/subscriptions/s/resourceGroups/r')).toBe(
      'https://portal.azure.com/#resource/subscriptions/s/resourceGroups/r',
    )
    for (const id of ['x', '/subscriptions/a#b', '/subscriptions/a"b', '/subscriptions/<b>'])
      expect(portalLink('https://portal.azure.com', 'x', id)).toBeUndefined()
  })

  test('hold whatever the text: it never becomes markup', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 60 }), (text) => {
        expect(link(`https://example.com/${text}`, text).text).not.toMatch(/<(?!\/?a[ >])|(?<!href=)"(?!>)/)
      }),
    )
  })
})

describe('A factory that was set up, and got its common area, in the same run', () => {
  const ran = {
    started: '2026-11-29T09:00:00.000Z',
    milliseconds: 900,
    calls: 40,
    outcome: 'applied',
  } as const
  const left = { outputs: {}, files: {}, warnings: [] }
  const setup: DeliveredRun = {
    ...{ version: 1, action: setupStep.action, mode: setupStep.mode, ...ran, ...left, changed: true },
    plan: {
      ...{ version: 1, action: setupStep.action, warnings: [] },
      changes: [{ change: 'create', kind: 'set-up', name: "Let 'ai-factory-dev' sign in <as> dev" }],
    },
  }
  const overview = {
    parts: [
      { title: 'Data lake', what: 'lake1', reach: 'the VNet; not from the Internet' },
      { title: 'NAT gateway', what: 'not there', reach: '' },
    ],
    capacity: [{ type: 'esml (standard)', more: '92', first: 'Subnets per VNet', next: 'Addresses' }],
  }
  const common = environments.map(
    (environment): DeliveredRun => ({
      ...{
        version: 1,
        action: 'provision-project',
        mode: 'apply',
        environment,
        ...ran,
        ...left,
        changed: true,
      },
      outputs: { overview: JSON.stringify(overview) },
      plan: {
        ...{ version: 1, action: 'provision-project', environment, warnings: [] },
        changes: [{ change: 'create', kind: 'Microsoft.Storage/storageAccounts', name: 'lake1' }],
        cost: {
          ...{
            currency: 'USD',
            pricesOf: '2026-11-29',
            region: 'Sweden Central',
            after: 100,
            notEstimated: [],
          },
          items: [
            { kind: 'Microsoft.ContainerRegistry/registries', name: 'acr', meter: 'Premium', after: 100 },
          ],
        },
      },
    }),
  )
  const page = renderReport({ ...delivered, runs: [setup, ...common, ...delivered.runs] })

  test('shows what set-up did, escaped', () => {
    expect(textOf(page)).toContain("Let 'ai-factory-dev' sign in <as> dev")
    expect(page).not.toContain('<as>')
  })

  test('shows in each environment its parts, from where they are reached, and how many projects fit', () => {
    const text = textOf(page)
    expect(text.match(/Data lake lake1 the VNet; not from the Internet/g)).toHaveLength(3)
    expect(text.match(/esml \(standard\) 92 Subnets per VNet/g)).toHaveLength(3)
    expect(text).not.toContain('NAT gateway')
  })

  test('counts the common areas in cost and changes, and leaves the project its own', () => {
    const text = textOf(page)
    expect(text).toContain('a month in 3 environments, by list prices ≈ $632')
    expect(text).toContain('Common area of Dev')
    expect(text).toContain('What all projects of Dev share. Estimated cost per month: $100.')
    const [dev] = readDelivery({ ...delivered, runs: [setup, ...common, ...delivered.runs] }).environments
    expect(dev?.steps.every(({ plan }) => !plan?.changes.some(({ name }) => name === 'lake1'))).toBe(true)
  })

  test('says where it stopped when the common area failed', () => {
    const runs = [setup, ...common.map((run) => failing(run, { what: 'No address space.' })).slice(0, 1)]
    const text = textOf(renderReport({ ...delivered, runs, environments: [], described: new Map() }))
    expect(text).toContain('Stopped in Dev: could not deploy the common area.')
    expect(text).toContain('No address space.')
  })
})
