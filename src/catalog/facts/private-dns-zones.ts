/** A zone in the other clouds: in Azure Government, and in Azure in China; null where the service has no private endpoints. */
type Elsewhere = readonly [government: string | null, china: string | null]

/**
 * The private DNS zones of every service that an AI factory can have: the name in the public cloud, and what the zone is
 * called elsewhere. `{region}` stands for the region's name, `{geo}` for its code.
 *
 * Where Azure's table does not name a zone for a cloud, it is formed like its neighbours if the service's public names
 * are known there, and left out if not. https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 *
 * Two rows of that table are left out: records of `{region}.data.privatelink.azurecr.io` are written to the zone above it,
 * and so are those of `scm.privatelink.azurewebsites.net`. An empty zone of their own would hide them.
 */
export const zonesElsewhere = {
  // AI
  'privatelink.api.azureml.ms': ['privatelink.api.ml.azure.us', 'privatelink.api.ml.azure.cn'],
  'privatelink.cognitiveservices.azure.com': [
    'privatelink.cognitiveservices.azure.us',
    'privatelink.cognitiveservices.azure.cn',
  ],
  'privatelink.directline.botframework.com': ['privatelink.directline.botframework.azure.us', null],
  'privatelink.notebooks.azure.net': [
    'privatelink.notebooks.usgovcloudapi.net',
    'privatelink.notebooks.chinacloudapi.cn',
  ],
  'privatelink.openai.azure.com': ['privatelink.openai.azure.us', 'privatelink.openai.azure.cn'],
  'privatelink.search.windows.net': ['privatelink.search.azure.us', 'privatelink.search.azure.cn'],
  'privatelink.services.ai.azure.com': [
    'privatelink.services.ai.azure.us',
    'privatelink.services.ai.azure.cn',
  ],
  'privatelink.token.botframework.com': ['privatelink.token.botframework.azure.us', null],
  // Data
  'privatelink.blob.core.windows.net': [
    'privatelink.blob.core.usgovcloudapi.net',
    'privatelink.blob.core.chinacloudapi.cn',
  ],
  'privatelink.dfs.core.windows.net': [
    'privatelink.dfs.core.usgovcloudapi.net',
    'privatelink.dfs.core.chinacloudapi.cn',
  ],
  'privatelink.file.core.windows.net': [
    'privatelink.file.core.usgovcloudapi.net',
    'privatelink.file.core.chinacloudapi.cn',
  ],
  'privatelink.queue.core.windows.net': [
    'privatelink.queue.core.usgovcloudapi.net',
    'privatelink.queue.core.chinacloudapi.cn',
  ],
  'privatelink.table.core.windows.net': [
    'privatelink.table.core.usgovcloudapi.net',
    'privatelink.table.core.chinacloudapi.cn',
  ],
  'privatelink.web.core.windows.net': [
    'privatelink.web.core.usgovcloudapi.net',
    'privatelink.web.core.chinacloudapi.cn',
  ],
  'privatelink.adf.azure.com': ['privatelink.adf.azure.us', 'privatelink.adf.azure.cn'],
  'privatelink.analytics.cosmos.azure.com': [null, null],
  'privatelink.azuredatabricks.net': ['privatelink.databricks.azure.us', 'privatelink.databricks.azure.cn'],
  'privatelink.cassandra.cosmos.azure.com': [
    'privatelink.cassandra.cosmos.azure.us',
    'privatelink.cassandra.cosmos.azure.cn',
  ],
  'privatelink.database.windows.net': [
    'privatelink.database.usgovcloudapi.net',
    'privatelink.database.chinacloudapi.cn',
  ],
  'privatelink.datafactory.azure.net': [
    'privatelink.datafactory.azure.us',
    'privatelink.datafactory.azure.cn',
  ],
  'privatelink.documents.azure.com': ['privatelink.documents.azure.us', 'privatelink.documents.azure.cn'],
  'privatelink.eventgrid.azure.net': ['privatelink.eventgrid.azure.us', 'privatelink.eventgrid.azure.cn'],
  'privatelink.gremlin.cosmos.azure.com': [
    'privatelink.gremlin.cosmos.azure.us',
    'privatelink.gremlin.cosmos.azure.cn',
  ],
  'privatelink.mongo.cosmos.azure.com': [
    'privatelink.mongo.cosmos.azure.us',
    'privatelink.mongo.cosmos.azure.cn',
  ],
  'privatelink.mongocluster.cosmos.azure.com': [null, null],
  'privatelink.postgres.cosmos.azure.com': ['privatelink.postgres.cosmos.azure.us', null],
  'privatelink.postgres.database.azure.com': [
    'privatelink.postgres.database.usgovcloudapi.net',
    'privatelink.postgres.database.chinacloudapi.cn',
  ],
  'privatelink.redis.azure.net': [null, null],
  'privatelink.redis.cache.windows.net': [
    'privatelink.redis.cache.usgovcloudapi.net',
    'privatelink.redis.cache.chinacloudapi.cn',
  ],
  'privatelink.redisenterprise.cache.azure.net': [null, null],
  'privatelink.servicebus.windows.net': [
    'privatelink.servicebus.usgovcloudapi.net',
    'privatelink.servicebus.chinacloudapi.cn',
  ],
  'privatelink.table.cosmos.azure.com': [
    'privatelink.table.cosmos.azure.us',
    'privatelink.table.cosmos.azure.cn',
  ],
  'privatelink.{region}.kusto.windows.net': [
    'privatelink.{region}.kusto.usgovcloudapi.net',
    'privatelink.{region}.kusto.windows.cn',
  ],
  // Fabric
  'privatelink.analysis.windows.net': [null, null],
  'privatelink.fabric.microsoft.com': [null, null],
  'privatelink.pbidedicated.windows.net': [null, null],
  'privatelink.prod.powerquery.microsoft.com': [null, null],
  // Apps
  'privatelink.azconfig.io': ['privatelink.azconfig.azure.us', null],
  'privatelink.azure-api.net': ['privatelink.azure-api.us', 'privatelink.azure-api.cn'],
  'privatelink.azurecr.io': ['privatelink.azurecr.us', 'privatelink.azurecr.cn'],
  'privatelink.azurestaticapps.net': [null, null],
  'privatelink.azurewebsites.net': ['privatelink.azurewebsites.us', 'privatelink.chinacloudsites.cn'],
  'privatelink.service.signalr.net': [null, 'privatelink.signalr.azure.cn'],
  'privatelink.webpubsub.azure.com': [null, null],
  'privatelink.{region}.azmk8s.io': [
    'privatelink.{region}.cx.aks.containerservice.azure.us',
    'privatelink.{region}.cx.prod.service.azk8s.cn',
  ],
  'privatelink.{region}.azurecontainerapps.io': ['privatelink.{region}.azurecontainerapps.us', null],
  // Operations
  'privatelink-global.wvd.microsoft.com': [
    'privatelink-global.wvd.azure.us',
    'privatelink-global.wvd.azure.cn',
  ],
  'privatelink.agentsvc.azure-automation.net': ['privatelink.agentsvc.azure-automation.us', null],
  'privatelink.azure-automation.net': ['privatelink.azure-automation.us', 'privatelink.azure-automation.cn'],
  'privatelink.batch.azure.com': [
    'privatelink.batch.usgovcloudapi.net',
    'privatelink.batch.chinacloudapi.cn',
  ],
  'privatelink.grafana.azure.com': [null, null],
  'privatelink.managedhsm.azure.net': [null, null],
  'privatelink.monitor.azure.com': ['privatelink.monitor.azure.us', null],
  'privatelink.ods.opinsights.azure.com': ['privatelink.ods.opinsights.azure.us', null],
  'privatelink.oms.opinsights.azure.com': ['privatelink.oms.opinsights.azure.us', null],
  'privatelink.purview.azure.com': ['privatelink.purview.azure.us', null],
  'privatelink.purviewstudio.azure.com': ['privatelink.purviewstudio.azure.us', null],
  'privatelink.siterecovery.windowsazure.com': ['privatelink.siterecovery.windowsazure.us', null],
  'privatelink.vaultcore.azure.net': [
    'privatelink.vaultcore.usgovcloudapi.net',
    'privatelink.vaultcore.azure.cn',
  ],
  'privatelink.wvd.microsoft.com': ['privatelink.wvd.azure.us', 'privatelink.wvd.azure.cn'],
  'privatelink.{geo}.backup.windowsazure.com': ['privatelink.{geo}.backup.windowsazure.us', null],
  'privatelink.{region}.prometheus.monitor.azure.com': [null, null],
} as const satisfies Record<string, Elsewhere>
