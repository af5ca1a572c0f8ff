import { control, type Right } from '../../azure/granted-rights.ts'
import { hasPrivateEndpoints } from '../../catalog/private-link.ts'
import { insideOf, listedDeletions, statefulType } from '../../catalog/stateful-types.ts'
import { isWithin, resourceGroupIdOf, sameText } from '../../resource-id.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import { isKeptUnlisted } from '../removal/soft-deleted.ts'
import type { Situation } from './situation.ts'

/** The stack deletes what its template no longer holds. Subnets and their groups are not its any more. */
export function leavingRights(
  { resources, target: { ids, project } }: Pick<Situation, 'resources' | 'target'>,
  managed: readonly string[],
): readonly Right[] {
  const leaving = managed.filter(
    (id) => isWithin(id, ids.resourceGroup) && !resources.some((one) => sameText(one.id, id)),
  )
  const pieces = leaving.map(pieceOf).filter(({ id }) => !sameText(id, ids.resourceGroup))
  const parts = pieces.flatMap(({ type }) => {
    const first = statefulType(type)?.partsFirst ?? []
    return [
      ...control(ids.resourceGroup, `${type}/read`, `${type}/delete`),
      // What others have made inside, and who uses it, is named before it goes.
      ...control(ids.resourceGroup, ...insideRights(type)),
      ...(hasPrivateEndpoints(type)
        ? control(ids.resourceGroup, `${type}/privateEndpointConnections/read`)
        : []),
      ...first.flatMap((part) =>
        control(ids.resourceGroup, `${type}/${part}/read`, `${type}/${part}/delete`),
      ),
    ]
  })
  return pieces.length === 0 ? [] : [...parts, ...lookingRights(pieces, project.factory.subscriptionId)]
}

/** Which lock keeps what goes, and who signs in with an identity that goes, is looked for in the whole subscription. */
const lookingRights = (pieces: readonly Piece[], subscriptionId: string): readonly Right[] =>
  control(
    `/subscriptions/${subscriptionId}`,
    'Microsoft.Authorization/locks/read',
    ...(pieces.some(({ type }) => sameText(type, 'Microsoft.ManagedIdentity/userAssignedIdentities'))
      ? ['Microsoft.Resources/subscriptions/resources/read']
      : []),
  )

/** Each collection on the way, too: `blobServices` before `blobServices/containers`. */
const insideRights = (type: string): readonly string[] =>
  insideOf(type).flatMap(({ path }) => {
    const names = path.split('/')
    const types = names.map((_, index) => `${type}/${names.slice(0, index + 1).join('/')}`)
    return [...types.map((part) => `${part}/read`), ...insideRights(`${type}/${path}`)]
  })

/** What Azure keeps of deleted resources has to be found to be recovered, and is given up only where that is allowed. */
export function softDeletedRights({
  options,
  target,
  resources,
}: Pick<Situation, 'options' | 'target' | 'resources'>): readonly Right[] {
  const subscription = `/subscriptions/${target.project.factory.subscriptionId}`
  const purge = options.allowed.includes('purge')
  // What no service lists is given up by deleting the resource itself, that is not there any more.
  const unlisted = purge ? resources.filter(({ type }) => isKeptUnlisted(type)) : []
  const listed = listedDeletions().flatMap(({ type, collection }) => {
    const [namespace = ''] = type.split('/')
    const isPurged = purge && statefulType(type)?.softDelete?.purge !== undefined
    return control(
      subscription,
      `${namespace}/${collection}/read`,
      ...(isPurged ? [`${namespace}/locations/resourceGroups/${collection}/delete`] : []),
    )
  })
  return [...listed, ...unlisted.flatMap(({ id, type }) => control(resourceGroupIdOf(id), `${type}/delete`))]
}
