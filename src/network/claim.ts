import { apiVersions } from '../catalog/api-versions.ts'
import { networkSecurityGroup, subnetProperties, subnets } from '../catalog/subnets.ts'
import { formatCidr } from '../cidr.ts'
import type { Json, JsonObject } from '../json.ts'
import type { ProjectNames } from '../naming/types.ts'
import type { SubnetKey } from '../vocabulary.ts'
import type { PlannedSubnet } from './find-room.ts'

/** One resource to write when a subnet is claimed. */
export interface ClaimStep {
  readonly kind: 'network security group' | 'subnet'
  readonly name: string
  /** Resource id. */
  readonly id: string
  readonly apiVersion: string
  /** The body of its PUT. */
  readonly body: JsonObject
}

/** Where the subnets are claimed, and what goes into everything that is made. */
export interface ClaimPlace {
  readonly virtualNetworkId: string
  readonly names: Pick<ProjectNames, 'networkSecurityGroup'>
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * What to write, one after the other: a VNet takes one change at a time. Each network security group stands in the VNet's
 * resource group and is there before its subnet, which is written as a child and never through the VNet.
 */
export const claimSteps = (
  planned: readonly PlannedSubnet<SubnetKey>[],
  place: ClaimPlace,
): readonly ClaimStep[] => planned.flatMap((subnet) => stepsOf(subnet, place))

/** The id of the network security group of a project's subnet: it stands in the VNet's resource group. */
export function securityGroupId(
  virtualNetworkId: string,
  names: ClaimPlace['names'],
  key: SubnetKey,
): string {
  const [resourceGroup] = virtualNetworkId.split(/\/providers\//i)
  return `${resourceGroup}/providers/Microsoft.Network/networkSecurityGroups/${names.networkSecurityGroup(key)}`
}

function stepsOf(
  { key, name, cidr }: PlannedSubnet<SubnetKey>,
  { virtualNetworkId, names, location, tags }: ClaimPlace,
): readonly ClaimStep[] {
  const definition = subnets[key]
  const groupName = names.networkSecurityGroup(key)
  const groupId = securityGroupId(virtualNetworkId, names, key)
  const { properties } = networkSecurityGroup(definition, groupName, location, tags)
  return [
    {
      kind: 'network security group',
      name: groupName,
      id: groupId,
      apiVersion: apiVersions['Microsoft.Network/networkSecurityGroups'],
      body: { location, tags, ...propertiesOf(properties) },
    },
    {
      kind: 'subnet',
      name,
      id: `${virtualNetworkId}/subnets/${name}`,
      apiVersion: apiVersions['Microsoft.Network/virtualNetworks/subnets'],
      body: {
        properties: subnetProperties(definition, {
          addressPrefix: formatCidr(cidr),
          networkSecurityGroupId: groupId,
        }),
      },
    },
  ]
}

const propertiesOf = (properties: Json | undefined): JsonObject =>
  properties === undefined ? {} : { properties }
