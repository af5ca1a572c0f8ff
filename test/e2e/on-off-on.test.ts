import { describe, expect, test } from '@jest/globals'
import { type ServiceKey, serviceKeys } from '../../src/catalog/index.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { allOf002, destroy } from './support/destroy.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { devGroupOf } from './support/places.ts'
import { type BootstrapRepository, manifestOf, readPlan } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

/** The manifest of project 003 with all services, but for those that are off. */
function write({ read, write }: BootstrapRepository, off: readonly ServiceKey[]): void {
  const rest = read(manifestOf('003')).replace(/^services:.*\n/m, '')
  const settings = serviceKeys.map((key) => `${key}: ${!off.includes(key)}`)
  write(manifestOf('003'), `${rest.trimEnd()}\nservices: { ${settings.join(', ')} }\n`)
}

const withAll = delivered('003', (repository) => write(repository, []))

/** The errors of a delivery; none when it came to its end. */
const errorsOf = (runs: readonly Run[]): readonly string[] =>
  runs.flatMap((run) => (run.exitCode === 0 ? [] : [errorOf(run)]))

const deliver = async (factory: Factory, off: readonly ServiceKey[], allow: string): Promise<void> => {
  write(factory.repository, off)
  expect(errorsOf(await factory.deliver('003', 'dev', { allow }))).toEqual([])
}

/** Everything in Azure; how a resource came to be, new or recovered, is not part of it. */
const stateOf = ({ sandbox }: Factory): readonly string[] =>
  azureState(sandbox).map((line) => line.replaceAll(/"createMode":"recover",|,"restore":true/g, ''))

/** Changes nothing any more. */
const expectSettled = async (factory: Factory, project: string): Promise<void> => {
  const runs = await factory.deliver(project, 'dev')
  expect(runs.map(({ exitCode, outputs }) => [exitCode, outputs['changed']])).toEqual(
    runs.map(() => [0, 'false']),
  )
}

describe.each(['deletion, purge', 'deletion'])('a service that was on, with allow: %s,', (allow) => {
  // Azure recovers a workspace only in the portal.
  const keys = serviceKeys.filter((key) => allow.includes('purge') || key !== 'machineLearning')
  test.each(keys.map((key) => [key] as const))('is off, and on again as it was: %s', async (key) => {
    const factory = await withAll({ keepsAgentLinks: true })
    const before = stateOf(factory)
    await deliver(factory, [key], allow)
    expect(difference(before, stateOf(factory)).gone.length).toBeGreaterThan(0)
    await deliver(factory, [], allow)
    expect(difference(before, stateOf(factory))).toEqual(nothing)
    await expectSettled(factory, '003')
  })
})

test('the capability hosts of a Foundry account go before it when it is switched off', async () => {
  const factory = await withAll()
  const account = `${devGroupOf('003')}/providers/Microsoft.CognitiveServices/accounts/aif2a1b2c003001dev`
  const hosts = [
    `${account}/projects/aif2-p003001dev/capabilityHosts/agents`,
    `${account}/capabilityHosts/agents`,
  ]
  const hand = await byHand(factory.sandbox)
  await hand.put(hosts[1] ?? '', '2025-12-01', { properties: { capabilityHostKind: 'Agents' } })
  await hand.put(hosts[0] ?? '', '2025-12-01', { properties: {} })
  write(factory.repository, ['aiFoundry'])
  const planned = await factory.run('provision-project', '003', 'dev', { mode: 'plan' })
  const gone = readPlan(planned).changes.filter(({ change }) => change === 'delete')
  expect(gone.map(({ scope = '' }) => scope)).toEqual(expect.arrayContaining(hosts))

  const runs = await factory.deliver('003', 'dev', { allow: 'deletion, purge' })
  expect(errorsOf(runs)).toEqual([])
  const deletions = runs
    .flatMap(({ writes }) => writes)
    .flatMap(({ method, path }) => (method === 'DELETE' ? [path.replace(/\?.*/, '')] : []))
  expect(deletions.slice(0, 4)).toEqual([...hosts, `${account}/projects/aif2-p003001dev`, account])
  expect(deletions.some((path) => path.endsWith('/subnets/snt-prj003-aca-002'))).toBe(true)
})

const withProject002 = delivered('002')

test.each(['deletion, purge', 'deletion'])(
  'a project that was destroyed with allow: %s is delivered again under its number as it was',
  async (allow) => {
    const factory = await withProject002({ keepsAgentLinks: true })
    const before = stateOf(factory)
    expect((await destroy(factory, { ...allOf002, allow })).exitCode).toBe(0)
    expect(errorsOf(await factory.deliver('002', 'dev'))).toEqual([])
    expect(difference(before, stateOf(factory))).toEqual(nothing)
    await expectSettled(factory, '002')
  },
)
