import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { type ChainAction, type Factory, makingSteps, openFactory, type Run } from './support/factory.ts'
import { killedAfter, killedWhen } from './support/killed-after.ts'
import { onceOnly } from './support/snapshot.ts'
import { log } from './support/transcript.ts'

const project = '002'

/** One action of an undisturbed delivery: what was in Azure before and after it, and how much it had to change. */
interface Stage {
  readonly before: ReturnType<Factory['snapshot']>
  readonly changes: number
  readonly after: readonly string[]
}

async function deliverUndisturbed(): Promise<Readonly<Record<string, Stage>>> {
  const factory = await openFactory()
  const stages: Record<string, Stage> = {}
  for (const { action } of makingSteps) {
    const before = factory.snapshot()
    const { writes } = await factory.run(action, project, 'dev')
    stages[action] = { before, changes: writes.length, after: azureState(factory.sandbox) }
  }
  return stages
}

const undisturbed = onceOnly(deliverUndisturbed)

async function stageOf(action: ChainAction): Promise<Stage> {
  const stage = (await undisturbed())[action]
  if (stage === undefined) throw new Error(`'${action}' was not delivered.`)
  return stage
}

const killed = (changes: number, factory: Factory, action: ChainAction): Promise<Run> =>
  killedAfter(factory, changes, (signal) => factory.run(action, project, 'dev', {}, { signal }))

/** The change after which a run is killed, of as many as there are. */
const moments: Readonly<Record<string, (changes: number) => number>> = {
  'its first change': () => 1,
  'half of its changes': (changes) => Math.ceil(changes / 2),
  'all changes but the last': (changes) => changes - 1,
}

describe.each(makingSteps.map(({ action }) => action))('%s, killed and run again', (action) => {
  test.each(Object.entries(moments))('after %s, ends where an undisturbed run does', async (_moment, at) => {
    const { before, changes, after } = await stageOf(action)
    const factory = await openFactory({ seed: before })
    const first = await killed(at(changes), factory, action)
    expect(first.exitCode).toBe(137)
    expect(difference(after, azureState(factory.sandbox))).not.toEqual(nothing)

    const again = await factory.run(action, project, 'dev')
    expect(again.exitCode).toBe(0)
    expect(again.writes.length).toBeLessThan(changes)
    expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
  })
})

test('provision-project, killed while Azure deploys, and run again at once, goes on with its own deployment and after it', async () => {
  const { before, after } = await stageOf('provision-project')
  const factory = await openFactory({ seed: before, durationScale: 0.05 })
  const isStack = ({ path }: Run['writes'][number]): boolean => path.includes('/deploymentStacks/')
  const first = await killedWhen(
    factory,
    (made) => made.some(isStack),
    (signal) => factory.run('provision-project', project, 'dev', {}, { signal }),
  )
  expect(first.exitCode).toBe(137)
  expect(difference(after, azureState(factory.sandbox))).not.toEqual(nothing)

  const again = await factory.run('provision-project', project, 'dev')
  expect(log(again)).toContain(
    "This very deployment of 'mrvel-esml-project002-sdc-dev-001' is under way already: an earlier run began it. This run goes on with it",
  )
  expect(log(again).at(-1)).toMatch(
    /^::notice::Project 002 in dev: resources: N added, 0 changed, 0 destroyed\.$/,
  )
  expect(again.writes.filter(isStack)).toEqual([])
  expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
})

test('a delivery that stopped after any of its actions is finished by the next one', async () => {
  const last = (await stageOf('datalake-acl')).after
  for (const { action } of makingSteps.slice(1)) {
    const factory = await openFactory({ seed: (await stageOf(action)).before })
    const runs = await factory.deliver(project, 'dev')
    const done = makingSteps.findIndex((step) => step.action === action)
    // Before and after them a delivery checks, and releases what it does not need.
    expect(runs.map(({ outputs }) => outputs['changed'])).toEqual([
      'false',
      ...makingSteps.map((_, index) => String(index >= done)),
      'false',
    ])
    expect(difference(last, azureState(factory.sandbox))).toEqual(nothing)
  }
})
