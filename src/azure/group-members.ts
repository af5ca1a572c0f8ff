import { UserError } from '../diagnostics/user-error.ts'
import { type DirectoryObject, directoryObject, objectSchema } from './directory-objects.ts'
import { isMissing, readFailure } from './failure.ts'
import type { Graph } from './graph.ts'
import { retryWhile } from './retry.ts'
import type { Session } from './session.ts'

/** https://learn.microsoft.com/graph/api/group-post-members */
const membersPerRequest = 20

/** Entra is a set of replicas: what was written a moment ago may not be everywhere yet. */
export class NotReplicated extends UserError {
  constructor(what: string) {
    super({
      what,
      why: 'It has not replicated yet, or somebody has undone it.',
      fix: 'Run the job again in some minutes.',
    })
  }
}

/** Tries again while something has not replicated yet. */
export type Settling = <T>(what: string, work: () => Promise<T>, attempts?: number) => Promise<T>

/** What waits for the replicas of Entra, and logs it. */
export const settlingIn =
  (session: Session): Settling =>
  (what, work, attempts = 6) =>
    retryWhile(
      work,
      (error) =>
        isMissing(error) || error instanceof NotReplicated ? 'it has not replicated yet' : undefined,
      what,
      session,
      attempts,
    )

/**
 * The direct members of a group. Version 1.0 of Graph leaves service principals out of the list, a known issue, and
 * lists them when they are asked for by their type. https://learn.microsoft.com/graph/api/group-list-members
 */
export async function readMembers({ list }: Graph, groupId: string): Promise<readonly DirectoryObject[]> {
  const members = `/groups/${groupId}/members`
  const lists = await Promise.all([
    list(`${members}?$select=id,displayName,userPrincipalName&$top=999`, objectSchema),
    list(`${members}/microsoft.graph.servicePrincipal?$select=id,displayName&$top=999`, objectSchema),
  ])
  return [...new Map(lists.flat().map((member) => [member.id, directoryObject(member)])).values()]
}

/** Adds members, those that are in already are no error, and waits until Graph lists them. */
export async function addMembers(
  graph: Graph,
  groupId: string,
  objectIds: readonly string[],
  session: Session,
): Promise<void> {
  const settling = settlingIn(session)
  for (let start = 0; start < objectIds.length; start += membersPerRequest) {
    await addBatch(graph, groupId, objectIds.slice(start, start + membersPerRequest), session, settling)
  }
  await settling('The new members of a group', () => confirmMembers(graph, groupId, objectIds), 9)
}

async function addBatch(
  graph: Graph,
  groupId: string,
  objectIds: readonly string[],
  session: Session,
  settling: Settling,
): Promise<void> {
  const references = objectIds.map((objectId) => referenceTo(objectId, session))
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
      await settling('Adding a member', () => link(graph, `/groups/${groupId}/members`, reference))
    }
  }
}

/** An object, as Graph refers to it. */
export const referenceTo = (objectId: string, { cloud }: Pick<Session, 'cloud'>): string =>
  `${cloud.graph}/v1.0/directoryObjects/${objectId}`

/** Makes an object one of the members or owners at a path; one that is it already is no error. */
export async function link(graph: Graph, path: string, reference: string): Promise<void> {
  try {
    await graph.write({ method: 'POST', path: `${path}/$ref`, body: { '@odata.id': reference } })
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
