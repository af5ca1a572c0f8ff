import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { explaining } from './errors.ts'
import { isMissing, readFailure } from './failure.ts'
import { type Graph, openGraph } from './graph.ts'
import { retryWhile } from './retry.ts'
import type { Session } from './session.ts'

/** An object in the tenant's directory. */
export interface DirectoryObject {
  readonly objectId: string
  readonly display: string
}

/** Its kind; `other` is a device or a contact. */
export type DirectoryKind = 'user' | 'group' | 'servicePrincipal' | 'other'

/** A directory object that was looked up. */
export interface ResolvedObject extends DirectoryObject {
  readonly kind: DirectoryKind
}

/** A group as it is in Entra. */
export interface ExistingGroup {
  readonly objectId: string
  readonly displayName: string
  readonly members: readonly DirectoryObject[]
}

/** A group to create. */
export interface NewGroup {
  /** At most 256 characters. */
  readonly displayName: string
  /** At most 64 ASCII characters. */
  readonly mailNickname: string
  /** What the group is found by again, whatever its display name becomes. */
  readonly uniqueName: string
  readonly description: string
}

/** Microsoft Entra through Microsoft Graph. */
export interface Directory {
  /**
   * The group with this unique name and its direct members, applications and managed identities among them. Undefined
   * when there is no such group; that its members cannot be read is an error.
   */
  readonly findGroup: (uniqueName: string) => Promise<ExistingGroup | undefined>
  /** The object id of the group with this unique name, without asking who is in it; undefined when there is none. */
  readonly findGroupId: (uniqueName: string) => Promise<string | undefined>
  /** Creates the group, or finds the one that has been created in the meantime. */
  readonly ensureGroup: (group: NewGroup) => Promise<ExistingGroup>
  /** Adds members, those that are in already are no error, and waits until Graph lists them. */
  readonly addMembers: (groupId: string, objectIds: readonly string[]) => Promise<void>
  readonly removeMember: (groupId: string, objectId: string) => Promise<void>
  /** The groups that a group is in itself. */
  readonly groupsWith: (groupId: string) => Promise<readonly DirectoryObject[]>
  /** Deletes a group; one that is not there is no error. */
  readonly removeGroup: (groupId: string) => Promise<void>
  /**
   * Finds anything by its object id, and people by user principal name or e-mail address; who is not found is left out.
   * A guest is found by the further addresses of the account too, as long as nobody has the address as their own.
   * @throws UserError when more than one person has an address
   */
  readonly resolve: (members: Iterable<string>) => Promise<ReadonlyMap<string, ResolvedObject>>
}

const objectSchema = z.object({
  '@odata.type': z.string().nullish(),
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userType: z.string().nullish(),
})
const usersSchema = z.object({ value: z.array(objectSchema) })
type GraphObject = z.infer<typeof objectSchema>

/** https://learn.microsoft.com/graph/api/group-post-members */
const membersPerRequest = 20
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const directoryObject = ({ id, displayName, userPrincipalName }: GraphObject): DirectoryObject => ({
  objectId: id,
  display: userPrincipalName ?? displayName ?? id,
})

const kinds: ReadonlyMap<string, DirectoryKind> = new Map([
  ['#microsoft.graph.user', 'user'],
  ['#microsoft.graph.group', 'group'],
  ['#microsoft.graph.servicePrincipal', 'servicePrincipal'],
])

/** A value inside an OData string literal. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

const groupPath = (uniqueName: string): string =>
  `/groups(uniqueName=${quoted(encodeURIComponent(uniqueName))})`

const lookUpGroup = ({ get }: Graph, uniqueName: string): Promise<GraphObject | undefined> =>
  orUndefined(() => get(`${groupPath(uniqueName)}?$select=id,displayName`, objectSchema))

/**
 * The direct members of a group. Version 1.0 of Graph leaves service principals out of the list, a known issue, and
 * lists them when they are asked for by their type. https://learn.microsoft.com/graph/api/group-list-members
 */
async function readMembers({ list }: Graph, groupId: string): Promise<readonly DirectoryObject[]> {
  const members = `/groups/${groupId}/members`
  const lists = await Promise.all([
    list(`${members}?$select=id,displayName,userPrincipalName&$top=999`, objectSchema),
    list(`${members}/microsoft.graph.servicePrincipal?$select=id,displayName&$top=999`, objectSchema),
  ])
  return [...new Map(lists.flat().map((member) => [member.id, directoryObject(member)])).values()]
}

const existingGroup = (
  { id, displayName }: GraphObject,
  uniqueName: string,
  members: readonly DirectoryObject[],
): ExistingGroup => ({ objectId: id, displayName: displayName ?? uniqueName, members })

/** Entra is a set of replicas: what was written a moment ago may not be everywhere yet. */
class NotReplicated extends UserError {
  constructor(what: string) {
    super({
      what,
      why: 'It has not replicated yet, or somebody has undone it.',
      fix: 'Run the job again in some minutes.',
    })
  }
}

/** Opens the tenant's directory. */
export async function openDirectory(session: Session): Promise<Directory> {
  const graph = await openGraph(session)
  const settling = <T>(what: string, work: () => Promise<T>, attempts = 6) =>
    retryWhile(
      work,
      (error) =>
        isMissing(error) || error instanceof NotReplicated ? 'it has not replicated yet' : undefined,
      what,
      session,
      attempts,
    )

  return {
    findGroup: (uniqueName) =>
      explaining(`Looking for group '${uniqueName}'`, async () => {
        const group = await lookUpGroup(graph, uniqueName)
        if (group === undefined) return undefined
        const members = await settling(`The members of group '${uniqueName}'`, () =>
          readMembers(graph, group.id),
        )
        return existingGroup(group, uniqueName, members)
      }),
    findGroupId: (uniqueName) =>
      explaining(`Looking for group '${uniqueName}'`, async () => (await lookUpGroup(graph, uniqueName))?.id),
    ensureGroup: (group) =>
      explaining(`Creating group '${group.displayName}'`, async () => {
        const created = await graph.write({
          method: 'PATCH',
          path: groupPath(group.uniqueName),
          headers: { Prefer: 'create-if-missing' },
          body: { ...group, mailEnabled: false, securityEnabled: true },
        })
        return settling(`Group '${group.displayName}'`, async () => {
          const found = await lookUpGroup(graph, group.uniqueName)
          if (found === undefined)
            throw new NotReplicated(`Graph created group '${group.displayName}' but does not return it yet.`)
          // One that was created just now has no members.
          const members = found.id === created ? [] : await readMembers(graph, found.id)
          return existingGroup(found, group.uniqueName, members)
        })
      }),
    addMembers: (groupId, objectIds) =>
      explaining('Adding members to a group', async () => {
        for (let start = 0; start < objectIds.length; start += membersPerRequest) {
          await addBatch(graph, groupId, objectIds.slice(start, start + membersPerRequest), session, settling)
        }
        await settling('The new members of a group', () => confirmMembers(graph, groupId, objectIds), 9)
      }),
    removeMember: (groupId, objectId) =>
      explaining('Removing a member from a group', async () => {
        await orUndefined(() =>
          graph.write({ method: 'DELETE', path: `/groups/${groupId}/members/${objectId}/$ref` }),
        )
      }),
    groupsWith: (groupId) =>
      explaining('Looking for the groups that a group is in', async () => {
        const path = `/groups/${groupId}/memberOf/microsoft.graph.group?$select=id,displayName&$top=999`
        // A group that is deleted meanwhile, as by another run, is in none.
        const around = await orUndefined(() => graph.list(path, objectSchema))
        return (around ?? []).map(directoryObject)
      }),
    removeGroup: (groupId) =>
      explaining('Deleting a group', async () => {
        await orUndefined(() => graph.write({ method: 'DELETE', path: `/groups/${groupId}` }))
      }),
    resolve: (members) => explaining('Looking for members in the directory', () => resolve(graph, members)),
  }
}

type Settling = <T>(what: string, work: () => Promise<T>) => Promise<T>

async function addBatch(
  graph: Graph,
  groupId: string,
  objectIds: readonly string[],
  { cloud }: Session,
  settling: Settling,
): Promise<void> {
  const references = objectIds.map((objectId) => `${cloud.graph}/v1.0/directoryObjects/${objectId}`)
  try {
    await settling('Adding members', () =>
      graph.write({
        method: 'PATCH',
        path: `/groups/${groupId}`,
        body: { 'members@odata.bind': references },
      }),
    )
  } catch (error) {
    // The request is all or nothing: somebody was added in the meantime, so each is added alone.
    if (readFailure(error).status !== 400) throw error
    for (const reference of references) {
      await settling('Adding a member', () => addOne(graph, groupId, reference))
    }
  }
}

async function addOne(graph: Graph, groupId: string, reference: string): Promise<void> {
  try {
    await graph.write({
      method: 'POST',
      path: `/groups/${groupId}/members/$ref`,
      body: { '@odata.id': reference },
    })
  } catch (error) {
    // Graph has no code of its own for this, only the sentence.
    if (!readFailure(error).message.includes('already exist')) throw error
  }
}

async function confirmMembers(graph: Graph, groupId: string, objectIds: readonly string[]): Promise<void> {
  const members = await readMembers(graph, groupId)
  const known = new Set(members.map(({ objectId }) => objectId.toLowerCase()))
  const missing = objectIds.filter((objectId) => !known.has(objectId.toLowerCase()))
  if (missing.length > 0) {
    throw new NotReplicated(
      `Graph added ${missing.join(', ')} to a group but does not list them as members yet.`,
    )
  }
}

/** In which properties of people an address is looked for, the strongest first. */
const addressFilters: readonly {
  readonly filter: (literal: string) => string
  readonly guestsOnly: boolean
}[] = [
  { filter: (literal) => `userPrincipalName eq ${literal}`, guestsOnly: false },
  { filter: (literal) => `mail eq ${literal}`, guestsOnly: false },
  // Nobody verifies these, and a member may change their own. A guest's is the address they were invited by.
  { filter: (literal) => `otherMails/any(x:x eq ${literal})`, guestsOnly: true },
]

/** Object ids, and addresses by the strongest property, in one go; the other properties for addresses that are left. */
async function resolve(
  { getMany }: Graph,
  members: Iterable<string>,
): Promise<ReadonlyMap<string, ResolvedObject>> {
  const found = new Map<string, ResolvedObject>()
  let open = [...new Set(members)]
  for (const [round, { filter, guestsOnly }] of addressFilters.entries()) {
    const pathOf = (member: string): string =>
      guid.test(member)
        ? `/directoryObjects/${member}?$select=id,displayName,userPrincipalName`
        : `/users?$filter=${encodeURIComponent(filter(quoted(member)))}&$select=id,displayName,userPrincipalName,userType`
    const asked = round === 0 ? open : open.filter((member) => !guid.test(member))
    const answers = await getMany(asked.map(pathOf))
    for (const [index, member] of asked.entries()) {
      const answer = answers[index]
      const object = guid.test(member)
        ? objectOf(objectSchema.optional().parse(answer))
        : personOf(member, usersSchema.parse(answer).value, guestsOnly)
      if (object) found.set(member, object)
    }
    open = open.filter((member) => !found.has(member))
  }
  return found
}

const objectOf = (object: GraphObject | undefined): ResolvedObject | undefined =>
  object && { ...directoryObject(object), kind: kinds.get(object['@odata.type'] ?? '') ?? 'other' }

function personOf(
  address: string,
  everybody: readonly GraphObject[],
  guestsOnly: boolean,
): ResolvedObject | undefined {
  const [first, second] = everybody.filter(({ userType }) => !guestsOnly || userType === 'Guest')
  if (second !== undefined) {
    throw new UserError({
      what: `More than one account in Entra ID has the address ${address}.`,
      why: 'A guest and a member may have the same e-mail address.',
      fix: 'Name the person by object id instead.',
    })
  }
  return first && { ...directoryObject(first), kind: 'user' }
}
