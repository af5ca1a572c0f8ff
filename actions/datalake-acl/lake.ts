import type { LakeContainer } from '../../src/azure/data-lake.ts'
import { openLakeContainer } from '../../src/azure/data-lake.ts'
import type { Resources } from '../../src/azure/resources.ts'
import type { Session } from '../../src/azure/session.ts'
import { apiVersions } from '../../src/catalog/api-versions.ts'
import { isJsonObject } from '../../src/json.ts'
import type { Acl } from '../../src/lake/acl.ts'
import { fromControlItems, toControlItems } from '../../src/lake/control-items.ts'
import type { DesiredPath } from '../../src/lake/desired.ts'
import type { GuardedPath } from '../../src/lake/effective.ts'
import { type LakeStep, sameAcl, withoutMark } from '../../src/lake/steps.ts'
import type { ProjectInEnvironment } from '../../src/runtime/project.ts'
import { UserError } from '../../src/user-error.ts'

/** A folder as it is: its lists, and whose it is. */
export type ActualFolder = GuardedPath & Acl

/** How many folders and files got other rights. */
export interface Counts {
  readonly directories: number
  readonly files: number
}

/** Opens the container of the factory's data lake, at the address that Azure says the account has. */
export async function openLake(
  session: Session,
  resources: Resources,
  { project, ids }: ProjectInEnvironment,
): Promise<LakeContainer> {
  const account = await resources.read(ids.lake, apiVersions['Microsoft.Storage/storageAccounts'])
  const endpoints = account?.properties['primaryEndpoints']
  const dfs = isJsonObject(endpoints) ? endpoints['dfs'] : undefined
  if (typeof dfs !== 'string') {
    const name = ids.lake.split('/').at(-1)
    throw new UserError({
      what: `The data lake '${name}' of ${project.environment} ${account === undefined ? 'does not exist' : 'has no Data Lake endpoint'}.`,
      why: 'The common area is not deployed yet, the account has no hierarchical namespace, or the factory has other names than factory.yml says.',
      fix: 'Deploy the common area, and check name, instance, locationCode and salt in factory.yml.',
    })
  }
  return openLakeContainer(session, dfs, project.factory.lake.container)
}

/** Reads the folders that exist. */
export async function readFolders(
  desired: readonly DesiredPath[],
  container: LakeContainer,
): Promise<ReadonlyMap<string, ActualFolder>> {
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

const entriesOf = (acl: Acl) => toControlItems(acl).map((item) => ({ ...item }))

/** Replaces the lists of one folder, on the ground of what they are at this moment. */
async function setFolder(
  container: LakeContainer,
  path: string,
  decide: (actual: Acl) => Acl,
): Promise<Counts> {
  const found = await container.readAccess(path)
  if (found === undefined) throw new Error(`Folder '${path}' should exist by now.`)
  await container.setAccess(path, entriesOf(decide(fromControlItems(found.entries))), found.etag)
  return { directories: 1, files: 0 }
}

/** The lists to set, unless somebody changed what they were decided on. */
function replacement({ path, acl, expected }: Extract<LakeStep, { step: 'set' }>, actual: Acl): Acl {
  if (expected === undefined || sameAcl(expected, actual)) return acl
  throw new UserError({
    what: `The rights of '${path === '' ? '/' : path}' in the data lake were changed by somebody else in the meantime.`,
    fix: 'Run the job again: it plans anew.',
  })
}

async function carryOutOne(step: LakeStep, container: LakeContainer): Promise<Counts> {
  switch (step.step) {
    case 'create':
      await container.ensureFolder(step.path)
      return { directories: 0, files: 0 }
    case 'set':
      return setFolder(container, step.path, (actual) => replacement(step, actual))
    case 'unmark':
      return setFolder(container, step.path, (actual) => withoutMark(actual, step.mark))
    case 'modify-recursively':
      return container.modifyRecursively(step.path, entriesOf(step.entries))
    case 'remove-recursively':
      return container.removeRecursively(step.path, entriesOf(step.entries))
  }
}

/** Does the steps in their order. Each can be done again, so a run that dies is finished by the next. */
export async function carryOut(steps: readonly LakeStep[], container: LakeContainer): Promise<Counts> {
  const total = { directories: 0, files: 0 }
  for (const step of steps) {
    const { directories, files } = await carryOutOne(step, container)
    total.directories += directories
    total.files += files
  }
  return total
}
