/** The clouds whose host names are known here. Azure Stack and other clouds of one's own use AzureCloud's. */
export const azureCloudNames = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const
/** One of them. */
export type AzureCloudName = (typeof azureCloudNames)[number]

/**
 * The private DNS zones of all services of the catalogue: the key is the name in the public cloud, the value what the
 * zone is called elsewhere. Where Azure's table does not name a zone for a cloud, because the service has no private
 * endpoints or is not offered there, it is formed like its neighbours. https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
const zonesElsewhere = {
  'privatelink.blob.core.windows.net': {
    AzureUSGovernment: 'privatelink.blob.core.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.blob.core.chinacloudapi.cn',
  },
  'privatelink.file.core.windows.net': {
    AzureUSGovernment: 'privatelink.file.core.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.file.core.chinacloudapi.cn',
  },
  'privatelink.queue.core.windows.net': {
    AzureUSGovernment: 'privatelink.queue.core.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.queue.core.chinacloudapi.cn',
  },
  'privatelink.table.core.windows.net': {
    AzureUSGovernment: 'privatelink.table.core.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.table.core.chinacloudapi.cn',
  },
  'privatelink.vaultcore.azure.net': {
    AzureUSGovernment: 'privatelink.vaultcore.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.vaultcore.azure.cn',
  },
  'privatelink.azurecr.io': {
    AzureUSGovernment: 'privatelink.azurecr.us',
    AzureChinaCloud: 'privatelink.azurecr.cn',
  },
  'privatelink.cognitiveservices.azure.com': {
    AzureUSGovernment: 'privatelink.cognitiveservices.azure.us',
    AzureChinaCloud: 'privatelink.cognitiveservices.azure.cn',
  },
  'privatelink.openai.azure.com': {
    AzureUSGovernment: 'privatelink.openai.azure.us',
    AzureChinaCloud: 'privatelink.openai.azure.cn',
  },
  'privatelink.services.ai.azure.com': {
    AzureUSGovernment: 'privatelink.services.ai.azure.us',
    AzureChinaCloud: 'privatelink.services.ai.azure.cn',
  },
  'privatelink.search.windows.net': {
    AzureUSGovernment: 'privatelink.search.azure.us',
    AzureChinaCloud: 'privatelink.search.azure.cn',
  },
  'privatelink.documents.azure.com': {
    AzureUSGovernment: 'privatelink.documents.azure.us',
    AzureChinaCloud: 'privatelink.documents.azure.cn',
  },
  'privatelink.api.azureml.ms': {
    AzureUSGovernment: 'privatelink.api.ml.azure.us',
    AzureChinaCloud: 'privatelink.api.ml.azure.cn',
  },
  'privatelink.notebooks.azure.net': {
    AzureUSGovernment: 'privatelink.notebooks.usgovcloudapi.net',
    AzureChinaCloud: 'privatelink.notebooks.chinacloudapi.cn',
  },
} as const satisfies Record<string, Record<Exclude<AzureCloudName, 'AzureCloud'>, string>>

/** A private DNS zone by its name in the public cloud. */
export type PrivateDnsZone = keyof typeof zonesElsewhere

/** All zones that projects put records into, by their names in the public cloud, in alphabetical order. */
export const privateDnsZones: readonly PrivateDnsZone[] = Object.keys(zonesElsewhere)
  .filter(isPrivateDnsZone)
  .sort()

function isPrivateDnsZone(name: string): name is PrivateDnsZone {
  return name in zonesElsewhere
}

/** What a zone is called in a cloud. */
export const zoneIn = (cloud: AzureCloudName, zone: PrivateDnsZone): string =>
  cloud === 'AzureCloud' ? zone : zonesElsewhere[zone][cloud]

/** The public host name of a resource, e.g. `prj001.search.windows.net`: that of its private zone without `privatelink`. */
export const hostIn = (cloud: AzureCloudName, name: string, zone: PrivateDnsZone): string =>
  `${name}.${zoneIn(cloud, zone).replace(/^privatelink\./, '')}`
