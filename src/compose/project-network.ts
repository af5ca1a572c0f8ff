import { ofType } from '../catalog/facts/api-versions.ts'
import { networkSecurityGroup, subnetProperties, subnets } from '../catalog/subnets.ts'
import type { ArmResource, ServiceContext } from '../catalog/types.ts'
import { lastSegment } from '../resource-id.ts'
import type { SubnetKey } from '../vocabulary.ts'
import { resourceId, scopeOf } from './identifiers.ts'
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
  const placed = own.map(([key, subnet]) => {
    const group = networkSecurityGroup(subnets[key], names.networkSecurityGroup(key), location, tags)
    return { key, subnet, group, groupId: resourceId(scope, group) }
  })
  const children = placed.map(({ key, subnet, groupId }, position): ArmResource => {
    const previous = placed[position - 1]
    const { name, addressPrefix, attachments } = subnet
    return {
      ...ofType('Microsoft.Network/virtualNetworks/subnets'),
      name: `${network}/${name}`,
      dependsOn: [
        groupId,
        ...(previous === undefined ? [] : [`${ids.virtualNetwork}/subnets/${previous.subnet.name}`]),
      ],
      properties: subnetProperties(subnets[key], {
        addressPrefix,
        networkSecurityGroupId: groupId,
        ...(attachments && { existing: attachments }),
      }),
    }
  })
  return [...placed.map(({ group }) => group), ...children]
}
