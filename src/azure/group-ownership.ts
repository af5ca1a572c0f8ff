import { z } from 'zod'
import { sameText } from '../resource-id.ts'
import { directoryObject, objectSchema } from './directory-objects.ts'
import { isForbidden } from './failure.ts'
import type { Graph } from './graph.ts'
import { NotReplicated } from './group-members.ts'
import type { SignedIn } from './signed-in.ts'

/** The identities that groups belong to. Whoever owns a group decides who is in it. */
export interface GroupOwners {
  /** Client id of the identity that creates them; unknown before set-up. */
  readonly delivering: string | undefined
  /** The identity that owns them besides, to change members without waiting for an approval. */
  readonly people?: { readonly clientId: string; readonly objectId: string } | undefined
  /**
   * Object id of an administrative unit whose groups are theirs, as if they owned them: they are created in it, which
   * takes a role at this unit. https://learn.microsoft.com/entra/identity/role-based-access-control/administrative-units
   */
  readonly unit?: string | undefined
}

/** Whose a group is. */
export type Ownership =
  /** `missing`: object ids of those who should own it as well. */
  | { readonly kind: 'ours'; readonly missing: readonly string[] }
  | { readonly kind: 'nobody' }
  /** Somebody else owns it, alone or besides: who that is. */
  | { readonly kind: 'others'; readonly owners: readonly string[] }
  /** Whoever is signed in may not see it. */
  | { readonly kind: 'unknown' }

/** An owner of a group. The client id is shown to those who may read applications. */
export interface GroupOwner {
  readonly objectId: string
  readonly display: string
  readonly clientId?: string | undefined
  readonly isApplication: boolean
}

const applicationSchema = objectSchema.extend({ appId: z.string().nullish() })
const ownersSchema = z.object({ value: z.array(objectSchema) })
const applicationsSchema = z.object({ value: z.array(applicationSchema) })

/**
 * Who owns a group; undefined where that may not be read. Version 1.0 of Graph leaves applications out of the
 * list, and lists them when they are asked for by their type. A group has at most 100 owners.
 * https://learn.microsoft.com/graph/api/group-list-owners
 */
export async function readOwners(
  { getMany }: Graph,
  groupId: string,
): Promise<readonly GroupOwner[] | undefined> {
  const owners = `/groups/${groupId}/owners`
  try {
    const [all, applications] = await getMany([
      `${owners}?$select=id,displayName,userPrincipalName`,
      `${owners}/microsoft.graph.servicePrincipal?$select=id,displayName,appId`,
    ])
    if (all === undefined) throw new NotReplicated('Graph lists a group but does not know its owners yet.')
    const found = new Map<string, GroupOwner>()
    for (const one of ownersSchema.parse(all).value) {
      found.set(one.id, { ...directoryObject(one), isApplication: false })
    }
    for (const one of applicationsSchema.optional().parse(applications)?.value ?? []) {
      const clientId = one.appId ?? undefined
      found.set(one.id, { ...directoryObject(one), clientId, isApplication: true })
    }
    return [...found.values()]
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

const unitsSchema = z.object({ value: z.array(z.object({ id: z.string() })) })

/** Is a group in an administrative unit? https://learn.microsoft.com/graph/api/group-list-memberof */
export async function isInUnit({ getMany }: Graph, groupId: string, unit: string): Promise<boolean> {
  const [units] = await getMany([`/groups/${groupId}/memberOf/microsoft.graph.administrativeUnit?$select=id`])
  return (
    unitsSchema
      .optional()
      .parse(units)
      ?.value.some(({ id }) => sameText(id, unit)) === true
  )
}

/**
 * Whose a group is. Who owns a group besides us can put anybody into it, so it is not ours then: another environment
 * may create a group under a name of this one, and make this one's identity an owner too. Into the administrative unit of
 * this one it can put nothing.
 */
export function ownershipOf(
  owners: readonly GroupOwner[],
  self: SignedIn,
  { delivering, people }: GroupOwners,
  isInUnit = false,
): Ownership {
  if (owners.length === 0 && !isInUnit) return { kind: 'nobody' }
  const same = (one: string | undefined, other: string | undefined): boolean =>
    one !== undefined && other !== undefined && sameText(one, other)
  const selfDelivers = same(self.clientId, delivering)
  const delivers = ({ objectId, clientId }: GroupOwner): boolean =>
    same(clientId, delivering) || (selfDelivers && same(objectId, self.objectId))
  const isPeople = ({ objectId, clientId }: GroupOwner): boolean =>
    same(objectId, people?.objectId) || same(clientId, people?.clientId)
  const isDelivered = isInUnit || owners.some(delivers)
  // An application of which only the object id is shown may be the one that delivers.
  const mayDeliver = ({ isApplication, clientId }: GroupOwner): boolean =>
    isApplication && clientId === undefined && !isDelivered && !selfDelivers
  const others = owners.filter((one) => !delivers(one) && !isPeople(one) && !mayDeliver(one))
  const hasPeople = owners.some(isPeople)
  if (others.length > 0 || (selfDelivers && !isDelivered))
    return { kind: 'others', owners: (others.length > 0 ? others : owners).map(({ display }) => display) }
  if (!isDelivered && !hasPeople) return { kind: 'unknown' }
  const lacksSelf = selfDelivers && !owners.some(delivers)
  return {
    kind: 'ours',
    missing: [
      ...(lacksSelf && self.objectId !== undefined ? [self.objectId] : []),
      ...(people === undefined || hasPeople ? [] : [people.objectId]),
    ],
  }
}
