import { type LakeContainer, openLakeContainer } from '../../azure/data-lake.ts'
import type { Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isJsonObject } from '../../json.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { lastSegment } from '../../resource-id.ts'

/** Where a lake is: by its factory, and the id of its account. */
interface LakePlace {
  readonly factory: Pick<ResolvedFactory, 'environment' | 'lake'>
  readonly ids: { readonly lake: string }
}

/**
 * Opens the container of the factory's data lake, at the address that Azure says the account has.
 * @throws UserError when there is no such account, or it is no data lake
 */
export async function openLake(
  session: Session,
  resources: Resources,
  { factory, ids }: LakePlace,
): Promise<LakeContainer> {
  const account = await resources.read(ids.lake, apiVersions['Microsoft.Storage/storageAccounts'])
  const endpoints = account?.properties['primaryEndpoints']
  const dfs = isJsonObject(endpoints) ? endpoints['dfs'] : undefined
  if (typeof dfs !== 'string') {
    const name = lastSegment(ids.lake)
    throw new UserError({
      what: `The data lake '${name}' of ${factory.environment} ${account === undefined ? 'does not exist' : 'has no Data Lake endpoint'}.`,
      why: 'The common area is not deployed yet, the account has no hierarchical namespace, or the factory has other names than factory.yml says.',
      fix: "Deliver the common area (provision-project with 'target: common'), and check name, instance, locationCode and salt in factory.yml.",
    })
  }
  return openLakeContainer(session, dfs, factory.lake.container)
}
