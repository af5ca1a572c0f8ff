import type { LakeContainer } from '../../azure/data-lake.ts'
import type { Acl } from '../../lake/acl.ts'
import { fromControlItems } from '../../lake/control-items.ts'
import type { DesiredPath } from '../../lake/desired.ts'
import type { GuardedPath } from '../../lake/effective.ts'

/** The folders that exist, by path: their access control lists, and their owners. */
export type ActualLake = ReadonlyMap<string, GuardedPath & Acl>

/** Reads the folders that exist. */
export async function readFolders(
  desired: readonly DesiredPath[],
  container: LakeContainer,
): Promise<ActualLake> {
  const folders = await Promise.all(
    desired.map(async ({ path }) => ({ path, found: await container.readAccess(path) })),
  )
  return new Map(
    folders.flatMap(({ path, found }) =>
      found === undefined
        ? []
        : [[path, { ...fromControlItems(found.entries), owner: found.owner, group: found.group }] as const],
    ),
  )
}
