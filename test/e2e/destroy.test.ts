import { rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing, resourceIds } from './support/azure-state.ts'
import { byHand } from './support/by-hand.ts'
import { allOf002, destroy, leftOf, ofProject, vaultIsKept } from './support/destroy.ts'
import { delivered, openFactory, type Run } from './support/factory.ts'
import { devGroupOf } from './support/places.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { errorOf, log } from './support/transcript.ts'

const group = devGroupOf('002')
const notice = (run: Run): string => log(run).find((line) => line.startsWith('::notice')) ?? ''

const withProject002 = delivered('002')

describe('without the number of the project', () => {
  test('a destroy shows what would go, and how to go on, and changes nothing', async () => {
    const factory = await withProject002()
    const run = await destroy(factory)
    expect([run.exitCode, run.writes]).toEqual([0, []])
    expect(notice(run)).toContain(
      'Nothing was changed. To destroy it, run again with the inputs confirm: "002" and allow: deletion.',
    )
    const gone = readPlan(run).changes.filter(({ change }) => change === 'delete')
    expect(gone.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        'deployment stack mrvel-esml-project002-sdc-dev-001',
        'resource group mrvel-esml-project002-sdc-dev-001-rg',
        'Microsoft.CognitiveServices/accounts aif2a1b2c002001dev',
        'role assignment AcrPull for aif001sdc_mrvela1b2c_prj002_dev_team_lead',
        'group aif001sdc_mrvela1b2c_prj002_dev_team_lead',
        'folder projects/project002',
        'subnet snt-prj002-genai',
        'network security group genai-nsg-prj002-sdc-dev',
      ]),
    )
    expect(readPlan(run).changes.filter(({ change }) => change !== 'delete')).toEqual([])
  })

  test('another number is refused before anything is asked', async () => {
    const factory = await withProject002()
    const run = await destroy(factory, { ...allOf002, confirm: '003' })
    expect([run.exitCode, run.requests]).toEqual([1, []])
    expect(errorOf(run)).toContain(
      `Input 'confirm' is "003", and the project to destroy in dev is 002. Nothing was changed.`,
    )
  })

  test('data is not lost without permission', async () => {
    const factory = await withProject002()
    const run = await destroy(factory, { confirm: '002' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(errorOf(run)).toMatch(
      /Project 002 in dev would lose data: .*Microsoft\.Storage\/storageAccounts 'saprj002sdca1b2c1001dev'.* set the inputs confirm: "002" and allow: deletion\./,
    )
  })
})

describe('with the number of the project and permission', () => {
  test('nothing of it is left but what Azure keeps, and the rest is as it was', async () => {
    const empty = await openFactory()
    await empty.deliver('003', 'dev')
    const before = azureState(empty.sandbox)
    const factory = await openFactory({ seed: empty.snapshot() })
    await factory.deliver('002', 'dev')
    const run = await destroy(factory, allOf002)
    expect(run.exitCode).toBe(0)
    expect(leftOf(run)).toEqual([vaultIsKept])
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)

    const again = await destroy(factory, allOf002)
    expect([again.exitCode, again.writes, again.outputs['changed']]).toEqual([0, [], 'false'])
    expect(notice(again)).toContain('Project 002 in dev: destroy: nothing to destroy. Left: softly deleted')
  })

  test('a project that was never delivered leaves nothing', async () => {
    const factory = await openFactory()
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, run.writes]).toEqual([0, []])
    expect(notice(run)).toBe('::notice::Project 002 in dev: destroy: nothing to destroy. Nothing is left.')
  })
})

describe.each([
  ['is gone', undefined],
  ['is no YAML', 'version: 1\nproject: "002\n  name: [\n'],
  ['has faults', 'version: 1\nproject: "002"\ntype: nonsense\nservices: 7\n'],
])('a project whose manifest %s', (_, text) => {
  test('is destroyed by its number', async () => {
    const factory = await withProject002()
    const { repository } = factory
    if (text === undefined) rmSync(path.join(repository.folder, manifestOf('002')))
    else repository.write(manifestOf('002'), text)
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, leftOf(run)]).toEqual([0, [vaultIsKept]])
    expect(ofProject(factory)).toEqual([])
  })
})

describe('a delivery that was never finished', () => {
  test('is destroyed from every point', async () => {
    const factory = await openFactory()
    const empty = azureState(factory.sandbox)
    for (const action of ['ip-calc', 'provision-project', 'add-member'] as const) {
      await factory.run(action, '002', 'dev')
      const started = await openFactory({ seed: factory.snapshot() })
      const run = await destroy(started, allOf002)
      expect(run.exitCode).toBe(0)
      const { gone, added } = difference(empty, azureState(started.sandbox))
      expect([gone, added.filter((line) => !/core|lake/.test(line))]).toEqual([[], []])
    }
  })
})

describe('what others made', () => {
  const disk = `${group}/providers/Microsoft.Compute/disks/theirs`

  test('in the resource group stays, with the group, and is shown', async () => {
    const factory = await withProject002()
    const hand = await byHand(factory.sandbox)
    await hand.put(disk, '2024-03-02', {
      location: 'swedencentral',
      properties: { creationData: { createOption: 'Empty' }, diskSizeGB: 4 },
    })
    const run = await destroy(factory, allOf002)
    expect([run.exitCode, leftOf(run)]).toEqual([
      0,
      [
        'others: resource group mrvel-esml-project002-sdc-dev-001-rg',
        'others: Microsoft.Compute/disks theirs',
        vaultIsKept,
      ],
    ])
    expect(resourceIds(factory.sandbox, group)).toEqual([group, disk].map((id) => id.toLowerCase()))

    await hand.remove(disk, '2024-03-02')
    const again = await destroy(factory, allOf002)
    expect([again.exitCode, leftOf(again)]).toEqual([0, [vaultIsKept]])
    expect(resourceIds(factory.sandbox, group)).toEqual([])
  })

  test('and is locked stays: the lock is named, and the rest goes', async () => {
    const factory = await withProject002()
    const hand = await byHand(factory.sandbox)
    const lock = `${group}/providers/Microsoft.Authorization/locks/audit`
    await hand.put(lock, '2020-05-01', { properties: { level: 'CanNotDelete' } })
    const before = resourceIds(factory.sandbox, group)
    const run = await destroy(factory, allOf002)
    expect(leftOf(run)).toContain('others: resource group mrvel-esml-project002-sdc-dev-001-rg')
    expect(log(run).join('\n')).toContain(
      "Lock 'audit' (CanNotDelete) on 'mrvel-esml-project002-sdc-dev-001-rg'",
    )
    expect(resourceIds(factory.sandbox, group)).toEqual(before)

    await hand.remove(lock, '2020-05-01')
    const again = await destroy(factory, allOf002)
    expect([again.exitCode, leftOf(again)]).toEqual([0, [vaultIsKept]])
    expect(ofProject(factory)).toEqual([])
  })
})
