import { keysOf } from '../by-key.ts'
import type { SecurityRule, SubnetDefinition } from '../catalog/types.ts'
import { ownerInName } from '../naming/names.ts'
import type { SubnetNames } from '../naming/types.ts'
import { sameText } from '../resource-id.ts'
import type { ExistingSecurityGroup, Owner } from './ownership.ts'
import type { ActualNetwork, ActualSubnet } from './vnet.ts'

/** A network security group that exists, with what uses it. */
export interface UsedSecurityGroup extends ExistingSecurityGroup {
  /** Resource id. */
  readonly id: string
  /** Resource ids of the subnets that have it. */
  readonly subnetIds: readonly string[]
  /** Does a network interface use it? */
  readonly hasInterfaces: boolean
  readonly rules: readonly SecurityRule[]
}

/** What is to be released, and where. */
export interface ReleaseSearch {
  readonly network: ActualNetwork
  readonly owner: Owner
  readonly names: SubnetNames
  /** Every subnet that such an owner may have, by its key. */
  readonly declared: Readonly<Record<string, SubnetDefinition>>
  /** Those of the VNet's resource group, and those that the owner's subnets have. */
  readonly groups: readonly UsedSecurityGroup[]
  /** Resource ids of the owner's bring-your-own subnets, which belong to somebody else. */
  readonly byo: readonly string[]
  /** Names of the subnets that the next delivery would create again. */
  readonly needed: readonly string[]
  /** Only these, by key or name; all of the owner's when absent. */
  readonly only: readonly string[] | undefined
  /** Are those that are needed left alone? */
  readonly unneededOnly: boolean
}

/** One of the owner's subnets that is deleted, or can be. */
export interface ReleasedSubnet {
  readonly key: string
  readonly subnet: ActualSubnet
}

/** The subnets of a VNet to consider: those with a name of the owner, or those that the input names. */
export const candidatesIn = ({
  network,
  owner,
  names,
  only,
  needed,
  unneededOnly,
}: Omit<ReleaseSearch, 'groups' | 'byo' | 'declared'>): readonly ActualSubnet[] =>
  network.subnets.filter((subnet) => {
    if (unneededOnly && needed.some((name) => sameText(name, subnet.name))) return false
    return only === undefined
      ? ownerInName(subnet.name) === owner.project
      : only.some((name) => hasName(subnet, name, names))
  })

/** Is it called so, or the subnet with this key? */
export const hasName = (subnet: ActualSubnet, name: string, names: ReleaseSearch['names']): boolean =>
  sameText(subnet.name, name) || sameText(subnet.name, names.subnet(name))

/** Its key in the output of `reserve`: the declared one, or what follows the owner in its name. */
export function keyOf({ name }: ActualSubnet, { names, owner, declared }: ReleaseSearch): string {
  const key = keysOf(declared).find((candidate) => sameText(names.subnet(candidate), name))
  if (key !== undefined) return key
  return ownerInName(name) === owner.project ? name.slice(names.subnet('x').length - 1) : name
}

/** What exists under the name of a subnet, as evidence of its owner. */
export const evidenceOf = (subnet: ActualSubnet, search: ReleaseSearch) => ({
  name: subnet.name,
  subnet: undefined,
  groups: search.groups.filter(
    ({ id, name }) =>
      sameText(id, subnet.networkSecurityGroupId ?? '') ||
      sameText(name, search.names.networkSecurityGroup(keyOf(subnet, search))),
  ),
})

/** Stands for any subnet in a name. No other part of a name has a hyphen. */
const anySubnet = 'any-subnet'

/** Does it have a name of the owner, for any subnet? */
export function isGroupOfOwner({ name }: UsedSecurityGroup, { names }: ReleaseSearch): boolean {
  const [before = '', after = ''] = names.networkSecurityGroup(anySubnet).toLowerCase().split(anySubnet)
  const text = name.toLowerCase()
  return text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after)
}
