import { applications } from './applications.ts'
import { deletedItems } from './deleted-items.ts'
import { directoryObjects } from './directory-objects.ts'
import { refusals } from './errors.ts'
import { findGroup, groupCollection, groupItem } from './groups.ts'
import type { GraphContext, GraphRequest, GraphResponse, Key, Segment } from './http.ts'
import { invitations } from './invitations.ts'
import { me } from './me.ts'
import { memberGroups } from './member-groups.ts'
import { groupRelationship } from './relationships.ts'
import { roleSchedules } from './role-schedules.ts'
import { roleAssignments, roleDefinitions } from './roles.ts'
import { servicePrincipals } from './service-principals.ts'
import { administrativeUnits } from './units.ts'
import { users } from './users.ts'

/** Hands a request to whoever answers for its address. @throws GraphError 400 when nobody does */
export function route(context: GraphContext, request: GraphRequest): GraphResponse {
  const [first, ...others] = request.segments
  const { key, rest } = locate(first, others)
  switch (first?.name) {
    case 'groups':
      return groups(context, request, key, rest)
    case 'users':
      return users(context, request, key, rest)
    case 'servicePrincipals':
      return servicePrincipals(context, request, key, rest)
    case 'applications':
      return applications(context, request, key, rest)
    case 'directoryObjects':
      return directoryObjects(context, request, key ?? { property: 'id', value: '' }, rest)
    case 'directory':
      return directoryPart(context, request, pathOf(others))
    case 'roleManagement':
      return roleManagement(context, request, pathOf(others))
    case 'invitations':
      return invitations(context, request)
    case 'me':
      return me(context, request, pathOf(others))
    default:
      throw refusals.noSegment(first?.name ?? '')
  }
}

function groups(
  context: GraphContext,
  request: GraphRequest,
  key: Key | undefined,
  rest: readonly string[],
): GraphResponse {
  const { directory } = context
  if (key === undefined) return groupCollection(context, request, false)
  if (key.value === '$count') return groupCollection(context, request, true)
  if (rest.length === 0) return groupItem(context, request, key)
  const group = findGroup(directory, key)
  return memberGroups(directory, request, group.id, rest) ?? groupRelationship(context, request, group, rest)
}

function directoryPart(
  context: GraphContext,
  request: GraphRequest,
  [name = '', ...rest]: readonly string[],
): GraphResponse {
  if (name === 'administrativeUnits') return administrativeUnits(context, request, rest)
  if (name === 'deletedItems') return deletedItems(context, request, rest)
  throw refusals.noSegment(name)
}

function roleManagement(
  context: GraphContext,
  request: GraphRequest,
  [part = '', ...rest]: readonly string[],
): GraphResponse {
  if (part !== 'directory') throw refusals.noSegment(part)
  const [name = '', ...below] = rest
  if (name === 'roleDefinitions') return roleDefinitions(request, below)
  if (name === 'roleAssignments') return roleAssignments(context, request, below)
  const answer = roleSchedules(context, request, rest)
  if (answer === undefined) throw refusals.noSegment(name)
  return answer
}

/** A path in which a key in parentheses is a part of its own. */
const pathOf = (segments: readonly Segment[]): readonly string[] =>
  segments.flatMap(({ name, key }) => (key === undefined ? [name] : [name, key.value]))

/** Both `groups('id')/members` and `groups/id/members` name a group and what of it. */
function locate(
  first: Segment | undefined,
  others: readonly Segment[],
): { key: Key | undefined; rest: readonly string[] } {
  const names = others.map((segment) => segment.name)
  if (first?.key) return { key: first.key, rest: names }
  const [id, ...rest] = names
  return { key: id === undefined ? undefined : { property: 'id', value: id }, rest }
}
