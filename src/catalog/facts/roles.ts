import { keysOf } from '../../by-key.ts'
import { sameText } from '../../resource-id.ts'

/**
 * Where a role is defined and assigned: by Azure RBAC, or by Cosmos DB, whose data has a role system of its own
 * (`sqlRoleAssignments`). https://learn.microsoft.com/azure/cosmos-db/nosql/security/reference-data-plane-roles
 */
export type RolePlane = 'azure' | 'cosmos'

/**
 * The built-in roles that this project assigns, by the name Azure shows. The identifier is the last segment of the role
 * definition's resource id: names change ("Azure AI User" became "Foundry User"), identifiers do not.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const roles = {
  Reader: { id: 'acdd72a7-3385-48ef-bd42-f606fba81ae7', plane: 'azure' },
  'Monitoring Metrics Publisher': { id: '3913510d-42f4-4e42-8a64-420c390055eb', plane: 'azure' },

  'Storage Blob Data Contributor': { id: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', plane: 'azure' },
  'Storage Blob Data Reader': { id: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', plane: 'azure' },
  'Storage File Data Privileged Contributor': { id: '69566ab7-960f-475b-8e7c-b3118f30c6bd', plane: 'azure' },

  'Key Vault Secrets Officer': { id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', plane: 'azure' },
  'Key Vault Secrets User': { id: '4633458b-17de-408a-b874-0445c86b69e6', plane: 'azure' },

  AcrPull: { id: '7f951dda-4ed3-4680-a7ca-43fe172d538d', plane: 'azure' },
  AcrPush: { id: '8311e382-0749-4cb8-b61a-304f252e45ec', plane: 'azure' },
  'Container Registry Repository Reader': { id: 'b93aa761-3e63-49ed-ac28-beffa264f7ac', plane: 'azure' },
  'Container Registry Repository Writer': { id: '2a1e307c-b015-4ebd-883e-5b7698a07328', plane: 'azure' },

  'Foundry User': { id: '53ca6127-db72-4b80-b1b0-d745d6d5456d', plane: 'azure' },
  'Cognitive Services OpenAI User': { id: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd', plane: 'azure' },

  'Search Index Data Reader': { id: '1407120a-92aa-4202-b7e9-c0e197c71c8f', plane: 'azure' },
  'Search Index Data Contributor': { id: '8ebe5a00-799e-43f5-93ac-243d3dce84a7', plane: 'azure' },
  'Search Service Contributor': { id: '7ca78c08-252a-4471-8644-bb5ff32d4ba0', plane: 'azure' },

  'AzureML Data Scientist': { id: 'f6c7c914-8db3-469d-8ca1-694a8f32e121', plane: 'azure' },
  'AzureML Compute Operator': { id: 'e503ece1-11d0-4e8e-8e2c-7a6c3bf38815', plane: 'azure' },
  'Azure AI Enterprise Network Connection Approver': {
    id: 'b556d68e-0be0-4f35-a333-ad7ee1ce17ea',
    plane: 'azure',
  },

  'Cosmos DB Operator': { id: '230815da-be43-4aae-9cb4-875f7bd000aa', plane: 'azure' },
  'Cosmos DB Built-in Data Contributor': { id: '00000000-0000-0000-0000-000000000002', plane: 'cosmos' },
} as const satisfies Record<string, { readonly id: string; readonly plane: RolePlane }>
/** The name of one of them. */
export type RoleName = keyof typeof roles

/** The name of the role with this GUID; undefined when it is none of them. */
export const roleNamed = (guid: string): RoleName | undefined =>
  keysOf(roles).find((name) => sameText(roles[name].id, guid))
