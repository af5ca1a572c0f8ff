import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AzureError, failureOf } from '../../src/azure/failure.ts'
import { openResources, type Resources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import type { CreateStep } from '../../src/network/reserve.ts'
import { reserve } from '../../src/operations/network/reserve.ts'
import type { Snapshot } from '../../src/operations/network/snapshot.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

// A run that is cut off, or that somebody else gets in the way of, says what exists, and running it again finishes.

const factory = factoryFolder()
factory.addProject('001')
afterAll(() => factory.remove())

let here: OnSandbox
let resources: Resources
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
  resources = await openResources(here.session)
})
afterEach(() => here.sandbox.close())

const version = '2025-05-01'
const run = (mode: string) => ipCalc(here.sandbox, factory, { mode, project: '001' })
const groups = `${ids.common}/providers/Microsoft.Network/networkSecurityGroups`

/** Names of the subnets and network security groups of the project. */
async function standing(): Promise<readonly string[]> {
  const { read } = await openVirtualNetworks(here.session)
  const all = [...(await read(ids.network)).subnets, ...(await resources.list(groups, version))]
  return all.map(({ name }) => name).filter((name) => name.includes('prj001'))
}
const everything = [
  'snt-prj001-aca-002',
  'snt-prj001-genai',
  'aca2-nsg-prj001-sdc-dev',
  'genai-nsg-prj001-sdc-dev',
]

/** How many calls a run makes. */
async function callsOf(mode: string): Promise<number> {
  const before = here.sandbox.requestCount()
  await run(mode)
  return here.sandbox.requestCount() - before
}

/** Nothing is answered from this call on; the call itself has its effect all the same. */
function cutAfter(calls: number): void {
  const body = { error: { code: 'Cut', message: 'The run was cut off.' } }
  here.sandbox.faults.add({ path: '.', skip: calls, when: 'after', status: 400, body })
  here.sandbox.faults.add({ path: '.', skip: calls, times: 'always', status: 400, body })
}

describe('Cut off after any of its calls and run again', () => {
  test('reserve ends with everything, created once', async () => {
    const calls = await callsOf('reserve')
    await run('release')
    for (let cut = 0; cut < calls; cut += 1) {
      cutAfter(cut)
      const before = here.sandbox.requestCount()
      const { lines } = await run('reserve')
      here.sandbox.faults.clear()
      expect(lines.filter((line) => line.startsWith('::error::'))).toHaveLength(1)
      const again = await run('reserve')
      expect(annotations(again, 'error')).toEqual([])
      expect((await standing()).toSorted()).toEqual(everything.toSorted())
      const made = here.sandbox
        .requests(before)
        .filter(({ method, status }) => method === 'PUT' && status < 300)
      expect(new Set(made.map(({ path }) => path)).size).toBe(made.length)
      await run('release')
    }
  })

  test('release ends with nothing', async () => {
    await run('reserve')
    const calls = await callsOf('release')
    for (let cut = 0; cut < calls; cut += 1) {
      await run('reserve')
      cutAfter(cut)
      const { lines } = await run('release')
      here.sandbox.faults.clear()
      expect(lines.filter((line) => line.startsWith('::error::'))).toHaveLength(1)
      expect(annotations(await run('release'), 'error')).toEqual([])
      expect(await standing()).toEqual([])
    }
  })
})

describe('What was under way when a run failed', () => {
  test('is reported when it exists even so', async () => {
    const failed = { status: 'Failed', error: { code: 'InternalServerError', message: 'An error occurred.' } }
    here.sandbox.faults.add({ path: '/operationStatuses/', skip: 1, status: 200, body: failed })
    expect(annotations(await run('reserve'), 'error')).toEqual([
      expect.stringMatching(
        /An error occurred\. Even so, subnet snt-prj001-aca-002 exists now\. Created before that, and still there: network security group aca2-nsg-prj001-sdc-dev\./,
      ),
    ])
  })

  test('is reported when it is not known whether it exists', async () => {
    const body = { error: { code: 'Cut', message: 'The run was cut off.' } }
    here.sandbox.faults.add({ path: '/operationStatuses/', status: 400, body })
    here.sandbox.faults.add({ path: '/aca2-nsg', skip: 3, times: 'always', status: 400, body })
    expect(annotations(await run('reserve'), 'error')).toEqual([
      expect.stringContaining(
        'It is not known whether network security group aca2-nsg-prj001-sdc-dev was created.',
      ),
    ])
  })

  test('is no matter when Azure has refused it', async () => {
    const body = { error: { code: 'AuthorizationFailed', message: 'The client may not do that.' } }
    here.sandbox.faults.add({ method: 'PUT', path: '/aca2-nsg', status: 403, body })
    const [error] = annotations(await run('reserve'), 'error')
    expect(error).toContain('The client may not do that.')
    expect(error).not.toMatch(/exists now|is not known|still there/)
  })
})

describe('Somebody', () => {
  /** Does something when the run is about to make the subnet for private endpoints. */
  async function beforeTheLastSubnet(act: () => Promise<void>): Promise<void> {
    const acted = Promise.withResolvers<void>()
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/subnets/snt-prj001-genai',
      until: acted.promise,
    })
    const isSoon = () => here.sandbox.requests().some(({ path }) => path.includes('/snt-prj001-genai'))
    while (!isSoon()) await setTimeout(5)
    await act()
    acted.resolve()
  }

  test('deletes a network security group before its subnet is created: it is created again', async () => {
    const running = run('reserve')
    await beforeTheLastSubnet(() => resources.remove(`${groups}/genai-nsg-prj001-sdc-dev`, version))
    const { lines, outputs, summary } = await running
    expect(lines.filter((line) => line.startsWith('::error::'))).toEqual([])
    expect(lines.join('\n')).toContain(
      "The network security group of 'snt-prj001-genai' was deleted in the meantime. Planned again (1)",
    )
    expect((await standing()).toSorted()).toEqual(everything.toSorted())
    expect(summary).toContain('4 added')
    expect(outputs['changed']).toBe('true')
  })
})

test('When the place is refused every time, the run ends with what Azure says', async () => {
  const error = { code: 'NetcfgInvalidSubnet', message: 'Its range is outside.' }
  const answer = new AzureError(failureOf({ status: 400, header: () => undefined, body: { error } }))
  const cause = new UserError({ what: "Writing 'subnets/a' failed. Its range is outside.", cause: answer })
  const step: CreateStep = { kind: 'subnet', name: 'a', id: '/a', apiVersion: version, body: {} }
  const snapshot: Snapshot = {
    network: {
      ...{ id: '/v', name: 'v', location: 'westeurope', addressPrefixes: [], subnets: [] },
      ...{ peerings: [], pools: [], highScalePrivateEndpoints: false },
    },
    allocation: {
      ...{ kind: 'allocation', subnets: {}, planned: [], pooled: [], existing: [], sizeReasons: {} },
      plan: { version: 1, action: 'ip-calc', changes: [], warnings: [] },
    },
    steps: [step],
  }
  const lines: string[] = []
  const running = reserve(snapshot, {
    resources: { ...resources, create: () => Promise.reject(cause), read: async () => undefined },
    session: { progress: (line) => lines.push(line), sleep: async () => undefined, random: () => 0.5 },
    refresh: async () => snapshot,
  })
  await expect(running).rejects.toThrow(
    /^The addresses of 'a' are no longer in the VNet's address space\. That happened 100 times\. The last time: .* Its range is outside\. Run the job again/,
  )
  expect(lines.filter((line) => line.includes('Planned again'))).toHaveLength(99)
})
