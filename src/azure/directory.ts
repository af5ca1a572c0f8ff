import type { Client } from '@microsoft/microsoft-graph-client'
import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import { explaining } from './errors.ts'
import { isMissing, readFailure } from './failure.ts'
import { graphClient } from './graph-client.ts'
import type { Session } from './session.ts'
import { retryWhile } from './waiting.ts'

/** Somebody or something in the tenant. */
export interface DirectoryObject {
  readonly objectId: string
  readonly display: string
}

/** What kind of thing it is; `other` is a device or a contact. */
export type DirectoryKind = 'user' | 'group' | 'servicePrincipal' | 'other'

/** Somebody or something that was looked for. */
export interface ResolvedObject extends DirectoryObject {
  readonly kind: DirectoryKind
}

/** A group as it is in Entra. */
export interface ExistingGroup {
  readonly objectId: string
  readonly displayName: string
  readonly members: readonly DirectoryObject[]
}

/** A group to make. */
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
  /** Adds members, at most 20 a request; those that are in already are no error. */
  readonly addMembers: (groupId: string, objectIds: readonly string[]) => Promise<void>
  readonly removeMember: (groupId: string, objectId: string) => Promise<void>
  /**
   * Finds anything by its object id, and a person by user principal name or e-mail address; undefined when there is
   * none. A guest is found by the further addresses of the account too, as long as nobody has the address as their own.
   * @throws UserError when more than one person has the address
   */
  readonly resolve: (member: string) => Promise<ResolvedObject | undefined>
}

const objectSchema = z.object({
  '@odata.type': z.string().nullish(),
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  userType: z.string().nullish(),
})
const pageSchema = z.object({ value: z.array(objectSchema), '@odata.nextLink': z.string().optional() })
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

async function readAll(client: Client, path: string): Promise<readonly GraphObject[]> {
  const found: GraphObject[] = []
  for (let next: string | undefined = path; next !== undefined; ) {
    const page: z.infer<typeof pageSchema> = pageSchema.parse(await client.api(next).get())
    found.push(...page.value)
    next = page['@odata.nextLink']
  }
  return found
}

const lookUpGroup = (client: Client, uniqueName: string): Promise<GraphObject | undefined> =>
  orUndefined(async () => {
    const address = `/groups(uniqueName=${quoted(encodeURIComponent(uniqueName))})`
    return objectSchema.parse(await client.api(address).select('id,displayName').get())
  })

/**
 * The direct members of a group. Version 1.0 of Graph leaves service principals out of the list, a known issue, and
 * lists them when they are asked for by their type. https://learn.microsoft.com/graph/api/group-list-members
 */
async function readMembers(client: Client, groupId: string): Promise<readonly DirectoryObject[]> {
  const query = '?$select=id,displayName,userPrincipalName&$top=999'
  const lists = await Promise.all([
    readAll(client, `/groups/${groupId}/members${query}`),
    readAll(
      client,
      `/groups/${groupId}/members/microsoft.graph.servicePrincipal?$select=id,displayName&$top=999`,
    ),
  ])
  return [...new Map(lists.flat().map((member) => [member.id, directoryObject(member)])).values()]
}

const existingGroup = (
  { id, displayName }: GraphObject,
  uniqueName: string,
  members: readonly DirectoryObject[],
): ExistingGroup => ({ objectId: id, displayName: displayName ?? uniqueName, members })

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

async function findByAddress(client: Client, address: string): Promise<ResolvedObject | undefined> {
  for (const { filter, guestsOnly } of addressFilters) {
    const query = `/users?$filter=${encodeURIComponent(filter(quoted(address)))}&$select=id,displayName,userPrincipalName,userType`
    const everybody = await readAll(client, query)
    const [first, second] = everybody.filter(({ userType }) => !guestsOnly || userType === 'Guest')
    if (second !== undefined) {
      throw new UserError({
        what: `More than one account has the address ${address}.`,
        fix: 'Name the person by object id instead.',
      })
    }
    if (first !== undefined) return { ...directoryObject(first), kind: 'user' }
  }
  return undefined
}

async function findById(client: Client, objectId: string): Promise<ResolvedObject | undefined> {
  const answer = await orUndefined(() =>
    client.api(`/directoryObjects/${objectId}`).select('id,displayName,userPrincipalName').get(),
  )
  if (answer === undefined) return undefined
  const found = objectSchema.parse(answer)
  return { ...directoryObject(found), kind: kinds.get(found['@odata.type'] ?? '') ?? 'other' }
}

const outOfOrder = (error: unknown): string | undefined => {
  const { status, code } = readFailure(error)
  if (status !== undefined) return status >= 500 ? `Graph answered ${status}` : undefined
  return /^(E|UND_ERR_)[A-Z_]+$/.test(code) && code !== 'ENOTFOUND'
    ? `the connection failed (${code})`
    : undefined
}

/** Opens the tenant's directory. */
export async function openDirectory(session: Session): Promise<Directory> {
  const client = await graphClient(session)
  // All that is done here can be done again. Signing in comes first, because the client hides why it fails.
  const doing = <T>(what: string, work: () => Promise<T>): Promise<T> =>
    explaining(what, async () => {
      await session.credential.getToken(session.cloud.graphScope)
      return retryWhile(work, outOfOrder, what, session, 4)
    })
  // Entra is a set of replicas: what was made a moment ago may not be everywhere yet.
  const settling = <T>(what: string, work: () => Promise<T>) =>
    retryWhile(
      work,
      (error) => (isMissing(error) ? 'it is not known everywhere yet' : undefined),
      what,
      session,
      6,
    )

  return {
    findGroup: (uniqueName) =>
      doing(`Looking for group '${uniqueName}'`, async () => {
        const group = await lookUpGroup(client, uniqueName)
        if (group === undefined) return undefined
        const members = await settling(`The members of group '${uniqueName}'`, () =>
          readMembers(client, group.id),
        )
        return existingGroup(group, uniqueName, members)
      }),
    findGroupId: (uniqueName) =>
      doing(`Looking for group '${uniqueName}'`, async () => (await lookUpGroup(client, uniqueName))?.id),
    ensureGroup: (group) =>
      doing(`Making group '${group.displayName}'`, async () => {
        await client
          .api(`/groups(uniqueName=${quoted(encodeURIComponent(group.uniqueName))})`)
          .header('Prefer', 'create-if-missing')
          .patch({ ...group, mailEnabled: false, securityEnabled: true })
        return settling(`Group '${group.displayName}'`, async () => {
          const found = await lookUpGroup(client, group.uniqueName)
          if (found !== undefined)
            return existingGroup(found, group.uniqueName, await readMembers(client, found.id))
          throw Object.assign(new Error(`Group '${group.displayName}' was made but cannot be read.`), {
            statusCode: 404,
          })
        })
      }),
    addMembers: (groupId, objectIds) =>
      doing('Adding members to a group', async () => {
        for (let start = 0; start < objectIds.length; start += membersPerRequest) {
          const batch = objectIds.slice(start, start + membersPerRequest)
          const references = batch.map(
            (objectId) => `${session.cloud.graph}/v1.0/directoryObjects/${objectId}`,
          )
          await addBatch(client, groupId, references, settling)
        }
      }),
    removeMember: (groupId, objectId) =>
      doing('Removing a member from a group', async () => {
        await orUndefined(() => client.api(`/groups/${groupId}/members/${objectId}/$ref`).delete())
      }),
    resolve: (member) =>
      doing(`Looking for ${JSON.stringify(member)} in the directory`, () =>
        guid.test(member) ? findById(client, member) : findByAddress(client, member),
      ),
  }
}

type Settling = <T>(what: string, work: () => Promise<T>) => Promise<T>

async function addBatch(
  client: Client,
  groupId: string,
  references: readonly string[],
  settling: Settling,
): Promise<void> {
  try {
    await settling('Adding members', () =>
      client.api(`/groups/${groupId}`).patch({ 'members@odata.bind': references }),
    )
  } catch (error) {
    // The request is all or nothing: somebody was added in the meantime, so each is added alone.
    if (readFailure(error).status !== 400) throw error
    for (const reference of references) {
      await settling('Adding a member', () => addOne(client, groupId, reference))
    }
  }
}

async function addOne(client: Client, groupId: string, reference: string): Promise<void> {
  try {
    await client.api(`/groups/${groupId}/members/$ref`).post({ '@odata.id': reference })
  } catch (error) {
    // Graph has no code of its own for this, only the sentence.
    if (!readFailure(error).message.includes('already exist')) throw error
  }
}
