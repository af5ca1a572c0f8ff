import type { Environment } from '../vocabulary.ts'

/** What every name is made of. */
export interface NamingScheme {
  /** `name` of factory.yml: 2-8 of a-z0-9. */
  readonly factory: string
  /** `instance` of factory.yml, three digits. */
  readonly instance: string
  /** 2-4 of a-z0-9. */
  readonly locationCode: string
  /** 5 of a-z0-9, makes globally unique names. */
  readonly salt: string
  readonly environment: Environment
}

/** What distinguishes the group of a persona in its name. */
export interface GroupWord {
  /** At most {@link groupWordLength} of a-z, 0-9 and single underscores, e.g. `data_scientist`. */
  readonly group: string
}

/** With it, the name of a factory is written in full in the names of all groups. */
export const groupWordLength = 24

/** Names in the common area of one environment: those of its resources by their keys, and some of its own. */
export type CommonNames<Resource extends string = never> = Readonly<Record<Resource, string>> &
  SubnetNames & {
    readonly resourceGroup: string
    /** The deployment stack of VNet, peering and private DNS zones, at subscription scope. */
    readonly networkStack: string
    /** The deployment stack of all the rest, at subscription scope. */
    readonly deploymentStack: string
    /** Name of the nested deployment for one part of a template. */
    readonly nestedDeployment: (part: string) => string
    /** The private endpoint of one sub-resource of a resource. */
    readonly privateEndpoint: (resource: string, group: string) => string
    /** The Entra group of a persona of the core team; the same string is its mailNickname (64 characters at most). */
    readonly coreTeamGroup: (persona: GroupWord) => string
    /** How the names of the groups of all its personas begin. */
    readonly coreTeamGroupPrefix: string
    /** The app registration of one of the environment's identities, e.g. `deliver`. */
    readonly identity: (kind: string) => string
    /** A role of the factory's own in Azure, by whom it is for, e.g. `data scientist`. At most 128 characters. */
    readonly customRole: (title: string) => string
    /** The Entra group that may traverse the data lake's root to any project's folder. */
    readonly lakeTraversalGroup: string
  }

/** How a project, or the common area, names its subnets and their network security groups. */
export interface SubnetNames {
  /**
   * A subnet by its key, e.g. `genai`, or by a name that somebody chose. What already is a name of a subnet of this
   * owner stays as it is.
   */
  readonly subnet: (key: string) => string
  /** By the key of its subnet, or the subnet's name. */
  readonly networkSecurityGroup: (key: string) => string
}

/** Names of one project in one environment: those of its resources by their keys, and some of its own. */
export type ProjectNames<Resource extends string = never> = Readonly<Record<Resource, string>> &
  SubnetNames & {
    readonly resourceGroup: string
    /** The deployment stack at subscription scope. At most 64 characters, as every deployment name. */
    readonly deploymentStack: string
    /** Name of the nested deployment for one part of the template. */
    readonly nestedDeployment: (part: string) => string
    /** The private endpoint of one sub-resource of a resource, e.g. (`saprj001…`, `blob`). */
    readonly privateEndpoint: (resource: string, group: string) => string
    /** The Entra group of a persona; the same string is its mailNickname (64 characters at most). */
    readonly personaGroup: (persona: GroupWord) => string
    /** How the names of the groups of all its personas begin, and of no other project's. */
    readonly personaGroupPrefix: string
    /** The project's folder under `projects/` in the data lake, e.g. `project001`. */
    readonly lakeFolder: string
  }

/** What may stand in a pattern. `{value}` and `{detail}` are given by the caller of a naming function. */
export type Placeholder =
  | 'factory'
  | 'location'
  | 'env'
  | 'instance'
  | 'shortInstance'
  | 'salt'
  | 'project'
  | 'value'
  | 'detail'

/** Where a name must be unique. */
export type Scope = 'global' | 'region' | 'tenant' | 'subscription' | 'group' | 'network' | 'parent'

/** One name: how it is made, and what the service accepts. */
export interface NameRule {
  /** Text with `{placeholders}`. */
  readonly pattern: string
  /** The placeholder that is shortened to a hash when the whole would be too long. */
  readonly givesWay: Placeholder
  readonly minLength: number
  readonly maxLength: number
  /** What the service accepts: alphabet, first and last character, separators. */
  readonly accepts: RegExp
  readonly scope: Scope
  /** Where Azure says so. */
  readonly source: string
}
