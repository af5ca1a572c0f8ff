import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type LakeContainer, openLakeContainer } from '../../src/azure/data-lake.ts'
import { desiredLake, type LakePrincipals } from '../../src/lake/desired.ts'
import { diffLake } from '../../src/lake/difference.ts'
import { runSteps } from '../../src/operations/apply-steps.ts'
import { folderSteps } from '../../src/operations/lake/folder-steps.ts'
import { readFolders } from '../../src/operations/lake/read-folders.ts'
import { dev, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { id, principals, principalsOf, project } from './projects.ts'

let here: OnSandbox
let lake: LakeContainer
beforeEach(async () => {
  here = await onSandbox()
  lake = await openLakeContainer(here.session, `${here.sandbox.url}/storage/${dev.lake}`, 'lake3')
})
afterEach(() => here.sandbox.close())

const other: LakePrincipals = { ...principalsOf('002'), traversal: id('d2') }

async function deliver(number: string, who: LakePrincipals, container: LakeContainer): Promise<void> {
  const desired = desiredLake(project('dev', number), who)
  const before = await readFolders(desired, container)
  const { steps } = diffLake(desired, before, who)
  const counts = { directories: 0, files: 0 }
  const known = new Map(before)
  const change = { container, desired, principals: who, session: here.session, counts, known }
  await runSteps(folderSteps(steps, change), () => undefined)
  const after = diffLake(desired, await readFolders(desired, container), who)
  expect(after.steps).toEqual([])
}

/** The lake, where something happens between a decision about the root and its being written, so many times. */
function disturbed(happens: () => Promise<unknown>, times: number): LakeContainer {
  let left = times
  return {
    ...lake,
    setAccess: async (path, entries, etag) => {
      if (path === '' && left > 0) {
        left -= 1
        await happens()
      }
      await lake.setAccess(path, entries, etag)
    },
  }
}

test('two projects that are delivered at the same time both pass through the shared folders', async () => {
  await deliver(
    '001',
    principals,
    disturbed(() => deliver('002', other, lake), 1),
  )
  const entries = (await lake.readAccess(''))?.entries.map(({ entityId }) => entityId)
  expect(entries).toEqual(expect.arrayContaining([principals.traversal, other.traversal]))
  // Both were changed by the other project after this one had read them.
  expect(here.logged).toEqual([
    "Setting the ACL of '/' in the data lake: somebody else changed it in the meantime. Retrying in 0.5 s (attempt 2 of 6)",
    "Setting the ACL of 'projects' in the data lake: somebody else changed it in the meantime. Retrying in 0.5 s (attempt 2 of 6)",
  ])
})

test('a shared folder that changes all the time ends the run in the end', async () => {
  const change = async () => {
    const now = await lake.readAccess('')
    if (now === undefined) throw new Error('There is no root.')
    await lake.setAccess('', now.entries, now.etag)
  }
  await expect(deliver('001', principals, disturbed(change, 100))).rejects.toThrow(
    /ConditionNotMet.*Run the job again/,
  )
  expect(here.logged).toHaveLength(5)
})

test('a folder that was created and is not there is reported as that, not as a defect', async () => {
  const forgetful = { ...lake, ensureFolder: async () => undefined }
  await expect(deliver('001', principals, forgetful)).rejects.toThrow(
    /^The data lake created folder 'projects\/project001', and it is not there\..* Run the job again/,
  )
})
