import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { openArm } from './arm.ts'
import { explaining } from './errors.ts'
import type { Session } from './session.ts'

/** Something that was deleted, and that Azure keeps for a while, with its name. */
export interface SoftDeleted {
  /** The id that it had. */
  readonly id: string
  readonly name: string
  readonly location: string
  /** When Azure forgets it; empty when it does not say. */
  readonly until: string
  /** May nobody purge it before that? */
  readonly isProtected: boolean
}

/** What is softly deleted in a subscription. */
export interface SoftDeletedResources {
  /** Those of a type; undefined when Azure offers no list of them. */
  readonly list: (type: string) => Promise<readonly SoftDeleted[] | undefined>
}

interface Listing {
  readonly path: string
  readonly apiVersion: string
}

/** By type in small letters. */
const listings: Readonly<Record<string, Listing>> = {
  // https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-deleted
  'microsoft.keyvault/vaults': { path: 'Microsoft.KeyVault/deletedVaults', apiVersion: '2025-05-01' },
  // https://learn.microsoft.com/rest/api/aiservices/accountmanagement/deleted-accounts/list
  'microsoft.cognitiveservices/accounts': {
    path: 'Microsoft.CognitiveServices/deletedAccounts',
    apiVersion: '2025-12-01',
  },
}

const deletedSchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string().nullish(),
  properties: z.custom<JsonObject>(isJsonObject, 'is no object').nullish(),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `/subscriptions/…/providers/NAMESPACE/locations/…/resourceGroups/…/deletedAccounts/NAME` says where it was. */
function formerId(id: string, properties: JsonObject): string {
  const vaultId = text(properties['vaultId'])
  if (vaultId !== '') return vaultId
  const [, subscription, namespace, group, name] =
    /^(\/subscriptions\/[^/]+)\/providers\/([^/]+)\/locations\/[^/]+(\/resourceGroups\/[^/]+)\/deletedAccounts\/([^/]+)$/i.exec(
      id,
    ) ?? []
  return subscription === undefined ? id : `${subscription}${group}/providers/${namespace}/accounts/${name}`
}

/** Opens what is softly deleted in a subscription. */
export async function openSoftDeleted(
  session: Session,
  subscriptionId: string,
): Promise<SoftDeletedResources> {
  const arm = await openArm(session)
  return {
    list: async (type) => {
      const listing = listings[type.toLowerCase()]
      if (listing === undefined) return undefined
      const path = `/subscriptions/${subscriptionId}/providers/${listing.path}`
      return explaining(`Listing what is softly deleted of ${type}`, async () => {
        const found = await arm.list({ path, apiVersion: listing.apiVersion }, deletedSchema)
        return found.map(({ id, name, location, properties }) => ({
          id: formerId(id, properties ?? {}),
          name,
          location: text(properties?.['location']) || (location ?? ''),
          until: text(properties?.['scheduledPurgeDate']),
          isProtected: properties?.['purgeProtectionEnabled'] === true,
        }))
      })
    },
  }
}
