import { control, type Right } from '../../azure/granted-rights.ts'
import { hasPrivateEndpoints } from '../../catalog/private-link.ts'
import { insideOf, listedDeletions, statefulType } from '../../catalog/stateful-types.ts'
import type { WrittenResource } from '../../compose/template-summary.ts'
import { isWithin, resourceGroupIdOf, sameText, typeOfResource } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import { isKeptUnlisted } from '../removal/soft-deleted.ts'

/** What a stack, of a project or of a common area, leaves behind. */
export interface Leaving {
  /** What its template holds. */
  readonly written: readonly WrittenResource[]
  readonly resourceGroup: string
  readonly subscriptionId: string
  readonly allowed: readonly Allowance[]
}

const endpointType = 'Microsoft.Network/privateEndpoints'
const zoneType = 'Microsoft.Network/privateDnsZones'

/** The stack deletes what its template no longer holds. Subnets and their groups are not its any more. */
export function leavingRights(
  { written, resourceGroup, subscriptionId }: Omit<Leaving, 'allowed'>,
  managed: readonly string[],
): readonly Right[] {
  const leaving = managed.filter(
    (id) => isWithin(id, resourceGroup) && !written.some((one) => sameText(one.id, id)),
  )
  const pieces = leaving.map(pieceOf).filter(({ id }) => !sameText(id, resourceGroup))
  const parts = pieces.flatMap(({ type }) => {
    const first = statefulType(type)?.partsFirst ?? []
    return [
      ...control(resourceGroup, `${type}/read`, `${type}/delete`),
      // What others have made inside, and who uses it, is named before it goes.
      ...control(resourceGroup, ...insideRights(type)),
      ...(sameText(type, zoneType) ? control(resourceGroup, `${zoneType}/ALL/read`) : []),
      ...(hasPrivateEndpoints(type) ? control(resourceGroup, `${type}/privateEndpointConnections/read`) : []),
      ...first.flatMap((part) => control(resourceGroup, `${type}/${part}/read`, `${type}/${part}/delete`)),
    ]
  })
  // One that loses what it leads to is made anew by the next delivery, which has no other rights than the first.
  const hasEndpoints = written.some(({ id }) => sameText(typeOfResource(id), endpointType))
  return [
    ...(hasEndpoints ? control(resourceGroup, `${endpointType}/delete`) : []),
    ...(pieces.length === 0 ? [] : [...parts, ...lookingRights(pieces, subscriptionId)]),
  ]
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
  written,
  subscriptionId,
  allowed,
}: Omit<Leaving, 'resourceGroup'>): readonly Right[] {
  const subscription = `/subscriptions/${subscriptionId}`
  const purge = allowed.includes('purge')
  // What no service lists is given up by deleting the resource itself, that is not there any more.
  const unlisted = purge ? written.filter(({ type }) => isKeptUnlisted(type)) : []
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
