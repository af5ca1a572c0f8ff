import { z } from 'zod'
import { UserError } from '../diagnostics/user-error.ts'
import {
  type DirectoryObject,
  directoryObject,
  type GraphObject,
  objectSchema,
  quoted,
} from './directory-objects.ts'
import type { Graph } from './graph.ts'

/** Its kind; `other` is a device or a contact. */
export type DirectoryKind = 'user' | 'group' | 'servicePrincipal' | 'other'

/** A directory object that was looked up. */
export interface ResolvedObject extends DirectoryObject {
  readonly kind: DirectoryKind
}

const usersSchema = z.object({ value: z.array(objectSchema) })
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const kinds: ReadonlyMap<string, DirectoryKind> = new Map([
  ['#microsoft.graph.user', 'user'],
  ['#microsoft.graph.group', 'group'],
  ['#microsoft.graph.servicePrincipal', 'servicePrincipal'],
])

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
export async function resolve(
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
