import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Acl, type AclEntry, formatAcl, formatEntries } from '../../src/lake/acl.ts'
import { type DesiredPath, desiredLake, type LakePrincipals } from '../../src/lake/desired.ts'
import { diffLake, type LakeDifference } from '../../src/lake/difference.ts'
import { deviations, effectiveAccessReport } from '../../src/lake/report.ts'
import { unfinishedMark } from '../../src/lake/steps.ts'
import { environments } from '../../src/vocabulary.ts'
import { Conflict, Interruption, MemoryLake } from './memory-lake.ts'
import { id, newRoot, principals, principalsOf, project } from './projects.ts'

const desired = desiredLake(project(), principals)
const difference = (lake: MemoryLake, wanted = desired, who = principals): LakeDifference =>
  diffLake(wanted, lake.folders, who)
const settledLake = (): MemoryLake => {
  const lake = new MemoryLake([['', newRoot]])
  lake.run(difference(lake).steps)
  return lake
}
const treeOf = (lake: MemoryLake) =>
  new Map(
    [...lake.folders].map(([path, acl]) => [path, { ...acl, owner: '$superuser', group: '$superuser' }]),
  )
const kinds = ({ changes }: LakeDifference) => changes.map(({ change, name }) => `${change} ${name}`)

describe('the folders of a project', () => {
  test('in dev are for its people and its identity', () => {
    expect(`\n${table(desired)}\n`).toBe(`
/
  group:traversal:--x
/projects
  group:traversal:--x
/projects/project001
  user::rwx
  user:identity:r-x
  group::---
  group:itAdmin:r-x
  group:dataOps:r-x
  group:lead:r-x
  group:dataScientist:r-x
  group:aiEngineer:r-x
  group:dataEngineer:r-x
  group:frontendDeveloper:r-x
  mask::rwx
  other::---
/projects/project001/in/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:rwx
  group:lead:r-x
  group:dataScientist:r-x
  group:aiEngineer:r-x
  group:dataEngineer:rwx
  mask::rwx
  other::---
/projects/project001/out/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:r-x
  group:lead:rwx
  group:dataScientist:rwx
  group:aiEngineer:rwx
  group:dataEngineer:rwx
  group:frontendDeveloper:r-x
  mask::rwx
  other::---
/projects/project001/bad/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:rwx
  group:lead:rwx
  group:dataScientist:rwx
  group:aiEngineer:rwx
  group:dataEngineer:rwx
  mask::rwx
  other::---
/projects/project001/work/**
  user::rwx
  user:identity:rwx
  group::---
  group:lead:rwx
  group:dataScientist:rwx
  group:aiEngineer:rwx
  group:dataEngineer:rwx
  mask::rwx
  other::---
`)
  })

  test.each(['stage', 'prod'] as const)('in %s are for automation', (environment) => {
    const own = desiredLake(project(environment), principals).slice(2)
    expect(`\n${table(own)}\n`).toBe(`
/projects/project001
  user::rwx
  user:identity:r-x
  group::---
  group:itAdmin:r-x
  group:dataOps:r-x
  mask::rwx
  other::---
/projects/project001/in/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:r-x
  mask::rwx
  other::---
/projects/project001/out/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:r-x
  mask::rwx
  other::---
/projects/project001/bad/**
  user::rwx
  user:identity:rwx
  group::---
  group:dataOps:r-x
  mask::rwx
  other::---
/projects/project001/work/**
  user::rwx
  user:identity:rwx
  group::---
  mask::rwx
  other::---
`)
  })

  test('need add-member first, when a group lets people pass', () => {
    const { traversal: _, ...without } = principals
    expect(() => desiredLake(project(), without)).toThrow(/Run add-member/)
    expect(desiredLake(project('dev', '001', 'other'), without)[0]?.access).toEqual([
      { type: 'other', rights: '--x' },
    ])
  })
})

describe('a lake with many projects', () => {
  test('has as many entries at its root as with one', () => {
    const lake = new MemoryLake([['', newRoot]])
    for (let number = 1; number <= 60; number += 1) {
      const text = String(number).padStart(3, '0')
      const who = principalsOf(text)
      lake.run(difference(lake, desiredLake(project('dev', text), who), who).steps)
    }
    const root = lake.folders.get('')
    expect(formatEntries(root?.access ?? [])).toEqual([
      'user::rwx',
      'group::r-x',
      `group:${id('d1')}:--x`,
      'mask::r-x',
      'other::---',
    ])
    expect(lake.folders.get('projects')).toEqual(root)
  })
})

describe('bringing a lake into order', () => {
  test('makes everything the first time, and changes nothing the second', () => {
    const lake = new MemoryLake([['', newRoot]])
    const first = difference(lake)
    expect(kinds(first)).toEqual([
      'modify /',
      'create projects',
      'create projects/project001',
      'create projects/project001/in',
      'create projects/project001/out',
      'create projects/project001/bad',
      'create projects/project001/work',
    ])
    lake.run(first.steps)
    const second = difference(lake)
    expect(second.steps).toEqual([])
    expect(new Set(second.changes.map(({ change }) => change))).toEqual(new Set(['keep']))
  })

  test('grants everybody what the table says, whatever else is in it', () => {
    const lake = settledLake()
    lake.create('projects/project001/in/2026')
    const report = effectiveAccessReport(desired, treeOf(lake), principals)
    expect(report.length).toBe(5 * 8)
    expect(report.filter(({ rights, wanted }) => rights !== wanted)).toEqual([])
    expect(lake.folders.get('projects/project001/in/2026')).toEqual(
      lake.folders.get('projects/project001/in'),
    )
  })

  test('says who gains and who loses', () => {
    const lake = settledLake()
    const { lead: _, ...personas } = principals.personas
    const without = { ...principals, personas }
    const narrower = desiredLake(project(), without).map((path) => ({
      ...path,
      access: path.access.filter((entry) => !('id' in entry) || entry.id !== personas['aiEngineer']),
    }))
    const { changes } = difference(lake, narrower, principals)
    expect(changes.find(({ name }) => name.endsWith('/out'))?.reason).toMatch(
      /Lost: team lead rwx, AI engineers rwx\./,
    )
    const again = difference(settledLake(), desired, principals).changes.find(({ name }) =>
      name.endsWith('/out'),
    )
    expect(again?.reason).toBe(
      'Results for others. The team writes them, the core team and front ends read them.',
    )
  })

  test('keeps what others have put there, and says so', () => {
    const stranger: AclEntry = { type: 'group', id: id('f1'), rights: 'r-x' }
    const lake = settledLake()
    for (const path of ['', 'projects/project001/out']) {
      const acl = lake.folders.get(path) ?? newRoot
      lake.folders.set(path, { ...acl, access: [...acl.access, stranger] })
    }
    const { steps, warnings } = difference(lake)
    expect(steps).toEqual([])
    expect(warnings).toEqual([
      `Folder 'projects/project001/out' has entries that no manifest asks for, which were left alone: group:${id('f1')}:r-x.`,
    ])
  })

  test('sends only what differs down into a folder', () => {
    const lake = settledLake()
    const more: LakePrincipals = {
      ...principals,
      personas: { ...principals.personas, dataEngineer: id('a9') },
    }
    const { steps } = difference(lake, desiredLake(project(), more), more)
    const below = steps.filter(({ step, path }) => step === 'modify-recursively' && path.endsWith('/in'))
    expect(below).toEqual([
      {
        step: 'modify-recursively',
        path: 'projects/project001/in',
        entries: {
          access: [
            { type: 'group', id: id('a9'), rights: 'rwx' },
            { type: 'mask', rights: 'rwx' },
          ],
          defaults: [
            { type: 'group', id: id('a9'), rights: 'rwx' },
            { type: 'mask', rights: 'rwx' },
          ],
        },
      },
    ])
  })

  test('takes away everywhere what a persona could do that the project has no more', () => {
    const lake = settledLake()
    const { dataScientist = '', ...personas } = principals.personas
    const fewer: LakePrincipals = {
      ...principals,
      personas,
      former: [{ title: 'data scientists', id: dataScientist }],
    }
    const wanted = desiredLake(project(), fewer)
    const { changes, steps } = difference(lake, wanted, fewer)
    expect(changes.map(({ reason }) => reason).join(' ')).toContain('Lost: former data scientists rwx.')
    const before = effectiveAccessReport(wanted, treeOf(lake), fewer)
    expect(deviations(before).map(({ who }) => who)).toContain('former data scientists')
    lake.run(steps)
    expect(difference(lake, wanted, fewer).steps).toEqual([])
    expect(deviations(effectiveAccessReport(wanted, treeOf(lake), fewer))).toEqual([])
    const lists = [...lake.folders.values()].flatMap(({ access, defaults }) => [...access, ...defaults])
    expect(formatEntries(lists).filter((entry) => entry.includes(dataScientist))).toEqual([])
  })

  test('widens the mask at the root where it would take our entry away, and shows it', () => {
    const lake = new MemoryLake([
      ['', { ...newRoot, access: [...newRoot.access, { type: 'mask', rights: 'r--' }] }],
    ])
    const root = difference(lake).changes[0]
    expect(root?.properties).toContainEqual({ path: 'access mask:', before: 'r--', after: 'r-x' })
  })

  test('does not overwrite what somebody has changed since the plan', () => {
    for (const path of ['', 'projects/project001', 'projects/project001/out']) {
      const lake = settledLake()
      const stage = desiredLake(project('stage'), { ...principals, traversal: id('d2') })
      const { steps } = difference(lake, stage)
      const acl = lake.folders.get(path) ?? newRoot
      const changed = {
        ...acl,
        access: [...acl.access, { type: 'user', id: id('f9'), rights: 'r-x' } as const],
      }
      lake.folders.set(path, changed)
      expect(() => lake.run(steps)).toThrow(Conflict)
      expect(lake.folders.get(path)).toEqual(changed)
    }
  })

  test('refuses before anything is written when a list would become too long', () => {
    const full: Acl = {
      ...newRoot,
      access: [
        ...newRoot.access,
        { type: 'mask', rights: 'r-x' },
        ...Array.from(
          { length: 28 },
          (_, index): AclEntry => ({ type: 'user', id: id(`f${index}`), rights: '--x' }),
        ),
      ],
    }
    expect(() => difference(new MemoryLake([['', full]]))).toThrow(
      /'\/' of the data lake would need 29 named entries/,
    )
  })
})

describe('a run that dies', () => {
  const states = environments.map((environment) => desiredLake(project(environment), principals))

  test('after any number of changes is finished by the next one, down to the last file', () => {
    const anyState = fc.constantFrom(...states)
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyState, fc.nat(25)), { maxLength: 4 }),
        anyState,
        (attempts, wanted) => {
          const lake = deepLake()
          for (const [state, budget] of attempts) tryToRun(lake, state, budget)
          lake.run(difference(lake, wanted).steps)
          expect(difference(lake, wanted).steps).toEqual([])
          expect(below(lake, wanted)).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  test('leaves a mark that grants no permissions', () => {
    const lake = settledLake()
    const { steps } = difference(lake, states[1] ?? [])
    expect(() => lake.run(steps, 3)).toThrow(Interruption)
    const marks = [...lake.folders.values()].flatMap(({ access }) =>
      access.filter(
        (entry) => 'id' in entry && entry.type === 'group' && entry.id === principals.projectIdentity,
      ),
    )
    expect(marks).toEqual([unfinishedMark(principals)])
    const again = difference(lake, states[1] ?? [])
    expect(again.changes.map(({ reason }) => reason).join()).toMatch(/interrupted here/)
  })
})

/** The folders as text, people by the role that their object id stands for. */
function table(paths: readonly DesiredPath[]): string {
  const roles: readonly (readonly [string, string])[] = [
    ...Object.entries(principals.personas),
    ...Object.entries(principals.coreTeam),
    ['identity', principals.projectIdentity],
    ['traversal', principals.traversal ?? ''],
  ].map(([role = '', oid = '']) => [role, oid])
  const readable = (text: string): string =>
    roles.reduce((result, [role, oid]) => result.replace(oid, role), text)
  return paths
    .map(({ path, recursive, access }) =>
      [
        `/${path}${recursive ? '/**' : ''}`,
        ...formatEntries(access).map((text) => `  ${readable(text)}`),
      ].join('\n'),
    )
    .join('\n')
}

function deepLake(): MemoryLake {
  const lake = settledLake()
  for (const path of ['in/a', 'in/a/b', 'out/c', 'work/d', 'work/d/e']) {
    lake.create(`projects/project001/${path}`)
  }
  return lake
}

function tryToRun(lake: MemoryLake, wanted: readonly DesiredPath[], budget: number): void {
  try {
    lake.run(difference(lake, wanted).steps, budget)
  } catch (error) {
    if (!(error instanceof Interruption)) throw error
  }
}

/** The paths whose lists are not those of the folder they inherit from. */
function below(lake: MemoryLake, wanted: readonly DesiredPath[]): readonly string[] {
  return wanted
    .filter(({ recursive }) => recursive)
    .flatMap((top) =>
      [...lake.folders]
        .filter(([path]) => path === top.path || path.startsWith(`${top.path}/`))
        .filter(([, acl]) => formatAcl(acl) !== formatAcl(top))
        .map(([path]) => path),
    )
}
