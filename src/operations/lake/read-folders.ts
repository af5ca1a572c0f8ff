import type { LakeContainer, PathAccess } from '../../azure/data-lake.ts'
import type { Acl } from '../../lake/acl.ts'
import { fromControlItems } from '../../lake/control-items.ts'
import type { DesiredPath } from '../../lake/desired.ts'
import type { GuardedPath } from '../../lake/effective.ts'

/** A folder that exists: its access control lists, its owners, and as what it was read. */
export type ActualFolder = GuardedPath & Acl & { readonly etag: string }

/** The folders that exist, by path. */
export type ActualLake = ReadonlyMap<string, ActualFolder>

/** Reads the folders that exist. */
export async function readFolders(
  desired: readonly DesiredPath[],
  container: LakeContainer,
): Promise<ActualLake> {
  const folders = await Promise.all(
    desired.map(async ({ path }) => ({ path, found: await container.readAccess(path) })),
  )
  return new Map(
    folders.flatMap(({ path, found }) => (found === undefined ? [] : [[path, folderOf(found)] as const])),
  )
}

const folderOf = ({ entries, owner, group, etag }: PathAccess): ActualFolder => ({
  ...fromControlItems(entries),
  owner,
  group,
  etag,
})
