/** The workflows that a bootstrap repository calls for its common area, step by step, with the bundles that GitHub's runner starts. */
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { isReached } from '../../sandbox/runner/composite.ts'
import { interpolated } from '../../sandbox/runner/expression.ts'
import { runStep, type StepResult } from '../../sandbox/runner/step.ts'
import { readWorkflow, type WorkflowDocument } from '../contract/documents.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { type Factory, openFactory } from './support/factory.ts'

const root = path.join(import.meta.dirname, '../..')
type Inputs = Readonly<Record<string, string>>

function jobOf(workflow: string, job: string): WorkflowDocument['jobs'][string] {
  const found = readWorkflow(`.github/workflows/${workflow}.yml`).jobs[job]
  if (found === undefined) throw new Error(`${workflow} has no job ${job}.`)
  return found
}

/** The label of the runner that a job waits for; undefined when GitHub skips the job, whatever was needed before it. */
function runnerOf(factory: Factory, [workflow, job]: readonly [string, string], given: Inputs) {
  const { if: condition, 'runs-on': label } = jobOf(workflow, job)
  const context = contextOf(factory, given).set('needs.plan.outputs.changed', 'true')
  return isReached(condition, false, context) ? interpolated(label, context) : undefined
}

/** The context of a workflow's jobs: its inputs, by default as the bootstrap repository passes them before there is any runner. */
function contextOf({ sandbox }: Factory, given: Inputs): Map<string, string> {
  const inputs = {
    environment: 'dev',
    'factory-file': 'aifactory/factory.yml',
    'azure-cloud': sandbox.url,
    allow: '',
    'wait-minutes': '20',
    'runs-on': '',
    'deploy-on': 'ubuntu-latest',
    ...given,
  }
  return new Map(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]))
}

/** Runs the steps of a job that use an action of this repository. */
async function runJob(
  factory: Factory,
  [workflow, job]: readonly [string, string],
  given: Inputs,
): Promise<readonly StepResult[]> {
  const { sandbox, repository } = factory
  const { env, token } = sandbox.beginJob({ environment: 'dev' })
  const context = contextOf(factory, given)
  const results: StepResult[] = []
  for (const { id, uses = '', if: condition, with: asked } of jobOf(workflow, job).steps) {
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
  expect([codes(planned), changed(planned)]).toEqual([[0, 0, 0], 'true'])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

  const applied = await deliver(factory, 'common', 'apply')
  expect([codes(applied), changed(applied)]).toEqual([[0, 0, 0], 'true'])
  expect(codes(await deliver(factory, 'folders', 'apply'))).toEqual([0])

  const after = azureState(factory.sandbox)
  const again = [
    ...(await deliver(factory, 'common', 'apply')),
    ...(await deliver(factory, 'folders', 'apply')),
  ]
  expect(again.map(({ outputs }) => outputs['changed'])).toEqual(['false', 'false', 'false', 'false'])
  expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
})

test('a plan shows what would be taken over before anybody has allowed it, and an apply stops at the check', async () => {
  const factory = await openFactory()
  const before = azureState(factory.sandbox)
  const ask = (mode: string) => runJob(factory, ['deliver-common', 'common'], { mode })
  const planned = await ask('plan')
  expect([codes(planned), changed(planned)]).toEqual([[1, 0, 0], 'true'])
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

test('a common area is destroyed from outside of its network, with the runners in it and before there are any', async () => {
  const factory = await openFactory()
  // One whose network nobody else is in.
  factory.repository.edit('aifactory/factory.yml', 'instance: "001"', 'instance: "002"')
  factory.repository.edit('aifactory/factory.yml', 'salt: a1b2c', 'salt: d3e4f')
  await deliver(factory, 'common', 'apply')
  const asked = { project: 'common', confirm: 'common-dev', allow: 'deletion, purge' }
  for (const runsOn of ['', '{"prod": "aif-prod"}', '{"dev": "aif-dev"}'])
    for (const job of ['plan', 'destroy'])
      expect(runnerOf(factory, ['destroy-project', job], { ...asked, 'runs-on': runsOn })).toBe(
        'ubuntu-latest',
      )

  const run = async (job: string) => {
    const results = await runJob(factory, ['destroy-project', job], asked)
    return [codes(results), changed(results)]
  }
  expect(await run('plan')).toEqual([[0], 'true'])
  expect(await run('destroy')).toEqual([[0], 'true'])
  expect(await run('plan')).toEqual([[0], 'false'])
})

test('a project is destroyed where its folder of the lake can be reached, and a plan needs no confirmation', async () => {
  const factory = await openFactory()
  const asked = { project: '001', 'runs-on': '{"dev": "aif-dev"}' }
  expect(runnerOf(factory, ['destroy-project', 'plan'], asked)).toBe('aif-dev')
  expect(runnerOf(factory, ['destroy-project', 'destroy'], { ...asked, confirm: '' })).toBeUndefined()
  expect(runnerOf(factory, ['destroy-project', 'destroy'], { ...asked, confirm: '001' })).toBe('aif-dev')
})

test('the folders of the lake wait for a runner of their environment, and for no other', async () => {
  const factory = await openFactory()
  const place = (runsOn: string) =>
    runnerOf(factory, ['deliver-common', 'folders'], { mode: 'apply', 'runs-on': runsOn })
  expect(['', '{"prod": "aif-prod"}'].map(place)).toEqual([undefined, undefined])
  expect(place('{"dev": "aif-dev", "prod": "aif-prod"}')).toBe('aif-dev')
})
