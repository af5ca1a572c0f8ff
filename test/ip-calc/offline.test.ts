import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { readInputs } from '../../actions/ip-calc/inputs.ts'
import { manageSubnets } from '../../src/operations/network/manage-subnets.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { transcribingHost } from '../runtime/transcribing-host.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'ip-calc-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs the action on a machine that has no network. */
async function ipCalc(inputs: Record<string, string>) {
  const inputsAskedFor = new Set<string>()
  const { host, transcript } = transcribingHost(inputs, {
    environment: { RUNNER_TEMP: folder },
    idToken: () => Promise.reject(new Error('There is no network.')),
  })
  const input = (name: string): string => {
    inputsAskedFor.add(name)
    return host.input(name)
  }
  await runAction('ip-calc', readInputs, manageSubnets, { ...host, input })
  return { ...transcript, inputsAskedFor }
}

const described = {
  'address-space': '10.1.0.0/20',
  'existing-subnets': 'AzureBastionSubnet 10.1.15.192/26\nweb 10.1.0.0/24',
  subnets: '- { name: agents, prefixLength: 24, service: aiFoundry }\n- { name: endpoints, addresses: 40 }',
}

describe('Without Azure and without a manifest', () => {
  test('subnets get their places, in outputs and files', async () => {
    const { outputs, lines } = await ipCalc(described)
    expect(lines).toEqual([
      '::notice::2 of 2 subnets to create (agents 10.1.1.0/24, endpoints 10.1.15.128/26) in the given address space.',
    ])
    const subnets = JSON.parse(outputs['subnets'] ?? '')
    expect(subnets.agents).toEqual({
      name: 'agents',
      addressPrefix: '10.1.1.0/24',
      state: 'planned',
      delegation: 'Microsoft.App/environments',
      id: '',
    })
    const read = (output: string): string => readFileSync(outputs[output] ?? '', 'utf8')
    expect(JSON.parse(read('parameters-file')).parameters.subnets.value).toEqual(subnets)
    expect(JSON.parse(read('plan-file'))).toMatchObject({ version: 1, action: 'ip-calc' })
    expect(read('map-file')).toMatch(/^<svg /)
    expect(outputs['changed']).toBe('true')
  })

  test('nothing is to change when all exist', async () => {
    const existing = `${described['existing-subnets']}\nagents 10.1.1.0/24\nENDPOINTS 10.1.2.0/26`
    const { outputs, lines } = await ipCalc({ ...described, 'existing-subnets': existing })
    expect(outputs['changed']).toBe('false')
    expect(lines).toEqual(['::notice::Both subnets exist. Nothing to change in the given address space.'])
  })

  test('a notice names twenty of thousands', async () => {
    const specs = Array.from({ length: 2000 }, (_, index) => ({ name: `w${index}`, prefixLength: 29 }))
    const { lines, outputs } = await ipCalc({
      'address-space': '10.1.0.0/16',
      subnets: JSON.stringify(specs),
    })
    expect(lines).toEqual([expect.stringContaining(' and 1980 more) in the given address space.')])
    expect(Object.keys(JSON.parse(outputs['subnets'] ?? ''))).toHaveLength(2000)
  })

  test('the summary can be left out', async () => {
    expect((await ipCalc(described)).summary).toContain('10.1.1.0/24')
    expect((await ipCalc({ ...described, summary: 'false' })).summary).toBe('')
  })
})

describe('What is refused ends with one error and no output', () => {
  test.each<[string, Record<string, string>, string]>([
    [
      'a shortage',
      { ...described, 'address-space': '10.1.0.0/24' },
      "does not have enough free address space for subnets 'agents' (/24) and 'endpoints'",
    ],
    [
      'an empty list',
      { ...described, subnets: '[]' },
      "Input 'subnets' is an empty list. List at least one subnet",
    ],
    ['host bits', { ...described, 'address-space': '10.1.0.9/20' }, 'Probably 10.1.0.0/20 was meant.'],
    ['IPv6 only', { ...described, 'address-space': 'fd00::/56' }, "'address-space' holds no IPv4 network."],
    [
      'a broken list',
      { ...described, 'existing-subnets': 'web' },
      "Input 'existing-subnets' cannot be read. Line 1:",
    ],
    ['reserving offline', { ...described, mode: 'reserve' }, "cannot be combined with mode 'reserve'"],
    [
      'a VNet in Azure too',
      { ...described, 'vnet-id': '/x' },
      "Input 'vnet-id' means nothing in mode 'plan' with 'address-space'.",
    ],
    [
      'releasing offline',
      { ...described, mode: 'release' },
      "Input 'address-space' means nothing in mode 'release'.",
    ],
    [
      'a pool offline',
      { ...described, allocation: 'pool' },
      "Input 'allocation' means nothing in mode 'plan' with",
    ],
    [
      'described subnets of a VNet in Azure',
      { 'existing-subnets': 'a 10.0.0.0/24' },
      "means nothing without 'address-space'",
    ],
    [
      'an unknown mode',
      { mode: 'guess' },
      'Use plan, reserve, plan-release, release, release-unneeded or capacity.',
    ],
    ['nothing at all', {}, "Input 'project' is missing."],
    [
      'a missing manifest',
      { 'address-space': '10.1.0.0/20', project: '001', environment: 'dev', 'factory-file': 'nowhere.yml' },
      "The file 'nowhere.yml'",
    ],
  ])('%s', async (_, inputs, message) => {
    const { lines, outputs } = await ipCalc(inputs)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^::error::/)
    expect(lines[0]).toContain(message)
    expect(outputs).toEqual({})
  })
})

test('action.yml names exactly the inputs that are read, and the outputs that are set', async () => {
  const contract = parse(readFileSync('actions/ip-calc/action.yml', 'utf8'))
  const offline = await ipCalc({
    ...described,
    project: '001',
    environment: 'dev',
    'factory-file': 'nowhere.yml',
  })
  const live = await ipCalc({ project: '001', environment: 'dev', 'factory-file': 'nowhere.yml' })
  const asked = new Set([...offline.inputsAskedFor, ...live.inputsAskedFor])
  expect([...asked].sort()).toEqual(Object.keys(contract.inputs).sort())
  const proposal = await ipCalc({ mode: 'capacity', projects: 'esml: 1' })
  const set = new Set([...Object.keys((await ipCalc(described)).outputs), ...Object.keys(proposal.outputs)])
  expect([...set].sort()).toEqual(Object.keys(contract.outputs).sort())
})
