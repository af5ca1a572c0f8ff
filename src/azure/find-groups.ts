import { z } from 'zod'
import { objectSchema, quoted } from './directory-objects.ts'
import type { Graph } from './graph.ts'
import { settlingIn } from './group-members.ts'
import { type GroupOwners, isInUnit, type Ownership, ownershipOf, readOwners } from './group-ownership.ts'
import type { Session } from './session.ts'
import { type SignedIn, signedInAs } from './signed-in.ts'

/** A group as it is in Entra. */
export interface FoundGroup {
  readonly objectId: string
  readonly displayName: string
  readonly ownership: Ownership
}

/** Finds groups by their names, which are not unique: whose a group is decides. */
export interface GroupFinder {
  /** Who is signed in. */
  readonly self: () => Promise<SignedIn>
  /**
   * All groups with a mail nickname, the oldest first.
   * @param created a group that is ours for certain
   */
  readonly named: (mailNickname: string, created?: string) => Promise<readonly FoundGroup[]>
  /** Likewise, with what else is to be read of each, at the same time as its owners. */
  readonly namedWith: <More>(
    mailNickname: string,
    more: (groupId: string, displayName: string) => Promise<More>,
    created?: string,
  ) => Promise<readonly (FoundGroup & { readonly more: More })[]>
}

/** Of several groups of ours the oldest, which every run chooses. */
export const oursIn = <Found extends FoundGroup>(candidates: readonly Found[]): Found | undefined =>
  candidates.find(({ ownership }) => ownership.kind === 'ours')

const groupSchema = objectSchema.extend({ createdDateTime: z.string().nullish() })
const groupsSchema = z.object({ value: z.array(groupSchema) })
type ListedGroup = z.infer<typeof groupSchema>

const olderFirst = (a: ListedGroup, b: ListedGroup): number =>
  (a.createdDateTime ?? '').localeCompare(b.createdDateTime ?? '') || a.id.localeCompare(b.id)

/** Opens it. */
export function openGroupFinder(session: Session, graph: Graph, owners: GroupOwners): GroupFinder {
  let own: Promise<SignedIn> | undefined
  const self = (): Promise<SignedIn> => {
    own ??= signedInAs(session, session.cloud.graphScope)
    return own
  }
  const settling = settlingIn(session)
  const ownership = async (groupId: string): Promise<Ownership> => {
    const [found, isInside] = await Promise.all([
      settling('The owners of a group', () => readOwners(graph, groupId)),
      owners.unit === undefined ? false : isInUnit(graph, groupId, owners.unit),
    ])
    return found === undefined ? { kind: 'unknown' } : ownershipOf(found, await self(), owners, isInside)
  }
  const namedWith: GroupFinder['namedWith'] = async (mailNickname, more, created) => {
    const groups = await listNamed(graph, mailNickname)
    return Promise.all(
      groups.map(async ({ id, displayName }) => {
        const name = displayName ?? mailNickname
        const [whose, rest] = await Promise.all([
          id === created ? ({ kind: 'ours', missing: [] } as const) : ownership(id),
          more(id, name),
        ])
        return { objectId: id, displayName: name, ownership: whose, more: rest }
      }),
    )
  }
  return {
    self,
    namedWith,
    named: async (mailNickname, created) =>
      (await namedWith(mailNickname, async () => undefined, created)).map(({ more: _, ...group }) => group),
  }
}

const nameSchema = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  mailNickname: z.string(),
})
/** A group by its name. */
export type GroupName = z.infer<typeof nameSchema>

/** All groups whose mail nickname begins like this, whoever owns them. */
export function listBeginningWith({ list }: Graph, prefix: string): Promise<readonly GroupName[]> {
  const filter = encodeURIComponent(`startswith(mailNickname,${quoted(prefix)})`)
  return list(`/groups?$filter=${filter}&$select=id,displayName,mailNickname&$top=999`, nameSchema)
}

/** Groups of earlier versions have their name as the unique name too, which stays when somebody changes the other. */
async function listNamed({ getMany }: Graph, name: string): Promise<readonly ListedGroup[]> {
  const select = '$select=id,displayName,createdDateTime'
  const [listed, unique] = await getMany([
    `/groups?$filter=${encodeURIComponent(`mailNickname eq ${quoted(name)}`)}&${select}`,
    `/groups(uniqueName=${quoted(encodeURIComponent(name))})?${select}`,
  ])
  const named = groupSchema.optional().parse(unique)
  const groups = [...groupsSchema.parse(listed).value, ...(named === undefined ? [] : [named])]
  return [...new Map(groups.map((group) => [group.id, group])).values()].toSorted(olderFirst)
}
