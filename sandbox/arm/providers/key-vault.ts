import { badRequest } from '../errors.ts'
import type { ResourceRules, Write } from '../rules.ts'
import { dataAddress } from './data-addresses.ts'
import { withConnections } from './storage.ts'

const type = 'Microsoft.KeyVault/vaults'

/** First API version in which a vault that does not say otherwise lets roles decide. https://learn.microsoft.com/azure/key-vault/general/access-control-default */
const rolesByDefaultSince = '2026-02-01'

/** Microsoft.KeyVault: vaults. A deleted one keeps its name until it is purged or recovered. */
export const keyVaultRules: readonly ResourceRules[] = [
  {
    type,
    location: 'required',
    required: ['properties.sku.name', 'properties.tenantId'],
    check: checkVault,
    complete: ({ properties, address, apiVersion }, world) => ({
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: apiVersion >= rolesByDefaultSince,
      accessPolicies: [],
      ...properties,
      enableSoftDelete: true,
      vaultUri: dataAddress(world, 'vaults', address.name),
    }),
    render: withConnections,
  },
]

/** What cannot be undone or changed: https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview */
function checkVault({ properties, existing, recovered, apiVersion }: Write): void {
  const refuse = (message: string) => badRequest('BadRequest', message)
  const before = (existing ?? recovered)?.properties ?? {}
  const usesRoles = properties['enableRbacAuthorization'] ?? apiVersion >= rolesByDefaultSince
  if (usesRoles !== true && properties['accessPolicies'] === undefined && recovered === undefined)
    throw refuse('The parameter accessPolicies is not specified.')
  if (properties['enablePurgeProtection'] === false)
    throw refuse(
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    )
  if (properties['enableSoftDelete'] === false)
    throw refuse(
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
    )
  const days = properties['softDeleteRetentionInDays']
  if (typeof days !== 'number') return
  if (days < 7 || days > 90)
    throw refuse('The property "softDeleteRetentionInDays" must be an integer between 7 and 90.')
  if (typeof before['softDeleteRetentionInDays'] === 'number' && days !== before['softDeleteRetentionInDays'])
    throw refuse('The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.')
}
