import { z } from 'zod'
import { explaining } from './errors.ts'
import { isMissing } from './failure.ts'
import { type GroupName, listBeginningWith } from './find-groups.ts'
import type { Graph } from './graph.ts'
import { NotReplicated } from './group-members.ts'
import { readOwners } from './group-ownership.ts'
import type { Session } from './session.ts'

/** A group with who owns it and how many are in it. */
export interface OwnedGroup {
  readonly objectId: string
  readonly mailNickname: string
  readonly owners: readonly {
    readonly objectId: string
    readonly display: string
    readonly isPerson: boolean
  }[]
  readonly memberCount: number
}

/** Groups of a tenant, for whoever gives them other owners. */
export interface GroupsByName {
  /** All whose mail nickname begins like this. */
  readonly beginningWith: (prefix: string) => Promise<readonly OwnedGroup[]>
  readonly addOwner: (groupId: string, objectId: string) => Promise<void>
  readonly removeOwner: (groupId: string, objectId: string) => Promise<void>
}

const memberSchema = z.object({ id: z.string() })

/**
 * Opens them. Version 1.0 of Graph leaves service principals out of members, and lists them when they are asked
 * for by their type. https://learn.microsoft.com/graph/api/group-list-members
 */
export function openGroupsByName(graph: Graph, { cloud }: Session): GroupsByName {
  const countMembers = async (groupId: string): Promise<number> => {
    const lists = await Promise.all(
      ['', '/microsoft.graph.servicePrincipal'].map((type) =>
        graph.list(`/groups/${groupId}/members${type}?$select=id&$top=999`, memberSchema),
      ),
    )
    return new Set(lists.flat().map(({ id }) => id)).size
  }
  const whole = async ({ id, mailNickname }: GroupName): Promise<OwnedGroup> => ({
    objectId: id,
    mailNickname,
    owners: ((await readOwners(graph, id)) ?? []).map(({ objectId, display, isApplication }) => ({
      ...{ objectId, display },
      isPerson: !isApplication,
    })),
    memberCount: await countMembers(id),
  })
  return {
    beginningWith: (prefix) =>
      explaining('Looking for the groups of the factory', async () => {
        const found = await listBeginningWith(graph, prefix)
        const groups = await Promise.all(found.map((group) => unlessGone(() => whole(group))))
        return groups.flatMap((group) => group ?? [])
      }),
    addOwner: (groupId, objectId) =>
      explaining('Adding an owner to a group', async () => {
        await graph.write({
          method: 'POST',
          path: `/groups/${groupId}/owners/$ref`,
          body: { '@odata.id': `${cloud.graph}/v1.0/directoryObjects/${objectId}` },
        })
      }),
    removeOwner: (groupId, objectId) =>
      explaining('Taking an owner from a group', async () => {
        const path = `/groups/${groupId}/owners/${objectId}/$ref`
        await unlessGone(() => graph.write({ method: 'DELETE', path }))
      }),
  }
}

/** A group, or an owner, that somebody deletes meanwhile. */
async function unlessGone<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (isMissing(error) || error instanceof NotReplicated) return undefined
    throw error
  }
}
