/**
 * Services that a subnet can be delegated to. The network accepts any case; the services themselves are stricter.
 * https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview
 */
export const delegatableServiceNames: readonly string[] = [
  'GitHub.Network/networkSettings',
  'Microsoft.App/environments',
  'Microsoft.ApiManagement/service',
  'Microsoft.AVS/PrivateClouds',
  'Microsoft.AzureCosmosDB/clusters',
  'Microsoft.BareMetal/AzureVMware',
  'Microsoft.Batch/batchAccounts',
  'Microsoft.ContainerInstance/containerGroups',
  'Microsoft.ContainerService/managedClusters',
  'Microsoft.Databricks/workspaces',
  'Microsoft.DBforMySQL/flexibleServers',
  'Microsoft.DBforMySQL/serversv2',
  'Microsoft.DBforPostgreSQL/flexibleServers',
  'Microsoft.DBforPostgreSQL/serversv2',
  'Microsoft.DevCenter/networkConnection',
  'Microsoft.Fabric/capacities',
  'Microsoft.HardwareSecurityModules/dedicatedHSMs',
  'Microsoft.Kusto/clusters',
  'Microsoft.Logic/integrationServiceEnvironments',
  'Microsoft.MachineLearningServices/workspaces',
  'Microsoft.Netapp/volumes',
  'Microsoft.Network/dnsResolvers',
  'Microsoft.Network/managedResolvers',
  'Microsoft.Network/fpgaNetworkInterfaces',
  'Microsoft.Network/networkWatchers',
  'Microsoft.Orbital/orbitalGateways',
  'Microsoft.PowerPlatform/enterprisePolicies',
  'Microsoft.PowerPlatform/vnetaccesslinks',
  'Microsoft.ServiceFabricMesh/networks',
  'Microsoft.ServiceNetworking/trafficControllers',
  'Microsoft.Singularity/accounts/networks',
  'Microsoft.Sql/managedInstances',
  'Microsoft.StoragePool/diskPools',
  'Microsoft.StreamAnalytics/streamingJobs',
  'Microsoft.Synapse/workspaces',
  'Microsoft.Web/hostingEnvironments',
  'Microsoft.Web/serverFarms',
  'NGINX.NGINXPLUS/nginxDeployments',
  'PaloAltoNetworks.Cloudngfw/firewalls',
  'Qumulo.Storage/fileSystems',
]

/** The same in lower case, to compare with. */
export const delegatableServices: ReadonlySet<string> = new Set(
  delegatableServiceNames.map((service) => service.toLowerCase()),
)
