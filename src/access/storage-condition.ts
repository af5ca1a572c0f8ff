import type { ProjectGrant } from '../catalog/contents.ts'
import type { ResourceKey } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import { lastSegment } from '../resource-id.ts'
import { permissionsOf } from './custom-roles.ts'
import type { RoleCondition } from './model.ts'

const blobActions = 'Microsoft.Storage/storageAccounts/blobServices/'
const accountName = '@Resource[Microsoft.Storage/storageAccounts:name]'

/**
 * Limits what a role on the whole project lets do with blobs to the storage accounts on which it is granted. Files cannot be
 * limited so. https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes#account-name
 * @param accounts the storage accounts that the project has
 * @returns undefined when nothing is to be limited
 */
export function storageCondition(
  grants: readonly ProjectGrant[],
  accounts: readonly ResourceKey[],
  ids: ResourceIds,
): RoleCondition | undefined {
  const granted = grants.flatMap(({ role, on }) =>
    (permissionsOf(role)?.dataActions ?? [])
      .filter((action) => action.startsWith(blobActions))
      .map((action) => ({ action, on })),
  )
  const placesOf = (action: string): readonly ResourceKey[] =>
    accounts.filter((account) => granted.some((one) => one.action === action && one.on === account))
  const actions = [...new Set(granted.map(({ action }) => action))].toSorted()
  const limited = actions.filter((action) => placesOf(action).length < accounts.length)
  if (limited.length === 0) return undefined
  const byPlaces = Map.groupBy(limited, (action) =>
    placesOf(action)
      .map((key) => lastSegment(ids[key]))
      .join(),
  )
  const clauses = [...byPlaces].map(([names, some]) => clause(some, names.split(',')))
  const named = new Set([...byPlaces.keys()].flatMap((names) => names.split(',')))
  return { expression: clauses.join(' AND '), limit: `blobs of ${[...named].join(' and ')}` }
}

function clause(actions: readonly string[], names: readonly string[]): string {
  const others = actions.map((action) => `!(ActionMatches{'${action}'})`).join(' AND ')
  const allowed = names.map((name) => `${accountName} StringEqualsIgnoreCase '${name}'`).join(' OR ')
  return `((${others}) OR (${allowed}))`
}
