import type { z } from 'zod'
import type { Json, JsonObject } from '../json.ts'
import type { NameRule } from '../naming/types.ts'
import type { Environment, PersonaKey, ProjectType } from '../vocabulary.ts'
import type { ArmType } from './facts/api-versions.ts'
import type { AzureCloudName, PrivateDnsZone } from './facts/private-dns.ts'
import type { RoleName } from './facts/roles.ts'
import type { PriceDeclaration } from './prices.ts'

/** One resource of an ARM template, all names and sizes resolved. */
export interface ArmResource {
  readonly type: string
  readonly apiVersion: string
  readonly name: string
  readonly dependsOn?: readonly string[]
  /** Resource id of what it extends, as a diagnostic setting does. */
  readonly scope?: string
  readonly [property: string]: Json | undefined
}

/** What the factory's access mode means for the network settings of a service. */
export interface NetworkAccess {
  readonly publicNetwork: 'Enabled' | 'Disabled'
  readonly defaultAction: 'Allow' | 'Deny'
  /** IPv4 addresses or ranges that may pass when the public network is enabled. */
  readonly allowedIps: readonly string[]
  /** Are private endpoints created? */
  readonly privateEndpoints: boolean
}

/** A resource of a project that something else refers to: by its name, by its id, or as a principal. */
export interface ResourceDeclaration {
  readonly type: ArmType
  /** The key of the resource it is a child of, in the same part. */
  readonly parent?: string
  readonly name: NameRule
  /**
   * Its managed identity, if it has one: `system`, the resource has a system-assigned identity; `user`, the resource is a
   * user-assigned identity.
   */
  readonly identity?: 'system' | 'user'
  /** The resource of the common area that stands in for it, unless every project has its own. */
  readonly shared?: 'containerRegistry'
}

/** A private endpoint a resource needs: one per sub-resource ("group"). */
export interface PrivateEndpointDefinition<Resource extends string = string> {
  readonly resource: Resource
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

/** Who is assigned a role: the group of a persona, or a managed identity of the project. */
export type GrantPrincipal<Resource extends string = string> =
  | { readonly persona: PersonaKey }
  | {
      /** The key of a user-assigned identity, or of a resource with a system-assigned identity. */
      readonly identity: Resource
    }

/** Where roles are assigned besides the resources of a project: on the whole of it, or in the common area. */
export type Place = 'resourceGroup' | 'machineLearningRegistry'

/**
 * A role that a principal of the project has on one of its resources. It is assigned only where both exist: a role on, or
 * for, a service that is off is not.
 */
export interface RoleGrant<Identity extends string = string, On extends string = string> {
  readonly to: GrantPrincipal<Identity>
  readonly role: RoleName
  /** The key of a resource, `resourceGroup` for the whole project, or `machineLearningRegistry` in the common area. */
  readonly on: On
  /** Only in these environments; in all when absent. People usually work in dev only. */
  readonly in?: readonly Environment[]
}

/**
 * What a factory may choose of a part for a persona, under a key of `personas.<persona>.rights`: it replaces all that the part
 * grants the persona under this key.
 */
export interface RightsChoice<On extends string = string> {
  readonly key: string
  /** What the roles are about, e.g. "Azure Key Vault". */
  readonly title: string
  /** Every role that the part itself grants to people, and others that they may be given. */
  readonly offers: readonly { readonly role: RoleName; readonly on: On }[]
}

/** What is lost with a resource that holds data. */
export interface StatefulType {
  /** What people have put in, e.g. `secrets, keys and certificates`. */
  readonly holds: string
  /** How Azure keeps a deleted one for a while, one sentence with its source; absent when it is gone at once. */
  readonly softDelete?: {
    readonly sentence: string
    readonly source: string
    /** The collection of a subscription in which the service lists what it keeps; absent when it lists nothing. */
    readonly listed?: string
    /** How it is given up before its time; absent when nobody can. */
    readonly purge?: Purge
    /** How it comes back; absent when its PUT cannot bring it back. */
    readonly recovery?: Recovery
  }
  /**
   * Types of its parts, below its own, that have to be deleted before it, in this order. Each is a collection at the
   * resource, or at each member of the one above: `projects/capabilityHosts`.
   */
  readonly partsFirst?: readonly string[]
}

/** What a PUT of the same resource says, besides all else, to bring back the deleted one. */
export interface Recovery {
  readonly property: string
  readonly value: string | boolean
}

/**
 * How a softly deleted resource is given up before its time. `again`: it is deleted once more where the service lists it as
 * deleted. `forceToPurge`: the parameter of a DELETE with which nothing is kept.
 */
export type Purge = 'again' | 'forceToPurge'

/**
 * Every ARM type that a part deploys, and what it holds. `stateless`: it can be created again from the manifests. A type
 * that nobody declared counts as stateful.
 */
export type DataDeclaration = Readonly<Record<string, StatefulType | 'stateless'>>

/**
 * Where people, and services at work for them, make something of their own inside resources of a type: collections below the
 * resource that Azure Resource Manager lists, e.g. `blobServices/containers`, with what each member holds. All of it goes with
 * the resource, and no manifest brings it back.
 */
export type InsideDeclaration = Readonly<Record<string, Readonly<Record<string, string>>>>

/** One rule of a network security group. https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview */
export type SecurityRule = { readonly name: string; readonly properties: JsonObject }

/** How large a subnet has to be, why, and where that is written. */
export interface SubnetSize {
  /** The longest prefix: /27 means that /27 or larger works. */
  readonly prefixLength: number
  /** Half a sentence that follows "because", e.g. `Azure reserves 5 of 16 addresses and each instance takes one`. */
  readonly because: string
  readonly source: string
}

/** A range that a subnet of this kind must not overlap, or should not. */
export interface SubnetRange {
  /** CIDR. */
  readonly range: string
  /** Half a sentence that follows "because", e.g. `it is the range of Docker's bridge`. */
  readonly because: string
  readonly source: string
}

/** What takes addresses in a subnet: `fixed + count * each`, besides the five that Azure reserves. */
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
 * Whether something is in the subnet's one PUT: must be, may be, or must not be. `prescribed`: may be, but only with the
 * rules that the service prescribes, or Azure refuses the PUT; so it is left to whoever sets the service up.
 */
export type Attachment = 'required' | 'allowed' | 'prescribed' | 'refused'

/** What Azure requires of a subnet for one service. Data only: planning, creating and checking read it. */
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
  /** The only name that Azure accepts, e.g. `AzureBastionSubnet`. */
  readonly fixedName?: string
  /** What alone may use it, e.g. `one Foundry account`; absent when several may share it. */
  readonly exclusiveTo?: string
  /** The service works only in these ranges (CIDRs); anywhere when absent. */
  readonly onlyIn?: { readonly ranges: readonly string[]; readonly because: string; readonly source: string }
  /** The service refuses a subnet that overlaps one of these. */
  readonly forbidden: readonly SubnetRange[]
  /** It works there, but conflicts with something that most installations have. Avoided where other space is free. */
  readonly avoided: readonly SubnetRange[]
  readonly defaultOutboundAccess: boolean
  /**
   * Do security groups and route tables apply to the private endpoints in it?
   * https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
   */
  readonly privateEndpointNetworkPolicies: 'Disabled' | 'Enabled'
  readonly networkSecurityGroup: Attachment
  readonly routeTable: Attachment
  readonly load: SubnetLoad
  /** Where all this is described. */
  readonly documentation: string
}

/** One subnet a project may have: its usual size, and all that goes into the one PUT that creates it. */
export interface SubnetDeclaration {
  readonly purpose: string
  /** What Azure says of it: smallest size, delegation, outbound access. */
  readonly rule: SubnetRule
  /** Prefix length in the profile `standard`. */
  readonly prefixLength: number
  /** How it is written in the subnet's name, when not as its key. */
  readonly slug?: string
  readonly serviceEndpoints: readonly string[]
  readonly securityRules: readonly SecurityRule[]
  /** The resource that is injected into it, for subnets that do not say themselves whose they are. */
  readonly injected?: SubnetInjection
}

/** How to find the subnets that a resource is injected into. */
export interface SubnetInjection {
  /** The key of the resource. */
  readonly resource: string
  /** Their resource ids, in the properties that Azure shows of it. */
  readonly subnetIds: (properties: Readonly<Record<string, unknown>>) => readonly string[]
}

/** A subnet of the catalogue with its key, e.g. `genai`. */
export interface SubnetDefinition extends SubnetDeclaration {
  readonly key: string
}

/** What the resources of a part depend on; everything arrives decided. */
export interface PartContext<
  Resource extends string = string,
  Options = unknown,
  Subnet extends string = never,
> {
  /** Names of the part's own resources and of those of the parts it connects to. */
  readonly names: Readonly<Record<Resource, string>>
  /** Their resource ids. */
  readonly ids: Readonly<Record<Resource, string>>
  /** Resource ids in the common area. */
  readonly common: { readonly logAnalytics: string; readonly machineLearningRegistry: string }
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly tenantId: string
  readonly environment: Environment
  readonly project: { readonly number: string; readonly name: string; readonly description: string }
  readonly access: NetworkAccess
  /** Where host names end differently. */
  readonly cloud: AzureCloudName
  readonly options: Options
  /** Does the project have this part in this environment? */
  readonly has: (part: PartDefinition) => boolean
  /** The resource id of a subnet. */
  readonly subnetId: (key: Subnet) => string
}

/**
 * A capability host: what makes an account and a project run agents on data of one's own. There is one at most for each,
 * Azure checks the roles of the project's identity while it is made, and nothing of it is ever changed.
 * https://learn.microsoft.com/azure/foundry/agents/concepts/capability-hosts
 */
export interface CapabilityHost {
  readonly type: ArmType
  /** Resource id of the account or project that it belongs to. */
  readonly parent: string
  /** What it is called when it is created here; one of another name that is there already is as good. */
  readonly name: string
  /**
   * What it is created with; undefined when Azure keeps the data and there is to be none. `byAzure`: Azure usually makes it
   * together with its parent.
   */
  readonly wanted: { readonly properties: JsonObject; readonly byAzure: boolean } | undefined
}

/** What a manifest says about a service, all of it decided: each service knows its own keys. */
export type ServiceOptions = Readonly<Record<string, unknown>>

/** What a part of a project and a part of the common area have alike. */
export interface PartDeclaration<Resource extends string = string, Subnet extends string = string> {
  /** How people call it, e.g. "Azure AI Search". */
  readonly title: string
  readonly documentation: string
  readonly resources: Readonly<Record<Resource, ResourceDeclaration>>
  readonly subnets: Readonly<Record<Subnet, SubnetDeclaration>>
  readonly privateEndpoints: readonly PrivateEndpointDefinition[]
  readonly data: DataDeclaration
  readonly inside: InsideDeclaration
  readonly prices: PriceDeclaration
}

/** One part of a project: data, and one function that returns its ARM resources. */
export interface PartDefinition<Resource extends string = string, Subnet extends string = string>
  extends PartDeclaration<Resource, Subnet> {
  readonly roles: readonly RoleGrant[]
  readonly rights: readonly RightsChoice[]
  /** Its ARM resources, in any order: `dependsOn` says what waits for what. */
  readonly template: (context: PartContext<string, unknown, string>) => readonly ArmResource[]
  /** Its capability hosts, in the order in which they are created, after the template and all roles. */
  readonly capabilityHosts: (context: PartContext<string, unknown, string>) => readonly CapabilityHost[]
}

/** The keys of the resources of one or several parts. */
export type ResourceOf<Part> = Part extends { readonly resources: infer Own } ? keyof Own & string : never

/** What was decided about another service in the same environment; undefined when it is off. */
export type OptionsOf = (
  service: Pick<ServiceDefinition, 'key'>,
) => Readonly<Record<string, unknown>> | undefined

/** One service of the catalogue: a part that can be switched on. */
export interface ServiceDefinition<
  Key extends string = string,
  Resource extends string = string,
  Subnet extends string = string,
> extends PartDefinition<Resource, Subnet> {
  readonly key: Key
  /** What the box of the issue form says. It is a contract with every bootstrap repository: issues are read by it. */
  readonly formLabel: string
  /** What the box said in earlier releases, for issues and forms that still say so. */
  readonly formerLabels: readonly string[]
  /** The project types that have it without asking. */
  readonly defaultFor: readonly ProjectType[]
  /** The keys of other services it cannot do without. */
  readonly requires: readonly string[]
  /** Sentences about what its options cannot be, given those of the other services, undefined for one that is off. */
  readonly refuses: (options: unknown, optionsOf: OptionsOf) => readonly string[]
  /** What a manifest may say about it; every key optional, unknown keys refused. */
  readonly options: z.ZodType<ServiceOptions> & { readonly shape: Readonly<Record<string, z.ZodType>> }
  readonly defaults: Readonly<Record<Environment, ServiceOptions>>
}

/** Where the addresses of a subnet come from, when nobody types them. */
export interface SubnetAttachments {
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
