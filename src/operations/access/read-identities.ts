import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, type ResourceKey } from '../../catalog/index.ts'
import type { ResourceIds } from '../../catalog/resource-ids.ts'

/** The object id of a managed identity: of a resource's own, or of a user-assigned one; undefined while there is none. */
export async function readIdentity(
  key: ResourceKey,
  ids: ResourceIds,
  resources: Resources,
): Promise<string | undefined> {
  const { type, identity } = catalogue.resources[key]
  if (identity === undefined)
    throw new Error(`The catalogue does not say how to find the identity of '${key}'.`)
  const resource = await resources.read(ids[key], apiVersions[type])
  const principalId =
    identity === 'system' ? resource?.identityPrincipalId : resource?.properties['principalId']
  return typeof principalId === 'string' && principalId !== '' ? principalId : undefined
}

/** Those of the managed identities that exist. */
export async function readIdentities(
  keys: Iterable<ResourceKey>,
  ids: ResourceIds,
  resources: Resources,
): Promise<ReadonlyMap<ResourceKey, string>> {
  const found = await Promise.all(
    [...new Set(keys)].map(async (key) => [key, await readIdentity(key, ids, resources)] as const),
  )
  return new Map(
    found.flatMap(([key, principal]) => (principal === undefined ? [] : [[key, principal] as const])),
  )
}
