import { keyVault as keyVaultName } from '../../naming/limits.ts'
import type { Environment } from '../../vocabulary.ts'
import { definePart } from '../define.ts'
import { ofType } from '../facts/api-versions.ts'
import { identities, peopleInDev } from '../grants.ts'
import { byUsage } from '../prices.ts'
import { projectIdentities } from './identities.ts'

/** Days a deleted secret, or the whole vault, can be recovered; nobody can shorten them afterwards. */
const retentionDays: Readonly<Record<Environment, number>> = { dev: 7, stage: 7, prod: 90 }

/** The project's own secrets. Access is by Entra roles; a deleted vault cannot be purged before its time. */
export const keyVault = definePart({
  title: 'Azure Key Vault',
  documentation: 'https://learn.microsoft.com/azure/key-vault/general/overview',
  resources: {
    keyVault: {
      type: 'Microsoft.KeyVault/vaults',
      // The accelerator ends it in the last two digits of the instance, so that 001 and 101 are one name. Here instances
      // from 100 on are written in full.
      name: { ...keyVaultName, pattern: 'kv-p{project}-{location}-{env}-{salt}{shortInstance}' },
    },
  },
  subnets: {},
  connectsTo: [projectIdentities],
  privateEndpoints: [
    { resource: 'keyVault', group: 'vault', zones: ['privatelink.vaultcore.azure.net'], addresses: 1 },
  ],
  roles: [
    ...peopleInDev(['lead', 'dataScientist', 'aiEngineer'], 'Key Vault Secrets Officer', 'keyVault'),
    ...peopleInDev(
      ['agentDeveloper', 'dataEngineer', 'frontendDeveloper'],
      'Key Vault Secrets User',
      'keyVault',
    ),
    ...identities(['projectIdentity'], 'Key Vault Secrets Officer', 'keyVault'),
    ...identities(['appsIdentity'], 'Key Vault Secrets User', 'keyVault'),
  ],
  rights: [
    {
      key: 'keyVault',
      title: 'Azure Key Vault',
      offers: [
        { role: 'Key Vault Secrets Officer', on: 'keyVault' },
        { role: 'Key Vault Secrets User', on: 'keyVault' },
      ],
    },
  ],
  data: {
    'Microsoft.KeyVault/vaults': {
      holds: 'secrets, keys and certificates',
      softDelete: {
        sentence: `A deleted vault can be recovered for ${retentionDays.dev} days (${retentionDays.prod} in prod); until then nobody can use its name.`,
        source: 'https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview',
        listed: 'deletedVaults',
        recovery: { property: 'createMode', value: 'recover' },
      },
    },
  },
  inside: { 'Microsoft.KeyVault/vaults': { keys: 'versions of a key', secrets: 'versions of a secret' } },
  prices: { 'Microsoft.KeyVault/vaults': byUsage('operations') },
  template: ({ names, location, tags, tenantId, environment, access }) => [
    {
      ...ofType('Microsoft.KeyVault/vaults'),
      name: names.keyVault,
      location,
      tags,
      properties: {
        tenantId,
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: retentionDays[environment],
        publicNetworkAccess: access.publicNetwork,
        networkAcls: {
          bypass: 'AzureServices',
          defaultAction: access.defaultAction,
          ipRules: access.allowedIps.map((value) => ({ value })),
          virtualNetworkRules: [],
        },
      },
    },
  ],
})
