import type { ActualAssignment, DesiredAccess, GroupKey } from '../../src/access/model.ts'
import { tupleOf } from '../../src/access/role-assignment.ts'
import { roles } from '../../src/catalog/facts/roles.ts'
import { type Meant, oidOf, people, stranger, type World } from './world.ts'

/** What others have assigned, and what is not ours to touch. */
export type Foreign = ActualAssignment[]

/** Where others meddle. Numbers choose among what there is. */
interface Scene {
  readonly world: World
  readonly key: GroupKey
  readonly group: ReturnType<World['group']>
  readonly last: Meant
  /** One of the assignments that are ours, if there is any. */
  readonly assignment: ActualAssignment | undefined
  readonly foreign: Foreign
  readonly number: number
}

const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const catalogueRoles = Object.values(roles).filter(({ plane }) => plane === 'azure')
const pick = <Item>(items: readonly Item[], number: number): Item | undefined => items[number % items.length]
const someRole = (number: number): string => pick(catalogueRoles, number)?.id ?? owner

function byHand({ last: { ids }, number }: Scene, principalId: string, roleDefinitionId: string) {
  return {
    plane: 'azure',
    id: `${ids.resourceGroup}/providers/Microsoft.Authorization/roleAssignments/by-hand-${number}-${roleDefinitionId}-${principalId}`,
    scope: ids.resourceGroup,
    principalId,
    roleDefinitionId,
    description: 'By hand',
    condition: '',
  } as const
}

function add({ world }: Scene, made: ActualAssignment): boolean {
  if (world.assignments.some((one) => tupleOf(one) === tupleOf(made))) return false
  world.put(made)
  return true
}

function change({ world, assignment }: Scene, changes: Partial<ActualAssignment>): void {
  world.assignments = world.assignments.map((one) => (one === assignment ? { ...one, ...changes } : one))
}

function join({ group }: Scene, id: string): void {
  if (!group.members.includes(id)) group.members.push(id)
}

const meddlers = {
  'add a stranger': (scene) => join(scene, stranger),
  'add somebody whom the documents name elsewhere': (scene) =>
    join(scene, oidOf(pick(people, scene.number) ?? '')),
  'remove a member': ({ group, number }) => {
    const id = pick(group.members, number)
    group.members = group.members.filter((one) => one !== id)
  },
  'delete a group': ({ world, key }) => world.removeGroup(key),
  'take an owner away': ({ group }) => {
    group.ownership = { kind: 'ours', missing: ['oid-people'] }
  },
  'delete an assignment': ({ world, assignment }) => {
    world.assignments = world.assignments.filter((one) => one !== assignment)
  },
  'put a condition': (scene) => {
    if (scene.assignment?.plane === 'azure') change(scene, { condition: "@Resource[x] StringEquals 'y'" })
  },
  'assign under another name': (scene) =>
    change(scene, { id: `${scene.assignment?.scope}/by-hand-${scene.number}`, description: 'By hand' }),
  'assign a role of the catalogue to a group': (scene) => {
    add(scene, byHand(scene, scene.group.objectId, someRole(scene.number)))
  },
  'assign another role to a group': (scene) => {
    const made = byHand(scene, scene.group.objectId, owner)
    if (add(scene, made)) scene.foreign.push(made)
  },
  'assign a role to others': (scene) => {
    const made = byHand(scene, stranger, someRole(scene.number))
    if (add(scene, made)) scene.foreign.push(made)
  },
  'assign a role above': (scene) => {
    const { world, key, group, last, number } = scene
    const wanted = pick(rolesOf(key, last.people), number)
    if (wanted === undefined) return
    world.inherited.push({
      ...byHand(scene, group.objectId, wanted),
      scope: '/subscriptions/s',
      heldBy: [group.objectId],
      holdsIn: last.people.managedScopes,
    })
  },
  'remove what is assigned above': ({ world }) => {
    world.inherited = world.inherited.slice(1)
  },
  'let an eligibility run out': ({ world, number }) => {
    const ending = pick(world.eligible, number)
    world.eligible = world.eligible.map((one) => (one === ending ? { ...one, daysLeft: 3 } : one))
  },
  'make a group eligible for a role of the catalogue': (scene) => {
    const { world, group, number } = scene
    const made = byHand(scene, group.objectId, someRole(number))
    if (world.eligible.some((one) => tupleOf(one) === tupleOf(made))) return
    world.eligible.push({ ...made, end: undefined, daysLeft: undefined })
  },
} as const satisfies Readonly<Record<string, (scene: Scene) => void>>

const rolesOf = (key: GroupKey, { assignments }: DesiredAccess): readonly string[] =>
  assignments.flatMap(({ plane, principal, roleDefinitionId }) =>
    plane === 'azure' && 'group' in principal && principal.group === key ? [roleDefinitionId] : [],
  )

/** What somebody does to a factory's access by hand. */
export type Meddling = keyof typeof meddlers
export const meddlings: readonly Meddling[] = Object.keys(meddlers) as Meddling[]

/** Does it, where there is something to do it to. */
export function meddle(
  world: World,
  kind: Meddling,
  [one, other]: readonly [number, number],
  last: Meant,
  foreign: Foreign,
): void {
  const key = pick([...world.groups.keys()], one)
  if (key === undefined) return
  const own = world.assignments.filter((assignment) => !foreign.includes(assignment))
  const scene = { world, key, group: world.group(key), last, assignment: pick(own, other), foreign }
  meddlers[kind]({ ...scene, number: other })
}
