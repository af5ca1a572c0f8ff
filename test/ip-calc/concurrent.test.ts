import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openResources } from '../../src/azure/resources.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { cidr, overlaps } from '../../src/cidr.ts'
import type { JsonObject } from '../../src/json.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import type { Transcript } from '../runtime/transcribing-host.ts'
import { annotations, factoryFolder, ipCalc } from './factory.ts'

const factory = factoryFolder()
const projects = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(3, '0'))
for (const project of projects) factory.addProject(project)
afterAll(() => factory.remove())

let here: OnSandbox
beforeEach(async () => {
  // A subnet takes 20 ms instead of 4 s, so that runs are in each other's way.
  here = await onSandbox({ durationScale: 1 / 200 })
})
afterEach(() => here.sandbox.close())

interface Reserved {
  readonly name: string
  readonly addressPrefix: string
  readonly state: string
}

const subnetsOf = ({ outputs }: Transcript): readonly Reserved[] =>
  Object.values(JSON.parse(outputs['subnets'] ?? '{}'))
const ownSubnets = async () => {
  const { read } = await openVirtualNetworks(here.session)
  return (await read(ids.network)).subnets.filter(({ name }) => name.startsWith('snt-prj'))
}
const writes = (): readonly string[] =>
  here.sandbox
    .requests()
    .filter(({ method, status }) => method === 'PUT' && status === 201)
    .map(({ path }) => path)

const reserve = (project: string, inputs = {}) =>
  ipCalc(here.sandbox, factory, { mode: 'reserve', project, ...inputs })

test('Twenty projects that reserve at once end with twenty disjoint, complete sets', async () => {
  const runs = await Promise.all(projects.map((project) => reserve(project)))
  expect(runs.flatMap((run) => annotations(run, 'error'))).toEqual([])
  const reserved = runs.flatMap(subnetsOf)
  expect(new Set(reserved.map(({ state }) => state))).toEqual(new Set(['reserved']))
  const subnets = await ownSubnets()
  expect(subnets.map(({ name }) => name).sort()).toEqual(
    projects.flatMap((project) => [`snt-prj${project}-aca-002`, `snt-prj${project}-genai`]),
  )
  // What the runs said is what there is.
  const places = new Map(subnets.map(({ name, addressPrefixes }) => [name, addressPrefixes]))
  expect(reserved.map(({ name, addressPrefix }) => [name, [addressPrefix]])).toEqual(
    reserved.map(({ name }) => [name, places.get(name)]),
  )
  const ranges = reserved.map(({ addressPrefix }) => cidr(addressPrefix))
  const clashes = ranges.filter((one, index) => ranges.slice(0, index).some((other) => overlaps(one, other)))
  expect(clashes).toEqual([])
  for (const { name, delegations, networkSecurityGroupId } of subnets) {
    expect(delegations).toEqual(name.endsWith('aca-002') ? ['Microsoft.App/environments'] : [])
    expect(networkSecurityGroupId).toContain(`-nsg-${name.slice('snt-'.length, 'snt-prj001'.length)}-`)
  }
  // They were in each other's way, and said so.
  expect(runs.flatMap(({ lines }) => lines).join('\n')).toContain('Another run took the addresses of')
  // Azure was busy with changes of others meanwhile, which they waited out.
  expect(runs.flatMap(({ lines }) => lines).join('\n')).toContain('(AnotherOperationInProgress). Retrying')
  const again = await reserve('007')
  expect(annotations(again, 'notice')).toEqual([expect.stringMatching(/^Both subnets exist\. Nothing was/)])
})

describe('Two runs of one project', () => {
  test('at once end with the same subnets, each created once', async () => {
    const runs = await Promise.all([reserve('001'), reserve('001')])
    expect(runs.flatMap((run) => annotations(run, 'error'))).toEqual([])
    const [one, other] = runs.map((run) =>
      subnetsOf(run).map(({ name, addressPrefix }) => ({ name, addressPrefix })),
    )
    expect(one).toEqual(other)
    expect(writes()).toHaveLength(4)
    expect(new Set(writes())).toHaveProperty('size', 4)
    const reserved = runs.flatMap(subnetsOf).filter(({ state }) => state === 'reserved')
    expect(reserved).toHaveLength(2)
  })

  test('one after the other move nothing', async () => {
    const first = await reserve('001')
    const second = await reserve('001')
    expect(subnetsOf(second).map(({ addressPrefix }) => addressPrefix)).toEqual(
      subnetsOf(first).map(({ addressPrefix }) => addressPrefix),
    )
    expect([first, second].map(({ outputs }) => outputs['changed'])).toEqual(['true', 'false'])
  })
})

describe('A run that dies', () => {
  test.each([
    ['after the first network security group', 1, ['/subnets/']],
    ['after the first subnet', 2, ['-nsg-prj001-']],
  ])('%s is finished by running it again', async (_when, made, [path = '']) => {
    const denied = { code: 'AuthorizationFailed', message: 'The client may not do that.' }
    here.sandbox.faults.add({ method: 'PUT', path, skip: made - 1, status: 403, body: { error: denied } })
    const cut = await reserve('001')
    expect(writes()).toHaveLength(made)
    expect(annotations(cut, 'error')).toEqual([
      expect.stringMatching(
        /Created before that, and still there: .* Running again creates only what is missing/,
      ),
    ])
    const again = await reserve('001')
    expect(annotations(again, 'error')).toEqual([])
    expect(writes()).toHaveLength(4)
    expect((await ownSubnets()).map(({ name }) => name).sort()).toEqual([
      'snt-prj001-aca-002',
      'snt-prj001-genai',
    ])
  })
})

describe('After a conflict with another run', () => {
  test('that took the last addresses, the error says what exists', async () => {
    const resources = await openResources(here.session)
    const small = `${ids.network}-small`
    const put = (id: string, body: JsonObject) => resources.put(id, '2024-05-01', body)
    await put(small, {
      location: 'swedencentral',
      properties: { addressSpace: { addressPrefixes: ['172.30.0.0/22'] } },
    })
    // Between the two subnets somebody takes the place of the second one, and all that is free with it.
    const taken = Promise.withResolvers<void>()
    here.sandbox.faults.add({ method: 'PUT', path: '/genai-nsg-prj001', until: taken.promise })
    const running = reserve('001', { 'vnet-id': small })
    const { read } = await openVirtualNetworks(here.session)
    let first: string | undefined
    while (first === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      first = (await read(small)).subnets[0]?.addressPrefixes[0]
    }
    const rest = first === '172.30.0.0/23' ? '172.30.2.0/23' : '172.30.0.0/23'
    await put(`${small}/subnets/rest`, { properties: { addressPrefix: rest } })
    taken.resolve()
    const run = await running
    expect(annotations(run, 'error')).toEqual([
      expect.stringMatching(
        /^VNet '\S+' does not have enough free address space for subnet 'snt-prj001-genai'.* Created before that, and still there: .*subnet snt-prj001-aca-002 172\.30\..*mode release deletes/,
      ),
    ])
    expect(run.outputs).toEqual({})
  })

  test('what Azure canceled but created is not created a second time elsewhere', async () => {
    const details = [{ code: 'CanceledAndSupersededDueToAnotherOperation', message: 'superseded' }]
    const error = { code: 'Canceled', message: 'Operation was canceled.', details }
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/subnets/snt-prj001-aca-002',
      when: 'after',
      status: 409,
      body: { error },
    })
    const run = await reserve('001')
    expect(annotations(run, 'error')).toEqual([])
    expect(subnetsOf(run).map(({ state }) => state)).toEqual(['reserved', 'reserved'])
    const puts = here.sandbox
      .requests()
      .filter(({ method, path }) => method === 'PUT' && path.includes('aca-002'))
    expect(puts).toHaveLength(1)
  })
})
