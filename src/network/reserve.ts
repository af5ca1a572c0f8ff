import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { apiVersions } from '../catalog/facts/api-versions.ts'
import { denyInternetInbound } from '../catalog/security-rules.ts'
import { networkSecurityGroup, subnetProperties } from '../catalog/subnet-properties.ts'
import type { SubnetDefinition, SubnetRule } from '../catalog/types.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Allocation } from './allocation.ts'
import { type OwnSubnetRequest, type SubnetRequest, securityGroupId } from './requested-subnets.ts'

/** One resource to create when a subnet is reserved. */
export interface CreateStep {
  readonly kind: 'network security group' | 'subnet'
  readonly name: string
  /** Resource id. */
  readonly id: string
  readonly apiVersion: string
  /** The body of its PUT. */
  readonly body: JsonObject
  /** Resource id of the network security group that a subnet has from the start. */
  readonly securityGroupId?: string
}

/** Where the subnets are created, and what all created resources have in common. */
export interface CreateTarget {
  readonly virtualNetworkId: string
  /** Azure region of the VNet: network security groups have to be in the same. */
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
}

/** What decides how a requested subnet is created. */
export type CreateRequest = Pick<
  OwnSubnetRequest<string>,
  'key' | 'rule' | 'definition' | 'securityGroupName' | 'settings'
>

/** What goes into the PUT of a subnet and into its network security group. */
type SubnetContent = Pick<SubnetDefinition, 'serviceEndpoints' | 'securityRules'> & {
  readonly rule: Pick<
    SubnetRule,
    'delegation' | 'defaultOutboundAccess' | 'privateEndpointNetworkPolicies' | 'networkSecurityGroup'
  >
}

/** A subnet without a known purpose: no Internet traffic in either direction until somebody allows it. */
const plainRule: SubnetContent['rule'] = {
  defaultOutboundAccess: false,
  privateEndpointNetworkPolicies: 'Enabled',
  networkSecurityGroup: 'allowed',
}

/** A subnet of the catalogue has security rules of its own; any other only the one that Azure's defaults imply anyway. */
export const contentOf = ({ rule, definition }: CreateRequest): SubnetContent =>
  definition ?? { rule: rule ?? plainRule, serviceEndpoints: [], securityRules: [denyInternetInbound] }

/** A subnet that does not exist yet, with the request for it. */
export interface SubnetToCreate {
  readonly request: CreateRequest
  readonly subnet: Pick<AssignedSubnet, 'name' | 'addressPrefix' | 'attachments'>
}

/** The subnets of an allocation that do not exist yet, in the order in which they are created. */
export const subnetsToCreate = (
  { subnets, planned, pooled }: Pick<Allocation<string>, 'subnets' | 'planned' | 'pooled'>,
  requests: readonly SubnetRequest<string>[],
): readonly SubnetToCreate[] =>
  [...planned, ...pooled].flatMap(({ key }) => {
    const subnet = subnets[key]
    const request = requests.find((candidate) => candidate.key === key)
    return subnet === undefined || request === undefined ? [] : [{ request, subnet }]
  })

/**
 * What to create, one after the other: a VNet takes one change at a time. Each network security group is in the
 * VNet's resource group and is created before its subnet, which is written as a child and never through the VNet.
 */
export const createSteps = (
  subnets: readonly SubnetToCreate[],
  target: CreateTarget,
): readonly CreateStep[] => subnets.flatMap((subnet) => stepsOf(subnet, target))

function stepsOf({ request, subnet }: SubnetToCreate, target: CreateTarget): readonly CreateStep[] {
  const { virtualNetworkId } = target
  const { name, addressPrefix, attachments } = subnet
  const { settings = {} } = request
  const ownGroup = groupStep(request, target)
  const groupId = settings.networkSecurityGroupId ?? ownGroup?.id
  const step: CreateStep = {
    kind: 'subnet',
    name,
    id: `${virtualNetworkId}/subnets/${name}`,
    apiVersion: apiVersions['Microsoft.Network/virtualNetworks/subnets'],
    ...(groupId !== undefined && { securityGroupId: groupId }),
    body: {
      properties: subnetProperties(contentOf(request), {
        addressPrefix,
        settings,
        ...(groupId !== undefined && { networkSecurityGroupId: groupId }),
        ...(attachments && { attachments }),
      }),
    },
  }
  return ownGroup === undefined ? [step] : [ownGroup, step]
}

/**
 * Creates the project's network security group for a subnet; undefined when its service has none. Its tags say whose the
 * subnet is, so there is one even where the subnet has the group of somebody else.
 */
export function groupStep(request: CreateRequest, target: CreateTarget): CreateStep | undefined {
  const { securityGroupName: name } = request
  const id = securityGroupId(target.virtualNetworkId, request)
  if (name === undefined || id === undefined) return undefined
  const { location, tags } = target
  const { properties } = networkSecurityGroup(contentOf(request), name, location, tags)
  return {
    kind: 'network security group',
    name,
    id,
    apiVersion: apiVersions['Microsoft.Network/networkSecurityGroups'],
    body: { location, tags, ...propertiesOf(properties) },
  }
}

const propertiesOf = (properties: Json | undefined): JsonObject =>
  properties === undefined ? {} : { properties }
