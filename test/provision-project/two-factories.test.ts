import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep, type StepResult } from '../../sandbox/runner/step.ts'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { writesIn } from '../e2e/support/transcript.ts'

const root = path.join(import.meta.dirname, '..', '..')
const folders: string[] = []
let here: OnSandbox
let resources: Resources
beforeAll(async () => {
  here = await onSandbox()
  resources = await openResources(here.session)
})
afterAll(async () => {
  await here.sandbox.close()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** The manifests of a factory in a folder of its own. */
function factory(change: (text: string) => string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'two-factories-test-'))
  folders.push(folder)
  cpSync(path.join(root, 'workflows-templates', 'aifactory'), path.join(folder, 'aifactory'), {
    recursive: true,
  })
  const file = path.join(folder, 'aifactory', 'factory.yml')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  return folder
}

const run = (folder: string, action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> =>
  runStep({
    action: path.join(root, 'actions', action),
    workspace: folder,
    environment: { ...here.sandbox.env, RUNNER_TEMP: folder },
    with: { project: '001', environment: 'dev', 'azure-cloud': here.sandbox.url, ...inputs },
  })
const linesOf = ({ lines }: StepResult, wanted: string): readonly string[] =>
  lines.filter(({ kind }) => kind === wanted).map(({ text }) => text)
const writes = (): number =>
  writesIn(here.sandbox.requests()).filter(({ method }) => method !== 'POST').length

test('a second factory in the same VNet does not get the subnets of the first', async () => {
  const first = factory((text) => text)
  const { outputs } = await run(first, 'ip-calc', { mode: 'reserve' })
  const subnets = outputs['subnets'] ?? ''
  expect((await run(first, 'provision-project', { mode: 'apply', subnets })).exitCode).toBe(0)

  const second = factory((text) =>
    text
      .replace('name: mrvel', 'name: other')
      .replace(/addressSpace: \[172\.16.*/, `vnetId: ${ids.network}\n      bringYourOwn: [${ids.network}]`),
  )
  const before = writes()
  for (const [action, mode, given] of [
    ['ip-calc', 'plan', {}],
    ['ip-calc', 'reserve', {}],
    ['provision-project', 'plan', {}],
    ['provision-project', 'apply', { subnets }],
  ] as const) {
    const refused = await run(second, action, { mode, ...given })
    expect(linesOf(refused, 'error')).toEqual([
      expect.stringContaining(
        'belongs to project 001 of factory mrvel-001 in dev, not to project 001 of factory other-001 in dev',
      ),
    ])
  }

  // Nor by bringing it along: the number in its name is that of the second factory's project, too.
  const manifest = path.join(second, 'aifactory', 'projects', 'prj001.yml')
  const bring = `      subnets:\n        genai: { id: ${ids.network}/subnets/snt-prj001-genai }`
  const text = readFileSync(manifest, 'utf8').replace(/environments:\n(?: .*\n)*/, '')
  writeFileSync(manifest, `${text}environments:\n  dev:\n    network:\n${bring}\n`)
  const brought = await run(second, 'provision-project', { mode: 'apply' })
  expect(linesOf(brought, 'error')).toEqual([
    expect.stringContaining('belongs to project 001 of factory mrvel-001 in dev'),
  ])
  expect(writes()).toBe(before)
  const again = await run(first, 'provision-project', { mode: 'plan' })
  expect(again.outputs['changed']).toBe('false')
})

test('an empty subnet of nobody is taken over with a warning, and nothing else is changed by hand', async () => {
  const folder = factory((text) => text)
  await resources.put(`${ids.network}/subnets/snt-prj002-genai`, '2024-05-01', {
    properties: { addressPrefix: '172.16.200.0/25' },
  })
  const { read } = await openVirtualNetworks(here.session)
  const group = async () =>
    (await read(ids.network)).subnets.find(({ name }) => name === 'snt-prj002-genai')?.networkSecurityGroupId
  expect(await group()).toBeUndefined()
  const warning = expect.stringContaining(
    "Subnet 'snt-prj002-genai' exists without a known owner. It has no network security group.",
  )
  const reserved = await run(folder, 'ip-calc', { project: '002', mode: 'reserve' })
  expect(linesOf(reserved, 'warning')).toContainEqual(warning)
  const planned = await run(folder, 'provision-project', { project: '002', mode: 'plan' })
  expect(linesOf(planned, 'warning')).toEqual([])
  await run(folder, 'provision-project', { project: '002', mode: 'apply' })
  const after = await run(folder, 'provision-project', { project: '002', mode: 'apply' })
  expect([linesOf(after, 'error'), linesOf(after, 'warning')]).toEqual([[], []])
  expect(after.outputs['changed']).toBe('false')
  expect(await group()).toContain('genai-nsg-prj002-sdc-dev')
})
