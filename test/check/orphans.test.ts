/** A project that no manifest asks for any more stays, and every action that meets it says so, with the way to destroy it. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { type InProcess, inProcess, labManifest } from '../provision-project/in-process.ts'

const manifest = { ...labManifest, name: 'orphan-lab' }
let sandbox: Sandbox
let project: InProcess
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  project = inProcess(sandbox, '061')
  project.write(manifest)
  await project.network('reserve')
  await project.provision('apply')
})
afterAll(() => sandbox.close())

const leave = (how: 'environment' | 'manifest'): void => {
  project.write({ ...manifest, environments: { prod: {} } })
  if (how === 'manifest') rmSync(path.join(path.dirname(project.factory.file), 'projects', 'prj061.yml'))
}

test.each(['environment', 'manifest'] as const)(
  'the %s has left: all actions on the project say that it is deployed, and how to destroy it',
  async (how) => {
    leave(how)
    const since = sandbox.requestCount()
    const runs = [
      ...(['check', 'plan', 'apply'] as const).map((mode) => () => project.provision(mode)),
      ...(['reserve', 'release-unneeded'] as const).map((mode) => () => project.network(mode)),
    ]
    for (const run of runs)
      await expect(run()).rejects.toThrow(
        /Project 061 is deployed in dev \(deployment stack '.*'\), and no manifest asks for it any more\. .*Actions > Destroy > Run workflow with project 061 and environment dev.*To keep it, let its manifest name dev again/,
      )
    expect(sandbox.requests(since).filter(({ method }) => method === 'PUT')).toEqual([])
  },
)

test('the check of another project names it', async () => {
  leave('manifest')
  const other = inProcess(sandbox, '062')
  other.write({ ...labManifest, name: 'another-lab' })
  const { warnings } = await other.provision('check')
  expect(warnings).toContainEqual(
    expect.stringMatching(
      /^Project 061 is deployed in dev .*no manifest asks for it any more\. To destroy it/,
    ),
  )
})

test('what is not deployed is still a matter of the documents', async () => {
  const other = inProcess(sandbox, '063')
  other.write({ ...labManifest, name: 'third-lab', environments: { prod: {} } })
  await expect(other.provision('check')).rejects.toThrow(/^.*Project 063 is not delivered to dev\./)
})
