import { type ProjectContents, subnetsNeeded } from '../catalog/contents.ts'
import { catalogue, type SubnetKey, serviceKeys } from '../catalog/index.ts'
import type { SubnetDefinition, SubnetRule, SubnetSize } from '../catalog/types.ts'
import { type Location, UserError } from '../diagnostics/user-error.ts'
import type { ResolvedProject, SubnetSettings } from '../manifest/resolved.ts'
import type { ProjectNames, SubnetNames } from '../naming/types.ts'
import { resourceGroupIdOf } from '../resource-id.ts'
import { sizeFault, smallestSizeFor, subnetSize } from './subnet-sizes.ts'

/** A subnet of the project's own: kept when it exists, planned when not. */
export interface OwnSubnetRequest<Key extends string = SubnetKey> {
  readonly kind: 'own'
  readonly key: Key
  readonly name: string
  readonly prefixLength: number
  /** The smallest subnet (largest prefix length) the service accepts. */
  readonly smallestPrefixLength?: number
  /** No document can say another size. */
  readonly isFixed?: true
  /** Service name, or empty. */
  readonly delegation: string
  /** What Azure requires of a subnet for this purpose; absent without a known purpose. */
  readonly rule?: SubnetRule
  /** Its definition in the catalogue; absent for a subnet that is not of the catalogue. */
  readonly definition?: SubnetDefinition
  /** Name of the project's own network security group for it; absent without a project, or when its service has none. */
  readonly securityGroupName?: string
  /** What the documents say of it besides its size. */
  readonly settings?: SubnetSettings
  /** Why it has this size, a sentence; absent when the size was requested. */
  readonly sizeReason?: string
  /** The place in a document to change when it does not fit. */
  readonly where?: Location
}

/** Bring your own: an existing subnet that the manifest names by its resource id. */
export interface ByoSubnetRequest<Key extends string = SubnetKey> {
  readonly kind: 'byo'
  readonly key: Key
  readonly id: string
  /** Service name, or empty. */
  readonly delegation: string
  /** What Azure requires of a subnet for this purpose. */
  readonly rule?: SubnetRule
  /** The smallest size that works for this project: that of the rule, or a larger one. */
  readonly smallest?: SubnetSize
  readonly where?: Location
}

/** A subnet the project needs. */
export type SubnetRequest<Key extends string = SubnetKey> = OwnSubnetRequest<Key> | ByoSubnetRequest<Key>

/** The resource ids of the bring-your-own subnets among the requested ones. */
export const byoSubnetIds = (requests: readonly SubnetRequest<string>[]): readonly string[] =>
  requests.flatMap((request) => (request.kind === 'byo' ? [request.id] : []))

/**
 * The subnets a project needs for the services that are switched on, in the sizes of its profile unless the manifest
 * sets a size or names an existing subnet.
 * @throws UserError when the manifest requests a smaller subnet than the services need
 */
export function subnetRequests(project: ResolvedProject, names: ProjectNames): readonly SubnetRequest[] {
  const contents: ProjectContents = {
    services: serviceKeys.filter((key) => project.services[key].enabled),
    ownContainerRegistry: !project.factory.sharedContainerRegistry,
  }
  return subnetsNeeded(contents.services).map((key): SubnetRequest => {
    const definition = catalogue.subnets[key]
    const { rule } = definition
    const setting = project.subnets[key]
    const where = setting === undefined ? {} : { where: project.at(`network.subnets.${key}`) }
    const purpose = { key, delegation: rule.delegation ?? '', rule, ...where }
    const smallest = smallestSizeFor(definition, contents)
    if (setting !== undefined && 'id' in setting) {
      return { kind: 'byo', id: setting.id, smallest, ...purpose }
    }
    const own = {
      ...purpose,
      kind: 'own' as const,
      name: names.subnet(key),
      smallestPrefixLength: smallest.prefixLength,
      definition,
      ...securityGroupOf(key, rule, names),
      settings: project.subnetSettings[key] ?? {},
    }
    if (setting === undefined) {
      const { prefixLength, reason } = subnetSize(definition, project.subnetProfile)
      return { ...own, prefixLength, sizeReason: reason }
    }
    const { prefixLength } = setting
    const fault = sizeFault(prefixLength, rule, smallest)
    if (fault !== undefined)
      throw new UserError({ ...fault, what: `Subnet '${key}' ${fault.what}`, ...where })
    return { ...own, prefixLength }
  })
}

/** A subnet has a network security group unless its service refuses one, or prescribes its rules. */
export function securityGroupOf(
  key: string,
  rule: SubnetRule | undefined,
  names: SubnetNames,
): { readonly securityGroupName?: string } {
  const attachment = rule?.networkSecurityGroup ?? 'allowed'
  return attachment === 'required' || attachment === 'allowed'
    ? { securityGroupName: names.networkSecurityGroup(key) }
    : {}
}

/** The id of the network security group that a project's subnet gets, in the VNet's resource group; undefined when it gets none. */
export const securityGroupId = (
  virtualNetworkId: string,
  { securityGroupName }: Pick<OwnSubnetRequest<string>, 'securityGroupName'>,
): string | undefined =>
  securityGroupName &&
  `${resourceGroupIdOf(virtualNetworkId)}/providers/Microsoft.Network/networkSecurityGroups/${securityGroupName}`
