/** How large a subnet has to be, why, and where that is written. */
export interface SubnetSize {
  /** The longest prefix: /27 says that /27 or larger will do. */
  readonly prefixLength: number
  /** Half a sentence that follows "because", e.g. `Azure keeps 5 of 16 addresses and each instance takes one`. */
  readonly because: string
  readonly source: string
}

/** A range that a subnet of this kind must not touch, or had better not. */
export interface SubnetRange {
  /** CIDR. */
  readonly range: string
  /** Half a sentence that follows "because", e.g. `it is the range of Docker's bridge`. */
  readonly because: string
  readonly source: string
}

/** What takes addresses in a subnet: `fixed + count * each`, to which Azure's own five come. */
export interface SubnetLoad {
  /** What is counted, in the plural, e.g. `agent sessions at a time`. */
  readonly unit: string
  /** How many a project of usual size has. */
  readonly count: number
  /** Addresses for each. */
  readonly each: number
  /** Addresses that are taken whatever the count. */
  readonly fixed: number
  readonly source: string
}

/**
 * Whether something is in the subnet's one PUT: must be, may be, or must not be. `prescribed`: may be, but with nothing else
 * in it than the service itself says, or Azure refuses the PUT; so it is left to whoever sets the service up.
 */
export type Attachment = 'required' | 'allowed' | 'prescribed' | 'refused'

/** What Azure says of a subnet for one service. Data only: planning, claiming and checking read it. */
export interface SubnetRule {
  /** What is in the subnet, e.g. `Foundry agents`. */
  readonly title: string
  /** Below it the service refuses the subnet. */
  readonly smallest: SubnetSize
  /** Below it the service works, with the drawback that `because` names. */
  readonly recommended: SubnetSize
  /** Above it the service refuses the subnet; absent when there is no such limit. */
  readonly largest?: SubnetSize
  /** Exact spelling: services compare it case-sensitively. */
  readonly delegation?: string
  /** The only name that Azure takes, e.g. `AzureBastionSubnet`. */
  readonly fixedName?: string
  /** Who may use it alone, e.g. `one Foundry account`; absent when several may share it. */
  readonly exclusiveTo?: string
  /** The service works only in these ranges (CIDRs); anywhere when absent. */
  readonly onlyIn?: { readonly ranges: readonly string[]; readonly because: string; readonly source: string }
  /** The service refuses a subnet that touches one of these. */
  readonly forbidden: readonly SubnetRange[]
  /** It works there, but clashes with something that most installations have. Avoided where other space is free. */
  readonly avoided: readonly SubnetRange[]
  readonly defaultOutboundAccess: boolean
  /**
   * Do security groups and route tables count for the private endpoints in it?
   * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
   */
  readonly privateEndpointNetworkPolicies: 'Disabled' | 'Enabled'
  readonly networkSecurityGroup: Attachment
  readonly routeTable: Attachment
  readonly load: SubnetLoad
  /** Where all this is described. */
  readonly documentation: string
}
