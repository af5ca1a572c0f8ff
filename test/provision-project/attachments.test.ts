import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { runStep, type StepResult } from '../../sandbox/runner/step.ts'
import { openResources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'

const root = path.join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(path.join(os.tmpdir(), 'attachments-test-'))
let here: OnSandbox
beforeAll(async () => {
  here = await onSandbox()
  cpSync(path.join(root, 'workflows-templates', 'aifactory'), path.join(folder, 'aifactory'), {
    recursive: true,
  })
})
afterAll(async () => {
  await here.sandbox.close()
  rmSync(folder, { recursive: true })
})

const run = async (action: string, inputs: Readonly<Record<string, string>>): Promise<StepResult> => {
  const result = await runStep({
    action: path.join(root, 'actions', action),
    workspace: folder,
    environment: { ...here.sandbox.env, RUNNER_TEMP: folder },
    with: { project: '001', environment: 'dev', 'azure-cloud': here.sandbox.url, ...inputs },
  })
  expect(result.lines.filter(({ kind }) => kind === 'error')).toEqual([])
  return result
}

async function deliver(handOver: boolean): Promise<StepResult> {
  const { outputs } = await run('ip-calc', { mode: 'reserve' })
  return run('provision-project', { mode: 'apply', ...(handOver && { subnets: outputs['subnets'] ?? '' }) })
}

const table = `${ids.common}/providers/Microsoft.Network/routeTables/rt-hub`
const version = '2024-05-01'

test('what the network team attaches to a subnet of the project stays there', async () => {
  await deliver(true)
  const resources = await openResources(here.session)
  await resources.put(table, version, { location: 'swedencentral' })
  const { read } = await openVirtualNetworks(here.session)
  const own = async () => (await read(ids.network)).subnets.filter(({ name }) => name.includes('prj001'))
  for (const { id } of await own()) {
    const subnet = await resources.read(id, version)
    await resources.put(id, version, { properties: { ...subnet?.properties, routeTable: { id: table } } })
  }
  const attached = (await own()).map(({ properties }) => properties['routeTable'])
  expect(attached).toEqual(attached.map(() => ({ id: table })))

  // With ip-calc's output, and read from the VNet: the template changes, the route table stays.
  for (const handOver of [true, false, true]) {
    await deliver(handOver)
    expect((await own()).map(({ properties }) => properties['routeTable'])).toEqual(attached)
  }
  expect((await deliver(false)).outputs['changed']).toBe('false')
})
