import { z } from 'zod'
import { keyVault as keyVaultName } from '../../naming/limits.ts'
import { keyVault as projectVault } from '../baseline/key-vault.ts'
import { ofType } from '../facts/api-versions.ts'
import { defineCommonPart } from './define.ts'

/** The vault of the people who run the factory. Access is by Entra roles; a deleted vault cannot be purged before its time. */
export const keyVault = defineCommonPart({
  key: 'keyVault',
  title: 'Key vault for administration',
  documentation: projectVault.documentation,
  stack: 'common',
  enabled: true,
  existing: 'keyVault',
  resources: {
    keyVault: {
      type: 'Microsoft.KeyVault/vaults',
      name: { ...keyVaultName, givesWay: 'salt', pattern: 'kv-cmn{env}-{salt}-{instance}' },
    },
  },
  subnets: {},
  privateEndpoints: [
    { resource: 'keyVault', group: 'vault', zones: ['privatelink.vaultcore.azure.net'], addresses: 1 },
  ],
  logs: [{ resource: 'keyVault' }],
  roles: [{ to: 'itAdmin', role: 'Key Vault Secrets Officer', on: 'keyVault', in: ['dev'] }],
  rights: [
    {
      key: 'commonKeyVault',
      title: 'Key vault for administration',
      offers: [
        { role: 'Key Vault Secrets Officer', on: 'keyVault' },
        { role: 'Key Vault Secrets User', on: 'keyVault' },
      ],
    },
  ],
  options: {
    retentionDays: z
      .int()
      .min(7)
      .max(90)
      .describe(
        'Days a deleted secret, or the whole vault, can be recovered. Decided when the vault is created.',
      ),
  },
  defaults: { dev: { retentionDays: 7 }, stage: { retentionDays: 7 }, prod: { retentionDays: 90 } },
  data: projectVault.data,
  inside: projectVault.inside,
  prices: projectVault.prices,
  template: ({ names, location, tags, tenantId, options }) => [
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
        softDeleteRetentionInDays: options.retentionDays,
        publicNetworkAccess: 'Disabled',
        networkAcls: {
          bypass: 'AzureServices',
          defaultAction: 'Deny',
          ipRules: [],
          virtualNetworkRules: [],
        },
      },
    },
  ],
})
