import type { Resources } from '../../azure/resources.ts'
import type { ResourceKey } from '../../catalog/index.ts'
import type { ResourceIds } from '../../catalog/resource-ids.ts'
import { readIdentity } from '../access/read-identities.ts'

/** The object ids of a project's managed identities, while some of them are being created. */
export interface IdentityPrincipals {
  /** Those that were there before anything was written. */
  readonly known: ReadonlyMap<ResourceKey, string>
  /** Remembers one that was just created. */
  readonly add: (key: ResourceKey, principalId: string) => void
  /** Reads it when it is not known yet; undefined when there is none. */
  readonly find: (key: ResourceKey) => Promise<string | undefined>
}

/** Starts with the identities that exist. */
export function identityPrincipals(
  known: ReadonlyMap<ResourceKey, string>,
  ids: ResourceIds,
  resources: Resources,
): IdentityPrincipals {
  const found = new Map(known)
  const reads = new Map<ResourceKey, Promise<string | undefined>>()
  // Roles of one identity are assigned together, and it is read once for all of them.
  const readOnce = (key: ResourceKey): Promise<string | undefined> => {
    const read = reads.get(key) ?? readIdentity(key, ids, resources).finally(() => reads.delete(key))
    reads.set(key, read)
    return read
  }
  return {
    known,
    add: (key, principalId) => {
      found.set(key, principalId)
    },
    find: async (key) => {
      const principalId = found.get(key) ?? (await readOnce(key))
      if (principalId !== undefined) found.set(key, principalId)
      return principalId
    },
  }
}
