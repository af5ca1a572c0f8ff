import { describeId } from './ids.ts'

/**
 * Types (lower case) that Azure cannot delete by themselves: they come and go with what they belong to. Named so by the
 * specifications of their providers, which have no DELETE for them.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks#known-limitations
 */
const permanent = new Set([
  'microsoft.containerregistry/registries/policies',
  'microsoft.keyvault/vaults/keys',
  'microsoft.keyvault/vaults/secrets',
  'microsoft.security/pricings',
  'microsoft.sql/servers/connectionpolicies',
  'microsoft.storage/storageaccounts/blobservices',
  'microsoft.storage/storageaccounts/fileservices',
  'microsoft.storage/storageaccounts/queueservices',
  'microsoft.storage/storageaccounts/tableservices',
  'microsoft.web/sites/config',
])

/** Can a resource of this id be deleted by itself? */
export const canBeDeleted = (id: string): boolean => !permanent.has(describeId(id).type.toLowerCase())
