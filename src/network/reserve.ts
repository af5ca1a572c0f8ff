import type { AssignedSubnet } from '../catalog/assigned-subnets.ts'
import { apiVersions } from '../catalog/facts/api-versions.ts'
import { denyInternetInbound } from '../catalog/security-rules.ts'
import { networkSecurityGroup, subnetProperties } from '../catalog/subnet-properties.ts'
import type { SubnetDefinition, SubnetRule } from '../catalog/types.ts'
import type { Json, JsonObject } from '../json.ts'
import type { ProjectNames } from '../naming/types.ts'
import { resourceGroupIdOf } from '../resource-id.ts'
import type { Allocation } from './allocation.ts'
import type { OwnSubnetRequest, SubnetRequest } from './requested-subnets.ts'

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
  readonly names: Pick<ProjectNames, 'networkSecurityGroup'>
  /** Azure region of the VNet: network security groups have to be in the same. */
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
}

/** What decides how a requested subnet is created. */
type CreateRequest = Pick<OwnSubnetRequest<string>, 'key' | 'rule' | 'definition'>

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
const contentOf = ({ rule, definition }: CreateRequest): SubnetContent =>
  definition ?? { rule: rule ?? plainRule, serviceEndpoints: [], securityRules: [denyInternetInbound] }

/** Does the subnet get a network security group? Yes, unless its service refuses one or prescribes its rules. */
function hasSecurityGroup(request: CreateRequest): boolean {
  const attachment = contentOf(request).rule.networkSecurityGroup
  return attachment === 'required' || attachment === 'allowed'
}

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

/**
 * The id of the network security group that a project's subnet gets, in the VNet's resource group; undefined when its
 * service refuses one, or prescribes its rules.
 */
export function securityGroupId(
  virtualNetworkId: string,
  names: CreateTarget['names'],
  request: CreateRequest,
): string | undefined {
  if (!hasSecurityGroup(request)) return undefined
  return `${resourceGroupIdOf(virtualNetworkId)}/providers/Microsoft.Network/networkSecurityGroups/${names.networkSecurityGroup(request.key)}`
}

function stepsOf({ request, subnet }: SubnetToCreate, target: CreateTarget): readonly CreateStep[] {
  const { virtualNetworkId, names } = target
  const { name, addressPrefix, attachments } = subnet
  const content = contentOf(request)
  const groupId = securityGroupId(virtualNetworkId, names, request)
  const step: CreateStep = {
    kind: 'subnet',
    name,
    id: `${virtualNetworkId}/subnets/${name}`,
    apiVersion: apiVersions['Microsoft.Network/virtualNetworks/subnets'],
    ...(groupId !== undefined && { securityGroupId: groupId }),
    body: {
      properties: subnetProperties(content, {
        addressPrefix,
        ...(groupId !== undefined && { networkSecurityGroupId: groupId }),
        ...(attachments && { existing: attachments }),
      }),
    },
  }
  return groupId === undefined ? [step] : [groupStep(groupId, request.key, content, target), step]
}

function groupStep(
  id: string,
  key: string,
  content: SubnetContent,
  { names, location, tags }: CreateTarget,
): CreateStep {
  const name = names.networkSecurityGroup(key)
  const { properties } = networkSecurityGroup(content, name, location, tags)
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
