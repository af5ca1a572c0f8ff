import type { Identifiers, StoredResource } from '../contracts.ts'
import { refusal } from './errors.ts'

/** What a provider makes of `If-Match` and `If-None-Match`. */
interface Conditions {
  readonly isWeak?: true
  /** Code of the 412. Default `PreconditionFailed`. */
  readonly code?: string
  /** Whether a GET whose `If-None-Match` matches is 304. */
  readonly answersNotModified?: true
}

/**
 * The providers whose resources have an ETag, by namespace. All others ignore both headers, as Azure Resource Manager
 * itself does: the parameters `If-Match` and `If-None-Match` in https://github.com/Azure/azure-rest-api-specs.
 */
const providers: Readonly<Record<string, Conditions>> = {
  'microsoft.network': { isWeak: true },
  // Seen in https://github.com/hashicorp/terraform-provider-azurerm/issues/32614
  'microsoft.cognitiveservices': { code: 'IfMatchPreconditionFailed' },
  'microsoft.apimanagement': {},
  // https://learn.microsoft.com/rest/api/datafactory/factories/get
  'microsoft.datafactory': { answersNotModified: true },
}

const conditionsOf = (type: string): Conditions | undefined =>
  providers[type.split('/')[0]?.toLowerCase() ?? '']

/** The ETag of a resource that was just written; nothing where the provider has none. */
export function etagOf({ type }: StoredResource, identifiers: Identifiers): { readonly etag?: string } {
  const conditions = conditionsOf(type)
  if (conditions === undefined) return {}
  return { etag: `${conditions.isWeak === true ? 'W/' : ''}"${identifiers.uuid()}"` }
}

/** Throws when a change is to happen only to what the caller has seen, and that has changed since. */
export function checkMatch(
  { id, type }: { readonly id: string; readonly type: string },
  stored: StoredResource | undefined,
  ifMatch: string | undefined,
): void {
  const conditions = conditionsOf(type)
  if (conditions === undefined || ifMatch === undefined || ifMatch === '*') return
  if (stored?.['etag'] === ifMatch) return
  throw refusal(
    412,
    conditions.code ?? 'PreconditionFailed',
    `Precondition failed. The If-Match condition '${ifMatch}' does not match the current etag of '${id}'.`,
  )
}

/** Throws when something is to be created only if it is not there, and it is. */
export function checkNoneMatch(
  { id, type }: { readonly id: string; readonly type: string },
  stored: StoredResource | undefined,
  ifNoneMatch: string | undefined,
): void {
  if (conditionsOf(type) === undefined || ifNoneMatch !== '*' || stored === undefined) return
  throw refusal(412, 'PreconditionFailed', `The resource '${id}' exists already (If-None-Match: *).`)
}

/** Whether a GET is answered with nothing, because the caller has what there is. */
export function isNotModified({ type, etag }: StoredResource, ifNoneMatch: string | undefined): boolean {
  if (conditionsOf(type)?.answersNotModified !== true || ifNoneMatch === undefined) return false
  return ifNoneMatch === '*' || ifNoneMatch === etag
}
