import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { readInputs } from '../../actions/ip-calc/inputs.ts'
import { loadFactory } from '../../src/manifest/load.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { environments } from '../../src/vocabulary.ts'
import { recordingHost } from '../runtime/recording-host.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'ip-calc-proposal-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the action where there is no network, no factory.yml and nobody is signed in. */
async function propose(inputs: Readonly<Record<string, string>>) {
  const host = recordingHost(
    { mode: 'capacity', 'factory-file': 'nowhere.yml', ...inputs },
    { environment: { RUNNER_TEMP: folder } },
  )
  await runAction('ip-calc', readInputs, manageSubnets, host)
  const of = (kind: string): readonly string[] =>
    host.record.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1))
  const capacity = of('output').find((line) => line.startsWith('capacity='))
  return {
    proposals: capacity === undefined ? [] : JSON.parse(capacity.slice('capacity='.length)).proposals,
    summary: of('summary').join('\n'),
    failures: of('fail'),
    warnings: of('warning'),
    notices: of('notice'),
    outputs: of('output').map((line) => line.slice(0, line.indexOf('='))),
  }
}

/** The blocks of YAML in a summary. */
const blocks = (summary: string): readonly string[] =>
  [...summary.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

describe('Address spaces for a factory that does not exist yet', () => {
  test('are proposed in both profiles, for every environment', async () => {
    const { proposals, notices, warnings, outputs } = await propose({ projects: 'genai-1: 20, esml: 10' })
    expect(warnings).toEqual([])
    expect(notices).toEqual([
      expect.stringMatching(
        /^Profile standard: \/\d+.* for each environment\. Profile compact: \/\d+.* for each environment\. /,
      ),
    ])
    expect(outputs.sort()).toEqual(['capacity', 'changed', 'plan-file'])
    for (const { networks } of proposals) {
      expect(networks.map(({ environment }: { environment: string }) => environment)).toEqual(environments)
    }
    const [standard, compact] = proposals
    expect(compact.addresses).toBeLessThan(standard.addresses / 2)
  })

  test('can be pasted into factory.yml, which is then accepted', async () => {
    const { summary } = await propose({ projects: 'all: 12', reserved: '10.0.0.0/8, 192.168.0.0/16' })
    expect(blocks(summary)).toHaveLength(2)
    const template = parse(readFileSync('workflows-templates/aifactory/factory.yml', 'utf8'))
    for (const block of blocks(summary)) {
      const pasted = parse(block)
      for (const environment of environments) {
        template.environments[environment].network = pasted.environments[environment].network
      }
      expect(loadFactory(stringify(template), 'factory.yml')).toMatchObject({ kind: 'document' })
    }
  })

  test('are reported with the number of instances it takes when one VNet or subscription is not enough', async () => {
    const { warnings, summary } = await propose({ projects: 'genai-1: 400' })
    expect(warnings).toEqual([
      expect.stringMatching(
        /^500 genai-1 projects \(with 25% for growth\) do not fit one VNet and subscription per environment: they need 5,\d+ private endpoints where 1,000 are allowed, and [\d,]+ role assignments where 4,000 are allowed\. It takes \d instances of the factory, each with VNets and subscriptions of its own\.$/,
      ),
    ])
    expect(summary).toContain('instance: "002"')
  })

  test('have a summary that GitHub shows, however much is reserved', async () => {
    const reserved = Array.from({ length: 8000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`)
    const { summary, failures } = await propose({
      projects: 'genai-1: 999, esml: 999, all: 999',
      reserved: reserved.join('\n'),
    })
    expect(failures).toEqual([])
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024)
    expect(summary).toContain('Some of this summary is left out')
    expect(summary).toContain('| Profile | Instance | Projects |')
  })

  test('say what they assume', async () => {
    const { summary } = await propose({ projects: 'esml: 8' })
    expect(summary).toContain('Planned for 10 esml projects: 25% more than requested')
    expect(summary).toContain('reserves 416 addresses for the common area')
    expect((await propose({ projects: 'esml: 8', summary: 'false' })).summary).toBe('')
  })

  test.each([
    ['genai-1: 0', "Input 'projects' has the entry"],
    ['genai: 5', 'An entry is a type (esml, genai-1, all)'],
    ['genai-1: 5, genai-1: 6', 'once each'],
  ])('are refused for %j', async (projects, message) => {
    const { failures, outputs } = await propose({ projects })
    expect(failures).toEqual([expect.stringContaining(message)])
    expect(outputs).toEqual([])
  })

  test('are refused when everything is reserved', async () => {
    const { failures } = await propose({
      projects: 'genai-1: 5',
      reserved: '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16',
    })
    expect(failures).toEqual([
      expect.stringMatching(/^3 VNets of this size do not fit the private address ranges of IPv4/),
    ])
  })
})
