import { regions } from '../locations.ts'
import { delegatableServiceNames } from '../providers/delegations.ts'
import { privateLinkTypes } from '../providers/private-link.ts'
import type { Place, Read } from './read.ts'

const provider = ({ subscription }: Place) => `${subscription}/providers/Microsoft.Network`
const dotted = (type: string) => type.replaceAll('/', '.')

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview */
const endpointServices = [
  'Microsoft.Storage',
  'Microsoft.Storage.Global',
  'Microsoft.Sql',
  'Microsoft.AzureActiveDirectory',
  'Microsoft.AzureCosmosDB',
  'Microsoft.Web',
  'Microsoft.KeyVault',
  'Microsoft.EventHub',
  'Microsoft.ServiceBus',
  'Microsoft.ContainerRegistry',
  'Microsoft.CognitiveServices',
]

/** Service tags, and whether there is one for each region. https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
const tags: Readonly<Record<string, boolean>> = {
  ApiManagement: true,
  AppConfiguration: false,
  AzureActiveDirectory: false,
  AzureCloud: true,
  AzureContainerRegistry: true,
  AzureCosmosDB: true,
  AzureDatabricks: false,
  AzureFrontDoor: false,
  AzureKeyVault: true,
  AzureMachineLearning: true,
  AzureMonitor: true,
  AzureResourceManager: true,
  BatchNodeManagement: true,
  CognitiveServicesFrontend: true,
  CognitiveServicesManagement: true,
  DataFactory: true,
  EventHub: true,
  GatewayManager: false,
  MicrosoftContainerRegistry: true,
  PowerBI: true,
  ServiceBus: true,
  Sql: true,
  Storage: true,
}

/** Of documentation: nobody has these addresses, https://www.rfc-editor.org/rfc/rfc5737 */
const addressPrefixes = ['192.0.2.0/25', '198.51.100.0/25']
const changeNumber = '1'

const serviceTag = (service: string, region: string) => ({
  name: region === '' ? service : `${service}.${region.replaceAll(' ', '')}`,
  id: region === '' ? service : `${service}.${region.replaceAll(' ', '')}`,
  serviceTagChangeNumber: changeNumber,
  properties: {
    changeNumber,
    region: region.replaceAll(' ', '').toLowerCase(),
    state: 'GA',
    networkFeatures: ['API', 'NSG', 'UDR', 'FW'],
    systemService: service,
    addressPrefixes,
  },
})

const allTags = () =>
  Object.entries(tags).flatMap(([service, isRegional]) => [
    serviceTag(service, ''),
    ...(isRegional ? regions.map(([, region]) => serviceTag(service, region)) : []),
  ])

/** What Microsoft.Network says of a region: https://learn.microsoft.com/rest/api/virtualnetwork */
export const networkReads: readonly Read[] = [
  {
    path: 'Microsoft.Network/locations/availableDelegations',
    inGroups: true,
    answer: (place) =>
      delegatableServiceNames.map((serviceName) => ({
        name: dotted(serviceName),
        id: `${provider(place)}/availableDelegations/${dotted(serviceName)}`,
        type: 'Microsoft.Network/availableDelegations',
        serviceName,
        actions: ['Microsoft.Network/virtualNetworks/subnets/join/action'],
      })),
  },
  {
    path: 'Microsoft.Network/locations/serviceTags',
    answer: (place) => ({
      name: 'Public',
      id: `${provider(place)}/serviceTags/Public`,
      type: 'Microsoft.Network/serviceTags',
      changeNumber,
      cloud: 'Public',
      values: allTags(),
    }),
  },
  {
    path: 'Microsoft.Network/locations/serviceTagDetails',
    answer: ({ query }) =>
      allTags().filter(({ name }) => query.get('tagName') === null || name === query.get('tagName')),
  },
  {
    path: 'Microsoft.Network/locations/virtualNetworkAvailableEndpointServices',
    answer: (place) =>
      endpointServices.map((name) => ({
        name,
        id: `${provider(place)}/virtualNetworkEndpointServices/${name}`,
        type: 'Microsoft.Network/virtualNetworkEndpointServices',
      })),
  },
  {
    path: 'Microsoft.Network/locations/availablePrivateEndpointTypes',
    inGroups: true,
    answer: (place) =>
      privateLinkTypes.map((resourceName) => ({
        name: dotted(resourceName),
        id: `${provider(place)}/AvailablePrivateEndpointTypes/${dotted(resourceName)}`,
        type: 'Microsoft.Network/AvailablePrivateEndpointTypes',
        resourceName,
        displayName: resourceName,
      })),
  },
  {
    path: 'Microsoft.Network/locations/availableServiceAliases',
    inGroups: true,
    answer: (place) => [
      {
        name: 'services.Azure',
        id: `${provider(place)}/AvailableServiceAliases/services.Azure`,
        type: 'Microsoft.Network/AvailableServiceAliases',
        resourceName: '/services/Azure',
      },
    ],
  },
  { path: 'Microsoft.Network/locations/autoApprovedPrivateLinkServices', inGroups: true, answer: () => [] },
]
