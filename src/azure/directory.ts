import { addOwners, createGroup, type GroupCreation, type NewGroup, otherOwners } from './create-group.ts'
import { type DirectoryObject, directoryObject, objectSchema, orUndefined } from './directory-objects.ts'
import { type ListedMember, type ResolvedObject, resolve } from './directory-people.ts'
import { type FoundGroup, listBeginningWith, openGroupFinder, oursIn } from './find-groups.ts'
import { openGraph } from './graph.ts'
import { explainingWith } from './graph-right.ts'
import { addMembers, type Naming, readMembers, removeMembers, settlingIn } from './group-members.ts'
import type { GroupOwners } from './group-ownership.ts'
import { inviteGuest } from './invite-guest.ts'
import type { Session } from './session.ts'
import { explainUnresolved, type Unresolved } from './unresolved-people.ts'

export type { NewGroup } from './create-group.ts'
export type { DirectoryObject } from './directory-objects.ts'
export type { FoundGroup } from './find-groups.ts'

/** A group with who is in it. */
export interface ExistingGroup extends FoundGroup {
  readonly members: readonly ListedMember[]
}

/** A group by its names. */
export interface NamedGroup {
  readonly objectId: string
  readonly displayName: string
  readonly mailNickname: string
}

/** Microsoft Entra through Microsoft Graph. */
export interface Directory {
  /**
   * The group with this mail nickname and its direct members, applications and managed identities among them. Where
   * several have it, that of ours. Undefined when there is no such group; that its members cannot be read is an error.
   */
  readonly findGroup: (mailNickname: string) => Promise<ExistingGroup | undefined>
  /** Likewise, without asking who is in it. */
  readonly lookUpGroup: (mailNickname: string) => Promise<FoundGroup | undefined>
  /** The mail nicknames of all groups whose one begins like this, whoever owns them. */
  readonly namesBeginningWith: (prefix: string) => Promise<readonly string[]>
  /** All groups whose mail nickname begins like this, whoever they belong to. */
  readonly groupsBeginning: (prefix: string) => Promise<readonly NamedGroup[]>
  /** Who is in a group directly. */
  readonly membersOf: (
    group: Pick<FoundGroup, 'objectId' | 'displayName'>,
  ) => Promise<readonly ListedMember[]>
  /** Creates the group as ours, with all its owners, or finds the one of ours that has been created in the meantime. */
  readonly ensureGroup: (group: NewGroup) => Promise<ExistingGroup>
  /** Lets those own a group of ours who should own it as well. */
  readonly completeOwners: (group: FoundGroup) => Promise<void>
  /**
   * Adds members, those that are in already are no error, and waits until Graph lists them.
   * @param naming for what is said of those who cannot be added
   */
  readonly addMembers: (groupId: string, objectIds: readonly string[], naming?: Naming) => Promise<void>
  /** Removes members; those who are not in it are no error. */
  readonly removeMembers: (groupId: string, objectIds: readonly string[]) => Promise<void>
  /** The groups in a group, those within others included; none where it is not there or cannot be read. */
  readonly groupsIn: (groupId: string) => Promise<readonly string[]>
  /** The groups that a group is in itself. */
  readonly groupsWith: (groupId: string) => Promise<readonly DirectoryObject[]>
  /** Deletes a group; one that is not there is no error. */
  readonly removeGroup: (groupId: string) => Promise<void>
  /**
   * Finds anything by its object id, and people by user principal name or an address of their mailbox; who is not found,
   * or of whom there are several, is left out. A guest is found by the address they were invited by too, as long as nobody
   * has it as their own.
   */
  readonly resolve: (members: Iterable<string>) => Promise<ReadonlyMap<string, ResolvedObject>>
  /** Invites somebody as a guest. @returns the object id, under which they are in the directory at once */
  readonly invite: (address: string, tenantId: string) => Promise<string>
  /** Why these could not be resolved, and whom somebody may have meant. */
  readonly explainUnresolved: (members: readonly string[]) => Promise<ReadonlyMap<string, Unresolved>>
}

/** Opens the tenant's directory. Groups are looked for and created for these owners. */
export async function openDirectory(session: Session, owners: GroupOwners): Promise<Directory> {
  const graph = await openGraph(session)
  const finder = openGroupFinder(session, graph, owners)
  const creation: GroupCreation = { session, graph, finder, owners }
  const lookUp = async (name: string): Promise<FoundGroup | undefined> => {
    const candidates = await finder.named(name)
    return oursIn(candidates) ?? candidates[0]
  }
  const membersOf = (groupId: string, displayName: string): Promise<readonly ListedMember[]> =>
    settlingIn(session)(`The members of group '${displayName}'`, () => readMembers(graph, groupId))
  const withMembers = async (group: FoundGroup): Promise<ExistingGroup> => ({
    ...group,
    members: await membersOf(group.objectId, group.displayName),
  })

  return {
    findGroup: (name) =>
      explainingWith('GroupMember.Read.All', `Looking for group '${name}'`, async () => {
        const candidates = await finder.namedWith(name, membersOf)
        const chosen = oursIn(candidates) ?? candidates[0]
        if (chosen === undefined) return undefined
        const { more: members, ...group } = chosen
        return { ...group, members }
      }),
    lookUpGroup: (name) =>
      explainingWith('GroupMember.Read.All', `Looking for group '${name}'`, () => lookUp(name)),
    namesBeginningWith: (prefix) =>
      explainingWith('GroupMember.Read.All', `Looking for groups '${prefix}…'`, async () =>
        (await listBeginningWith(graph, prefix)).map(({ mailNickname }) => mailNickname),
      ),
    groupsBeginning: (prefix) =>
      explainingWith('GroupMember.Read.All', 'Looking for the groups of the factory', async () =>
        (await listBeginningWith(graph, prefix)).map(({ id, displayName, mailNickname }) => ({
          ...{ objectId: id, displayName: displayName ?? mailNickname, mailNickname },
        })),
      ),
    membersOf: ({ objectId, displayName }) =>
      explainingWith('GroupMember.Read.All', `Looking for the members of group '${displayName}'`, () =>
        membersOf(objectId, displayName),
      ),
    ensureGroup: (group) =>
      explainingWith('Group.Create', `Creating group '${group.displayName}'`, async () => {
        const present = oursIn(await finder.named(group.mailNickname))
        if (present !== undefined) return withMembers(present)
        const { isNew, ...created } = await createGroup(group, creation)
        if (!isNew) return withMembers(created)
        await addOwners(created, await otherOwners(creation), creation)
        return { ...created, members: [] }
      }),
    completeOwners: (group) =>
      explainingWith('ownership', `Completing the owners of group '${group.displayName}'`, async () => {
        if (group.ownership.kind === 'ours') await addOwners(group, group.ownership.missing, creation)
      }),
    addMembers: (groupId, objectIds, naming) =>
      explainingWith('ownership', 'Adding members to a group', () =>
        addMembers(graph, groupId, objectIds, session, naming),
      ),
    removeMembers: (groupId, objectIds) =>
      explainingWith('ownership', 'Removing members from a group', () =>
        removeMembers(graph, groupId, objectIds),
      ),
    groupsIn: (groupId) =>
      explainingWith('GroupMember.Read.All', 'Looking for the groups in a group', async () => {
        const path = `/groups/${groupId}/transitiveMembers/microsoft.graph.group?$select=id&$top=999`
        const inside = await orUndefined(() => graph.list(path, objectSchema))
        return (inside ?? []).map(({ id }) => id)
      }),
    groupsWith: (groupId) =>
      explainingWith('GroupMember.Read.All', 'Looking for the groups that a group is in', async () => {
        const path = `/groups/${groupId}/memberOf/microsoft.graph.group?$select=id,displayName&$top=999`
        // A group that is deleted meanwhile, as by another run, is in none.
        const around = await orUndefined(() => graph.list(path, objectSchema))
        return (around ?? []).map(directoryObject)
      }),
    removeGroup: (groupId) =>
      explainingWith('ownership', 'Deleting a group', async () => {
        await orUndefined(() => graph.write({ method: 'DELETE', path: `/groups/${groupId}` }))
      }),
    resolve: (members) =>
      explainingWith('User.Read.All', 'Looking for members in the directory', () => resolve(graph, members)),
    invite: (address, tenantId) =>
      explainingWith('User.Invite.All', `Inviting ${address}`, () =>
        inviteGuest(graph, address, tenantId, session),
      ),
    explainUnresolved: (members) =>
      explainingWith('User.Read.All', 'Looking for members in the directory', () =>
        explainUnresolved(graph, members),
      ),
  }
}
