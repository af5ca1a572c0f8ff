import type { CoreTeamKey, Environment, PersonaKey } from '../vocabulary.ts'

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

/** Names in the common area of one environment. */
export interface CommonNames {
  readonly resourceGroup: string
  readonly virtualNetwork: string
  readonly lake: string
  readonly containerRegistry: string
  readonly logAnalytics: string
  readonly keyVault: string
  /** The Entra group of a core-team role. */
  readonly coreTeamGroup: (key: CoreTeamKey) => string
  /** The Entra group that may walk through the data lake's root to any project's folder. */
  readonly lakeTraversalGroup: string
}

/** Names of one project in one environment. */
export interface ProjectNames {
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
  readonly machineLearningCluster: string
  readonly machineLearningInstance: string
  readonly containerRegistry: string
  /** The deployment stack at subscription scope. At most 64 characters, as every deployment name. */
  readonly deploymentStack: string
  /** Name of the nested deployment for one part of the template. */
  readonly nestedDeployment: (part: string) => string
  /**
   * A subnet by its key, e.g. `genai`, or by a name that somebody chose. What already is a name of a subnet of this
   * project stays as it is.
   */
  readonly subnet: (key: string) => string
  /** By the key of its subnet. */
  readonly networkSecurityGroup: (key: string) => string
  /** The private endpoint of one sub-resource of a resource, e.g. (`saprj001…`, `blob`). */
  readonly privateEndpoint: (resource: string, group: string) => string
  /** The Entra group of a persona; the same string is its mailNickname and uniqueName (64 characters at most). */
  readonly personaGroup: (key: PersonaKey) => string
  /** The project's folder under `projects/` in the data lake, e.g. `project001`. */
  readonly lakeFolder: string
}
