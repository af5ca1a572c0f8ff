/** How many there can be of what Azure counts. A test lowers them to meet them soon. */
export interface Limits {
  /** https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-networking-limits */
  readonly subnetsPerNetwork: number
  /** https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#azure-private-link-limits */
  readonly privateEndpointsPerNetwork: number
  /** Of a region of a subscription, as are the next three. */
  readonly privateEndpointsPerSubscription: number
  readonly virtualNetworksPerSubscription: number
  readonly networkSecurityGroupsPerSubscription: number
  readonly routeTablesPerSubscription: number
  /** Those at its resource groups and resources included. https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits */
  readonly roleAssignmentsPerSubscription: number
  /** Custom ones. https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits */
  readonly rolesPerTenant: number
}

/** Azure's own. */
export const azureLimits: Limits = {
  subnetsPerNetwork: 3_000,
  privateEndpointsPerNetwork: 1_000,
  privateEndpointsPerSubscription: 64_000,
  virtualNetworksPerSubscription: 1_000,
  networkSecurityGroupsPerSubscription: 5_000,
  routeTablesPerSubscription: 200,
  roleAssignmentsPerSubscription: 4_000,
  rolesPerTenant: 5_000,
}
