import { isIP } from 'node:net'
import { parseCidr } from '../cidr.ts'
import { normaliseLocation, regions } from '../locations.ts'

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags */
const tags = new Set(
  `ActionGroup ApiManagement ApplicationInsightsAvailability AppConfiguration AppService AppServiceManagement
   AutonomousDevelopmentPlatform AzureActiveDirectory AzureActiveDirectoryDomainServices AzureAdvancedThreatProtection
   AzureArcInfrastructure AzureAttestation AzureBackup AzureBotService AzureCloud AzureCognitiveSearch AzureConnectors
   AzureContainerRegistry AzureCosmosDB AzureDatabricks AzureDataExplorerManagement AzureDeviceUpdate AzureDevOps
   AzureDigitalTwins AzureEventGrid AzureFrontDoor.Frontend AzureFrontDoor.Backend AzureFrontDoor.FirstParty
   AzureHealthcareAPIs AzureInformationProtection AzureIoTHub AzureKeyVault AzureLoadBalancer AzureMachineLearning
   AzureMachineLearningInference AzureManagedGrafana AzureMonitor AzureOpenDatasets AzurePlatformDNS AzurePlatformIMDS
   AzurePlatformLKM AzureResourceManager AzureSecurityCenter AzureSentinel AzureSignalR AzureSiteRecovery AzureSphere
   AzureSpringCloud AzureStack AzureTrafficManager AzureUpdateDelivery AzureVideoAnalyzerForMedia AzureWebPubSub
   BatchNodeManagement ChaosStudio CognitiveServicesFrontend CognitiveServicesManagement DataFactory
   DataFactoryManagement Dynamics365ForMarketingEmail EOPExternalPublishedIPs EventHub GatewayManager
   GenevaActions GuestAndHybridManagement HDInsight Internet KustoAnalytics LogicApps LogicAppsManagement
   M365ManagementActivityApi M365ManagementActivityApiWebhook Marketplace MicrosoftAzureFluidRelay
   MicrosoftCloudAppSecurity MicrosoftContainerRegistry MicrosoftDefenderForEndpoint MicrosoftPurviewPolicyDistribution
   OneDsCollector PowerBI PowerPlatformInfra PowerPlatformPlex PowerQueryOnline Scuba SCCservice SecurityCopilot
   ServiceBus ServiceFabric SerialConsole Sql SqlManagement Storage StorageSyncService StorageMover
   TrafficManager VideoIndexer VirtualDesktop VirtualNetwork WindowsAdminCenter WindowsVirtualDesktop`
    .split(/\s+/)
    .map((tag) => tag.toLowerCase()),
)
const places = new Set(regions.map(([name]) => name))

/** Is this the tag of a service, alone or in a region: `Storage`, `Storage.SwedenCentral`? */
export function isServiceTag(value: string): boolean {
  const key = value.toLowerCase()
  if (tags.has(key)) return true
  const dot = key.lastIndexOf('.')
  return dot > 0 && tags.has(key.slice(0, dot)) && places.has(normaliseLocation(key.slice(dot + 1)))
}

/** Is this an address, or a range of them in CIDR notation? */
export function isPrefix(value: string): boolean {
  return isIP(value) > 0 || typeof parseCidr(value) !== 'string'
}
