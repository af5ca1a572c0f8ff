import type { DirectoryObject } from '../../azure/directory.ts'
import type { ExistingAssignment } from '../../azure/role-assignments.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import type { Left, Removal } from '../removal/left.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { emptyPart, type Part } from './part.ts'
import type { Principals } from './principals.ts'
import type { NumberedProject } from './project-by-number.ts'
import { type ProjectAssignments, roleOf } from './role-part.ts'

type PersonaGroup = Principals['groups'][number]['group']

/** A group of the project, and what others use it for. */
interface UsedGroup {
  readonly group: PersonaGroup
  /** Half sentences. */
  readonly uses: readonly string[]
}

/** The groups of the personas. One that others use for something of their own stays. */
export async function peoplePart(
  target: NumberedProject,
  { groups }: Pick<Principals, 'groups'>,
  { foreign }: Pick<ProjectAssignments, 'foreign'>,
  clients: DestroyClients,
): Promise<Part> {
  const used = await Promise.all(
    groups.map(
      async ({ group }): Promise<UsedGroup> => ({
        group,
        uses: [
          ...rolesOf(group, foreign, target),
          ...groupsAround(await clients.directory.groupsWith(group.objectId), target),
        ],
      }),
    ),
  )
  return {
    ...emptyPart,
    changes: used.map(changeOf),
    removals: used.filter(({ uses }) => uses.length === 0).map(({ group }) => removalOf(group, clients)),
    kept: used.filter(({ uses }) => uses.length > 0).map(keptOf),
  }
}

const rolesOf = (
  { objectId }: PersonaGroup,
  foreign: readonly ExistingAssignment[],
  { ids }: NumberedProject,
): readonly string[] =>
  foreign
    .filter(
      ({ principalId, scope }) => sameText(principalId, objectId) && !isWithin(scope, ids.resourceGroup),
    )
    .map((one) => `they have assigned ${roleOf(one)} on '${lastSegment(one.scope)}' to it`)

/** The group for the root of the data lake is the factory's own. */
const groupsAround = (around: readonly DirectoryObject[], { names }: NumberedProject): readonly string[] =>
  around
    .filter(({ display }) => !sameText(display, names.common.lakeTraversalGroup))
    .map(({ display }) => `they have made it a member of the group '${display}'`)

const mostNamed = 20

function membersOf({ members }: PersonaGroup): string {
  if (members.length === 0) return 'Nobody is in it.'
  const named = members.slice(0, mostNamed).map(({ display }) => display)
  const rest = members.length - named.length
  return `In it: ${[...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')}.`
}

const usedFor = (uses: readonly string[]): string => `Others use it: ${uses.join('; ')}.`

const changeOf = ({ group, uses }: UsedGroup): Change => ({
  change: uses.length === 0 ? 'delete' : 'keep',
  kind: 'group',
  name: group.displayName,
  reason: uses.length === 0 ? membersOf(group) : usedFor(uses),
})

const keptOf = ({ group, uses }: UsedGroup): Left => ({
  why: 'others',
  kind: 'group',
  name: group.displayName,
  reason: usedFor(uses),
  fix: 'Ask them to use a group of their own, then run again.',
})

const removalOf = (group: PersonaGroup, { directory }: DestroyClients): Removal => ({
  step: `Delete group ${group.displayName}`,
  doomed: { kind: 'group', name: group.displayName },
  apply: async () => {
    await directory.removeGroup(group.objectId)
    return []
  },
})
