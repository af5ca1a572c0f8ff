import { ofType } from './facts/api-versions.ts'
import type { RegistryMode } from './facts/registry-roles.ts'
import type { ArmResource, NetworkAccess } from './types.ts'

/** What a container registry is made of. */
interface RegistrySource {
  readonly name: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly access: NetworkAccess
  /** Written down, because the default is to become the mode of repositories. */
  readonly mode: RegistryMode
  /**
   * Is it sure to take tokens of Azure Resource Manager, which hosted agents of Foundry pull with? Otherwise it stays as it is.
   * https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm
   */
  readonly takesArmTokens?: true
}

/**
 * A container registry: Premium, because only that has private endpoints, and without keys.
 * https://learn.microsoft.com/azure/container-registry/container-registry-skus
 */
export const registryResource = ({
  name,
  location,
  tags,
  access,
  mode,
  takesArmTokens,
}: RegistrySource): ArmResource => ({
  ...ofType('Microsoft.ContainerRegistry/registries'),
  name,
  location,
  tags,
  sku: { name: 'Premium' },
  properties: {
    adminUserEnabled: false,
    roleAssignmentMode: mode,
    anonymousPullEnabled: false,
    dataEndpointEnabled: true,
    ...(takesArmTokens && { policies: { azureADAuthenticationAsArmPolicy: { status: 'enabled' } } }),
    networkRuleBypassOptions: 'AzureServices',
    publicNetworkAccess: access.publicNetwork,
    networkRuleSet: {
      defaultAction: access.defaultAction,
      ipRules: access.allowedIps.map((value) => ({ value, action: 'Allow' })),
    },
  },
})

/** The private endpoint of a registry takes an address for itself and one for the data of its region. */
export const registryEndpoint = {
  group: 'registry',
  zones: ['privatelink.azurecr.io'],
  // https://learn.microsoft.com/azure/container-registry/container-registry-private-endpoints#plan-subnet-ip-capacity-for-private-endpoints
  addresses: 2,
} as const
