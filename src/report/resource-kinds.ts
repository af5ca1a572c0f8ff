/** Where a kind of resource is listed. */
export type Area = 'AI' | 'Data' | 'Secrets and identities' | 'Monitoring' | 'Network' | 'Other'

/** The areas in the order in which they are shown. */
export const areas: readonly Area[] = [
  'AI',
  'Data',
  'Secrets and identities',
  'Monitoring',
  'Network',
  'Other',
]

/** How a type of resource is called. */
export interface ResourceKind {
  readonly area: Area
  readonly title: string
}

const cognitive = 'microsoft.cognitiveservices/accounts'
const learning = 'microsoft.machinelearningservices/workspaces'
const cosmos = 'microsoft.documentdb/databaseaccounts'

const kinds: Readonly<Record<string, ResourceKind>> = {
  [cognitive]: { area: 'AI', title: 'Foundry account' },
  [`${cognitive}/projects`]: { area: 'AI', title: 'Foundry project' },
  [`${cognitive}/projects/connections`]: { area: 'AI', title: 'Connection' },
  [`${cognitive}/projects/capabilityhosts`]: { area: 'AI', title: 'Agent host' },
  [`${cognitive}/capabilityhosts`]: { area: 'AI', title: 'Agent host' },
  [`${cognitive}/connections`]: { area: 'AI', title: 'Connection' },
  [`${cognitive}/deployments`]: { area: 'AI', title: 'Model' },
  'microsoft.search/searchservices': { area: 'AI', title: 'AI Search' },
  [learning]: { area: 'AI', title: 'Machine Learning' },
  [`${learning}/computes`]: { area: 'AI', title: 'Compute' },
  [`${learning}/datastores`]: { area: 'AI', title: 'Datastore' },
  'microsoft.containerregistry/registries': { area: 'AI', title: 'Container registry' },
  'microsoft.storage/storageaccounts': { area: 'Data', title: 'Storage account' },
  'microsoft.storage/storageaccounts/blobservices': { area: 'Data', title: 'Blob service' },
  'microsoft.storage/storageaccounts/blobservices/containers': { area: 'Data', title: 'Container' },
  [cosmos]: { area: 'Data', title: 'Cosmos DB' },
  [`${cosmos}/sqldatabases`]: { area: 'Data', title: 'Database' },
  'microsoft.keyvault/vaults': { area: 'Secrets and identities', title: 'Key vault' },
  'microsoft.managedidentity/userassignedidentities': {
    area: 'Secrets and identities',
    title: 'Managed identity',
  },
  'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials': {
    area: 'Secrets and identities',
    title: 'Federated credential',
  },
  'microsoft.insights/components': { area: 'Monitoring', title: 'Application Insights' },
  'microsoft.operationalinsights/workspaces': { area: 'Monitoring', title: 'Log Analytics' },
  'microsoft.network/networksecuritygroups': { area: 'Network', title: 'Network security group' },
  'microsoft.network/virtualnetworks': { area: 'Network', title: 'VNet' },
  'microsoft.network/virtualnetworks/subnets': { area: 'Network', title: 'Subnet' },
  'microsoft.network/privateendpoints': { area: 'Network', title: 'Private endpoint' },
  'microsoft.network/privateendpoints/privatednszonegroups': { area: 'Network', title: 'DNS entry' },
  resourcegroups: { area: 'Other', title: 'Resource group' },
}

/** The kind of an ARM type; of one that is not in the table, its last word and `Other`. */
export const kindOf = (type: string): ResourceKind =>
  kinds[type.toLowerCase()] ?? { area: 'Other', title: type.split('/').at(-1) ?? type }
