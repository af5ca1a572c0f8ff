import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { runStep } from '../../sandbox/runner/step.ts'
import { cidr, overlaps } from '../../src/cidr.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { calculate } from './calculate.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

/**
 * What goes wrong with calculators that append after the highest subnet, where it is about the run itself. Those about
 * addresses are in append-only-defects.test.ts, with the numbers that are missing here.
 */
const root = path.join(import.meta.dirname, '..', '..')
const action = path.join(root, 'actions', 'ip-calc')
const factory = factoryFolder()
let here: OnSandbox
beforeAll(async () => {
  here = await onSandbox()
})
afterAll(async () => {
  await here.sandbox.close()
  factory.remove()
})

/** Runs the bundle in a process of its own, as a job that has no identity in Azure. */
async function step(inputs: Readonly<Record<string, string>>) {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ACTIONS_ID_TOKEN_REQUEST_TOKEN: __, ...job } = here.sandbox.env
  const environment = { ...job, RUNNER_TEMP: factory.folder }
  const run = await runStep({ action, workspace: factory.folder, environment, with: inputs })
  return { ...run, errors: run.lines.filter(({ kind }) => kind === 'error').map(({ text }) => text) }
}

describe('A run that cannot do its work fails', () => {
  test('18: when the VNet is not there, with one error and no results', async () => {
    const run = await ipCalc(here.sandbox, factory, { 'vnet-id': `${ids.network}-of-nobody` })
    expect(annotations(run, 'error')).toEqual([expect.stringContaining('-of-nobody')])
    expect(run.outputs).toEqual({})
  })

  test('8: when one subnet does not fit, with exit code 1 and no results', async () => {
    const { exitCode, outputs, errors } = await step({
      'address-space': '10.0.0.0/22',
      subnets: '- { name: aca, prefixLength: 23 }\n- { name: aks, prefixLength: 22 }',
    })
    expect({ exitCode, outputs }).toEqual({ exitCode: 1, outputs: {} })
    expect(errors).toEqual([
      expect.stringContaining("does not have enough free address space for subnet 'aca' (/23)"),
    ])
  })

  test('19: when it cannot sign in, with exit code 1', async () => {
    const { exitCode, outputs, errors } = await step({
      'factory-file': factory.file,
      project: '003',
      environment: 'dev',
      'azure-cloud': here.sandbox.url,
    })
    expect({ exitCode, outputs }).toEqual({ exitCode: 1, outputs: {} })
    expect(errors).toEqual([expect.stringContaining('The job may not request an OIDC token from GitHub.')])
  })

  test('20: when the project has a type that nobody knows', async () => {
    factory.addProject('020', (text) => text.replace('type: all', 'type: genai'))
    const { failures, outputs } = await calculate({
      'factory-file': factory.file,
      project: '020',
      environment: 'dev',
      'address-space': '10.1.0.0/16',
    })
    expect(failures).toEqual([expect.stringMatching(/'type'.*esml.*genai-1.*all/)])
    expect(outputs).toEqual([])
  })
})

test('22: two projects that allocate subnets at the same time get different addresses', async () => {
  factory.addProject('021')
  factory.addProject('022')
  const runs = await Promise.all(
    ['021', '022'].map((project) => ipCalc(here.sandbox, factory, { mode: 'reserve', project })),
  )
  expect(runs.flatMap((run) => annotations(run, 'error'))).toEqual([])
  const [first = [], second = []] = runs.map(({ outputs }) => {
    const subnets: Readonly<Record<string, { addressPrefix: string }>> = JSON.parse(
      outputs['subnets'] ?? '{}',
    )
    return Object.values(subnets).map(({ addressPrefix }) => cidr(addressPrefix))
  })
  expect([first.length, second.length]).toEqual([2, 2])
  expect(first.some((one) => second.some((other) => overlaps(one, other)))).toBe(false)
})

describe('Text stays text', () => {
  test('25: the name of a subnet sets no variable, and outputs are those that the action declares', async () => {
    const before = { ...process.env }
    const { places, outputs } = await calculate({
      'address-space': '10.1.0.0/16',
      subnets: '- { name: PATH, prefixLength: 24 }\n- { name: constructor, prefixLength: 24 }',
    })
    expect(places).toEqual({ PATH: '10.1.0.0/24', constructor: '10.1.1.0/24' })
    expect(process.env).toEqual(before)
    const contract = parse(readFileSync(path.join(action, 'action.yml'), 'utf8'))
    expect(Object.keys(contract.outputs)).toEqual(expect.arrayContaining([...outputs]))
  })

  test('26: no secret is asked for, and quotes and dollar signs reach no command line', async () => {
    const { inputs, runs } = parse(readFileSync(path.join(action, 'action.yml'), 'utf8'))
    // GitHub gives each job a token of its own, which nobody has to create or pass.
    const { 'github-token': own, ...asked } = inputs
    expect(own.default).toContain('github.token')
    expect(Object.keys(asked).filter((name) => /secret|password|token|credential/.test(name))).toEqual([])
    expect(runs).toEqual({ using: 'node24', main: 'dist/index.js' })
    const { failures } = await calculate({
      'address-space': '10.1.0.0/16',
      subnets: `[{ "name": "a'; $(id) #", "prefixLength": 24 }]`,
    })
    expect(failures).toEqual([expect.stringContaining('must be a subnet name')])
  })
})
