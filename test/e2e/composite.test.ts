import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type CompositeResult, runComposite } from '../../sandbox/runner/composite.ts'
import { deliverySteps } from '../../src/report/chain.ts'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { type Factory, openFactory } from './support/factory.ts'

const root = path.join(import.meta.dirname, '../..')

/** Delivers project 002 to dev with the action at the root of this repository. */
function deliver({ sandbox, repository }: Factory, mode: string): Promise<CompositeResult> {
  const { env, token } = sandbox.beginJob({ environment: 'dev' })
  const step = {
    action: root,
    workspace: repository.folder,
    with: { mode, project: '002', environment: 'dev', 'azure-cloud': sandbox.url },
    token,
    environment: { ...sandbox.env, ...env, RUNNER_TEMP: path.join(repository.folder, '.runner') },
  }
  return runComposite(step, root)
}

test('the action at the root plans a delivery, applies it, and finds nothing to change after that', async () => {
  const factory = await openFactory()
  const before = azureState(factory.sandbox)
  const planned = await deliver(factory, 'plan')
  expect([planned.exitCode, planned.outputs['changed']]).toEqual([0, 'true'])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

  const applied = await deliver(factory, 'apply')
  expect([applied.exitCode, applied.outputs['changed']]).toEqual([0, 'true'])
  expect(applied.steps).toHaveLength(deliverySteps.length + 1)
  expect(applied.outputs).toMatchObject({
    'resource-group': 'mrvel-esml-project002-sdc-dev-001-rg',
    'report-file': expect.stringMatching(/prj002\.dev\.report\.html$/),
  })

  const after = azureState(factory.sandbox)
  const [lake] = (await deliver(factory, 'plan')).steps.filter(({ id }) => id === 'lake')
  expect(lake).toMatchObject({ exitCode: 0, outputs: { changed: 'false' } })
  const again = await deliver(factory, 'apply')
  expect([again.exitCode, again.outputs['changed']]).toEqual([0, 'false'])
  expect(difference(after, azureState(factory.sandbox))).toEqual(nothing)
})

test('the action at the root refuses a mode that it does not have before it calls anything', async () => {
  const factory = await openFactory()
  const since = factory.sandbox.requestCount()
  const { exitCode, steps } = await deliver(factory, 'destroy')
  expect([exitCode, steps.map(({ id }) => id)]).toEqual([1, ['check']])
  expect(factory.sandbox.requestCount()).toBe(since)
})
