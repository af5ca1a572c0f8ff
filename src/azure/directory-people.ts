import { z } from 'zod'
import {
  type DirectoryObject,
  directoryObject,
  type GraphObject,
  objectSchema,
  quoted,
} from './directory-objects.ts'
import type { Graph } from './graph.ts'

/** Its kind; `other` is a contact. */
export type DirectoryKind = 'user' | 'group' | 'servicePrincipal' | 'device' | 'other'

/** A directory object that was looked up. */
export interface ResolvedObject extends DirectoryObject {
  readonly kind: DirectoryKind
  /**
   * What one should know before making it a member: nobody can sign in with it (`disabled`), whoever was invited has not
   * accepted yet (`invited`), or it is a group of a kind that cannot be in a security group (`noSecurityGroup`).
   */
  readonly state?: 'disabled' | 'invited' | 'noSecurityGroup'
}

/** A member of a group, as it would be found by these names, in lower case. */
export interface ListedMember extends ResolvedObject {
  readonly names: readonly string[]
}

/** Whom a name finds: one object, or several people. */
export type Found = ResolvedObject | { readonly several: readonly GraphObject[] }

/** The same as {@link objectSchema}, with what decides whether it can be a member. */
const candidateSchema = objectSchema.extend({
  accountEnabled: z.boolean().nullish(),
  externalUserState: z.string().nullish(),
  mail: z.string().nullish(),
  groupTypes: z.array(z.string()).nullish(),
  securityEnabled: z.boolean().nullish(),
})
type Candidate = z.infer<typeof candidateSchema>

const usersSchema = z.object({ value: z.array(candidateSchema) })

/** An object id. */
export const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const kinds: ReadonlyMap<string, DirectoryKind> = new Map([
  ['#microsoft.graph.user', 'user'],
  ['#microsoft.graph.group', 'group'],
  ['#microsoft.graph.servicePrincipal', 'servicePrincipal'],
  ['#microsoft.graph.device', 'device'],
])

const ofPeople = 'id,displayName,userPrincipalName,userType,accountEnabled,externalUserState'
const ofObjects = `${ofPeople},groupTypes,securityEnabled`

/**
 * In which properties of people an address is looked for, the strongest first. Text compares without regard to case.
 * https://learn.microsoft.com/graph/api/resources/user#properties
 */
const addressFilters: readonly {
  readonly filter: (address: string) => string
  readonly guestsOnly?: true
}[] = [
  { filter: (address) => `userPrincipalName eq ${quoted(address)}` },
  { filter: (address) => `mail eq ${quoted(address)}` },
  // The addresses of a mailbox, aliases among them, which only administrators set, and no two people have.
  { filter: (address) => `proxyAddresses/any(x:x eq ${quoted(`smtp:${address}`)})` },
  // Nobody verifies these, and a member may change their own. A guest's is the address they were invited by.
  { filter: (address) => `otherMails/any(x:x eq ${quoted(address)})`, guestsOnly: true },
  // https://learn.microsoft.com/entra/external-id/user-properties: of whoever was invited, whatever became of the rest.
  { filter: (address) => `startswith(userPrincipalName,${quoted(`${address.replace('@', '_')}#EXT#@`)})` },
]

/** Asks a list of a group's members for all that {@link listedMember} needs. */
export const memberSelect = `$select=${ofObjects},mail`

/** A member as a list shows it. */
export const memberSchema = candidateSchema

/**
 * A member of a group, with the names that find it and nobody else: its object id, its principal name, and of a guest the
 * address that they were invited by, which their principal name is made of. An address alone may be somebody else's too.
 */
export function listedMember(candidate: Candidate): ListedMember {
  const { id, userPrincipalName, mail, userType } = candidate
  const address = mail?.toLowerCase() ?? ''
  const invited = userPrincipalName?.toLowerCase().startsWith(`${address.replace('@', '_')}#ext#@`) === true
  const names = [id, userPrincipalName ?? '', userType === 'Guest' && invited ? address : '']
  return {
    ...resolvedAs(kinds.get(candidate['@odata.type'] ?? '') ?? 'other', candidate),
    names: names.filter((name) => name !== '').map((name) => name.toLowerCase()),
  }
}

/** Object ids, and addresses by the strongest property, in one go; the other properties for addresses that are left. */
export async function search(
  { getMany }: Pick<Graph, 'getMany'>,
  members: Iterable<string>,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>()
  let open = [...new Set(members)]
  for (const [round, { filter, guestsOnly }] of addressFilters.entries()) {
    const pathOf = (member: string): string =>
      guidPattern.test(member)
        ? `/directoryObjects/${member}?$select=${ofObjects}`
        : `/users?$filter=${encodeURIComponent(filter(member))}&$select=${ofPeople}`
    const asked = round === 0 ? open : open.filter((member) => !guidPattern.test(member))
    const answers = await getMany(asked.map(pathOf))
    for (const [index, member] of asked.entries()) {
      const answer = answers[index]
      const object = guidPattern.test(member)
        ? objectOf(candidateSchema.optional().parse(answer))
        : personOf(usersSchema.parse(answer).value, guestsOnly === true)
      if (object) found.set(member, object)
    }
    open = open.filter((member) => !found.has(member))
  }
  return found
}

/** Those whom {@link search} finds without doubt. */
export async function resolve(
  graph: Pick<Graph, 'getMany'>,
  members: Iterable<string>,
): Promise<ReadonlyMap<string, ResolvedObject>> {
  const found = [...(await search(graph, members))]
  return new Map(found.flatMap(([member, one]) => ('several' in one ? [] : [[member, one] as const])))
}

const objectOf = (object: Candidate | undefined): ResolvedObject | undefined =>
  object && resolvedAs(kinds.get(object['@odata.type'] ?? '') ?? 'other', object)

function personOf(everybody: readonly Candidate[], guestsOnly: boolean): Found | undefined {
  const people = everybody.filter(({ userType }) => !guestsOnly || userType === 'Guest')
  const [first, second] = people
  if (second !== undefined) return { several: people }
  return first && resolvedAs('user', first)
}

function resolvedAs(kind: DirectoryKind, candidate: Candidate): ResolvedObject {
  const state = stateOf(kind, candidate)
  return { ...directoryObject(candidate), kind, ...(state && { state }) }
}

function stateOf(kind: DirectoryKind, candidate: Candidate): ResolvedObject['state'] {
  // https://learn.microsoft.com/graph/api/group-post-members: no Microsoft 365 groups, and lists have no access to anything.
  if (kind === 'group') {
    const isUnified = candidate.groupTypes?.includes('Unified') === true
    return isUnified || candidate.securityEnabled === false ? 'noSecurityGroup' : undefined
  }
  if (candidate.accountEnabled === false) return 'disabled'
  return candidate.externalUserState === 'PendingAcceptance' ? 'invited' : undefined
}
