/** The folders of the whole data lake, with the action on the sandbox. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readInputs } from '../../actions/datalake-acl/inputs.ts'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { manageLake } from '../../src/operations/modes/datalake-acl.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { annotations, type FactoryFolder, factoryFolder } from '../ip-calc/factory.ts'
import { type Transcript, transcribingHost } from '../runtime/transcribing-host.ts'

let sandbox: Sandbox
let factory: FactoryFolder
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  trust(sandbox.ca)
  factory = factoryFolder()
}, 60_000)
afterAll(async () => {
  factory.remove()
  await sandbox.close()
})

async function run(mode: string, more: Readonly<Record<string, string>> = {}): Promise<Transcript> {
  const variables = { ...sandbox.env, ...sandbox.jobEnvironment({ environment: 'dev' }) }
  const { host, transcript } = transcribingHost(
    {
      target: 'common',
      mode,
      environment: 'dev',
      'azure-cloud': sandbox.url,
      'factory-file': factory.file,
      ...more,
    },
    { environment: { ...variables, RUNNER_TEMP: factory.folder }, idToken: idToken(variables) },
  )
  await runAction('datalake-acl', readInputs, manageLake, host)
  return transcript
}

const lakeState = (): string => JSON.stringify(sandbox.state.lake)
const writesSince = (since: number): readonly string[] =>
  sandbox
    .requests(since)
    .filter(({ method }) => !['GET', 'HEAD', 'POST'].includes(method))
    .map(({ method, path }) => `${method} ${path}`)

test('a plan shows which folders are missing, and creates none', async () => {
  const before = lakeState()
  const { outputs, summary } = await run('plan')
  expect(outputs['changed']).toBe('true')
  for (const path of ['master/1', 'master/2', 'master/3', 'aifactory-governance/cross-charging/test'])
    expect(summary).toContain(path)
  expect(lakeState()).toBe(before)
})

test('verify fails as long as one is missing', async () => {
  expect(annotations(await run('verify'), 'error').join()).toMatch(
    /Folders of the data lake are missing: .*'master\/1_bronze'.*target common and mode apply/,
  )
})

test('apply creates them, once, and leaves alone what is there', async () => {
  const first = await run('apply')
  expect(annotations(first, 'error')).toEqual([])
  expect(first.outputs['changed']).toBe('true')
  expect(annotations(await run('verify'), 'error')).toEqual([])
  const since = sandbox.requestCount()
  const before = lakeState()
  const second = await run('apply')
  expect(second.outputs['changed']).toBe('false')
  expect(writesSince(since)).toEqual([])
  expect(lakeState()).toBe(before)
})

test('a project means nothing there', async () => {
  expect(annotations(await run('plan', { project: '001' }), 'error').join()).toMatch(
    /Input 'project' means nothing with target common/,
  )
})
