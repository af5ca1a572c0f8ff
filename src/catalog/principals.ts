import { type ArmType, apiVersions } from './facts/api-versions.ts'
import type { ResourceKey } from './types.ts'

/** How to read the object id of a managed identity from the resource that has it. */
export interface PrincipalSource {
  /** The API version to read the resource with. */
  readonly apiVersion: string
  /**
   * `identity`: the resource has a system-assigned identity, its `identity.principalId` is the object id.
   * `properties`: the resource is a user-assigned identity, its `properties.principalId` is.
   */
  readonly principalIn: 'identity' | 'properties'
}

const from = (type: ArmType, principalIn: PrincipalSource['principalIn']): PrincipalSource => ({
  apiVersion: apiVersions[type],
  principalIn,
})

/** Every resource of a project that has, or is, a managed identity. Those in the grants of the catalogue are all here. */
export const principals: Readonly<Partial<Record<ResourceKey, PrincipalSource>>> = {
  projectIdentity: from('Microsoft.ManagedIdentity/userAssignedIdentities', 'properties'),
  appsIdentity: from('Microsoft.ManagedIdentity/userAssignedIdentities', 'properties'),
  aiFoundry: from('Microsoft.CognitiveServices/accounts', 'identity'),
  aiFoundryProject: from('Microsoft.CognitiveServices/accounts/projects', 'identity'),
  aiSearch: from('Microsoft.Search/searchServices', 'identity'),
  machineLearning: from('Microsoft.MachineLearningServices/workspaces', 'identity'),
}
