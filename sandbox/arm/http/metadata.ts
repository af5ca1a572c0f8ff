/** First API version whose answer is one cloud instead of a list of clouds. */
const singleFrom = '2022-09-01'
/** First API version in the form of clouds; before it, that of Azure Stack. */
const cloudsFrom = '2018-05-01'

/**
 * `/metadata/endpoints`: how clients learn where a cloud's services are. Azure Stack's form for API versions before
 * 2018-05-01 and `1.0`, a list of clouds up to 2020, and a single cloud from 2022-09-01 on.
 * https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles
 */
export function metadataEndpoints(base: string, tenantId: string, apiVersion: string): unknown {
  if (!/^\d{4}/.test(apiVersion) || apiVersion < cloudsFrom) return stackForm(base, tenantId)
  const cloud = cloudForm(base, tenantId)
  return apiVersion < singleFrom ? [cloud] : cloud
}

/** What clients make host names of: they lead nowhere, so that nothing leaves the machine. */
const noHost = (service: string) => `${service}.sandbox.invalid`

function authentication(base: string, tenantId: string) {
  return {
    loginEndpoint: base,
    audiences: [base, 'https://management.core.windows.net/', 'https://management.azure.com/'],
    tenant: tenantId,
    identityProvider: 'AAD',
  }
}

function stackForm(base: string, tenantId: string) {
  return {
    galleryEndpoint: `${base}/gallery`,
    graphEndpoint: `${base}/graph`,
    portalEndpoint: `${base}/portal`,
    authentication: authentication(base, tenantId),
  }
}

function cloudForm(base: string, tenantId: string) {
  return {
    name: 'AzureSandbox',
    portal: `${base}/portal`,
    authentication: authentication(base, tenantId),
    resourceManager: base,
    graph: `${base}/graph`,
    graphAudience: `${base}/graph`,
    microsoftGraphResourceId: `${base}/graph`,
    gallery: `${base}/gallery`,
    media: 'https://rest.media.azure.net',
    batch: 'https://batch.core.windows.net/',
    sqlManagement: `${base}/sql`,
    vmImageAliasDoc: `${base}/aliases.json`,
    activeDirectoryDataLake: 'https://datalake.azure.net/',
    appInsightsResourceId: 'https://api.applicationinsights.io',
    appInsightsTelemetryChannelResourceId: 'https://dc.applicationinsights.azure.com/v2/track',
    attestationResourceId: 'https://attest.azure.net',
    logAnalyticsResourceId: 'https://api.loganalytics.io',
    ossrDbmsResourceId: 'https://ossrdbms-aad.database.windows.net',
    synapseAnalyticsResourceId: 'https://dev.azuresynapse.net',
    suffixes: {
      acrLoginServer: noHost('azurecr'),
      attestationEndpoint: noHost('attest'),
      azureDataLakeAnalyticsCatalogAndJob: noHost('azuredatalakeanalytics'),
      azureDataLakeStoreFileSystem: noHost('azuredatalakestore'),
      azureFrontDoorEndpointSuffix: noHost('azurefd'),
      keyVaultDns: noHost('vault'),
      mhsmDns: noHost('managedhsm'),
      mysqlServerEndpoint: noHost('mysql'),
      postgresqlServerEndpoint: noHost('postgres'),
      sqlServerHostname: noHost('database'),
      storage: noHost('core'),
      storageSyncEndpointSuffix: noHost('afs'),
      synapseAnalytics: noHost('dev'),
    },
  }
}
