import { setTimeout } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { type Factory, openFactory, type Run } from './support/factory.ts'
import { errorOf, log, writesIn } from './support/transcript.ts'

const project = '002'

/** Runs an action, and cancels its job as soon as Azure has been asked for what `reached` looks for. */
async function cancelledWhen(
  factory: Factory,
  action: 'ip-calc' | 'provision-project' | 'add-member',
  reached: (method: string, path: string) => boolean,
): Promise<Run> {
  const { sandbox } = factory
  const since = sandbox.requestCount()
  const controller = new AbortController()
  const run = factory.run(action, project, 'dev', {}, { cancel: controller.signal })
  const ended = run.then(() => true)
  while (!sandbox.requests(since).some(({ method, path }) => reached(method, path))) {
    if (await Promise.race([ended, setTimeout(1, false)])) break
  }
  controller.abort()
  return run
}

const isWrite = (method: string, path: string): boolean =>
  method === 'PUT' && path.includes('deploymentStacks/')

test.concurrent('a job that is cancelled while Azure deploys says what it leaves, and the next one goes on with it', async () => {
  const factory = await openFactory({ bundles: true, durationScale: 0.02 })
  await factory.run('ip-calc', project, 'dev')
  const cancelled = await cancelledWhen(factory, 'provision-project', isWrite)
  expect(cancelled.exitCode).toBe(1)
  const error = errorOf(cancelled)
  expect(error).toMatch(
    /^::error::The run was stopped \(SIGINT\)\. The last step that it began was \d+ of \d+: Deploy .+\. .*what Azure was asked for goes on there\. Somebody cancelled the job, .* Run the job again: it waits for what is still under way, shows it, and does only what is missing\./,
  )
  expect(cancelled.summary).toContain('what Azure was asked for goes on there')

  const again = await factory.run('provision-project', project, 'dev')
  expect(again.exitCode).toBe(0)
  expect(log(again).join('\n')).toContain('is under way already: an earlier run began it')
  const quiet = await factory.run('provision-project', project, 'dev')
  expect(quiet.writes).toEqual([])
})

test.concurrent('a job that is cancelled before its first change says that nothing was changed', async () => {
  const factory = await openFactory({ bundles: true })
  const before = azureState(factory.sandbox)
  factory.sandbox.faults.add({ method: 'GET', path: '/virtualNetworks/', stall: true, times: 'always' })
  const cancelled = await cancelledWhen(factory, 'ip-calc', (_method, path) => path.includes('/oauth2/'))
  expect(cancelled.exitCode).toBe(1)
  expect(errorOf(cancelled)).toMatch(
    /^::error::The run was stopped \(SIGINT\) before it changed anything\. .* Nothing was changed\. Run the job again/,
  )
  expect(writesIn(cancelled.requests)).toEqual([])
  expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
})
