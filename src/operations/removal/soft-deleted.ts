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

/** Can what Azure keeps of a type be given up before its time? */
export const isPurgeable = (type: string): boolean => statefulType(type)?.softDelete?.purge !== undefined

/** Is it of a type that Azure keeps softly, of which its service lists none? */
export function isKeptUnlisted(type: string): boolean {
  const kept = statefulType(type)?.softDelete
  return kept?.purge !== undefined && kept.listed === undefined
}

/** A resource that is wanted under a name, and where. */
export interface WantedName {
  readonly id: string
  readonly type: string
  readonly location: string
}

/**
 * What becomes of a deleted resource whose name is wanted: it comes back with the deployment, is given up for good before,
 * or blocks the name. What was in another group is never given up: it was not the project's.
 */
export type Fate = 'recover' | 'purge' | 'block'

/** Decides it, for whoever checks, plans or delivers. Pure. */
export function fateOf(deleted: ListedDeletion, wanted: WantedName, allowPurge: boolean): Fate {
  const kept = statefulType(wanted.type)?.softDelete
  if (!sameText(deleted.id, wanted.id)) return 'block'
  if (allowPurge && isPurgeable(wanted.type) && !deleted.isProtected) return 'purge'
  return kept?.recovery !== undefined && samePlace(deleted.location, wanted.location) ? 'recover' : 'block'
}

/** `Sweden Central` and `swedencentral` are one place. An expression, or what Azure leaves out, may be any. */
function samePlace(one: string, other: string): boolean {
  const [a, b] = [one, other].map((location) => location.replaceAll(/\s/g, '').toLowerCase())
  return a === b || a === '' || other === '' || other.startsWith('[')
}

/** Why a name is blocked, and what frees it. */
export function blockedName(
  deleted: ListedDeletion,
  { id, type }: WantedName,
): { readonly what: string; readonly why: string; readonly fix: string } {
  const { name, location, isProtected } = deleted
  const [group, until] = [lastSegment(resourceGroupIdOf(deleted.id)), deleted.until.slice(0, 10)]
  const isOwn = sameText(deleted.id, id)
  return {
    what: `${type} '${name}' is softly deleted in another place, group '${group}' in ${location}${until === '' ? '' : `, until ${until}`}.`,
    why: `${isProtected ? 'It is protected from being purged' : 'It keeps its name until it is purged'}, and cannot be recovered to another group or region.`,
    fix: [
      ...(isOwn && isPurgeable(type) && !isProtected ? ["Allow 'purge' if what was in it may be lost"] : []),
      ...(isOwn ? ["set 'location' in factory.yml back to that region"] : []),
      ...(isOwn || isProtected ? [] : [`let whoever deleted it in group '${group}' purge it`]),
      ...(isProtected && until !== '' ? [`wait until ${until}`] : []),
      "change 'salt' in factory.yml if no project has been delivered yet",
    ]
      .join(', or ')
      .replace(/^./, (first) => first.toUpperCase())
      .concat('.'),
  }
}

/** Was it the project's? Others may have deleted something of theirs that was in its group, and decide about that. */
export const wasOwn = ({ piece }: SoftDeleted, own: readonly string[]): boolean =>
  own.some((id) => sameText(id, piece.id))
