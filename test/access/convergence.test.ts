import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { diffAccess } from '../../src/access/diff-access.ts'
import { inheritedFor } from '../../src/access/inherited-assignments.ts'
import type {
  AccessOperation,
  ActualAssignment,
  ActualEligibility,
  DesiredAccess,
  DesiredGroup,
  GroupKey,
} from '../../src/access/model.ts'
import { principalIdOf } from '../../src/access/principal-id.ts'
import { hasOwnName, tupleOf } from '../../src/access/role-assignment.ts'
import { keysOf } from '../../src/by-key.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { serviceKeys } from '../../src/catalog/index.ts'
import { productKeys } from '../../src/catalog/personas.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { isWithin, lastSegment } from '../../src/resource-id.ts'
import { type Foreign, type Meddling, meddle, meddlings } from './meddling.ts'
import { type Intent, type Meant, meantBy, oidOf, people, saidOfPersonas, stranger, World } from './world.ts'

const personas = productKeys('project')

const intents: fc.Arbitrary<Intent> = fc.record({
  team: fc
    .record(Object.fromEntries([...personas, 'auditor'].map((key) => [key, fc.subarray(people)])))
    .map((team) => ({ ...team, lead: team['lead']?.length ? team['lead'] : people.slice(0, 1) })),
  coreTeam: fc.record({ itAdmin: fc.subarray(people), dataOps: fc.subarray(people) }),
  services: fc.record(Object.fromEntries(serviceKeys.map((key) => [key, fc.boolean()]))),
  roles: fc.constantFrom('custom', 'custom', 'builtin'),
  definitions: fc.array(fc.constantFrom('as meant', 'as meant', 'older', 'missing'), {
    minLength: 1,
    maxLength: 12,
  }),
  eligible: fc.subarray([...personas]),
  foreign: fc.constantFrom('keep', 'remove'),
  personas: fc.constantFrom(...keysOf(saidOfPersonas)),
})

/** What happens between two deliveries; numbers choose among what there is. An interrupted delivery makes so many changes. */
type Step =
  | { readonly kind: 'deliver'; readonly intent: number; readonly operations: number }
  | { readonly kind: 'take a group over'; readonly at: readonly [number, number] }
  | { readonly kind: Meddling; readonly at: readonly [number, number] }

const at = fc.tuple(fc.nat(1_000), fc.nat(1_000))
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('deliver' as const),
    intent: fc.nat(2),
    operations: fc.oneof(fc.nat(60), fc.constant(Number.POSITIVE_INFINITY)),
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom(...meddlings), at }) },
  fc.record({ kind: fc.constant('take a group over' as const), at }),
)

const operationsOf = (desired: DesiredAccess, world: World): readonly AccessOperation[] =>
  diffAccess(desired, world.read(desired)).operations

/** Roles of identities first, as a delivery does it, then people. */
function deliver(world: World, meant: Meant, most = Number.POSITIVE_INFINITY): void {
  world.provision(meant)
  world.publish(meant)
  world.nameBy(meant)
  let left = most
  for (const desired of [meant.identities, meant.people]) {
    const operations = operationsOf(desired, world)
    for (const operation of operations.slice(0, left)) world.apply(operation)
    left -= Math.min(left, operations.length)
  }
}

/** A group that somebody else owns as well stops the run before anything is changed, or has nothing to do with it. */
function takeOver(world: World, { people: desired }: Meant, number: number): void {
  const keys = [...world.groups.keys()]
  const key = keys[number % keys.length]
  if (key === undefined) return
  const group = world.group(key)
  const { ownership } = group
  group.ownership = { kind: 'others', owners: ['mallory'] }
  const isNeeded = desired.groups.some((one) => one.key === key && one.presence === 'always')
  if (isNeeded) expect(() => operationsOf(desired, world)).toThrow(UserError)
  group.ownership = ownership
}

const conditionsEqual = (a = '', b = ''): boolean => a.replaceAll(/\s+/g, '') === b.replaceAll(/\s+/g, '')

/** It was extended in time. */
const isLasting = ({ daysLeft }: ActualEligibility): boolean => daysLeft !== undefined && daysLeft > 30

/** Every role that is meant is assigned, or comes from above, with the condition that is meant. @returns their tuples */
function expectWanted(world: World, desired: DesiredAccess): ReadonlySet<string> {
  const actual = world.read(desired)
  return new Set(
    desired.assignments.map((assignment) => {
      const principalId = principalIdOf(assignment.principal, actual) ?? 'nobody'
      const tuple = tupleOf({ ...assignment, principalId })
      const there = assignment.eligible ? world.eligible.filter(isLasting) : world.assignments
      const found = there.find((one) => tupleOf(one) === tuple)
      if (found === undefined) expect(inheritedFor(assignment, principalId, actual)).toBeDefined()
      else expect(conditionsEqual(found.condition, assignment.condition?.expression)).toBe(true)
      return assignment.eligible ? `eligible ${tuple}` : tuple
    }),
  )
}

/** What may stay where it is: the factory's own role does not let do all of it yet. @returns their tuples */
function expectKept(world: World, desired: DesiredAccess, was: Before): ReadonlySet<string> {
  const actual = world.read(desired)
  const kept = (desired.kept ?? []).map((assignment) =>
    tupleOf({ ...assignment, principalId: principalIdOf(assignment.principal, actual) ?? 'nobody' }),
  )
  const now = world.assignments.map(tupleOf)
  expect(kept.filter((tuple) => was.tuples.has(tuple) && !now.includes(tuple))).toEqual([])
  return new Set(kept)
}

/** No role is left of our principals, or of those that have been ours, that is not meant. */
function expectNoOther(world: World, desired: DesiredAccess, wanted: ReadonlySet<string>): void {
  const known = new Set([...Object.values(roles).map(({ id }) => id), ...desired.customRoles.keys()])
  const personaGroups = [...world.groups].flatMap(([key, { objectId }]) =>
    desired.extent === 'people' && /^(persona|former):/.test(key) ? [objectId] : [],
  )
  const names = [...desired.groupNames, ...desired.identityNames.values()]
  const wasOurs = (one: ActualAssignment): boolean =>
    hasOwnName(one) && names.some((name) => one.description?.endsWith(` for ${name}, by the AI factory`))
  const left = world.assignments.filter(
    (one) =>
      known.has(lastSegment(one.roleDefinitionId).toLowerCase()) &&
      !wanted.has(tupleOf(one)) &&
      desired.managedScopes.some((scope) => isWithin(one.scope, scope)) &&
      (personaGroups.includes(one.principalId) || wasOurs(one)),
  )
  expect(left).toEqual([])
  expectNoneOfFormerNames(world, desired, wanted)
  const eligible = world.eligible.filter((one) => personaGroups.includes(one.principalId))
  expect(eligible.filter((one) => !wanted.has(`eligible ${tupleOf(one)}`))).toEqual([])
}

/** Whatever is described as a role for a group of the project, known or not, is one that is meant. */
function expectNoneOfFormerNames(world: World, desired: DesiredAccess, wanted: ReadonlySet<string>): void {
  const { groupPrefix } = desired
  if (groupPrefix === undefined) return
  const left = world.assignments.filter(
    (one) =>
      hasOwnName(one) &&
      one.description?.includes(` for ${groupPrefix}`) === true &&
      desired.managedScopes.some((scope) => isWithin(one.scope, scope)) &&
      !wanted.has(tupleOf(one)),
  )
  expect(left).toEqual([])
}

interface Before {
  readonly tuples: ReadonlySet<string>
  readonly members: ReadonlyMap<GroupKey, readonly string[]>
  readonly used: ReadonlySet<GroupKey>
}

/** Who was where, and which groups had roles, before a run. */
const before = (world: World): Before => ({
  tuples: new Set(world.assignments.map(tupleOf)),
  members: new Map([...world.groups].map(([key, { members }]) => [key, [...members]])),
  used: new Set(
    [...world.groups].flatMap(([key, { objectId }]) =>
      [...world.assignments, ...world.eligible].some(({ principalId }) => principalId === objectId)
        ? [key]
        : [],
    ),
  ),
})

/** Whoever the documents name is in a group, and of the others those whom nobody may take out. */
function expectTeam(
  world: World,
  group: DesiredGroup,
  { assignments }: DesiredAccess,
  { foreign }: Intent,
  was: Before,
): void {
  const { key } = group
  const hasRoles = assignments.some(({ principal }) => 'group' in principal && principal.group === key)
  const mayStay = foreign === 'keep' && (was.used.has(key) || !hasRoles)
  const history = world.history.get(key)
  const kept = mayStay
    ? (was.members.get(key) ?? []).filter((id) => history?.has(id.toLowerCase()) !== true)
    : []
  const expected = new Set([...group.members.map(oidOf), ...kept])
  const actual = new Set(world.group(key).members)
  // A group that must have somebody is not left without anybody.
  if (expected.size === 0 && group.neverEmpty && actual.size === 1) return
  expect({ key, actual }).toEqual({ key, actual: expected })
}

/** All groups of ours are in the one that leads to the lake, and whom others put there. */
function expectTraversal(world: World, group: DesiredGroup, was: Before): void {
  const { members } = world.group(group.key)
  const ids = (keys: readonly GroupKey[]) => keys.flatMap((key) => world.groups.get(key)?.objectId ?? [])
  const identities = group.memberIdentities.map((key) => world.identities.get(key))
  expect(members).toEqual(expect.arrayContaining([...ids(group.memberGroups), ...identities]))
  expect(members.filter((id) => ids(group.formerGroups).includes(id))).toEqual([])
  expect(members.includes(stranger)).toBe(was.members.get(group.key)?.includes(stranger) === true)
}

/** Nobody is left in a group of a former persona, and it leads nowhere. */
function expectFormerEmpty(world: World): void {
  for (const [key, { objectId, members }] of world.groups) {
    if (!key.startsWith('former:')) continue
    expect(members).toEqual([])
    expect(world.groups.get('lakeTraversal')?.members).not.toContain(objectId)
  }
}

function expectMembers(world: World, { people: desired, intent }: Meant, was: Before): void {
  expectFormerEmpty(world)
  for (const group of desired.groups) {
    const found = world.groups.get(group.key)
    if (found === undefined) {
      expect(group.presence).toBe('if-exists')
      continue
    }
    expect(found.ownership).toEqual({ kind: 'ours', missing: [] })
    expect(new Set(found.members).size).toBe(found.members.length)
    if (group.key === 'lakeTraversal') expectTraversal(world, group, was)
    else expectTeam(world, group, desired, intent, was)
  }
}

test('whatever happened before, a delivery ends at what the documents say, with nothing of others touched, and the next changes nothing', () => {
  const several = fc.array(intents, { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(several, fc.array(steps, { maxLength: 20 }), (chosen, between) => {
      const world = new World()
      const foreign: Foreign = []
      const meant = chosen.map(meantBy)
      const nth = (index: number): Meant => meant[index] ?? meantBy(chosen[0] as Intent)
      let last = nth(0)
      deliver(world, last)
      for (const step of between) {
        if (step.kind === 'deliver') {
          last = nth(step.intent)
          deliver(world, last, step.operations)
        } else if (step.kind === 'take a group over') takeOver(world, last, step.at[0])
        else meddle(world, step.kind, step.at, last, foreign)
      }
      last = nth(2)
      world.provision(last)
      world.nameBy(last)
      const was = before(world)
      deliver(world, last)

      const each = [last.identities, last.people]
      for (const desired of each) {
        const kept = expectKept(world, desired, was)
        expectNoOther(world, desired, new Set([...expectWanted(world, desired), ...kept]))
      }
      expectMembers(world, last, was)
      expect(world.assignments).toEqual(expect.arrayContaining(foreign))
      for (const desired of each) expect(operationsOf(desired, world)).toEqual([])
    }),
    { numRuns: 100 },
  )
})
