// Built-in definitions, with the identifiers that they have in every tenant.
// https://learn.microsoft.com/azure/governance/policy/samples/built-in-policies

import { type BuiltInPolicy, effect, isType, parameter, rule } from './built-in-parts.ts'
import { zoneGroupPolicies } from './built-in-zone-groups.ts'

const text = { type: 'String' }
const locations = { listOfAllowedLocations: { type: 'Array', metadata: { strongType: 'location' } } }
const tagName = { tagName: text }
const group = isType('Microsoft.Resources/subscriptions/resourceGroups')
const tag = "[concat('tags[', parameters('tagName'), ']')]"
const groupsTag = "[resourceGroup().tags[parameters('tagName')]]"
const contributor = '/providers/microsoft.authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c'

const general: readonly BuiltInPolicy[] = [
  {
    name: 'e56962a6-4747-49cd-b67b-bf8b01975c4c',
    displayName: 'Allowed locations',
    category: 'General',
    version: '1.0.0',
    mode: 'Indexed',
    parameters: locations,
    policyRule: rule(
      {
        allOf: [
          { field: 'location', notIn: "[parameters('listOfAllowedLocations')]" },
          { field: 'location', notEquals: 'global' },
          { field: 'type', notEquals: 'Microsoft.AzureActiveDirectory/b2cDirectories' },
        ],
      },
      { effect: 'deny' },
    ),
  },
  {
    name: 'e765b5de-1225-4ba3-bd56-1ac6695af988',
    displayName: 'Allowed locations for resource groups',
    category: 'General',
    version: '1.0.0',
    mode: 'All',
    parameters: locations,
    policyRule: rule(
      { allOf: [group, { field: 'location', notIn: "[parameters('listOfAllowedLocations')]" }] },
      { effect: 'deny' },
    ),
  },
  {
    name: '871b6d14-10aa-478d-b590-94f262ecfa99',
    displayName: 'Require a tag on resources',
    category: 'Tags',
    version: '1.0.1',
    mode: 'Indexed',
    parameters: tagName,
    policyRule: rule({ field: tag, exists: 'false' }, { effect: 'deny' }),
  },
  {
    name: '96670d01-0a4d-4649-9c89-2d3abc0a5025',
    displayName: 'Require a tag on resource groups',
    category: 'Tags',
    version: '1.0.0',
    mode: 'All',
    parameters: tagName,
    policyRule: rule({ allOf: [group, { field: tag, exists: 'false' }] }, { effect: 'deny' }),
  },
]

/** Gives a resource the tag of its group. */
const inherited = (name: string, displayName: string, operation: string, unlike: object): BuiltInPolicy => ({
  name,
  displayName,
  category: 'Tags',
  version: '1.0.0',
  mode: 'Indexed',
  parameters: tagName,
  policyRule: rule(
    {
      allOf: [
        { field: tag, ...unlike },
        { value: groupsTag, notEquals: '' },
      ],
    },
    {
      effect: 'modify',
      details: {
        roleDefinitionIds: [contributor],
        operations: [{ operation, field: tag, value: groupsTag }],
      },
    },
  ),
})

/** Says that a service has no public address. */
const closed = (
  name: string,
  displayName: string,
  category: string,
  type: string,
  ...more: readonly object[]
): BuiltInPolicy => ({
  name,
  displayName,
  category,
  version: '1.0.0',
  mode: 'Indexed',
  parameters: effect('Audit', 'Audit', 'Deny', 'Disabled'),
  policyRule: rule(
    { allOf: [isType(type), ...more, { field: `${type}/publicNetworkAccess`, notEquals: 'Disabled' }] },
    { effect: "[parameters('effect')]" },
  ),
})

/** What the sandbox knows of them. */
export const builtInPolicies: readonly BuiltInPolicy[] = [
  ...general,
  inherited(
    'ea3f2387-9b95-492a-a190-fcdc54f7b070',
    'Inherit a tag from the resource group if missing',
    'add',
    {
      exists: 'false',
    },
  ),
  inherited('cd3aa116-8754-49c9-a813-ad46512ece54', 'Inherit a tag from the resource group', 'addOrReplace', {
    notEquals: groupsTag,
  }),
  closed(
    'b2982f36-99f2-4db5-8eff-283140c09693',
    'Storage accounts should disable public network access',
    'Storage',
    'Microsoft.Storage/storageAccounts',
  ),
  closed(
    '405c5871-3e91-4644-8a63-58e19d68ff5b',
    'Azure Key Vault should disable public network access',
    'Key Vault',
    'Microsoft.KeyVault/vaults',
    {
      not: { field: 'Microsoft.KeyVault/vaults/createMode', equals: 'recover' },
    },
  ),
  closed(
    '0725b4dd-7e76-479c-a735-68e7ee23d5ca',
    'Cognitive Services accounts should disable public network access',
    'Cognitive Services',
    'Microsoft.CognitiveServices/accounts',
  ),
  {
    name: 'e71308d3-144b-4262-b144-efdc3cc90517',
    displayName: 'Subnets should be associated with a Network Security Group',
    category: 'Security Center',
    version: '3.0.0',
    mode: 'All',
    parameters: effect('AuditIfNotExists', 'AuditIfNotExists', 'Disabled'),
    policyRule: rule(
      {
        allOf: [
          isType('Microsoft.Network/virtualNetworks/subnets'),
          { field: 'name', notIn: ['AzureBastionSubnet', 'GatewaySubnet', 'AzureFirewallSubnet'] },
          { field: 'Microsoft.Network/virtualNetworks/subnets/networkSecurityGroup.id', exists: 'false' },
        ],
      },
      { effect: parameter('effect'), details: { type: 'Microsoft.Security/assessments', name: '-' } },
    ),
  },
  ...zoneGroupPolicies,
]
