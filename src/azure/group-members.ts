import { UserError } from '../diagnostics/user-error.ts'
import { type ListedMember, listedMember, memberSchema, memberSelect } from './directory-people.ts'
import { type AzureError, isMissing, readFailure } from './failure.ts'
import type { Graph, GraphChange } from './graph.ts'
import type { BatchOutcome } from './graph-batch.ts'
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
export async function readMembers(
  { list }: Pick<Graph, 'list'>,
  groupId: string,
): Promise<readonly ListedMember[]> {
  const members = `/groups/${groupId}/members`
  const [all, applications] = await Promise.all([
    list(`${members}?${memberSelect}&$top=999`, memberSchema),
    list(`${members}/microsoft.graph.servicePrincipal?$select=id,displayName&$top=999`, memberSchema),
  ])
  const listed = [...all, ...applications.map((one) => ({ ...one, '@odata.type': servicePrincipalType }))]
  return [...new Map(listed.map((member) => [member.id, listedMember(member)])).values()]
}

const servicePrincipalType = '#microsoft.graph.servicePrincipal'

/** Members that Graph does not take. The others of the same request are in. */
class MembersRefused extends UserError {
  constructor(refused: readonly Refusal[], added: number, { group, member }: Naming) {
    const each = refused.map(({ objectId, why }) => `${member(objectId)} (${why})`)
    super({
      what: `${each.join(', ')} could not be added to group '${group}'.`,
      why: `Graph refuses ${refused.length === 1 ? 'this member' : `these ${refused.length} members`}${added === 0 ? '' : `; ${added} more have been added`}.`,
      fix: 'Correct or remove the entries, and run the job again.',
    })
  }
}

interface Refusal {
  readonly objectId: string
  readonly why: string
}

/** How people know a group, and those whom it is to take. */
export interface Naming {
  readonly group: string
  readonly member: (objectId: string) => string
}

/** Where members are added. */
interface Adding {
  readonly graph: Graph
  readonly groupId: string
  readonly session: Session
}

/**
 * Adds members, 20 in a request and 20 requests in a call, those that are in already are no error, and waits until Graph
 * lists them.
 * @throws MembersRefused when somebody cannot be added, after all others have been
 */
export async function addMembers(
  graph: Graph,
  groupId: string,
  objectIds: readonly string[],
  session: Session,
  naming: Naming = { group: groupId, member: (objectId) => objectId },
): Promise<void> {
  const adding = { graph, groupId, session }
  const unsettled = await addTogether(adding, objectIds)
  const refused = unsettled.length === 0 ? [] : await addEach(adding, unsettled)
  const outside = new Set(refused.map(({ objectId }) => objectId))
  const added = objectIds.filter((objectId) => !outside.has(objectId))
  await settlingIn(session)('The new members of a group', () => confirmMembers(graph, groupId, added), 9)
  if (refused.length > 0) throw new MembersRefused(refused, added.length, naming)
}

/** A request is all or nothing: whom each of those that failed was about is found out one by one. @returns them */
async function addTogether(
  { graph, groupId, session }: Adding,
  objectIds: readonly string[],
): Promise<readonly string[]> {
  const parts = Array.from({ length: Math.ceil(objectIds.length / membersPerRequest) }, (_, index) =>
    objectIds.slice(index * membersPerRequest, (index + 1) * membersPerRequest),
  )
  const outcomes = await changeAll(
    graph,
    parts.map((part) => ({
      method: 'PATCH',
      path: `/groups/${groupId}`,
      body: { 'members@odata.bind': part.map((objectId) => referenceTo(objectId, session)) },
    })),
  )
  return parts.filter((_, index) => isRefused(outcomes[index])).flat()
}

/** Adds one by one who is not in yet. One whom Graph does not find may not have replicated. @returns whom it refuses, and why */
async function addEach(
  { graph, groupId, session }: Adding,
  objectIds: readonly string[],
): Promise<readonly Refusal[]> {
  const refused = new Map<string, string>()
  let open = objectIds
  try {
    await settlingIn(session)('Adding members', async () => {
      const present = new Set(
        (await readMembers(graph, groupId)).map(({ objectId }) => objectId.toLowerCase()),
      )
      open = open.filter((objectId) => !present.has(objectId.toLowerCase()))
      const outcomes = await changeAll(
        graph,
        open.map((objectId) => linkTo(`/groups/${groupId}/members`, referenceTo(objectId, session))),
      )
      open = open.filter((objectId, index) => {
        const error = isRefused(outcomes[index])
        if (error === undefined || isLinked(error)) return false
        if (isMissing(error)) return true
        refused.set(objectId, sentenceOf(error))
        return false
      })
      if (open.length > 0) throw new NotReplicated('Graph does not know all members yet.')
    })
  } catch (error) {
    if (!(error instanceof NotReplicated)) throw error
    for (const objectId of open) refused.set(objectId, 'Entra ID does not have it any more')
  }
  return [...refused].map(([objectId, why]) => ({ objectId, why }))
}

const sentenceOf = ({ failure }: AzureError): string => failure.message.replace(/\.$/, '') || failure.code

/** Why a change was refused: because of what it is about. Undefined when it was made. */
const isRefused = (outcome: BatchOutcome | undefined): AzureError | undefined =>
  outcome?.kind === 'refused' ? outcome.error : undefined

/** Makes changes of one group. @throws AzureError that is about the group or the caller, and not about a member */
async function changeAll(graph: Graph, changes: readonly GraphChange[]): Promise<readonly BatchOutcome[]> {
  const outcomes = await graph.writeInOrder(changes)
  for (const outcome of outcomes) {
    const error = isRefused(outcome)
    const { status } = error?.failure ?? {}
    if (error && status !== 400 && status !== 404) throw error
  }
  return outcomes
}

/** Removes members; one who is not in it is no error. */
export async function removeMembers(
  graph: Graph,
  groupId: string,
  objectIds: readonly string[],
): Promise<void> {
  const outcomes = await graph.writeInOrder(
    objectIds.map((objectId) => ({ method: 'DELETE', path: `/groups/${groupId}/members/${objectId}/$ref` })),
  )
  const errors = outcomes.flatMap((outcome) => isRefused(outcome) ?? [])
  const first = errors.find((error) => !isMissing(error))
  if (first !== undefined) throw first
}

/** An object, as Graph refers to it. */
export const referenceTo = (objectId: string, { cloud }: Pick<Session, 'cloud'>): string =>
  `${cloud.graph}/v1.0/directoryObjects/${objectId}`

/** Makes an object one of the members or owners at a path; one that is it already is no error. */
export async function link(graph: Graph, path: string, reference: string): Promise<void> {
  try {
    await graph.write(linkTo(path, reference))
  } catch (error) {
    if (!isLinked(error)) throw error
  }
}

const linkTo = (path: string, reference: string): GraphChange => ({
  method: 'POST',
  path: `${path}/$ref`,
  body: { '@odata.id': reference },
})

/** Graph has no code of its own for this, only the sentence. */
const isLinked = (error: unknown): boolean => readFailure(error).message.includes('already exist')

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
