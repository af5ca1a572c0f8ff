import type { ListedResource, Resources } from './resources.ts'

/** Something that was deleted, and that Azure keeps for a while, with its name. */
export interface SoftDeleted {
  /** Its id as a deleted resource, by which it is purged. */
  readonly deletedId: string
  /** The id that it had. */
  readonly id: string
  readonly name: string
  readonly location: string
  /** When Azure forgets it, as Azure writes it; empty when it does not say. */
  readonly until: string
  /** May nobody purge it before that? */
  readonly isProtected: boolean
}

/**
 * What a service keeps of deleted resources in a subscription.
 * https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-deleted
 * https://learn.microsoft.com/rest/api/aiservices/accountmanagement/deleted-accounts/list
 * @param collection e.g. `/subscriptions/…/providers/Microsoft.KeyVault/deletedVaults`
 */
export const listSoftDeleted = async (
  collection: string,
  apiVersion: string,
  { list }: Pick<Resources, 'list'>,
): Promise<readonly SoftDeleted[]> => (await list(collection, apiVersion)).map(softDeleted)

const softDeleted = (listed: ListedResource): SoftDeleted => ({
  deletedId: listed.id,
  id: formerId(listed),
  name: listed.name,
  location: text(listed.properties['location']) || (listed.location ?? ''),
  until: text(listed.properties['scheduledPurgeDate']),
  isProtected: listed.properties['purgeProtectionEnabled'] === true,
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `/subscriptions/…/providers/NAMESPACE/locations/…/resourceGroups/…/deletedAccounts/NAME` says where it was. */
function formerId({ id, properties }: ListedResource): string {
  const vaultId = text(properties['vaultId'])
  if (vaultId !== '') return vaultId
  const [, subscription, namespace, group, name] =
    /^(\/subscriptions\/[^/]+)\/providers\/([^/]+)\/locations\/[^/]+(\/resourceGroups\/[^/]+)\/deletedAccounts\/([^/]+)$/i.exec(
      id,
    ) ?? []
  return subscription === undefined ? id : `${subscription}${group}/providers/${namespace}/accounts/${name}`
}
