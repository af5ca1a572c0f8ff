/** What stops a factory from growing, in the order in which the walls are listed and, when several stand equally near, named. */
const wallKeys = [
  'addresses',
  'privateEndpoints',
  'subnets',
  'roleAssignments',
  'deploymentStacks',
  'resourceGroups',
  'lakeEntries',
  'projectNumbers',
] as const
export type WallKey = (typeof wallKeys)[number]

/** Those where things are counted; addresses are planned instead, since their pieces matter too. */
export const countedWallKeys = wallKeys.filter((key) => key !== 'addresses')
export type CountedWallKey = Exclude<WallKey, 'addresses'>

/** One limit that a factory meets when projects are added. */
export interface Wall {
  /** What is limited and where, e.g. `private endpoints per VNet`. */
  readonly title: string
  /** What runs out, in the plural. */
  readonly noun: string
  /** What is counted, a sentence or two. */
  readonly counted: string
  /** What makes more room, a sentence. */
  readonly help: string
  /** Where the limit is documented; absent for a limit of our own. */
  readonly source?: string
}

/** A wall with a limit of its own. That of addresses has none: the VNet's address space is the limit. */
export interface CountedWall extends Wall {
  /** The most there can be, unless somebody had it raised. */
  readonly limit: number
}

const subscriptionLimits =
  'https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits'
const highScale = 'https://learn.microsoft.com/azure/private-link/increase-private-endpoint-vnet-limits'

/** Private endpoints that a VNet may have once it was upgraded to High Scale Private Endpoints. */
export const highScalePrivateEndpoints = { limit: 5_000, source: highScale } as const

/**
 * Every limit, with its source. Two that are often named are none: Azure itself empties the history of deployments (800
 * per subscription and region, https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-history-deletions),
 * and so many projects that they would take the 65,536 private IP addresses of a VNet never come together, because other
 * walls stand before.
 */
export const walls: Readonly<{ addresses: Wall } & Record<CountedWallKey, CountedWall>> = {
  addresses: {
    title: 'addresses of the VNet',
    noun: 'addresses',
    counted: 'Whole sets of subnets are planned into what is free, until one does not fit.',
    help: 'Add an address prefix to the VNet, or release the subnets of projects that are gone.',
    source:
      'https://learn.microsoft.com/azure/virtual-network/manage-virtual-network#add-or-remove-an-address-range',
  },
  privateEndpoints: {
    title: 'private endpoints per VNet',
    noun: 'private endpoints',
    limit: 1_000,
    counted:
      'Those in all subnets of the VNet, whosever they are. Those of peered VNets are not counted, though Azure warns of more than 4,000 with them.',
    help: `Upgrade the VNet to High Scale Private Endpoints (${highScalePrivateEndpoints.limit.toLocaleString('en')} per VNet; all its subnets with private endpoints need network policies for route tables), or start another instance of the factory with a VNet of its own.`,
    source: highScale,
  },
  subnets: {
    title: 'subnets per VNet',
    noun: 'subnets',
    limit: 3_000,
    counted: 'All subnets of the VNet.',
    help: 'Start another instance of the factory with a VNet of its own.',
    source: `${subscriptionLimits}#azure-networking-limits`,
  },
  roleAssignments: {
    title: 'role assignments per subscription',
    noun: 'role assignments',
    limit: 4_000,
    counted: 'All in the subscription, on every scope in it, whoever gave them.',
    help: 'Remove assignments of people and identities that are gone, give roles to groups, or start another instance of the factory in a subscription of its own.',
    source: 'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits',
  },
  deploymentStacks: {
    title: 'deployment stacks per subscription',
    noun: 'deployment stacks',
    limit: 800,
    counted:
      'Those at the scope of the subscription: one for each project. The history of deployments is no wall, because Azure removes the oldest.',
    help: 'Delete the stacks of projects that are gone, or start another instance of the factory in a subscription of its own.',
    source:
      'https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks-known-issues#known-limitations',
  },
  resourceGroups: {
    title: 'resource groups per subscription',
    noun: 'resource groups',
    limit: 980,
    counted: 'All in the subscription: one for each project.',
    help: 'Delete those that are empty, or start another instance of the factory in a subscription of its own.',
    source: `${subscriptionLimits}#azure-subscription-limits`,
  },
  lakeEntries: {
    title: "named entries in the access list of the lake's root",
    noun: "entries of the lake's root",
    limit: 28,
    counted:
      'Grows not with projects: all teams pass through the root as members of one group, or as everybody else.',
    help: 'Remove entries of people and identities, and put them into a group.',
    source:
      'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model#limits-on-azure-role-assignments-and-acl-entries',
  },
  projectNumbers: {
    title: 'project numbers per factory',
    noun: 'project numbers',
    limit: 999,
    counted:
      'Numbers with a manifest beside factory.yml, or with a subnet in the VNet. Those of deleted manifests are not counted, though requests do not get them again.',
    help: 'Start another instance of the factory.',
  },
}
