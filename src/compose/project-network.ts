import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { ofType } from '../catalog/facts/api-versions.ts'
import type { Catalogue, SubnetKey } from '../catalog/index.ts'
import { networkSecurityGroup, subnetProperties } from '../catalog/subnet-properties.ts'
import type { ArmResource } from '../catalog/types.ts'
import { lastSegment } from '../resource-id.ts'
import { resourceId, scopeOf } from './identifiers.ts'
import type { ProjectContext } from './project-context.ts'

/**
 * The project's own subnets with their network security groups. Subnets are children of the VNet and follow one another:
 * the VNet is never written itself, and takes one change at a time.
 */
export function networkResources(
  { names, ids, location, tags }: ProjectContext,
  own: readonly (readonly [SubnetKey, AssignedSubnet])[],
  { subnets }: Pick<Catalogue, 'subnets'>,
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
