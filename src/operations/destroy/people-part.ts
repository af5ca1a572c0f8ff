import { groupFault } from '../../access/refuse-groups.ts'
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

/** A group of the project, and why it stays. */
interface KnownGroup {
  readonly group: PersonaGroup
  /** A sentence each: whose it is, what others use it for. */
  readonly stays: string | undefined
  readonly fix: string
}

/** The groups of the personas. One that is not this environment's own, or that others use for something of their own, stays. */
export async function peoplePart(
  target: NumberedProject,
  { groups }: Pick<Principals, 'groups'>,
  { foreign }: Pick<ProjectAssignments, 'foreign'>,
  clients: DestroyClients,
): Promise<Part> {
  const known = await Promise.all(
    groups.map(async ({ group }): Promise<KnownGroup> => {
      const fault = groupFault(group.displayName, group.ownership)
      if (fault !== undefined) return { group, stays: fault.what, fix: fault.fix ?? '' }
      const uses = [
        ...rolesOf(group, foreign, target),
        ...groupsAround(await clients.directory.groupsWith(group.objectId), target),
      ]
      const stays = uses.length === 0 ? undefined : `Others use it: ${uses.join('; ')}.`
      return { group, stays, fix: 'Ask them to use a group of their own, then run again.' }
    }),
  )
  return {
    ...emptyPart,
    changes: known.map(changeOf),
    removals: known.flatMap(({ group, stays }) => (stays === undefined ? [removalOf(group, clients)] : [])),
    kept: known.flatMap((one) => keptOf(one) ?? []),
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

const changeOf = ({ group, stays }: KnownGroup): Change => ({
  change: stays === undefined ? 'delete' : 'keep',
  kind: 'group',
  name: group.displayName,
  reason: stays ?? membersOf(group),
})

const keptOf = ({ group, stays, fix }: KnownGroup): Left | undefined =>
  stays === undefined
    ? undefined
    : { why: 'others', kind: 'group', name: group.displayName, reason: stays, fix }

const removalOf = (group: PersonaGroup, { directory }: DestroyClients): Removal => ({
  step: `Delete group ${group.displayName}`,
  doomed: { kind: 'group', name: group.displayName },
  apply: async () => {
    await directory.removeGroup(group.objectId)
    return []
  },
})
