import { UserError } from '../diagnostics/user-error.ts'
import { sameText } from '../resource-id.ts'
import { orUndefined } from './directory-objects.ts'
import { isForbidden, isMissing } from './failure.ts'
import { type FoundGroup, type GroupFinder, oursIn } from './find-groups.ts'
import type { Graph } from './graph.ts'
import { link, NotReplicated, referenceTo, settlingIn } from './group-members.ts'
import type { GroupOwners } from './group-ownership.ts'
import { findServicePrincipal } from './principals.ts'
import type { Session } from './session.ts'

/** A group to create. */
export interface NewGroup {
  /** At most 256 characters. */
  readonly displayName: string
  /** At most 64 ASCII characters. What the group is found by again, whatever its display name becomes. */
  readonly mailNickname: string
  readonly description: string
}

/** A group that was to be created. */
export interface CreatedGroup extends FoundGroup {
  /** Nobody is in it yet. Otherwise there was one already. */
  readonly isNew: boolean
}

/** What creating groups takes. */
export interface GroupCreation {
  readonly session: Session
  readonly graph: Graph
  readonly finder: GroupFinder
  readonly owners: GroupOwners
}

/**
 * Creates a group that the delivering identity owns, or in its administrative unit. It names itself in the request: a group without an owner could be
 * changed by nobody here, and other applications it may name only when it may read them. Names are not unique: when there
 * is an older group of ours, from another run or from a request whose response was lost, that one stays.
 * https://learn.microsoft.com/graph/api/group-post-groups#permissions
 */
export async function createGroup(group: NewGroup, creation: GroupCreation): Promise<CreatedGroup> {
  const { session, graph, finder } = creation
  const created = await requestGroup(group, creation)
  const chosen = await settlingIn(session)(`Group '${group.displayName}'`, async () => {
    const candidates = await finder.named(group.mailNickname, created)
    const ours = candidates.some(({ objectId }) => objectId === created) ? oursIn(candidates) : undefined
    if (ours !== undefined) return ours
    throw new NotReplicated(`Graph created group '${group.displayName}' but does not return it yet.`)
  })
  const isNew = chosen.objectId === created
  if (!isNew) await orUndefined(() => graph.write({ method: 'DELETE', path: `/groups/${created}` }))
  return { ...chosen, isNew }
}

/** @returns its object id */
async function requestGroup(group: NewGroup, creation: GroupCreation): Promise<string | undefined> {
  const { session, graph, owners } = creation
  const body = { ...group, mailEnabled: false, securityEnabled: true }
  if (owners.unit !== undefined) return requestInUnit(owners.unit, body, creation)
  const owner = referenceTo(await findOwner(creation), session)
  return graph.write({ method: 'POST', path: '/groups', body: { ...body, 'owners@odata.bind': [owner] } })
}

/** Who owns a new group besides whom its request named: in a unit that is nobody. */
export async function otherOwners(creation: GroupCreation): Promise<readonly string[]> {
  const { unit, people } = creation.owners
  return [
    ...(unit === undefined ? [] : [await findOwner(creation)]),
    ...(people === undefined ? [] : [people.objectId]),
  ]
}

/** Its right to the group is its role at the unit. https://learn.microsoft.com/graph/api/administrativeunit-post-members */
async function requestInUnit(
  unit: string,
  group: object,
  { graph }: GroupCreation,
): Promise<string | undefined> {
  try {
    return await graph.write({
      method: 'POST',
      path: `/directory/administrativeUnits/${unit}/members`,
      body: { '@odata.type': '#microsoft.graph.group', ...group },
    })
  } catch (error) {
    if (!isMissing(error) && !isForbidden(error)) throw error
    throw new UserError({
      what: isMissing(error)
        ? `Entra ID has no administrative unit ${unit}.`
        : `This identity may not create groups in the administrative unit ${unit}.`,
      why: "factory.yml has it as the environment's 'administrativeUnit', and the groups of the environment are created in it.",
      fix: 'Correct the object id, or let a Privileged Role Administrator give the identity that delivers the role Groups Administrator at that unit and Directory Readers, and the permissions Group.Create and AdministrativeUnit.Read.All of Microsoft Graph.',
      more: 'https://learn.microsoft.com/entra/identity/role-based-access-control/manage-roles-portal',
      cause: error,
    })
  }
}

/** The object id of whoever delivers; a person who does its work may look it up. */
async function findOwner({ session, finder, owners: { delivering } }: GroupCreation): Promise<string> {
  const { clientId = '', objectId } = await finder.self()
  if (delivering !== undefined) {
    if (objectId !== undefined && sameText(clientId, delivering)) return objectId
    const found = await findServicePrincipal(session, delivering)
    if (found !== undefined) return found
  }
  throw new UserError({
    what: `The identity that delivers (client id ${delivering ?? 'not known'}) cannot be found in the directory, so it cannot own a new group.`,
    why: 'It may change the groups that it owns, and no others.',
    fix: 'Check the clientId in factory.yml, or let that identity create the groups.',
  })
}

/** Lets others own a group of ours as well. A group that Graph refuses them is of use without them, which is logged. */
export async function addOwners(
  { objectId: groupId, displayName }: Pick<FoundGroup, 'objectId' | 'displayName'>,
  objectIds: readonly string[],
  { session, graph }: Pick<GroupCreation, 'session' | 'graph'>,
): Promise<void> {
  const settling = settlingIn(session)
  for (const objectId of objectIds) {
    try {
      await settling('Adding an owner', () =>
        link(graph, `/groups/${groupId}/owners`, referenceTo(objectId, session)),
      )
    } catch (error) {
      if (!isForbidden(error)) throw error
      session.progress(
        `Graph does not let this identity make ${objectId} an owner of group '${displayName}'. A person who sets the factory up may.`,
      )
    }
  }
}
