import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { serviceKeys } from '../../src/catalog/index.ts'
import { sizeOf } from '../../src/cidr.ts'
import { projectSubnets } from '../../src/network/subnet-sizes.ts'
import { readProject } from '../../src/operations/project.ts'
import { readSubnets } from '../../src/operations/provision/subnets-input.ts'
import { subnetProfiles } from '../../src/vocabulary.ts'
import { read, readAction } from '../contract/documents.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, type FactoryFolder, factoryFolder, ipCalc } from './factory.ts'

const step = z.object({
  id: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  env: z.record(z.string(), z.string()).default({}),
})
type Step = z.infer<typeof step>
/** A list of steps, or a job that has them. */
const example = z.union([z.array(step), z.object({ steps: z.array(step) }).transform(({ steps }) => steps)])

const examples: readonly (readonly Step[])[] = [
  ...read('actions/ip-calc/README.md').matchAll(/^```yaml\n(.*?)^```$/gms),
].map(([, text = '']) => example.parse(parse(text)))

const isAbout = (name: string, { uses = '' }: Step): boolean => uses.includes(`/actions/${name}@`)
const inputsOf = ({ with: given }: Step): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))

let sandbox: Sandbox
let factory: FactoryFolder
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  trust(sandbox.ca)
  factory = factoryFolder()
  factory.addProject('001')
})
afterAll(async () => {
  await sandbox.close()
  factory.remove()
})

/** Runs an example as it stands there. All that is added is where the factory and the sandbox are, as defaults. */
async function run(steps: readonly Step[] | undefined): Promise<Transcript> {
  const [found] = (steps ?? []).filter((candidate) => isAbout('ip-calc', candidate))
  if (found === undefined) throw new Error('The example has no step that uses ip-calc.')
  const inputs = inputsOf(found)
  const isOffline = ['address-space', 'projects'].some((name) => Object.hasOwn(inputs, name))
  const defaults = {
    project: '',
    environment: '',
    ...(isOffline && { 'factory-file': '', 'azure-cloud': '' }),
  }
  return ipCalc(sandbox, factory, { ...defaults, ...inputs })
}

test('Its examples are those that are run here', () => {
  expect(examples.map((steps) => steps.map(({ with: given }) => given['mode']).filter(Boolean))).toEqual([
    ['reserve', 'apply'],
    [],
    ['release'],
    ['capacity'],
    ['capacity'],
  ])
})

test('What an example takes from a step, the step has', () => {
  const { outputs } = readAction('actions/ip-calc/action.yml')
  for (const steps of examples) {
    const texts = steps.flatMap(({ with: given, env }) => [...Object.values(given), ...Object.values(env)])
    const taken = texts.flatMap((text) => [
      ...String(text).matchAll(/\$\{\{ steps\.(\S+)\.outputs\.(\S+) \}\}/g),
    ])
    for (const [, id, output] of taken) {
      expect(steps.filter((candidate) => candidate.id === id && isAbout('ip-calc', candidate))).toHaveLength(
        1,
      )
      expect(Object.keys(outputs)).toContain(output)
    }
    const expressions = texts.filter((text) => String(text).includes('${{'))
    expect(taken).toHaveLength(expressions.length)
  }
})

test('The first claims the subnets of the project, and provision-project takes what it hands over', async () => {
  const [first] = examples
  const reserved = await run(first)
  expect(annotations(reserved, 'error')).toEqual([])
  const deployment = (first ?? [])
    .filter((candidate) => isAbout('provision-project', candidate))
    .map(inputsOf)
  expect(deployment).toEqual([expect.objectContaining({ project: '001', environment: 'dev', mode: 'apply' })])
  const project = readProject({
    factoryFile: factory.file,
    azureCloud: sandbox.url,
    project: '001',
    environment: 'dev',
  })
  expect(readSubnets(reserved.outputs['subnets'] ?? '', project)).toMatchObject({
    genai: { state: 'reserved', name: 'snt-prj001-genai' },
    aca2: { state: 'reserved', name: 'snt-prj001-aca-002' },
  })
})

test('The second calculates without a call', async () => {
  const before = sandbox.requestCount()
  const calculated = await run(examples[1])
  expect(annotations(calculated, 'error')).toEqual([])
  expect(JSON.parse(calculated.outputs['subnets'] ?? '')).toMatchObject({
    agents: { state: 'planned', addressPrefix: expect.stringMatching(/^10\.1\.\d+\.0\/24$/) },
    endpoints: { state: 'planned', addressPrefix: expect.stringMatching(/^10\.1\.\d+\.\d+\/26$/) },
  })
  expect(sandbox.requestCount()).toBe(before)
})

test('The one that releases deletes the subnet that it names, and no other', async () => {
  await ipCalc(sandbox, factory, { mode: 'reserve', project: '001' })
  const released = await run(examples[2])
  expect(annotations(released, 'error')).toEqual([])
  expect(Object.values(JSON.parse(released.outputs['subnets'] ?? ''))).toEqual([
    expect.objectContaining({ name: 'snt-prj001-aca-002', state: 'released' }),
  ])
})

test('The one that counts says how much is left, and the one that proposes has an address space for each VNet', async () => {
  const counted = await run(examples[3])
  expect(annotations(counted, 'error')).toEqual([])
  expect(annotations(counted, 'notice')).toEqual([expect.stringMatching(/^dev, VNet \S+: \d+ more/)])
  const before = sandbox.requestCount()
  const proposed = await run(examples[4])
  expect(annotations(proposed, 'error')).toEqual([])
  expect(proposed.summary).toContain('addressSpace: [')
  expect(sandbox.requestCount()).toBe(before)
})

test.each(subnetProfiles)('The sizes of the profile %s are those that are planned', (profile) => {
  const [row = ''] = read('actions/ip-calc/README.md').match(new RegExp(`^\\| \`${profile}\`.*`, 'm')) ?? []
  const shown = [...row.matchAll(/\/(\d+) \((\d+)/g)].map((match) => match.slice(1).map(Number))
  const planned = projectSubnets(serviceKeys, profile).map(({ prefixLength }) => prefixLength)
  expect(shown).toEqual(planned.map((prefixLength) => [prefixLength, sizeOf(prefixLength)]))
})
