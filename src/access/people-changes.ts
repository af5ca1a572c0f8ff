import type { Change } from '../plan/model.ts'
import { lastSegment } from '../resource-id.ts'
import type { ActualAccess, DesiredAccess, DesiredGroup } from './model.ts'

/** What changes for one person, or for all who stay in a group, as somebody reads it who approves it. */
export interface PeopleChange {
  readonly who: string
  readonly change: 'gains' | 'loses'
  /** E.g. `Team lead of project 001 in dev`. */
  readonly as: string
  /** What that lets them do, or what of it changes. */
  readonly what: string
  readonly why: string
}

/** Who gains and who loses what: people first, then what changes for those who stay. */
export const peopleChanges = (
  changes: readonly Change[],
  desired: DesiredAccess,
  actual: Pick<ActualAccess, 'groups' | 'members'>,
): readonly PeopleChange[] => [
  ...changes.flatMap((change) => memberChange(change, desired, actual) ?? []),
  ...desired.groups.flatMap((group) => roleChanges(group, changes, actual)),
]

/** The inputs of a run name people without any line. */
const asked = 'The inputs of this run ask for it.'

/** `Team lead of project 001 in dev. Leads the project.` in its two parts. */
function partsOf({ description }: DesiredGroup): readonly [as: string, does: string] {
  const [as = '', ...does] = description.split('. ')
  return [as.replace(/\.$/, ''), does.join('. ')]
}

function memberChange(
  { change, kind, name, scope, reason = '' }: Change,
  desired: DesiredAccess,
  actual: Pick<ActualAccess, 'members'>,
): PeopleChange | undefined {
  const group = desired.groups.find(({ displayName }) => displayName === scope)
  if (kind !== 'member' || group === undefined || (change !== 'create' && change !== 'delete'))
    return undefined
  // Our own groups in the one for the lake are no people.
  if (group.key === 'lakeTraversal') return undefined
  const [as, does] = partsOf(group)
  return {
    who: name,
    change: change === 'create' ? 'gains' : 'loses',
    as,
    what: `${does} ${rolesOf(group, desired)}`.trim(),
    why: (change === 'create' ? placeOf(name, group, actual) : undefined) ?? (reason || asked),
  }
}

const mostNamed = 4

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, mostNamed)
  return [...shown, ...(texts.length > mostNamed ? [`and ${texts.length - mostNamed} more`] : [])].join(', ')
}

function rolesOf({ key }: DesiredGroup, { assignments }: DesiredAccess): string {
  const own = assignments.filter(({ principal }) => 'group' in principal && principal.group === key)
  if (own.length === 0) return 'No role in Azure here.'
  return `Roles: ${listed(own.map(({ role, scope, eligible }) => `${role} on ${lastSegment(scope)}${eligible ? ', when they activate it' : ''}`))}.`
}

/** The line of the document that names somebody. */
function placeOf(
  display: string,
  { members, memberPlaces }: DesiredGroup,
  actual: Pick<ActualAccess, 'members'>,
): string | undefined {
  const index = members.findIndex((member) => actual.members.get(member)?.display === display)
  const place = memberPlaces[index]
  return place && `${place.file}:${place.line} names them.`
}

/** What changes for whoever is in a group already. */
function roleChanges(
  group: DesiredGroup,
  changes: readonly Change[],
  { groups }: Pick<ActualAccess, 'groups'>,
): readonly PeopleChange[] {
  const present = groups.get(group.key)?.members.length ?? 0
  if (present === 0) return []
  const [as] = partsOf(group)
  const ending = ` for ${group.displayName}`
  return (['create', 'delete'] as const).flatMap((kind): readonly PeopleChange[] => {
    const own = changes.filter(
      ({ change, name, kind: what }) =>
        change === kind && what.endsWith('role assignment') && name.endsWith(ending),
    )
    if (own.length === 0) return []
    const roles = own.map(
      ({ name, scope = '' }) => `${name.slice(0, -ending.length)} on ${lastSegment(scope)}`,
    )
    return [
      {
        who: `all who are ${as}`,
        change: kind === 'create' ? 'gains' : 'loses',
        as,
        what: `Roles: ${listed(roles)}.`,
        why: own[0]?.reason ?? 'The catalogue grants it.',
      },
    ]
  })
}
