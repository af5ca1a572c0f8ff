/** How projects come to hold the factory's own roles, whatever they held before. */
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { keysOf } from '../../src/by-key.ts'
import { rolesByName } from '../../src/catalog/facts/role-permissions.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import type { RolePermissions } from '../../src/role-permissions.ts'
import { setUpBy } from './support/administrator.ts'
import { byHand } from './support/by-hand.ts'
import { delivered, type Factory, type Run } from './support/factory.ts'
import { defineOwnRoles, ownRolesIn } from './support/own-roles.ts'
import { devGroupOf, devSubscription } from './support/places.ts'
import { readPlan } from './support/repository.ts'
import { type Assigned, assignedWithin, type RoleEvent, roleEvents } from './support/role-assignments.ts'
import { errorOf } from './support/transcript.ts'

const withProject003 = delivered('003')
const group = devGroupOf('003')
const within = (factory: Factory) => assignedWithin(factory, group)
const byName = new Set<string>(keysOf(rolesByName).map((role) => roles[role].id))

const fileOf = ({ repository }: Factory): string => path.join(repository.folder, 'aifactory/factory.yml')
const warningsOf = (runs: readonly Run[]): readonly string[] =>
  runs.flatMap((run) => ('plan-file' in run.outputs ? readPlan(run).warnings : []))

const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))
const failures = (runs: readonly Run[]) => runs.map(outcome).filter((one) => one !== '0')

/** The roles that stand in for others: all of a project but those that a service asks for by name. */
const isReplaceable = ({ role }: Assigned): boolean => !byName.has(role)

/** In Azure's own roles, or in the factory's. */
const heldBy = (factory: Factory) => {
  const all = [...within(factory).values()].filter(isReplaceable)
  return { own: all.filter(({ isOwn }) => isOwn), azure: all.filter(({ isOwn }) => !isOwn) }
}

/**
 * Goes through the log for moments at which somebody who stays had neither all that they had before nor what stands in for it,
 * assigned and read back.
 */
function gapsIn(factory: Factory, since: number, before: ReadonlyMap<string, Assigned>): readonly string[] {
  const after = within(factory)
  const going = [...before.values()].filter((one) => isReplaceable(one) && !after.has(one.id))
  const coming = [...after.values()].filter((one) => isReplaceable(one) && !before.has(one.id))
  const assigned = new Set(before.keys())
  const readBack = new Set(before.keys())
  const happen = (event: RoleEvent): void => {
    if (event.kind === 'read') for (const id of assigned) readBack.add(id)
    if (event.kind === 'assigned') assigned.add(event.assignment.id)
    if (event.kind === 'removed') assigned.delete(event.assignment.id)
  }
  const isCoveredBy = (all: readonly Assigned[], principal: string, known: ReadonlySet<string>): boolean => {
    const own = all.filter((one) => one.principal === principal)
    return own.length > 0 && own.every(({ id }) => known.has(id))
  }
  const staying = [...after.values()].filter(isReplaceable).map(({ principal }) => principal)
  const moving = staying.filter((principal) => going.some((one) => one.principal === principal))
  return roleEvents(factory, since, new Map([...before, ...after])).flatMap((event) => {
    happen(event)
    return moving.filter(
      (principal) => !isCoveredBy(going, principal, assigned) && !isCoveredBy(coming, principal, readBack),
    )
  })
}

describe("a project that had Azure's roles", () => {
  test("moves over to the factory's own once set-up has defined them, and nobody is without a right meanwhile", async () => {
    const factory = await withProject003()
    const before = within(factory)
    expect(heldBy(factory).own).toEqual([])
    expect((await setUpBy(factory)).text).toContain('done: Create the role ')

    const since = factory.sandbox.requestCount()
    expect(failures(await factory.deliver('003', 'dev'))).toEqual([])
    expect(gapsIn(factory, since, before)).toEqual([])
    const { own, azure } = heldBy(factory)
    expect(azure).toEqual([])
    expect(new Set(own.map(({ principal }) => principal)).size).toBe(own.length)
    // One each, where there were several.
    expect(own.length * 2).toBeLessThan([...before.values()].filter(isReplaceable).length)

    const again = await factory.deliver('003', 'dev')
    expect(failures(again)).toEqual([])
    expect(again.flatMap(({ writes }) => writes)).toEqual([])
  })
})

describe('a run that breaks off while a project moves over', () => {
  const faults = {
    'before the new role of somebody': { method: 'PUT', path: 'roleAssignments/', skip: 3 },
    'before the first of the old ones goes': { method: 'DELETE', path: 'roleAssignments/' },
    'after some of the old ones went': { method: 'DELETE', path: 'roleAssignments/', skip: 7 },
  }
  test.each(Object.entries(faults))('%s is finished by the next one', async (_, fault) => {
    const factory = await withProject003()
    await setUpBy(factory)
    const before = within(factory)
    const since = factory.sandbox.requestCount()
    factory.sandbox.faults.add({ ...fault, status: 400, body: { error: { code: 'No', message: 'No.' } } })
    expect(failures(await factory.deliver('003', 'dev'))).toHaveLength(1)
    expect(gapsIn(factory, since, before)).toEqual([])
    expect(failures(await factory.deliver('003', 'dev'))).toEqual([])
    expect(gapsIn(factory, since, before)).toEqual([])
    expect(heldBy(factory).azure).toEqual([])
    const again = await factory.deliver('003', 'dev')
    expect(again.flatMap(({ writes }) => writes)).toEqual([])
  })
})

describe('roles: builtin', () => {
  test("puts Azure's roles back before the factory's own go", async () => {
    const factory = await withProject003()
    const before = [...within(factory).keys()].toSorted()
    await setUpBy(factory)
    expect(failures(await factory.deliver('003', 'dev'))).toEqual([])
    factory.repository.edit('aifactory/factory.yml', 'tags:', 'roles: builtin\ntags:')
    const own = within(factory)
    const since = factory.sandbox.requestCount()
    const runs = await factory.deliver('003', 'dev')
    expect(failures(runs)).toEqual([])
    expect(gapsIn(factory, since, own)).toEqual([])
    expect([...within(factory).keys()].toSorted()).toEqual(before)
    expect(warningsOf(runs).filter((text) => text.includes("The factory's own"))).toEqual([])
  })
})

const secrets = 'Microsoft.KeyVault/vaults/secrets/*'
const secretsOfficer = roles['Key Vault Secrets Officer'].id

describe("a role of the factory's own that is not as this version means it", () => {
  const without =
    (action: string) =>
    (permissions: RolePermissions): RolePermissions => ({
      ...permissions,
      dataActions: permissions.dataActions.filter((one) => one !== action),
    })

  test('takes from nobody what it lacks, each run says so, and set-up updates it once', async () => {
    const factory = await withProject003()
    await defineOwnRoles(factory.sandbox, fileOf(factory), without(secrets))
    const runs = await factory.deliver('003', 'dev')
    expect(failures(runs)).toEqual([])
    expect(warningsOf(runs)).toContainEqual(
      expect.stringMatching(
        /^Roles of the factory's own are not .*'AI Factory lead \(.*\)'.* without Microsoft\.KeyVault\/vaults\/secrets\/\*\. Run 'npm run setup /,
      ),
    )
    // Whoever had it has it still, and nothing besides.
    expect(new Set(heldBy(factory).azure.map(({ role }) => role))).toEqual(new Set([secretsOfficer]))
    const again = await factory.deliver('003', 'dev')
    expect(again.flatMap(({ writes }) => writes)).toEqual([])

    const { text, again: setUpAgain } = await setUpBy(factory)
    expect(text).toMatch(
      /done: Update the role 'AI Factory lead .*': whoever holds it gains Microsoft\.KeyVault\/vaults\/secrets\/\*$/m,
    )
    const updated = await factory.deliver('003', 'dev')
    expect(failures(updated)).toEqual([])
    expect(heldBy(factory).azure).toEqual([])
    expect(warningsOf(updated).filter((one) => one.startsWith('Roles of the factory'))).toEqual([])
    expect((await setUpAgain()).writes).toEqual([])
  })

  test('is shown where somebody has widened it, and set-up takes that back', async () => {
    const factory = await withProject003()
    const wider = 'Microsoft.Compute/virtualMachines/delete'
    await defineOwnRoles(factory.sandbox, fileOf(factory), (permissions) => ({
      ...permissions,
      actions: [...permissions.actions, wider],
    }))
    const run = await factory.run('add-member', '003', 'dev', { mode: 'plan' })
    expect(warningsOf([run])).toContainEqual(expect.stringContaining(`with ${wider} beyond it.`))
    expect((await setUpBy(factory)).text).toContain(`whoever holds it loses ${wider}\n`)
    expect(warningsOf([await factory.run('add-member', '003', 'dev', { mode: 'plan' })])).toEqual([])
  })
})

describe("a role of the factory's own that is deleted", () => {
  test("with its assignments, gives way to Azure's roles", async () => {
    const factory = await withProject003()
    await defineOwnRoles(factory.sandbox, fileOf(factory))
    expect(failures(await factory.deliver('003', 'dev'))).toEqual([])
    const lead = ownRolesIn(fileOf(factory)).find(({ principal }) => principal === 'persona:lead')
    const held = [...within(factory).values()].filter(({ role }) => role === lead?.name)
    expect(held).toHaveLength(1)
    const { remove } = await byHand(factory.sandbox)
    const definition = `${devSubscription}/providers/Microsoft.Authorization/roleDefinitions/${lead?.id}`
    // Azure keeps a role that is assigned.
    await expect(remove(definition, '2022-04-01')).rejects.toThrow('RoleDefinitionHasAssignments')
    for (const { id } of held) await remove(id, '2022-04-01')
    await remove(definition, '2022-04-01')

    expect(failures(await factory.deliver('003', 'dev'))).toEqual([])
    const principals = new Set(heldBy(factory).azure.map(({ principal }) => principal))
    expect([...principals]).toEqual(held.map(({ principal }) => principal))
  })
})
