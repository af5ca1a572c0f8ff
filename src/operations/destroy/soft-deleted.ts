import type { ListedResource, Resources } from '../../azure/resources.ts'
import { listedDeletions } from '../../catalog/stateful-types.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { apiVersionOf, type Piece } from './piece.ts'

/** A deleted resource that Azure keeps for a while. */
export interface SoftDeleted {
  /** Its id as a deleted resource. */
  readonly id: string
  /** As it was. */
  readonly piece: Piece
  /** When Azure gives it up, as Azure writes it; empty when Azure does not say. */
  readonly until: string
}

/** What is kept of deleted resources of a resource group, as far as services list it. */
export async function readSoftDeleted(
  subscriptionId: string,
  groupId: string,
  resources: Resources,
): Promise<readonly SoftDeleted[]> {
  const lists = await Promise.all(
    listedDeletions().map(async ({ type, collection }) => {
      const [namespace = '', last = ''] = type.split('/')
      const path = `/subscriptions/${subscriptionId}/providers/${namespace}/${collection}`
      const listed = await resources.list(path, apiVersionOf(type))
      return listed.flatMap((one): readonly SoftDeleted[] => {
        const group = groupOf(one)
        if (group === undefined || !sameText(group, lastSegment(groupId))) return []
        const piece = { id: `${groupId}/providers/${namespace}/${last}/${one.name}`, type, name: one.name }
        return [{ id: one.id, piece, until: text(one.properties['scheduledPurgeDate']) }]
      })
    }),
  )
  return lists.flat()
}

/** Was it the project's? Others may have deleted something of theirs that was in its group, and decide about that. */
export const wasOwn = ({ piece }: SoftDeleted, own: readonly string[]): boolean =>
  own.some((id) => sameText(id, piece.id))

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The resource group it was in: in the id of a deleted account, in a property of a deleted vault. */
const groupOf = ({ id, properties }: ListedResource): string | undefined =>
  [id, text(properties['vaultId'])].flatMap((one) => /\/resourceGroups\/([^/]+)\//i.exec(one)?.[1] ?? [])[0]
