/**
 * Properties that providers set and nobody can, so that Azure's what-if leaves them out of the comparison. By the last
 * part of their path, lower case. Azure takes this from the providers' specifications (`readOnly`); whatever else a
 * provider adds by itself shows as deleted, as it does there.
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#see-results
 */
const names = new Set(
  [
    // common
    ['provisioningState', 'etag', 'systemData', 'id', 'resourceGuid', 'privateEndpointConnections'],
    [
      'creationTime',
      'createdOn',
      'createdBy',
      'updatedOn',
      'updatedBy',
      'createdDate',
      'modifiedDate',
      'dateCreated',
    ],
    // identities, role assignments
    ['principalId', 'clientId', 'tenantId', 'scope'],
    // networks
    ['ipConfigurations', 'privateEndpoints', 'purpose', 'networkInterfaces', 'internalId'],
    [
      'numberOfRecordSets',
      'maxNumberOfRecordSets',
      'maxNumberOfVirtualNetworkLinks',
      'virtualNetworkLinkState',
    ],
    [
      'maxNumberOfVirtualNetworkLinksWithRegistration',
      'numberOfVirtualNetworkLinks',
      'recordSets',
      'defaultSecurityRules',
    ],
    ['numberOfVirtualNetworkLinksWithRegistration', 'virtualNetworkPeerings'],
    // storage
    ['primaryEndpoints', 'primaryLocation', 'statusOfPrimary', 'secondaryEndpoints', 'secondaryLocation'],
    [
      'statusOfSecondary',
      'keyCreationTime',
      'lastModifiedTime',
      'leaseState',
      'leaseStatus',
      'hasImmutabilityPolicy',
      'hasLegalHold',
    ],
    // services
    [
      'vaultUri',
      'hsmPoolResourceId',
      'documentEndpoint',
      'instanceId',
      'loginServer',
      'creationDate',
      'customerId',
    ],
    ['endpoint', 'endpoints', 'internalId', 'callRateLimit', 'isMigrated', 'skuChangeInfo', 'statusDetails'],
    ['appId', 'applicationId', 'instrumentationKey', 'connectionString'],
    [
      'workspaceId',
      'discoveryUrl',
      'mlFlowTrackingUri',
      'notebookInfo',
      'serviceProvisionedResourceGroup',
      'storageHnsEnabled',
    ],
    [
      'privateLinkCount',
      'tenantID',
      'associatedWorkspaces',
      'agentsEndpointUri',
      'workspaceArmResourceId',
      'keysMetadata',
    ],
  ]
    .flat()
    .map((name) => name.toLowerCase()),
)

/** Properties that are the provider's own in one type only; lower case, a list's members beginning anew. */
const namesByType: Readonly<Record<string, readonly string[]>> = {
  'microsoft.cognitiveservices/accounts/deployments': ['properties.currentcapacity'],
  'microsoft.network/virtualnetworks/subnets': [
    'properties.actions',
    'properties.serviceassociationlinks',
    'properties.resourcenavigationlinks',
  ],
  'microsoft.search/searchservices': ['properties.status'],
  'microsoft.network/networksecuritygroups': ['properties.subnets'],
  'microsoft.network/routetables': ['properties.subnets'],
  'microsoft.network/natgateways': ['properties.subnets'],
  'microsoft.network/publicipaddresses': ['properties.ipconfiguration'],
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf('.') + 1).toLowerCase()

/** Did the provider set this by itself, for nobody to change? `path` as in a delta: `properties.provisioningState`. */
export const isProvidersOwn = (type: string, path: string, value: unknown): boolean =>
  names.has(lastPart(path)) ||
  namesByType[type.toLowerCase()]?.includes(path.toLowerCase()) === true ||
  (lastPart(path) === 'type' && typeof value === 'string' && value.includes('/'))

const never = new Set(['provisioningstate', 'etag', 'resourceguid', 'systemdata', 'creationtime'])

/** Would Azure ignore what a template says of this property? */
export const isIgnored = (path: string): boolean => never.has(lastPart(path))
