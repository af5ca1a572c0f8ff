import { ofType } from '../catalog/api-versions.ts'
import { networkSecurityGroup, subnetProperties, subnets } from '../catalog/subnets.ts'
import type { ArmResource, ServiceContext } from '../catalog/types.ts'
import type { SubnetKey } from '../vocabulary.ts'
import { lastSegment, resourceId, scopeOf } from './identifiers.ts'
import type { AssignedSubnet } from './types.ts'

/**
 * The project's own subnets with their network security groups. Subnets are children of the VNet and follow one another:
 * the VNet is never written itself, and takes one change at a time.
 */
export function networkResources(
  { names, ids, location, tags }: ServiceContext,
  own: readonly (readonly [SubnetKey, AssignedSubnet])[],
): readonly ArmResource[] {
  const network = lastSegment(ids.virtualNetwork)
  const scope = scopeOf(ids.virtualNetwork)
  const groups = own.map(([key]) =>
    networkSecurityGroup(subnets[key], names.networkSecurityGroup(key), location, tags),
  )
  const groupIds = groups.map((group) => resourceId(scope, group))
  const placed = own.map(([key, { name, addressPrefix, attachments }], position): ArmResource => {
    const networkSecurityGroupId = groupIds[position] ?? ''
    const previous = own[position - 1]
    return {
      ...ofType('Microsoft.Network/virtualNetworks/subnets'),
      name: `${network}/${name}`,
      dependsOn: [
        networkSecurityGroupId,
        ...(previous === undefined ? [] : [`${ids.virtualNetwork}/subnets/${previous[1].name}`]),
      ],
      properties: subnetProperties(subnets[key], {
        addressPrefix,
        networkSecurityGroupId,
        ...(attachments && { existing: attachments }),
      }),
    }
  })
  return [...groups, ...placed]
}
