import { type BuiltInPolicy, effect, isType, parameter, rule } from './built-in-parts.ts'

const networkContributor =
  '/providers/Microsoft.Authorization/roleDefinitions/4d97b98b-1d4f-4787-a291-c67834d212e7'
const endpoints = 'Microsoft.Network/privateEndpoints'
const groupIds = `${endpoints}/privateLinkServiceConnections[*].groupIds[*]`

/** Gives private endpoints of a kind their DNS zone group. */
const named = (
  groupId: string,
  name: string,
  displayName: string,
  category: string,
  config: string,
): BuiltInPolicy => ({
  name,
  displayName,
  category,
  version: '1.0.0',
  mode: 'Indexed',
  parameters: {
    privateDnsZoneId: {
      type: 'String',
      metadata: { strongType: 'Microsoft.Network/privateDnsZones', assignPermissions: true },
    },
    ...effect('DeployIfNotExists', 'DeployIfNotExists', 'Disabled'),
  },
  policyRule: rule(
    {
      allOf: [
        isType(endpoints),
        { count: { field: groupIds, where: { field: groupIds, equals: groupId } }, greaterOrEquals: 1 },
      ],
    },
    {
      effect: parameter('effect'),
      details: {
        type: `${endpoints}/privateDnsZoneGroups`,
        roleDefinitionIds: [networkContributor],
        deployment: {
          properties: {
            mode: 'incremental',
            template: zoneGroupTemplate(config),
            parameters: {
              privateDnsZoneId: { value: parameter('privateDnsZoneId') },
              privateEndpointName: { value: "[field('name')]" },
              location: { value: "[field('location')]" },
            },
          },
        },
      },
    },
  ),
})

const zoneGroupTemplate = (config: string) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    privateDnsZoneId: { type: 'string' },
    privateEndpointName: { type: 'string' },
    location: { type: 'string' },
  },
  resources: [
    {
      name: "[concat(parameters('privateEndpointName'), '/deployedByPolicy')]",
      type: `${endpoints}/privateDnsZoneGroups`,
      apiVersion: '2020-03-01',
      properties: {
        privateDnsZoneConfigs: [
          { name: config, properties: { privateDnsZoneId: parameter('privateDnsZoneId') } },
        ],
      },
    },
  ],
})

/** Built-in definitions that give private endpoints their DNS zone groups, by the group of the endpoint. */
export const zoneGroupPolicies: readonly BuiltInPolicy[] = [
  named(
    'blob',
    '75973700-529f-4de2-b794-fb9b6781b6b0',
    'Configure a private DNS Zone ID for blob groupID',
    'Storage',
    'blob-privateDnsZone',
  ),
  named(
    'file',
    '6df98d03-368a-4438-8730-a93c4d7693d6',
    'Configure a private DNS Zone ID for file groupID',
    'Storage',
    'file-privateDnsZone',
  ),
  named(
    'queue',
    'bcff79fb-2b0d-47c9-97e5-3023479b00d1',
    'Configure a private DNS Zone ID for queue groupID',
    'Storage',
    'queue-privateDnsZone',
  ),
  named(
    'table',
    '028bbd88-e9b5-461f-9424-a1b63a7bee1a',
    'Configure a private DNS Zone ID for table groupID',
    'Storage',
    'table-privateDnsZone',
  ),
  named(
    'dfs',
    '83c6fe0f-2316-444a-99a1-1ecd8a7872ca',
    'Configure a private DNS Zone ID for dfs groupID',
    'Storage',
    'dfs-privateDnsZone',
  ),
  named(
    'vault',
    'ac673a9a-f77d-4846-b2d8-a57f8e1c01d4',
    'Configure Azure Key Vaults to use private DNS zones',
    'Key Vault',
    'keyvault-privateDnsZone',
  ),
  named(
    'account',
    'c4bc6f10-cb41-49eb-b000-d5ab82e2a091',
    'Configure Cognitive Services accounts to use private DNS zones',
    'Cognitive Services',
    'cognitiveservices-privateDnsZone',
  ),
]
