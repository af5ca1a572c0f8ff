import type { CommonPartKey } from '../catalog/common/index.ts'
import type { CommonPartSetting } from '../catalog/common/types.ts'
import type { RegistryMode } from '../catalog/facts/registry-roles.ts'
import type { RoleName } from '../catalog/facts/roles.ts'
import type { ServiceKey, SubnetKey } from '../catalog/index.ts'
import type { Location } from '../diagnostics/user-error.ts'
import type { RolePermissions } from '../role-permissions.ts'
import type {
  AccessMode,
  Environment,
  ForeignMembers,
  PersonaKey,
  ProjectType,
  RoleKind,
  SubnetProfile,
} from '../vocabulary.ts'

/** A person or group: an e-mail address (user principal name) or an Entra object id. */
export type Member = string

/** A service of one project in one environment, with all its options decided. */
export type ServiceSetting =
  | { readonly enabled: false }
  | { readonly enabled: true; readonly options: Readonly<Record<string, unknown>> }

/** What a manifest says about one subnet: a size, or an existing subnet. */
export type SubnetSetting = { readonly prefixLength: number } | { readonly id: string }

/** What the documents say of a subnet besides its size. What they do not say is decided when the subnet is created, and stays. */
export interface SubnetSettings {
  /** Resource id. */
  readonly routeTableId?: string | undefined
  /** Resource id. */
  readonly natGatewayId?: string | undefined
  /** Resource id of a network security group that somebody else runs. */
  readonly networkSecurityGroupId?: string | undefined
  /** Names of services, e.g. `Microsoft.Storage`. */
  readonly serviceEndpoints?: readonly string[] | undefined
  readonly defaultOutboundAccess?: boolean | undefined
}

/** Where the VNet of an environment comes from. */
export type VirtualNetworkSource =
  | {
      readonly kind: 'factory'
      readonly addressSpace: readonly string[]
      /** None is Azure's own; absent: those that it has. */
      readonly dnsServers?: readonly string[]
    }
  | { readonly kind: 'existing'; readonly id: string }

/** Where private DNS zones are, and who writes into them: in the common area, in a hub that somebody else runs, or a policy does. */
export type DnsSource =
  | { readonly mode: 'standalone' }
  | { readonly mode: 'hub'; readonly subscriptionId: string; readonly resourceGroup: string }
  /** A policy of the platform writes the records; nothing of them is written here. */
  | { readonly mode: 'policy' }

/** The VNet of one environment, and what else is known of addresses. */
export interface FactoryNetwork {
  readonly source: VirtualNetworkSource
  /** CIDRs that no subnet may use. */
  readonly reserved: readonly string[]
  /** CIDRs that are reached through a hub or a gateway, and that no VNet may have. */
  readonly onPremises: readonly string[]
  /** How subnets are sized unless a project says otherwise. */
  readonly profile: SubnetProfile
  /** Resource ids of the VNets and subnets that manifests may name (bring your own). */
  readonly bringYourOwn: readonly string[]
  /** The address prefixes of the factory's other environments, where factory.yml says them. */
  readonly others: readonly { readonly environment: Environment; readonly addressSpace: readonly string[] }[]
  /** The place in factory.yml of a key of this network, e.g. `reserved.0` or `vnetId`, for errors found later. */
  readonly at: (path: string) => Location
}

/** The identities of an environment besides the one that delivers; each is absent before set-up. */
export interface FactoryIdentities {
  /** Changes nothing. */
  readonly plan?: { readonly clientId: string }
  /** Changes memberships, as second owner of the groups. `objectId` is its service principal's. */
  readonly people?: { readonly clientId: string; readonly objectId: string }
}

/** A role that people hold, in one project or in the core team, as one environment sees it. */
export interface Persona {
  readonly key: PersonaKey
  readonly kind: 'project' | 'coreTeam'
  readonly title: string
  readonly description: string
  /** How it is written in the names of its groups. */
  readonly group: string
  /** What the known accelerator calls it; none for one that factory.yml adds. */
  readonly codes: readonly string[]
  /**
   * The types of project that have its group from the start; others with its first member. Of the core team: any, or none
   * when its group comes with its first member.
   */
  readonly projectTypes: readonly ProjectType[]
  /** The persona of this release whose rights it has but for {@link rights}; none when it has no others. */
  readonly rightsOf?: PersonaKey
  /** The roles that factory.yml chooses in this environment, by the keys of the catalogue's choices. */
  readonly rights: Readonly<Record<string, readonly RoleName[]>>
  /** Its roles in Azure are to be activated when they are needed, instead of held all the time. */
  readonly eligible?: {
    /** By ISO 8601, e.g. `P180D`. */
    readonly duration: string
    readonly justification: string
  }
}

/** The factory as one of its environments sees it. */
export interface ResolvedFactory {
  readonly name: string
  readonly instance: string
  readonly location: string
  readonly locationCode: string
  readonly salt: string
  readonly tenantId: string
  readonly tags: Readonly<Record<string, string>>
  readonly accessMode: AccessMode
  readonly allowedIps: readonly string[]
  readonly dns: DnsSource
  readonly lake: { readonly container: string; readonly traversal: 'group' | 'other' }
  /** The services that factory.yml switches off for all projects. */
  readonly servicesOff: readonly ServiceKey[]
  /** What was decided about each part of the common area. */
  readonly common: Readonly<Record<CommonPartKey, CommonPartSetting>>
  /** The place in factory.yml that says something of a part, e.g. `hubPeering.hub`: for the environment, or for all. */
  readonly commonAt: (path: string) => Location
  readonly sharedContainerRegistry: boolean
  /**
   * How the shared registry decides who may do what: as the common area creates it, until Azure has been asked. One that
   * somebody made may be in the older mode.
   */
  readonly sharedRegistryMode: RegistryMode
  readonly roles: RoleKind
  /**
   * The factory's own roles that exist in Azure, with what they let do, by their GUIDs in lower case. Absent until Azure has
   * been asked: then set-up is taken to have created all of them.
   */
  readonly definedRoles?: ReadonlyMap<string, RolePermissions>
  /** In one environment: those of this release first, then those that factory.yml adds. */
  readonly personas: readonly Persona[]
  /** The people of the core team, by persona; absent where nobody is named. */
  readonly coreTeam: Readonly<Record<PersonaKey, readonly Member[]>>
  readonly members: {
    /** Members of the factory's groups that no manifest names. */
    readonly foreign: ForeignMembers
    /** Are people outside of the tenant invited as guests? */
    readonly invite: boolean
  }
  /** Object id of the administrative unit that the groups of this environment are created in. */
  readonly administrativeUnit?: string
  readonly environment: Environment
  readonly subscriptionId: string
  /** The bootstrap repository, e.g. `contoso/ai-factory`. */
  readonly repository?: string
  /** Application (client) id of the federated identity that delivers to this environment; absent before set-up. */
  readonly clientId?: string
  readonly identities: FactoryIdentities
  readonly network: FactoryNetwork
  /** The place of a key of factory.yml, e.g. `coreTeam.itAdmin.0`, for errors found later. */
  readonly at: (path: string) => Location
}

/** One project in one environment, nothing left to decide: what all later steps read. */
export interface ResolvedProject {
  readonly factory: ResolvedFactory
  readonly environment: Environment
  readonly number: string
  readonly name: string
  readonly type: ProjectType
  readonly description: string
  readonly owner: string
  readonly costCenter: string
  readonly repository?: string
  readonly services: Readonly<Record<ServiceKey, ServiceSetting>>
  readonly subnets: Readonly<Partial<Record<SubnetKey, SubnetSetting>>>
  /** What the factory and the manifest say of each subnet that is the project's own. */
  readonly subnetSettings: Readonly<Partial<Record<SubnetKey, SubnetSettings>>>
  /** The place in factory.yml or the manifest that says one of them, for errors found later. */
  readonly subnetSettingAt: (key: SubnetKey, setting: keyof SubnetSettings) => Location
  /** How subnets without a size of their own are sized. */
  readonly subnetProfile: SubnetProfile
  /** The people of the project, by persona; absent where nobody is named. */
  readonly team: Readonly<Record<PersonaKey, readonly Member[]>>
  /** The place of a key of the project manifest, e.g. `network.subnets.aca2`, for errors found later. */
  readonly at: (path: string) => Location
}
