import type { z } from 'zod'
import type { Environment } from '../../vocabulary.ts'
import type { ArmType } from '../facts/api-versions.ts'
import type { LogTier } from '../facts/log-tiers.ts'
import type { AzureCloudName } from '../facts/private-dns.ts'
import type { RegistryMode } from '../facts/registry-roles.ts'
import type { RoleName } from '../facts/roles.ts'
import type { CorePersonaKey } from '../personas.ts'
import type { ArmResource, NetworkAccess, PartDeclaration, RightsChoice } from '../types.ts'

/**
 * The two deployment stacks of a common area: `network` comes before the common subnets are claimed, `common` after, with
 * all that needs them.
 */
export type CommonStack = 'network' | 'common'

/** What other keys of factory.yml say of an environment that decides about parts of its common area. */
export interface FactoryFacts {
  readonly dns: 'standalone' | 'hub' | 'policy'
  /** Resource id of an existing VNet; undefined when the factory has one of its own. */
  readonly virtualNetworkId: string | undefined
  readonly sharedContainerRegistry: boolean
  /** Keys of the services that no project of the environment has, of whatever type, unless its manifest says so. */
  readonly servicesOff: readonly string[]
}

/** What was decided about a part: it is not there, it is made, or an existing resource stands in for it. */
export type CommonPartSetting =
  | { readonly kind: 'off' }
  | { readonly kind: 'own'; readonly options: Readonly<Record<string, unknown>> }
  /** By resource id. */
  | { readonly kind: 'existing'; readonly id: string }

/** What the resources of a part of the common area depend on; everything arrives decided. */
export interface CommonContext<
  Resource extends string = string,
  Options = unknown,
  Subnet extends string = string,
> {
  /** Names of the part's own resources and of those of the parts it connects to. */
  readonly names: Readonly<Record<Resource, string>>
  /** Their resource ids; those of existing ones where these stand in. */
  readonly ids: Readonly<Record<Resource, string>>
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly tenantId: string
  readonly environment: Environment
  /** The address prefixes of the VNet that the factory makes; none when it exists already. */
  readonly addressSpace: readonly string[]
  /** The DNS servers of that VNet; none is Azure's own, undefined is those that it has. */
  readonly dnsServers: readonly string[] | undefined
  /** The container of the data lake. */
  readonly lakeContainer: string
  readonly access: NetworkAccess
  /** The day on which its budget began, or begins: the first of a month, e.g. `2026-11-01T00:00:00Z`. */
  readonly budgetStart: string
  /** How much is logged, and for how long. */
  readonly logTier: LogTier
  /** Ids of all that is made and has logs to send. */
  readonly logged: readonly string[]
  /** How the shared container registry decides who may do what. */
  readonly registryMode: RegistryMode
  /** Where host names and zones are called differently. */
  readonly cloud: AzureCloudName
  readonly options: Options
  /** The resource id of a common subnet. */
  readonly subnetId: (key: Subnet) => string
}

/** A role that a persona of the core team has on a resource of the common area, or on all of it. */
export interface CoreTeamGrant<On extends string = string> {
  readonly to: CorePersonaKey
  readonly role: RoleName
  readonly on: On | 'resourceGroup'
  /** Only in these environments; in all when absent. */
  readonly in?: readonly Environment[]
}

/** One part of the common area: switched and sized in factory.yml, under its key. */
export interface CommonPartDefinition<
  Key extends string = string,
  Resource extends string = string,
  Subnet extends string = string,
> extends PartDeclaration<Resource, Subnet> {
  readonly key: Key
  readonly stack: CommonStack
  /** Is it there unless factory.yml says otherwise? `always`: nothing can switch it off. */
  readonly enabled: boolean | 'always'
  /** The resource for which an existing one can stand in, by its id; undefined when none can. */
  readonly existing: Resource | undefined
  /** The key of factory.yml that has this id, e.g. `network.vnetId`, when it is not `id` under the part's own key. */
  readonly existingBy: string | undefined
  /** Whether only a VNet that the factory makes can have it: what somebody else runs is theirs to change. */
  readonly ownNetworkOnly: boolean
  /** The types of which projects use what is there: it does not go while there are projects, whatever is allowed. */
  readonly usedByProjects: readonly ArmType[]
  /** Which of its resources have logs: by the resource's key, and for a child of it the path below. */
  readonly logs: readonly { readonly resource: Resource; readonly child?: string }[]
  /** What other keys of factory.yml decide about it; undefined when they leave it open. */
  readonly decidedBy: (facts: FactoryFacts) => Exclude<CommonPartSetting, { kind: 'own' }> | undefined
  /** Can it be left out, unless its own key says otherwise? */
  readonly notNeeded: (facts: FactoryFacts) => boolean
  /** What factory.yml may say about it; every key optional, unknown keys refused. */
  readonly options: z.ZodType<Readonly<Record<string, unknown>>> & {
    readonly shape: Readonly<Record<string, z.ZodType>>
  }
  readonly defaults: Readonly<Record<Environment, Readonly<Record<string, unknown>>>>
  /** The options that a part which is switched on cannot do without, and that have no default. */
  readonly required: readonly string[]
  /** What the core team may do with it; on an existing one that stands in for it, its owner decides. */
  readonly roles: readonly CoreTeamGrant<Resource>[]
  /** What a factory may choose for a persona of the core team instead. */
  readonly rights: readonly RightsChoice<Resource | 'resourceGroup'>[]
  /** Its ARM resources in the common resource group, in any order. */
  readonly template: (context: CommonContext<string, unknown>) => readonly ArmResource[]
}
