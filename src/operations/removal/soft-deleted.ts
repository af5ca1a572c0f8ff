import type { Resources } from '../../azure/resources.ts'
import { type SoftDeleted as ListedDeletion, listSoftDeleted } from '../../azure/soft-deleted.ts'
import { listedDeletions, statefulType } from '../../catalog/stateful-types.ts'
import { lastSegment, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { apiVersionOf, type Piece } from './piece.ts'

/** A deleted resource of a resource group that Azure keeps for a while. */
export interface SoftDeleted extends Pick<ListedDeletion, 'deletedId' | 'until'> {
  /** As it was. */
  readonly piece: Piece
}

/** What is kept of a type in a subscription; nothing when its service does not list it. */
export async function listDeletions(
  subscriptionId: string,
  type: string,
  resources: Resources,
): Promise<readonly ListedDeletion[]> {
  const listed = listedDeletions().find((one) => sameText(one.type, type))
  if (listed === undefined) return []
  const [namespace = ''] = listed.type.split('/')
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}/${listed.collection}`
  return listSoftDeleted(path, apiVersionOf(listed.type), resources)
}

/** What is kept of deleted resources of a resource group, as far as services list it. */
export async function readSoftDeleted(
  subscriptionId: string,
  groupId: string,
  resources: Resources,
): Promise<readonly SoftDeleted[]> {
  const lists = await Promise.all(
    listedDeletions().map(async ({ type }) => {
      const listed = await listDeletions(subscriptionId, type, resources)
      return listed.flatMap(({ id, deletedId, name, until }): readonly SoftDeleted[] =>
        sameText(lastSegment(resourceGroupIdOf(id)), lastSegment(groupId))
          ? [{ deletedId, until, piece: { id: `${groupId}/providers/${type}/${name}`, type, name } }]
          : [],
      )
    }),
  )
  return lists.flat()
}

/** Is it of a type that Azure keeps softly, of which its service lists none? */
export function isKeptUnlisted(type: string): boolean {
  const kept = statefulType(type)?.softDelete
  return kept?.purge !== undefined && kept.listed === undefined
}

/** Was it the project's? Others may have deleted something of theirs that was in its group, and decide about that. */
export const wasOwn = ({ piece }: SoftDeleted, own: readonly string[]): boolean =>
  own.some((id) => sameText(id, piece.id))
