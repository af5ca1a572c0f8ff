import { DataLakeServiceClient } from '@azure/storage-file-datalake'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type AccessEntry, type LakeContainer, openLakeContainer } from '../../src/azure/data-lake.ts'
import { azureError } from '../../src/azure/errors.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'

let here: OnSandbox
let lake: LakeContainer
const endpoint = (): string => `${here.sandbox.url}/storage/${dev.lake}`
const client = () =>
  new DataLakeServiceClient(endpoint(), here.session.credential).getFileSystemClient('lake3')
beforeEach(async () => {
  here = await onSandbox()
  lake = await openLakeContainer(here.session, endpoint(), 'lake3')
})
afterEach(() => here.sandbox.close())

const entry = (entityId: string, execute = true): AccessEntry => ({
  accessControlType: 'group',
  entityId,
  defaultScope: false,
  permissions: { read: true, write: false, execute },
})
const team = '77777777-7777-7777-7777-777777777777'

describe('a folder', () => {
  test('is created once, and its permissions are read', async () => {
    expect(await lake.readAccess('projects/prj001')).toBeUndefined()
    await lake.ensureFolder('projects/prj001')
    await lake.ensureFolder('projects/prj001')
    expect(await lake.readAccess('projects/prj001')).toMatchObject({
      owner: dev.objectId,
      entries: expect.any(Array),
    })
    expect(await lake.readAccess('')).toMatchObject({ owner: '$superuser' })
  })

  test('gets other rights only when nobody changed it since they were read', async () => {
    await lake.ensureFolder('a')
    const read = await lake.readAccess('a')
    const { entries = [], etag = '' } = read ?? {}
    await lake.setAccess('a', [...entries, entry(team)], etag)
    await expect(lake.setAccess('a', entries, etag)).rejects.toThrow(
      /^Changing the ACL of 'a' in the data lake failed\. Azure answered 412\. ConditionNotMet: .*Somebody changed it.*Run the job again: it reads again\./s,
    )
    expect((await lake.readAccess('a'))?.entries.some(({ entityId }) => entityId === team)).toBe(true)
  })

  test('that somebody else changed after our answer was lost is not taken for ours', async () => {
    await lake.ensureFolder('a')
    const { entries = [], etag = '' } = (await lake.readAccess('a')) ?? {}
    await lake.setAccess('a', [...entries, entry(team)], etag)
    here.sandbox.faults.add({ method: 'PATCH', path: 'setAccessControl', drop: true })
    await expect(lake.setAccess('a', entries, etag)).rejects.toThrow(/ConditionNotMet/)
  })

  test.each([
    [
      409,
      'FilesystemBeingDeleted',
      'The specified filesystem is being deleted.',
      'Run the job again in a minute. If nobody meant to delete the container, restore it first',
    ],
    [
      400,
      'HierarchicalNamespaceNotEnabled',
      'Hierarchical namespace is not enabled for this account.',
      'The storage account has no hierarchical namespace: it is no data lake, and has no ACLs.',
    ],
    [
      409,
      'EndpointUnsupportedAccountFeatures',
      'This endpoint does not support BlobStorageEvents or SoftDelete.',
      'it has to have a hierarchical namespace (isHnsEnabled)',
    ],
  ])('that answers %d %s says how to fix it', async (status, code, message, fix) => {
    here.sandbox.faults.add({
      method: 'PATCH',
      path: 'setAccessControl',
      status,
      headers: { 'x-ms-error-code': code },
      body: { error: { code, message } },
      times: 'always',
    })
    await lake.ensureFolder('a')
    const { entries = [], etag = '' } = (await lake.readAccess('a')) ?? {}
    const refused = lake.setAccess('a', entries, etag)
    await expect(refused).rejects.toThrow(`${code}: ${message}`)
    await expect(refused).rejects.toThrow(fix)
  })

  test('in a container that is not there is an error, and no missing folder', async () => {
    const other = await openLakeContainer(here.session, endpoint(), 'nothing')
    await expect(other.readAccess('')).rejects.toThrow(
      /^Reading the ACL of the lake's root failed\. Azure answered 404\. FilesystemNotFound\. .*Check 'lake\.container'/,
    )
  })
})

describe('a change of a folder and all in it', () => {
  /** Makes files fast: the sandbox lets a file be made by one request. */
  async function files(count: number): Promise<void> {
    await lake.ensureFolder('many')
    const container = client()
    const names = Array.from({ length: count }, (_, index) => `many/file${index}`)
    const workers = Array.from({ length: 20 }, async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop())
        await container.getFileClient(name).create()
    })
    await Promise.all(workers)
  }

  test('continues beyond 2,000 paths, and logs its progress', async () => {
    await files(2_010)
    here.logged.length = 0
    expect(await lake.modifyRecursively('many', [entry(team)])).toEqual({ directories: 1, files: 2_010 })
    expect(here.logged).toEqual([
      "'many': 1 folders and 1999 files done",
      "'many': 1 folders and 2010 files done",
    ])
  })

  test('takes entries away again', async () => {
    await files(2)
    await lake.modifyRecursively('many', [entry(team)])
    await lake.removeRecursively('many', [entry(team)])
    expect((await lake.readAccess('many'))?.entries.some(({ entityId }) => entityId === team)).toBe(false)
  })

  test('counts what it could not change, and names some of it', async () => {
    await files(1)
    here.sandbox.faults.add({
      method: 'PATCH',
      path: 'action=setAccessControlRecursive',
      status: 200,
      body: {
        directoriesSuccessful: 1,
        filesSuccessful: 0,
        failureCount: 2,
        failedEntries: [
          { name: 'many/file0', type: 'FILE', errorMessage: 'not the owner' },
          { name: 'many/file1', type: 'FILE', errorMessage: 'not the owner' },
        ],
      },
    })
    await expect(lake.modifyRecursively('many', [entry(team)])).rejects.toThrow(
      "The ACLs of 2 paths below 'many' in the data lake could not be changed: 'many/file0' (not the owner), 'many/file1' (not the owner).",
    )
    expect(await lake.modifyRecursively('many', [entry(team)])).toEqual({ directories: 1, files: 1 })
  })

  test('that Azure refuses is explained', async () => {
    here.sandbox.faults.add({
      method: 'PATCH',
      path: 'action=setAccessControlRecursive',
      status: 403,
      headers: { 'x-ms-error-code': 'AuthorizationPermissionMismatch' },
      body: {
        error: {
          code: 'AuthorizationPermissionMismatch',
          message: 'Not authorized.\nRequestId:r-1\nTime:2026-01-01',
        },
      },
    })
    await expect(lake.modifyRecursively('', [entry(team)])).rejects.toThrow(
      /^Changing the ACLs below the lake's root failed\. Azure answered 403\. AuthorizationPermissionMismatch: Not authorized\. .*'Storage Blob Data Owner'.*Azure correlation id: [0-9a-f-]{36}$/s,
    )
  })
})

test('a lake that cannot be reached is reported as such', async () => {
  const impatient = new DataLakeServiceClient('https://localhost:1/storage/x', here.session.credential, {
    retryOptions: { maxTries: 1 },
  })
  const error: unknown = await impatient
    .getFileSystemClient('lake3')
    .getProperties()
    .catch((thrown: unknown) => thrown)
  expect(azureError(error, 'Reading the lake').message).toMatch(
    /^Reading the lake failed\. ECONNREFUSED: .*Run the job on a runner that is connected to the VNet/,
  )
})
