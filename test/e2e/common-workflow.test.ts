/** The workflows that a bootstrap repository calls for its common area, step by step, with the bundles that GitHub's runner starts. */
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { isReached } from '../../sandbox/runner/composite.ts'
import { interpolated } from '../../sandbox/runner/expression.ts'
import { runStep, type StepResult } from '../../sandbox/runner/step.ts'
import { readWorkflow } from '../contract/documents.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { type Factory, openFactory } from './support/factory.ts'

const root = path.join(import.meta.dirname, '../..')
type Inputs = Readonly<Record<string, string>>

/** Runs the steps of a job that use an action of this repository. */
async function runJob(
  { sandbox, repository }: Factory,
  [workflow, job]: readonly [string, string],
  given: Inputs,
): Promise<readonly StepResult[]> {
  const { env, token } = sandbox.beginJob({ environment: 'dev' })
  const inputs = {
    environment: 'dev',
    'factory-file': 'aifactory/factory.yml',
    'azure-cloud': sandbox.url,
    allow: '',
    'wait-minutes': '20',
    ...given,
  }
  const context = new Map(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]))
  const results: StepResult[] = []
  const { jobs } = readWorkflow(`.github/workflows/${workflow}.yml`)
  for (const { id, uses = '', if: condition, with: asked } of jobs[job]?.steps ?? []) {
    const hasFailed = results.some(({ exitCode }) => exitCode !== 0)
    if (!uses.startsWith('$/') || !isReached(condition, hasFailed, context)) continue
    const values = Object.entries(asked).map(([key, value]) => [key, interpolated(String(value), context)])
    const result = await runStep({
      action: path.join(root, uses.slice('$/'.length)),
      workspace: repository.folder,
      with: Object.fromEntries(values),
      token,
      environment: { ...sandbox.env, ...env, RUNNER_TEMP: path.join(repository.folder, '.runner') },
    })
    results.push(result)
    context.set(`steps.${id}.outcome`, result.exitCode === 0 ? 'success' : 'failure')
  }
  return results
}

/** The seed's common area was made by hand, which somebody has to say may be taken over. */
const deliver = (factory: Factory, job: 'common' | 'folders', mode: string) =>
  runJob(factory, ['deliver-common', job], { mode, allow: 'take-over' })
const codes = (results: readonly StepResult[]) => results.map(({ exitCode }) => exitCode)
const changed = (results: readonly StepResult[]) => results.at(-1)?.outputs['changed']

test('the workflow of the common area plans, applies, creates the folders, and changes nothing after that', async () => {
  const factory = await openFactory()
  const before = azureState(factory.sandbox)
  const planned = await deliver(factory, 'common', 'plan')
  expect([codes(planned), changed(planned)]).toEqual([[0, 0], 'true'])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

  const applied = await deliver(factory, 'common', 'apply')
  expect([codes(applied), changed(applied)]).toEqual([[0, 0], 'true'])
  expect(codes(await deliver(factory, 'folders', 'apply'))).toEqual([0])

  const after = azureState(factory.sandbox)
  const again = [await deliver(factory, 'common', 'apply'), await deliver(factory, 'folders', 'apply')]
  expect(again.map(changed)).toEqual(['false', 'false'])
  expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
})

test('a plan shows what would be taken over before anybody has allowed it, and an apply stops at the check', async () => {
  const factory = await openFactory()
  const before = azureState(factory.sandbox)
  const ask = (mode: string) => runJob(factory, ['deliver-common', 'common'], { mode })
  const planned = await ask('plan')
  expect([codes(planned), changed(planned)]).toEqual([[1, 0], 'true'])
  expect(codes(await ask('apply'))).toEqual([1])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
})

test('another mode than plan and apply is refused before anything is called', async () => {
  const factory = await openFactory()
  const since = factory.sandbox.requestCount()
  expect(codes(await deliver(factory, 'common', 'destroy'))).toEqual([1])
  expect(factory.sandbox.requestCount()).toBe(since)
})

test('the workflow that destroys shows by the word common what would go of the common area', async () => {
  const factory = await openFactory()
  await deliver(factory, 'common', 'apply')
  const before = azureState(factory.sandbox)
  const planned = await runJob(factory, ['destroy-project', 'plan'], { project: 'common' })
  expect([codes(planned), changed(planned)]).toEqual([[0], 'true'])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
  const refused = await runJob(factory, ['destroy-project', 'destroy'], {
    project: 'common',
    confirm: 'common-prod',
  })
  expect(codes(refused)).toEqual([1])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
})
