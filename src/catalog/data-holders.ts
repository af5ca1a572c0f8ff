/**
 * The types of resources that hold what people have put in, which goes with them, and what that is. Types that are not
 * here can be made again from the manifests: private endpoints, security groups, identities, connections.
 * Some of it can be recovered for a while, e.g. a key vault; that is a rescue, not a reason to delete it unasked.
 */
const dataHolders: Readonly<Record<string, string>> = {
  // The name that a plan has for it; its ARM type is not in its id.
  'resource group': 'everything in it, also what others have put there',
  'Microsoft.Storage/storageAccounts': 'blobs, files, tables and queues',
  'Microsoft.Storage/storageAccounts/blobServices/containers': 'blobs',
  'Microsoft.Storage/storageAccounts/fileServices/shares': 'files',
  'Microsoft.KeyVault/vaults': 'secrets, keys and certificates',
  'Microsoft.DocumentDB/databaseAccounts': 'databases',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases': 'containers with their items',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers': 'items',
  'Microsoft.Search/searchServices': 'indexes',
  'Microsoft.MachineLearningServices/workspaces': 'experiments, models, data assets and endpoints',
  'Microsoft.CognitiveServices/accounts': 'agents, fine-tuned models and files',
  'Microsoft.CognitiveServices/accounts/projects': 'agents, threads and files',
  'Microsoft.ContainerRegistry/registries': 'images',
}

const byLowerCase = new Map(Object.entries(dataHolders).map(([type, holds]) => [type.toLowerCase(), holds]))

/** What a resource of this type holds that is lost with it; undefined when it holds no data. Case does not matter. */
export const dataIn = (type: string): string | undefined => byLowerCase.get(type.toLowerCase())
