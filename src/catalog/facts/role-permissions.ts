import { noPermissions, type RolePermissions } from '../../role-permissions.ts'
import type { RoleName } from './roles.ts'

const blobs = 'Microsoft.Storage/storageAccounts/blobServices'
const files = 'Microsoft.Storage/storageAccounts/fileServices'
const vaults = 'Microsoft.KeyVault/vaults'
const registries = 'Microsoft.ContainerRegistry/registries'
const cognitive = 'Microsoft.CognitiveServices'
const openAi = `${cognitive}/accounts/OpenAI`
const search = 'Microsoft.Search/searchServices'
const workspaces = 'Microsoft.MachineLearningServices/workspaces'
const repositories = `${registries}/repositories`

const under = (prefix: string, ...rest: readonly string[]): readonly string[] =>
  rest.map((one) => `${prefix}/${one}`)

const allowing = (
  actions: readonly string[],
  dataActions: readonly string[] = [],
  notActions: readonly string[] = [],
): RolePermissions => ({ ...noPermissions, actions, dataActions, notActions })

/**
 * What the roles that the catalogue assigns let do, as far as it is about what is inside the resources of a project: a custom
 * role takes it over and is assigned on the whole resource group, where the right to write resources would let its holder add
 * some, or change how those of the delivery are set up. So what the built-in roles have of that kind is left out, with the
 * deployments and alert rules that many of them bring along.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const rolePermissions = {
  Reader: allowing(['*/read']),
  'Monitoring Metrics Publisher': allowing(
    [],
    ['Microsoft.Insights/Metrics/Write', 'Microsoft.Insights/Telemetry/Write'],
  ),
  'Storage Blob Data Contributor': allowing(
    [...under(`${blobs}/containers`, 'delete', 'read', 'write'), `${blobs}/generateUserDelegationKey/action`],
    under(`${blobs}/containers/blobs`, 'add/action', 'delete', 'move/action', 'read', 'write'),
  ),
  'Storage Blob Data Reader': allowing(
    [`${blobs}/containers/read`, `${blobs}/generateUserDelegationKey/action`],
    [`${blobs}/containers/blobs/read`],
  ),
  'Storage File Data Privileged Contributor': allowing(
    [],
    [
      ...under(`${files}/fileshares/files`, 'delete', 'modifypermissions/action', 'read', 'write'),
      ...under(files, 'readFileBackupSemantics/action', 'writeFileBackupSemantics/action'),
    ],
  ),
  'Key Vault Secrets Officer': allowing([`${vaults}/*/read`], [`${vaults}/secrets/*`]),
  'Key Vault Secrets User': allowing(
    [],
    under(`${vaults}/secrets`, 'getSecret/action', 'readMetadata/action'),
  ),
  // A registry honours the actions of one of the two modes, and ignores those of the other.
  AcrPull: allowing([`${registries}/pull/read`], under(repositories, 'content/read', 'metadata/read')),
  AcrPush: allowing(
    under(registries, 'pull/read', 'push/write'),
    under(repositories, 'content/read', 'content/write', 'metadata/read', 'metadata/write'),
  ),
  'Foundry User': allowing(
    [`${cognitive}/*/read`, `${cognitive}/accounts/listkeys/action`],
    [`${cognitive}/*`],
  ),
  'Cognitive Services OpenAI User': allowing(
    [`${cognitive}/*/read`],
    under(
      openAi,
      '*/read',
      'assistants/*',
      'deployments/*/action',
      'engines/completions/action',
      'engines/completions/write',
      'engines/generate/action',
      'engines/search/action',
      'responses/*',
    ),
  ),
  'Search Index Data Reader': allowing([], [`${search}/indexes/documents/read`]),
  'Search Index Data Contributor': allowing([], [`${search}/indexes/documents/*`]),
  // The objects of a service (indexes, indexers, …) are reached with its own actions; the service itself, its links and its keys are the delivery's.
  // https://learn.microsoft.com/azure/role-based-access-control/permissions/ai-machine-learning#microsoftsearch
  'Search Service Contributor': allowing(
    [`${search}/*`],
    [],
    under(
      search,
      'delete',
      'listAdminKeys/action',
      'privateEndpointConnectionProxies/*',
      'privateEndpointConnections/delete',
      'privateEndpointConnections/write',
      'regenerateAdminKey/action',
      'sharedPrivateLinkResources/delete',
      'sharedPrivateLinkResources/write',
      'write',
    ),
  ),
  'AzureML Data Scientist': allowing(
    under(`${workspaces}/*`, 'action', 'delete', 'read', 'write'),
    [],
    under(
      workspaces,
      'computes/*/delete',
      'computes/*/write',
      'computes/listKeys/action',
      'delete',
      'featurestores/delete',
      'featurestores/write',
      'hubs/delete',
      'hubs/write',
      'listKeys/action',
      'privateEndpointConnections/delete',
      'privateEndpointConnections/write',
      'write',
    ),
  ),
  'AzureML Compute Operator': allowing(under(workspaces, 'computes/*', 'notebooks/vm/*')),
} as const satisfies Partial<Record<RoleName, RolePermissions>>

/**
 * Roles of Azure that are assigned by their names, each on what it is about, because the documents of the service ask for
 * that role: what it has to be able to do is the service's to say, and changes with it.
 */
export const rolesByName = {
  'Azure AI Enterprise Network Connection Approver': {
    why: 'A managed network of Machine Learning makes private endpoints, and approves them by itself.',
    source:
      'https://learn.microsoft.com/azure/machine-learning/how-to-managed-network#approval-of-private-endpoints',
  },
  'Cosmos DB Operator': {
    why: 'Foundry creates the containers of its agents in the account.',
    source: 'https://learn.microsoft.com/azure/ai-foundry/agents/how-to/use-your-own-resources',
  },
  'Container Registry Repository Reader': {
    why: 'On the shared registry a condition limits it to the repositories of the project.',
    source:
      'https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions',
  },
  'Container Registry Repository Writer': {
    why: 'On the shared registry a condition limits it to the repositories of the project.',
    source:
      'https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions',
  },
} as const satisfies Partial<Record<RoleName, { readonly why: string; readonly source: string }>>
