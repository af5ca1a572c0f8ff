import { z } from 'zod'
import { objectSchema, orUndefined } from './directory-objects.ts'
import type { ResolvedObject } from './directory-people.ts'
import { explaining } from './errors.ts'
import { isForbidden, isMissing } from './failure.ts'
import { openGraph } from './graph.ts'
import { NotReplicated, settlingIn } from './group-members.ts'
import type { Session } from './session.ts'
import { signedInAs } from './signed-in.ts'

/** A group that somebody is in. */
export interface Membership {
  readonly groupId: string
  readonly displayName: string
  readonly mailNickname: string
  /** `false` when it is another group of theirs that is in it. */
  readonly isDirect: boolean
}

/** The groups of a person, asked for from the person's side: few calls, however many groups there are. */
export interface Memberships {
  /** Object id of whoever is signed in; undefined when the token does not say it. */
  readonly self: () => Promise<string | undefined>
  readonly of: (object: ResolvedObject) => Promise<readonly Membership[]>
  /** Every name that an object goes by, its object id among them. */
  readonly namesOf: (objects: readonly ResolvedObject[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /** Object ids of the groups in each of these groups, those within others included. */
  readonly groupsIn: (groupIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /** Object ids of the applications that own each of these groups. */
  readonly ownersOf: (groupIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /** Object ids of the people and groups in each of these groups. */
  readonly membersOf: (groupIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  /**
   * Takes objects out of groups; one that is not in it is no error.
   * @returns those of them that Graph does not let this identity end: they hold the others up no more than those hold them
   */
  readonly end: <One extends Pick<Membership, 'groupId'> & { readonly personId: string }>(
    memberships: readonly One[],
  ) => Promise<readonly One[]>
  /** Waits until Graph does not list the object as a direct member of any of these groups. */
  readonly confirmLeft: (object: ResolvedObject, groupIds: readonly string[]) => Promise<void>
}

const groupSchema = objectSchema.extend({ mailNickname: z.string().nullish() })
const idsSchema = z.object({ value: z.array(z.object({ id: z.string() })) })
const texts = z.array(z.string()).nullish()
const namesSchema = z.object({
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
  otherMails: texts,
  proxyAddresses: texts,
})

const folders = {
  user: 'users',
  group: 'groups',
  servicePrincipal: 'servicePrincipals',
  device: 'devices',
  other: 'directoryObjects',
} as const
const pathOf = ({ kind, objectId }: ResolvedObject): string => `/${folders[kind]}/${objectId}`

/** Opens them. */
export async function openMemberships(session: Session): Promise<Memberships> {
  const graph = await openGraph(session)
  // A list of memberships holds directory roles and administrative units too.
  const listed = async (path: string) => {
    const found = await orUndefined(() =>
      graph.list(`${path}?$select=id,displayName,mailNickname&$top=999`, groupSchema),
    )
    return (found ?? []).filter((one) => one['@odata.type'] === '#microsoft.graph.group')
  }
  const direct = (object: ResolvedObject) => listed(`${pathOf(object)}/memberOf`)
  const idsAt = async (groupIds: readonly string[], what: string) => {
    const answers = await graph.getMany(groupIds.map((id) => `/groups/${id}/${what}`))
    return new Map(
      groupIds.map((id, index) => [
        id,
        (idsSchema.optional().parse(answers[index])?.value ?? []).map((one) => one.id),
      ]),
    )
  }
  const confirmOnce = async (object: ResolvedObject, groupIds: readonly string[]): Promise<void> => {
    const still = (await direct(object)).filter(({ id }) => groupIds.includes(id))
    if (still.length === 0) return
    const names = still.map(({ id, displayName }) => displayName ?? id)
    throw new NotReplicated(`Graph still lists ${object.display} as a member of ${names.join(', ')}.`)
  }
  return {
    self: async () => (await signedInAs(session, session.cloud.graphScope)).objectId,
    of: (object) =>
      explaining(`Looking for the groups of ${object.display}`, async () => {
        const [own, all] = await Promise.all([direct(object), listed(`${pathOf(object)}/transitiveMemberOf`)])
        const ids = new Set(own.map(({ id }) => id))
        return [...own, ...all.filter(({ id }) => !ids.has(id))].map(({ id, displayName, mailNickname }) => ({
          groupId: id,
          displayName: displayName ?? id,
          mailNickname: mailNickname ?? '',
          isDirect: ids.has(id),
        }))
      }),
    namesOf: (objects) =>
      explaining('Looking for the addresses of people', async () => {
        const people = objects.filter(({ kind }) => kind === 'user')
        const select = '?$select=id,userPrincipalName,mail,otherMails,proxyAddresses'
        const answers = await graph.getMany(people.map((one) => `${pathOf(one)}${select}`))
        const addresses = people.map(({ objectId }, index) => {
          const found = namesSchema.optional().parse(answers[index])
          return [objectId, found === undefined ? [] : addressesIn(found)] as const
        })
        const known = new Map(addresses)
        return new Map(objects.map(({ objectId }) => [objectId, [objectId, ...(known.get(objectId) ?? [])]]))
      }),
    groupsIn: (groupIds) =>
      explaining('Looking for the groups in groups', () =>
        idsAt(groupIds, 'transitiveMembers/microsoft.graph.group?$select=id&$top=999'),
      ),
    ownersOf: (groupIds) =>
      explaining('Looking for the owners of groups', () =>
        idsAt(groupIds, 'owners/microsoft.graph.servicePrincipal?$select=id'),
      ),
    membersOf: (groupIds) =>
      explaining('Looking for the members of groups', () => idsAt(groupIds, 'members?$select=id&$top=999')),
    end: (memberships) =>
      explaining('Removing members from groups', async () => {
        const outcomes = await graph.writeInOrder(
          memberships.map(({ groupId, personId }) => ({
            method: 'DELETE',
            path: `/groups/${groupId}/members/${personId}/$ref`,
          })),
        )
        const errors = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.error : undefined))
        const failed = errors.find((error) => error && !isMissing(error) && !isForbidden(error))
        if (failed !== undefined) throw failed
        return memberships.filter((_, index) => errors[index] !== undefined && isForbidden(errors[index]))
      }),
    confirmLeft: (object, groupIds) =>
      explaining(`Looking for the groups of ${object.display}`, () =>
        settlingIn(session)(`The groups of ${object.display}`, () => confirmOnce(object, groupIds), 9),
      ),
  }
}

function addressesIn({
  userPrincipalName,
  mail,
  otherMails,
  proxyAddresses,
}: z.infer<typeof namesSchema>): readonly string[] {
  const aliases = (proxyAddresses ?? []).map((one) => one.replace(/^smtp:/i, ''))
  return [userPrincipalName, mail, ...(otherMails ?? []), ...aliases].flatMap((one) => one ?? [])
}
