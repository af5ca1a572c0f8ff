/** What limits how many projects a factory can have. Listed in this order, which also decides between limits that are equally near. */
const limitKeys = [
  'addresses',
  'privateEndpoints',
  'subnets',
  'roleAssignments',
  'deploymentStacks',
  'resourceGroups',
  'lakeEntries',
  'projectNumbers',
] as const
/** One of them. */
export type LimitKey = (typeof limitKeys)[number]

/** Those of which something is counted; addresses are planned instead, since fragmentation matters too. */
export const countedLimitKeys = limitKeys.filter((key) => key !== 'addresses')
/** A limit of which something is counted. */
export type CountedLimitKey = Exclude<LimitKey, 'addresses'>

/** A limit that a factory reaches as projects are added. */
export interface Limit {
  /** What is limited and where, e.g. `private endpoints per VNet`. */
  readonly title: string
  /** What runs out, in the plural. */
  readonly noun: string
  /** What is counted, a sentence or two. */
  readonly counted: string
  /** How to get past it, a sentence. */
  readonly help: string
  /** Where the limit is documented; absent for a limit of our own. */
  readonly source?: string
}

/** A limit on a number. Addresses have none: the VNet's address space is the limit. */
export interface CountedLimit extends Limit {
  /** The maximum, unless it was raised for this VNet or subscription. */
  readonly max: number
}

const subscriptionLimits =
  'https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits'
const highScale = 'https://learn.microsoft.com/azure/private-link/increase-private-endpoint-vnet-limits'

/** Private endpoints that a VNet may have once it was upgraded to High Scale Private Endpoints. */
export const highScalePrivateEndpoints = { max: 5_000, source: highScale } as const

/** Limits that are raised, which replace the defaults. */
export type RaisedLimits = Readonly<Partial<Record<CountedLimitKey, number>>>

/** Those that are raised in a VNet. */
export const raisedLimitsOf = (network: { readonly highScalePrivateEndpoints: boolean }): RaisedLimits =>
  network.highScalePrivateEndpoints ? { privateEndpoints: highScalePrivateEndpoints.max } : {}

/**
 * Every limit, with its source. Two that are often named do not count: Azure itself prunes the deployment history (800
 * per subscription and region, https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-history-deletions),
 * and the 65,536 private IP addresses of a VNet are never used up, because other limits are reached first.
 */
export const limits: Readonly<{ addresses: Limit } & Record<CountedLimitKey, CountedLimit>> = {
  addresses: {
    title: 'addresses of the VNet',
    noun: 'addresses',
    counted:
      'The subnets of one project after the other are planned into what is free, until they do not fit.',
    help: 'Add an address prefix to the VNet, or release the subnets of projects that are gone.',
    source:
      'https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#add-or-remove-an-address-range',
  },
  privateEndpoints: {
    title: 'private endpoints per VNet',
    noun: 'private endpoints',
    max: 1_000,
    counted:
      'Those in all subnets of the VNet, whoever owns them. Those of peered VNets are not counted, though Azure warns of more than 4,000 with them.',
    help: `Upgrade the VNet to High Scale Private Endpoints (${highScalePrivateEndpoints.max.toLocaleString('en')} per VNet; all its subnets with private endpoints need network policies for route tables), or start another instance of the factory with a VNet of its own.`,
    source: highScale,
  },
  subnets: {
    title: 'subnets per VNet',
    noun: 'subnets',
    max: 3_000,
    counted: 'All subnets of the VNet.',
    help: 'Start another instance of the factory with a VNet of its own.',
    source: `${subscriptionLimits}#azure-networking-limits`,
  },
  roleAssignments: {
    title: 'role assignments per subscription',
    noun: 'role assignments',
    max: 4_000,
    counted: 'All in the subscription, at every scope in it, whoever assigned them.',
    help: 'Remove assignments of people and identities that are gone, assign roles to groups, or start another instance of the factory in a subscription of its own.',
    source: 'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits',
  },
  deploymentStacks: {
    title: 'deployment stacks per subscription',
    noun: 'deployment stacks',
    max: 800,
    counted:
      'Those at the scope of the subscription: one for each project. The deployment history does not count, because Azure removes the oldest.',
    help: 'Delete the stacks of projects that are gone, or start another instance of the factory in a subscription of its own.',
    source:
      'https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks-known-issues#known-limitations',
  },
  resourceGroups: {
    title: 'resource groups per subscription',
    noun: 'resource groups',
    max: 980,
    counted: 'All in the subscription: one for each project.',
    help: 'Delete those that are empty, or start another instance of the factory in a subscription of its own.',
    source: `${subscriptionLimits}#azure-subscription-limits`,
  },
  lakeEntries: {
    title: "named entries in the access list of the lake's root",
    noun: "entries of the lake's root",
    max: 28,
    counted:
      'Does not grow with projects: all teams have access to the root as members of one group, or as everybody else.',
    help: 'Replace entries of people and identities by one of a group.',
    source:
      'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model#limits-on-azure-role-assignments-and-acl-entries',
  },
  projectNumbers: {
    title: 'project numbers per factory',
    noun: 'project numbers',
    max: 999,
    counted:
      'Numbers with a manifest beside factory.yml, or with a subnet in the VNet. Those of deleted manifests are not counted, though requests do not get them again.',
    help: 'Start another instance of the factory.',
  },
}
