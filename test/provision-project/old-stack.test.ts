/** A stack of an earlier release, which manages the project's subnets and their network security groups, is destroyed too. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { FailureWithReport, type Report } from '../../src/plan/report.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { devCommonArea, devGroupOf, devNetwork } from '../e2e/support/places.ts'
import { type InProcess, openDelivered, planOf } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
const group = devGroupOf('003')
const network = `${devCommonArea}/Microsoft.Network`
const subnets = ['snt-prj003-genai', 'snt-prj003-aca-002'].map((name) => `${devNetwork}/subnets/${name}`)
const groups = ['genai', 'aca2'].map((key) => `${network}/networkSecurityGroups/${key}-nsg-prj003-sdc-dev`)
beforeEach(async () => {
  ;({ sandbox, here } = await openDelivered())
  const [stack] = Object.values(sandbox.state.deployments.stacks)
  const [first] = stack?.resources ?? []
  if (stack === undefined || first === undefined) throw new Error('There is no stack.')
  stack.resources = [...stack.resources, ...[...subnets, ...groups].map((id) => ({ ...first, id }))]
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const isThere = (id: string): boolean =>
  Object.keys(sandbox.state.arm.resources).some((one) => one.toLowerCase() === id.toLowerCase())
const ofNetwork = (report: Report): readonly string[] =>
  planOf(report)
    .changes.filter(({ scope = '' }) =>
      [...subnets, ...groups].some((id) => id.toLowerCase() === scope.toLowerCase()),
    )
    .map(({ change, kind, name }) => `${change} ${kind} ${name}`)

const names = [
  'snt-prj003-aca-002',
  'snt-prj003-genai',
  'aca2-nsg-prj003-sdc-dev',
  'genai-nsg-prj003-sdc-dev',
]

test('goes with them, each of which is one row of the plan', async () => {
  const rows = ofNetwork(await here.planDestroy())
  expect(rows).toEqual(
    names.map((name) => `delete ${name.startsWith('snt') ? 'subnet' : 'network security group'} ${name}`),
  )
  await here.destroy(['deletion', 'purge'])
  expect([...subnets, ...groups, group].filter(isThere)).toEqual([])
  expect(sandbox.state.deployments.stacks).toEqual({})
})

test('goes without a subnet that others use, which keeps nothing else', async () => {
  const hand = await byHand(sandbox)
  await hand.put(`${network}/networkInterfaces/theirs`, '2025-05-01', {
    location: 'swedencentral',
    properties: { ipConfigurations: [{ name: 'one', properties: { subnet: { id: subnets[0] } } }] },
  })
  const left: readonly { readonly why: string; readonly name: string }[] = JSON.parse(
    (await here.destroy(['deletion', 'purge'])).outputs['left'] ?? '[]',
  )
  expect(left.map(({ why, name }) => `${why}: ${name}`).slice(0, 2)).toEqual([
    'others: snt-prj003-genai',
    'others: genai-nsg-prj003-sdc-dev',
  ])
  expect([...subnets, ...groups, group].filter(isThere)).toEqual([subnets[0], groups[0]])
  expect(sandbox.state.deployments.stacks).toEqual({})
})

test('leaves what others have put into its group, and nothing of its own', async () => {
  const hand = await byHand(sandbox)
  const disk = `${group}/providers/Microsoft.Compute/disks/theirs`
  await hand.put(disk, '2024-03-02', {
    location: 'swedencentral',
    properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 4 },
  })
  await here.destroy(['deletion', 'purge'])
  const inGroup = Object.keys(sandbox.state.arm.resources).filter((id) =>
    id.startsWith(`${group}/`.toLowerCase()),
  )
  expect(inGroup).toEqual([disk.toLowerCase()])
  expect([...subnets, ...groups].filter(isThere)).toEqual([])
})

const inGroup = (): readonly string[] =>
  Object.keys(sandbox.state.arm.resources).filter((id) => id.startsWith(`${group}/`.toLowerCase()))
const onlyStack = () => {
  const [stack] = Object.values(sandbox.state.deployments.stacks)
  if (stack === undefined) throw new Error('There is no stack.')
  return stack
}
const storage = `${group}/providers/Microsoft.Storage/storageAccounts`
const putStorage = async (name: string): Promise<void> => {
  const hand = await byHand(sandbox)
  await hand.put(`${storage}/${name}`, '2025-06-01', {
    location: 'swedencentral',
    sku: { name: 'Standard_LRS' },
    kind: 'StorageV2',
    properties: {},
  })
}
/** The stack manages a storage account that this release's catalogue does not know. */
const withEarlierResource = async (): Promise<void> => {
  await putStorage('ofearlier001')
  const { resources } = onlyStack()
  const [first] = resources
  if (first === undefined) throw new Error('The stack is empty.')
  onlyStack().resources = [...resources, { ...first, id: `${storage}/ofearlier001` }]
}
/** What shows that the group is the project's. */
const showOwner = async (isManaged: boolean, isTagged: boolean): Promise<void> => {
  const stack = onlyStack()
  const isGroup = ({ id }: { readonly id: string }): boolean => id.toLowerCase() === group.toLowerCase()
  const [first] = stack.resources
  if (first === undefined) throw new Error('The stack is empty.')
  const others = stack.resources.filter((one) => !isGroup(one))
  stack.resources = isManaged ? [...others, { ...first, id: group }] : others
  if (isTagged) return
  const hand = await byHand(sandbox)
  await hand.put(group, '2024-11-01', { location: 'swedencentral', tags: { owner: 'somebody' } })
}
const failureOf = async (destroying: Promise<Report>): Promise<FailureWithReport> => {
  const failure: unknown = await destroying.catch((error: unknown) => error)
  if (!(failure instanceof FailureWithReport)) throw new Error('It did not fail.')
  return failure
}

describe('whose group Azure refuses to delete at first', () => {
  beforeEach(async () => {
    await withEarlierResource()
    sandbox.faults.add({
      method: 'DELETE',
      path: `${group}\\?`,
      status: 409,
      body: { error: { code: 'ResourceGroupDeletionBlocked', message: 'Deletion is blocked.' } },
    })
  })

  test('names what is still there, and counts none of it as gone', async () => {
    const { report } = await failureOf(here.destroy(['deletion', 'purge']))
    const gone = planOf(report).changes.filter(({ change }) => change === 'delete')
    expect(gone.filter(({ kind, scope = '' }) => kind.includes('/') && isThere(scope))).toEqual([])
    expect(gone.map(({ kind }) => kind)).not.toContain('deployment stack')
    expect(gone.map(({ kind }) => kind)).not.toContain('resource group')
  })

  test.each([
    ['by the stack alone', true, false],
    ['by its tags alone', false, true],
  ])('is known to the next run %s, which ends it', async (_, isManaged, isTagged) => {
    await showOwner(isManaged, isTagged)
    await failureOf(here.destroy(['deletion', 'purge']))
    await here.destroy(['deletion', 'purge'])
    expect([...inGroup(), ...[...subnets, ...groups, group].filter(isThere)]).toEqual([])
    expect(sandbox.state.deployments.stacks).toEqual({})
  })
})

test('goes with what it manages from a group that nothing else shows to be the project’s', async () => {
  await withEarlierResource()
  await showOwner(false, false)
  const report = await here.destroy(['deletion', 'purge'])
  expect([...inGroup(), ...[...subnets, ...groups].filter(isThere)]).toEqual([])
  expect(isThere(group)).toBe(true)
  expect(report.outputs['left']).toContain('Neither a deployment stack nor its tags show')
  expect(sandbox.state.deployments.stacks).toEqual({})
})

test('goes on after all but one resource of an earlier release is gone, with the salt that it was delivered with', async () => {
  await withEarlierResource()
  const hand = await byHand(sandbox)
  const lock = `${storage}/ofearlier001/providers/Microsoft.Authorization/locks/keep`
  await hand.put(lock, '2020-05-01', { properties: { level: 'CanNotDelete' } })
  await here.destroy(['deletion', 'purge']).catch((error: unknown) => error)
  const others = inGroup().filter((id) => !/\/ofearlier001|\/roleassignments\//.test(id))
  expect(others).toEqual([])
  await hand.remove(lock, '2020-05-01')
  const report = await here.destroy(['deletion', 'purge'])
  expect(planOf(report).warnings.join()).toContain(
    "'ofearlier001' and nothing under a name that factory.yml gives",
  )
  expect([...inGroup(), group].filter(isThere)).toEqual([])
  expect(sandbox.state.deployments.stacks).toEqual({})
})
