/** The lake judged by Microsoft's own client, over HTTPS. */

import type { DataLakeFileSystemClient, PathAccessControlItem } from '@azure/storage-file-datalake'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { groups, people, plant, type StubLake, startStubLake } from './testing/stub-lake.ts'

let lake: StubLake
let container: DataLakeFileSystemClient
let count = 0

beforeAll(async () => {
  lake = await startStubLake()
})
afterAll(() => lake.close())
beforeEach(async () => {
  count += 1
  container = lake.as('owner').getFileSystemClient(`test-${count}`)
  await container.create()
})

const entry = (
  kind: 'user' | 'group' | 'mask' | 'other',
  entityId: string,
  rights: string,
  defaultScope = false,
): PathAccessControlItem => ({
  accessControlType: kind,
  entityId,
  defaultScope,
  permissions: {
    read: rights.includes('r'),
    write: rights.includes('w'),
    execute: rights.includes('x'),
  },
})

const base = [entry('user', '', 'rwx'), entry('group', '', 'r-x'), entry('other', '', '---')]
const byDefault = (entries: readonly PathAccessControlItem[]): PathAccessControlItem[] =>
  entries.map((item) => ({ ...item, defaultScope: true }))

const textOf = (acl: readonly PathAccessControlItem[]): string =>
  acl
    .map(({ accessControlType, entityId, defaultScope, permissions }) => {
      const rights = `${permissions.read ? 'r' : '-'}${permissions.write ? 'w' : '-'}${permissions.execute ? 'x' : '-'}`
      return `${defaultScope ? 'default:' : ''}${accessControlType}:${entityId}:${rights}`
    })
    .join(',')

const aclOf = async (path: string): Promise<string> =>
  textOf((await container.getDirectoryClient(path).getAccessControl()).acl)

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const refusal = async (attempt: Promise<unknown>): Promise<{ code: unknown; status: unknown }> => {
  try {
    await attempt
  } catch (error) {
    // An answer to HEAD has no body: then the client knows the code from the header alone.
    const code = field(error, 'code') ?? field(field(error, 'details'), 'errorCode')
    return { code, status: field(error, 'statusCode') }
  }
  throw new Error('The call succeeded.')
}

/** The same container, as somebody else sees it. */
const seenBy = (person: Parameters<StubLake['as']>[0]): DataLakeFileSystemClient =>
  lake.as(person).getFileSystemClient(container.name)

beforeEach(() => {
  // Behind an address with the account in its path the client takes the account for the container's name.
  Object.defineProperty(container, 'name', { value: `test-${count}` })
})

describe('containers', () => {
  test('are made once, found, listed and deleted', async () => {
    expect(await container.exists()).toBe(true)
    expect((await container.createIfNotExists()).succeeded).toBe(false)
    expect(await refusal(container.create())).toEqual({ code: 'ContainerAlreadyExists', status: 409 })
    const names: string[] = []
    for await (const item of lake.as('owner').listFileSystems()) names.push(item.name)
    expect(names).toContain('lake3')
    await container.delete()
    expect(await container.exists()).toBe(false)
    expect(await refusal(container.getDirectoryClient('a').create())).toEqual({
      code: 'FilesystemNotFound',
      status: 404,
    })
  })

  test('made by Azure Resource Manager belong to $superuser, others to who made them', async () => {
    const ours = await container.getDirectoryClient('').getAccessControl()
    const theirs = await lake
      .as('owner')
      .getFileSystemClient('lake3')
      .getDirectoryClient('')
      .getAccessControl()
    expect([ours.owner, ours.group]).toEqual([people.owner, people.owner])
    expect([theirs.owner, theirs.group]).toEqual(['$superuser', '$superuser'])
    expect(textOf(theirs.acl)).toBe('user::rwx,group::r-x,other::---')
  })

  test('refuse a name that is no container name', async () => {
    const client = lake.as('owner').getFileSystemClient('Bad--Name')
    expect(await refusal(client.create())).toEqual({ code: 'InvalidResourceName', status: 400 })
  })
})

describe('paths', () => {
  test('a directory is made with those above it, and is there afterwards', async () => {
    await container.getDirectoryClient('projects/project001/01_model').create()
    expect(await container.getDirectoryClient('projects/project001').exists()).toBe(true)
    const status = await container.getDirectoryClient('projects').getSystemProperties()
    expect([status.isDirectory, status.owner, status.group]).toEqual([true, people.owner, people.owner])
  })

  test('making what exists: createIfNotExists says so, create keeps what is below', async () => {
    const directory = container.getDirectoryClient('a')
    await container.getDirectoryClient('a/b').create()
    expect((await directory.createIfNotExists()).succeeded).toBe(false)
    await directory.create()
    expect(await container.getDirectoryClient('a/b').exists()).toBe(true)
    expect(await refusal(directory.create({ conditions: { ifNoneMatch: '*' } }))).toEqual({
      code: 'PathAlreadyExists',
      status: 409,
    })
  })

  test('a file in the way is a conflict', async () => {
    await container.getFileClient('a').create()
    expect(await refusal(container.getDirectoryClient('a/b').create())).toEqual({
      code: 'PathConflict',
      status: 409,
    })
  })

  test('a file is written, read, measured and overwritten', async () => {
    const file = container.getFileClient('notes/über uns.txt')
    await file.upload(Buffer.from('first'))
    await file.upload(Buffer.from('second one'))
    expect((await file.readToBuffer()).toString()).toBe('second one')
    expect((await file.readToBuffer(7, 3)).toString()).toBe('one')
    expect((await file.getProperties()).contentLength).toBe(10)
  })

  test('a flush at the wrong place is refused', async () => {
    const file = container.getFileClient('f')
    await file.create()
    await file.append('abc', 0, 3)
    expect(await refusal(file.flush(2))).toEqual({ code: 'InvalidFlushPosition', status: 400 })
    await file.flush(3)
  })

  test('metadata comes back', async () => {
    const directory = container.getDirectoryClient('a')
    await directory.create({ metadata: { project: '001' } })
    expect((await directory.getProperties()).metadata).toEqual({ project: '001', hdi_isfolder: 'true' })
    await directory.setMetadata({ project: '002' })
    expect((await directory.getProperties()).metadata).toEqual({ project: '002', hdi_isfolder: 'true' })
  })

  test('what is not there is not found', async () => {
    const directory = container.getDirectoryClient('nowhere')
    expect(await directory.exists()).toBe(false)
    expect((await directory.deleteIfExists(true)).succeeded).toBe(false)
    expect(await refusal(directory.getAccessControl())).toEqual({ code: 'PathNotFound', status: 404 })
  })

  test('the client’s own move does not find an address that has the account in its path', async () => {
    await container.getDirectoryClient('a').create()
    const attempt = container.getDirectoryClient('a').move('b')
    await expect(attempt).rejects.toMatchObject({ statusCode: 404 })
  })

  test('a directory with something in it is deleted only with all of it', async () => {
    const directory = container.getDirectoryClient('a')
    await container.getDirectoryClient('a/b').create()
    expect(await refusal(directory.delete())).toEqual({ code: 'DirectoryNotEmpty', status: 409 })
    await directory.delete(true)
    expect(await directory.exists()).toBe(false)
  })

  test('deleting a large directory goes on with a continuation', async () => {
    plant(lake.state, container.name, 'many', 5_200)
    const before = lake.requests().length
    await container.getDirectoryClient('many').delete(true)
    expect(lake.requests().length - before).toBe(2)
    expect(await container.getDirectoryClient('many').exists()).toBe(false)
  })

  test('a list shows a level or the whole tree, page by page and in order', async () => {
    for (const path of ['b/2', 'a/1', 'a/3']) await container.getDirectoryClient(path).create()
    const names = async (recursive: boolean): Promise<(string | undefined)[]> => {
      const found: (string | undefined)[] = []
      for await (const page of container.listPaths({ recursive }).byPage({ maxPageSize: 2 })) {
        expect(page.pathItems?.length).toBeLessThanOrEqual(2)
        for (const item of page.pathItems ?? []) found.push(item.name)
      }
      return found
    }
    expect(await names(false)).toEqual(['a', 'b'])
    expect(await names(true)).toEqual(['a', 'a/1', 'a/3', 'b', 'b/2'])
    const below = container.listPaths({ path: 'a', recursive: true })
    expect((await below.next()).value).toMatchObject({ name: 'a/1', isDirectory: true, owner: people.owner })
    expect(await refusal(container.listPaths({ path: 'zzz' }).next())).toEqual({
      code: 'PathNotFound',
      status: 404,
    })
  })
})

describe('access control lists', () => {
  test('a list is replaced as a whole and its mask is made from its named entries', async () => {
    const directory = container.getDirectoryClient('a')
    await directory.create()
    await directory.setAccessControl([...base, entry('group', groups.team, 'rwx')])
    expect(await aclOf('a')).toBe(`user::rwx,group::r-x,group:${groups.team}:rwx,mask::rwx,other::---`)
    await directory.setAccessControl([...base, entry('group', groups.team, 'rwx'), entry('mask', '', 'r--')])
    expect(await aclOf('a')).toBe(`user::rwx,group::r-x,group:${groups.team}:rwx,mask::r--,other::---`)
    const { permissions } = await directory.getAccessControl()
    expect(permissions).toMatchObject({ extendedAcls: true, group: { read: true, execute: false } })
    await directory.setAccessControl(base)
    expect(await aclOf('a')).toBe('user::rwx,group::r-x,other::---')
  })

  test('a list without owner, owning group or others is refused', async () => {
    const directory = container.getDirectoryClient('a')
    await directory.create()
    const incomplete = [
      [entry('group', groups.team, 'r-x')],
      [...base, entry('group', groups.team, 'r-x', true)],
    ]
    for (const list of incomplete) {
      const attempt = directory.setAccessControl(list)
      expect(await refusal(attempt)).toEqual({ code: 'SetAclMissingAces', status: 400 })
    }
  })

  test('28 named entries fit into a list, 29 do not', async () => {
    const named = (length: number): PathAccessControlItem[] =>
      Array.from({ length }, (_, index) =>
        entry('group', `cccccccc-0000-0000-0000-${String(index).padStart(12, '0')}`, 'r-x'),
      )
    const directory = container.getDirectoryClient('a')
    await directory.create()
    await directory.setAccessControl([...base, ...named(28), ...byDefault([...base, ...named(28)])])
    expect(await refusal(directory.setAccessControl([...base, ...named(29)]))).toEqual({
      code: 'InvaldAccessControlList',
      status: 400,
    })
    expect(
      await refusal(directory.setAccessControl([...base, ...byDefault([...base, ...named(29)])])),
    ).toEqual({
      code: 'InvaldAccessControlList',
      status: 400,
    })
  })

  test('an ETag that is not the path’s own protects the list', async () => {
    const directory = container.getDirectoryClient('a')
    const { etag = '' } = await directory.create()
    const changed = await directory.setAccessControl(base, { conditions: { ifMatch: etag } })
    expect(changed.etag).not.toBe(etag)
    expect(await refusal(directory.setAccessControl(base, { conditions: { ifMatch: etag } }))).toEqual({
      code: 'ConditionNotMet',
      status: 412,
    })
  })

  test('permission bits set the mask when there are named entries', async () => {
    const directory = container.getDirectoryClient('a')
    await directory.create()
    const rwx = { read: true, write: true, execute: true }
    const none = { read: false, write: false, execute: false }
    await directory.setPermissions({
      owner: rwx,
      group: none,
      other: none,
      stickyBit: true,
      extendedAcls: false,
    })
    expect(await aclOf('a')).toBe('user::rwx,group::---,other::---')
    expect((await directory.getAccessControl()).permissions?.stickyBit).toBe(true)
    await directory.setAccessControl([...base, entry('group', groups.team, 'rwx')])
    await directory.setPermissions({
      owner: rwx,
      group: none,
      other: none,
      stickyBit: false,
      extendedAcls: false,
    })
    expect(await aclOf('a')).toBe(`user::rwx,group::r-x,group:${groups.team}:rwx,mask::---,other::---`)
  })
})

describe('what a new path begins with', () => {
  test('without default entries above: all permissions but those of the umask, which is 027', async () => {
    await container.getDirectoryClient('d').create()
    await container.getFileClient('f').create()
    await container.getDirectoryClient('open').create({ permissions: '0777', umask: '0000' })
    expect(await aclOf('d')).toBe('user::rwx,group::r-x,other::---')
    expect(await aclOf('f')).toBe('user::rw-,group::r--,other::---')
    expect(await aclOf('open')).toBe('user::rwx,group::rwx,other::rwx')
  })

  test('under default entries: these, for a directory also as its own default; the umask does not count', async () => {
    const parent = container.getDirectoryClient('p')
    await parent.create()
    const access = [...base, entry('group', groups.team, 'rwx')]
    await parent.setAccessControl([...base, ...byDefault(access)])
    await container.getDirectoryClient('p/d').create()
    await container.getFileClient('p/f').create()
    const list = `user::rwx,group::r-x,group:${groups.team}:rwx,mask::rwx,other::---`
    expect(await aclOf('p/f')).toBe(list)
    expect(await aclOf('p/d')).toBe(
      `${list},${list
        .split(',')
        .map((item) => `default:${item}`)
        .join(',')}`,
    )
  })

  test('changing the default entries above leaves what exists as it is', async () => {
    const parent = container.getDirectoryClient('p')
    await container.getDirectoryClient('p/d').create()
    await parent.setAccessControl([...base, ...byDefault([...base, entry('group', groups.team, 'rwx')])])
    expect(await aclOf('p/d')).toBe('user::rwx,group::r-x,other::---')
  })
})

describe('lists of a whole tree', () => {
  const plantTree = async (files: number): Promise<void> => {
    await container.getDirectoryClient('t/a').create()
    await container.getDirectoryClient('t/b').create()
    for (let index = 0; index < files; index += 1) await container.getFileClient(`t/a/${index}`).create()
  }

  test('modify adds entries, default ones to directories only, and remove takes them away', async () => {
    await plantTree(2)
    const tree = container.getDirectoryClient('t')
    const team = [entry('group', groups.team, 'r-x'), entry('group', groups.team, 'rwx', true)]
    const added = await tree.updateAccessControlRecursive(team)
    expect(added.counters).toEqual({
      changedDirectoriesCount: 3,
      changedFilesCount: 2,
      failedChangesCount: 0,
    })
    expect(await aclOf('t/a/0')).toBe(`user::rw-,group::r--,group:${groups.team}:r-x,mask::r-x,other::---`)
    expect(await aclOf('t/b')).toContain(`default:group:${groups.team}:rwx,default:mask::rwx`)
    await tree.removeAccessControlRecursive([
      { accessControlType: 'group', entityId: groups.team, defaultScope: false },
      { accessControlType: 'group', entityId: groups.team, defaultScope: true },
    ])
    expect(await aclOf('t/a/0')).toBe('user::rw-,group::r--,other::---')
    expect(await aclOf('t/b')).not.toContain(groups.team)
  })

  test('goes on in batches with a continuation, and can be taken up again', async () => {
    await plantTree(7)
    const tree = container.getDirectoryClient('t')
    const first = await tree.setAccessControlRecursive(base, { batchSize: 3, maxBatches: 1 })
    expect(first.counters).toMatchObject({ changedDirectoriesCount: 2, changedFilesCount: 1 })
    expect(first.continuationToken).toBeDefined()
    const rest = await tree.setAccessControlRecursive(base, {
      batchSize: 3,
      continuationToken: first.continuationToken ?? '',
    })
    expect(rest.counters).toMatchObject({ changedDirectoriesCount: 1, changedFilesCount: 6 })
    expect(rest.continuationToken).toBeUndefined()
    const one = await tree.setAccessControlRecursive(base, { batchSize: 1 })
    expect(one.counters).toMatchObject({ changedDirectoriesCount: 3, changedFilesCount: 7 })
  })

  // Anything but linear time would take hours.
  test('a call changes 2,000 paths at most, and 100,000 paths take seconds', async () => {
    plant(lake.state, container.name, 'large', 100_000)
    const calls: number[] = []
    const { counters } = await container
      .getDirectoryClient('large')
      .updateAccessControlRecursive([entry('group', groups.team, 'rwx')], {
        onProgress: ({ batchCounters }) =>
          calls.push(batchCounters.changedDirectoriesCount + batchCounters.changedFilesCount),
      })
    expect(Math.max(...calls)).toBe(2_000)
    expect(calls.length).toBe(51)
    expect(counters).toEqual({
      changedDirectoriesCount: 1_001,
      changedFilesCount: 99_000,
      failedChangesCount: 0,
    })
  }, 120_000)

  test('one refused path ends it without a continuation, unless the client forces it on', async () => {
    await plantTree(3)
    const name = `test-${count}`
    const asContributor = lake.as('contributor').getFileSystemClient(name)
    await asContributor.getDirectoryClient('mine').create()
    await asContributor.getFileClient('mine/a').create()
    await container.getFileClient('mine/b').create()
    await asContributor.getFileClient('mine/c').create()
    const tree = asContributor.getDirectoryClient('mine')
    const stopped = await tree.setAccessControlRecursive(base, { batchSize: 3 })
    expect(stopped.counters).toEqual({
      changedDirectoriesCount: 1,
      changedFilesCount: 1,
      failedChangesCount: 1,
    })
    expect(stopped.continuationToken).toBeUndefined()
    const failures: string[] = []
    const forced = await tree.setAccessControlRecursive(base, {
      batchSize: 3,
      continueOnFailure: true,
      onProgress: ({ batchFailures }) => failures.push(...batchFailures.map((failure) => failure.name)),
    })
    expect(forced.counters).toEqual({
      changedDirectoriesCount: 1,
      changedFilesCount: 2,
      failedChangesCount: 1,
    })
    expect(failures).toEqual(['mine/b'])
  })
})

describe('who may do what', () => {
  const grant = (path: string, entries: readonly PathAccessControlItem[]): Promise<unknown> =>
    container.getDirectoryClient(path).setAccessControl([...base, ...entries])

  test('a role decides first: a reader reads whatever the lists say, and writes nothing', async () => {
    await container.getFileClient('d/f').upload(Buffer.from('x'))
    const reader = seenBy('reader')
    expect((await reader.getFileClient('d/f').readToBuffer()).toString()).toBe('x')
    expect(await refusal(reader.getDirectoryClient('e').create())).toEqual({
      code: 'AuthorizationPermissionMismatch',
      status: 403,
    })
  })

  test('a contributor sets the list only of what is its own', async () => {
    await container.getDirectoryClient('theirs').create()
    const contributor = seenBy('contributor')
    await contributor.getDirectoryClient('mine').create()
    await contributor.getDirectoryClient('mine').setAccessControl(base)
    expect(await refusal(contributor.getDirectoryClient('theirs').setAccessControl(base))).toEqual({
      code: 'AuthorizationPermissionMismatch',
      status: 403,
    })
  })

  test('without a role a group’s entry counts, but only with execute on every directory above', async () => {
    await container.getFileClient('projects/project001/in/f').upload(Buffer.from('x'))
    const file = seenBy('anna').getFileClient('projects/project001/in/f')
    await container
      .getDirectoryClient('projects/project001')
      .updateAccessControlRecursive([entry('group', groups.team, 'rwx')])
    expect(await refusal(file.readToBuffer(0, 1))).toMatchObject({ status: 403 })
    await grant('', [entry('group', groups.team, '--x')])
    expect(await refusal(file.readToBuffer(0, 1))).toMatchObject({ status: 403 })
    await grant('projects', [entry('group', groups.team, '--x')])
    expect((await file.readToBuffer()).toString()).toBe('x')
    expect(await refusal(seenBy('anna').listPaths().next())).toMatchObject({ status: 403 })
    await seenBy('anna').getDirectoryClient('projects/project001/out').create()
    const made = await container.getDirectoryClient('projects/project001/out').getAccessControl()
    expect([made.owner, made.group]).toEqual([people.anna, people.owner])
  })

  test('the caller’s own entry decides before groups, even when it gives less', async () => {
    await grant('', [entry('group', groups.team, 'r-x')])
    expect((await seenBy('anna').listPaths().next()).done).toBe(true)
    await grant('', [entry('group', groups.team, 'r-x'), entry('user', people.anna, '---')])
    expect(await refusal(seenBy('anna').listPaths().next())).toMatchObject({ status: 403 })
  })

  test('the mask narrows named entries, not the owner; one of several groups must suffice alone', async () => {
    await grant('', [entry('group', groups.team, 'r--'), entry('group', groups.guild, '--x')])
    expect(await refusal(seenBy('bo').listPaths().next())).toMatchObject({ status: 403 })
    await grant('', [entry('group', groups.team, 'rwx'), entry('mask', '', 'r--')])
    expect(await refusal(seenBy('bo').listPaths().next())).toMatchObject({ status: 403 })
    await grant('', [entry('group', groups.team, 'rwx'), entry('mask', '', 'r-x')])
    expect((await seenBy('bo').listPaths().next()).done).toBe(true)
  })

  test('in a sticky directory only the owner of a path, or of the directory, removes it', async () => {
    await grant('', [entry('group', groups.team, '--x')])
    const shared = container.getDirectoryClient('shared')
    await shared.create()
    await grant('shared', [entry('group', groups.team, 'rwx')])
    await seenBy('anna').getFileClient('shared/f').create()
    const rwx = { read: true, write: true, execute: true }
    await shared.setPermissions({ owner: rwx, group: rwx, other: rwx, stickyBit: true, extendedAcls: true })
    expect(await refusal(seenBy('bo').getFileClient('shared/f').delete())).toMatchObject({ status: 403 })
    await seenBy('anna').getFileClient('shared/f').delete()
    expect(await shared.exists()).toBe(true)
  })
})
