import type { z } from 'zod'
import type { Json, JsonObject } from '../json.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import type { Environment, PersonaKey, ProjectType, ServiceKey, SubnetKey } from '../vocabulary.ts'
import type { AzureCloudName, PrivateDnsZone } from './facts/private-dns.ts'
import type { RoleName } from './facts/roles.ts'
import type { SubnetRule } from './facts/subnet-rule.ts'

/** One resource of an ARM template, all names and sizes resolved. */
export interface ArmResource {
  readonly type: string
  readonly apiVersion: string
  readonly name: string
  readonly dependsOn?: readonly string[]
  readonly [property: string]: Json | undefined
}

/** What the factory's access mode means for the network settings of a service. */
export interface NetworkAccess {
  readonly publicNetwork: 'Enabled' | 'Disabled'
  readonly defaultAction: 'Allow' | 'Deny'
  /** IPv4 addresses or ranges that may pass when the public network is enabled. */
  readonly allowedIps: readonly string[]
  /** Are private endpoints made? */
  readonly privateEndpoints: boolean
}

/** All that a service's resources depend on; everything arrives decided. */
export interface ServiceContext<Options = unknown> {
  readonly names: ProjectNames
  readonly common: CommonNames
  /** Resource ids of the project's and the common area's resources. */
  readonly ids: ResourceIds
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly tenantId: string
  readonly environment: Environment
  readonly project: { readonly number: string; readonly name: string; readonly description: string }
  readonly access: NetworkAccess
  /** Where host names end differently. */
  readonly cloud: AzureCloudName
  readonly options: Options
  /** Is this service switched on in this environment? */
  readonly has: (service: ServiceKey) => boolean
  /** The resource id of one of the project's subnets. */
  readonly subnetId: (key: SubnetKey) => string
}

/** The project's and the common area's resources that roles are given on, or that other resources refer to. */
export interface ResourceIds {
  readonly resourceGroup: string
  readonly storage1: string
  readonly storage2: string
  readonly keyVault: string
  readonly applicationInsights: string
  readonly projectIdentity: string
  readonly appsIdentity: string
  readonly aiFoundry: string
  readonly aiFoundryProject: string
  readonly aiSearch: string
  readonly cosmosDb: string
  readonly machineLearning: string
  /** The shared registry of the common area, or the project's own, as the factory decides. */
  readonly containerRegistry: string
  readonly logAnalytics: string
  readonly virtualNetwork: string
  readonly lake: string
}
export type ResourceKey = keyof ResourceIds

/** A private endpoint a resource needs: one per sub-resource ("group"). */
export interface PrivateEndpointDefinition {
  readonly resource: ResourceKey
  /** The sub-resource, e.g. `searchService`. https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource */
  readonly group: string
  /** The private DNS zones its records go to, e.g. `privatelink.search.windows.net`. */
  readonly zones: readonly PrivateDnsZone[]
  /**
   * How many addresses it takes in its subnet: one, unless the service spreads over several.
   * https://learn.microsoft.com/azure/private-link/private-endpoint-overview#network-interface-of-a-private-endpoint
   */
  readonly addresses: number
  /** Must it wait for the resource's children too? Some services refuse both at once. */
  readonly afterChildren?: boolean
}

/** Who receives a role: the people of a persona, or a managed identity of the project. */
export type Grantee =
  | { readonly persona: PersonaKey }
  | {
      /** A user-assigned identity, or the system-assigned identity of a resource. */
      readonly identity: ResourceKey
    }

/** A role that somebody or something holds on a resource of the project. */
export interface RoleGrant {
  readonly to: Grantee
  readonly role: RoleName
  readonly on: ResourceKey
  /** Only in these environments; in all when absent. People usually work in dev only. */
  readonly in?: readonly Environment[]
  /** Only when these services are switched on too. */
  readonly when?: readonly ServiceKey[]
}

/** What a manifest says about a service, all of it decided: each service knows its own keys. */
export type ServiceOptions = Readonly<Record<string, unknown>>

/** One part of a project: data, and one function that makes its resources. */
export interface PartDefinition<Options = ServiceOptions> {
  /** How people call it, e.g. "Azure AI Search". */
  readonly title: string
  readonly documentation: string
  readonly privateEndpoints: readonly PrivateEndpointDefinition[]
  readonly roles: readonly RoleGrant[]
  readonly resources: (context: ServiceContext<Options>) => readonly ArmResource[]
}

/** One service of the catalogue: a part that can be switched on. */
export interface ServiceDefinition<Options = ServiceOptions> extends PartDefinition<Options> {
  readonly key: ServiceKey
  /** The project types that have it without asking. */
  readonly defaultFor: readonly ProjectType[]
  /** Other services it cannot do without. */
  readonly requires?: readonly ServiceKey[]
  /** What a manifest may say about it; every key optional, unknown keys refused. */
  readonly options: z.ZodType<Partial<Options>> & { readonly shape: Readonly<Record<string, z.ZodType>> }
  readonly defaults: Readonly<Record<Environment, Options>>
  /** The subnets it needs besides the one for private endpoints. */
  readonly subnets: readonly SubnetKey[]
}

/** One rule of a network security group. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
export type SecurityRule = { readonly name: string; readonly properties: JsonObject }

/** One subnet a project may own: its usual size, and all that goes into the one PUT that makes it. */
export interface SubnetDefinition {
  readonly key: SubnetKey
  readonly purpose: string
  /** What Azure says of it: smallest size, delegation, outbound access. */
  readonly rule: SubnetRule
  /** Prefix length in the profile `standard`. */
  readonly prefixLength: number
  readonly serviceEndpoints: readonly string[]
  readonly securityRules: readonly SecurityRule[]
}

/** What the network team has attached to a subnet that exists: a PUT without it would detach it. */
export interface SubnetAttachments {
  readonly routeTable?: { readonly id: string }
  readonly natGateway?: { readonly id: string }
  /** One for each family of addresses at most. */
  readonly addressPools?: readonly PoolShare[]
}

/** What a subnet has, or is to have, of a pool of Azure Virtual Network Manager. */
export interface PoolShare {
  /** Resource id of the pool. */
  readonly id: string
  /** A number in digits, as Azure writes it. */
  readonly numberOfIpAddresses: string
}
