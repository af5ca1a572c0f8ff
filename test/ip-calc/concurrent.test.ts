import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { cidr, overlaps } from '../../src/cidr.ts'
import { ids, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc, type Transcript } from './factory.ts'

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
  const told = runs.flatMap(subnetsOf)
  expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['reserved']))
  const subnets = await ownSubnets()
  expect(subnets.map(({ name }) => name).sort()).toEqual(
    projects.flatMap((project) => [`snt-prj${project}-aca-002`, `snt-prj${project}-genai`]),
  )
  // What the runs said is what there is.
  const places = new Map(subnets.map(({ name, addressPrefixes }) => [name, addressPrefixes]))
  expect(told.map(({ name, addressPrefix }) => [name, [addressPrefix]])).toEqual(
    told.map(({ name }) => [name, places.get(name)]),
  )
  const ranges = told.map(({ addressPrefix }) => cidr(addressPrefix))
  const clashes = ranges.filter((one, index) => ranges.slice(0, index).some((other) => overlaps(one, other)))
  expect(clashes).toEqual([])
  for (const { name, delegations, networkSecurityGroupId } of subnets) {
    expect(delegations).toEqual(name.endsWith('aca-002') ? ['Microsoft.App/environments'] : [])
    expect(networkSecurityGroupId).toContain(`-nsg-${name.slice('snt-'.length, 'snt-prj001'.length)}-`)
  }
  // They were in each other's way, and said so.
  expect(runs.flatMap(({ lines }) => lines).join('\n')).toContain('Another run was faster with the addresses')
  const again = await reserve('007')
  expect(annotations(again, 'notice')).toEqual([expect.stringMatching(/^All 2 subnets exist\. Nothing was/)])
})
