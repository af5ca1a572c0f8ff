/**
 * Microsoft's table of common scenarios, as it stands: which rights a call takes on each part of the way.
 * https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control#common-scenarios-related-to-acl-permissions
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { people, type StubLake, startStubLake } from './testing/stub-lake.ts'

let lake: StubLake
let count = 0
let container = ''
beforeAll(async () => {
  lake = await startStubLake()
})
afterAll(() => lake.close())
beforeEach(async () => {
  count += 1
  container = `/scenario-${count}`
  await lake.send('owner', 'PUT', `${container}?restype=container`)
  await lake.send('owner', 'PUT', `${container}/Oregon/Portland/Data.txt?resource=file`)
})

const places = ['/', '/Oregon', '/Oregon/Portland', '/Oregon/Portland/Data.txt'] as const
type Rights = readonly [string, string, string, string]
const file = places[3]
/** The requests of an operation, in order. */
type Operation = readonly (readonly [method: string, path: string, body?: string])[]

const table: readonly (readonly [name: string, rights: Rights, operation: Operation])[] = [
  ['read Data.txt', ['--x', '--x', '--x', 'r--'], [['GET', file]]],
  [
    'append to Data.txt',
    ['--x', '--x', '--x', 'rw-'],
    [
      ['PATCH', `${file}?action=append&position=0`, 'x'],
      ['PATCH', `${file}?action=flush&position=1`],
    ],
  ],
  ['delete Data.txt', ['--x', '--x', '-wx', '---'], [['DELETE', file]]],
  ['delete /Oregon/', ['-wx', 'rwx', 'rwx', '---'], [['DELETE', '/Oregon?recursive=true']]],
  ['delete /Oregon/Portland/', ['--x', '-wx', 'rwx', '---'], [['DELETE', '/Oregon/Portland?recursive=true']]],
  ['create another file', ['--x', '--x', '-wx', '---'], [['PUT', '/Oregon/Portland/New.txt?resource=file']]],
  ['list /', ['r-x', '---', '---', '---'], [['GET', '?resource=filesystem&recursive=false']]],
  [
    'list /Oregon/',
    ['--x', 'r-x', '---', '---'],
    [['GET', '?resource=filesystem&recursive=false&directory=Oregon']],
  ],
  [
    'list /Oregon/Portland/',
    ['--x', '--x', 'r-x', '---'],
    [['GET', '?resource=filesystem&recursive=false&directory=Oregon/Portland']],
  ],
]

const grant = async (place: string, rights: string): Promise<void> => {
  const answer = await lake.send('owner', 'PATCH', `${container}${place}?action=setAccessControl`, {
    'x-ms-acl': `user::rwx,group::---,other::---,user:${people.anna}:${rights}`,
  })
  expect(answer.status).toBe(200)
}

/** The worst status of the operation's requests, as Anna sends them. */
const attempt = async (operation: Operation): Promise<number> => {
  let worst = 0
  for (const [method, path, body] of operation) {
    const answer = await fetch(`${lake.base}/storage/lake001${container}${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: { 'x-ms-version': '2023-11-03', authorization: 'Bearer anna' },
    })
    worst = Math.max(worst, answer.status)
    await answer.arrayBuffer()
  }
  return worst
}

describe.each(table)('to %s', (_name, rights, operation) => {
  test('the rights of its row are enough', async () => {
    for (const [index, place] of places.entries()) await grant(place, rights[index] ?? '---')
    expect(await attempt(operation)).toBeLessThan(300)
  })

  const lacking = rights.flatMap((own, index) =>
    [...own].flatMap((letter, position) =>
      letter === '-'
        ? []
        : [{ place: places[index] ?? '/', less: `${own.slice(0, position)}-${own.slice(position + 1)}` }],
    ),
  )
  test.each(lacking)('$less on $place is not', async ({ place, less }) => {
    for (const [index, each] of places.entries())
      await grant(each, each === place ? less : (rights[index] ?? '---'))
    expect(await attempt(operation)).toBe(403)
  })
})

describe('in a sticky directory nobody', () => {
  beforeEach(async () => {
    await grant('/', '--x')
    await lake.send('owner', 'PUT', `${container}/shared?resource=directory`)
    await lake.send('owner', 'PATCH', `${container}/shared?action=setAccessControl`, {
      'x-ms-permissions': '1777',
    })
    await lake.send('anna', 'PUT', `${container}/shared/mine?resource=file`)
    await lake.send('owner', 'PUT', `${container}/shared/theirs?resource=file`)
  })
  const rename = async (from: string, to: string): Promise<number> =>
    (await lake.send('anna', 'PUT', `${container}${to}`, { 'x-ms-rename-source': `${container}${from}` }))
      .status

  test('renames what another owns', async () => {
    expect(await rename('/shared/theirs', '/shared/taken')).toBe(403)
    expect(await rename('/shared/mine', '/shared/renamed')).toBe(201)
  })

  test('puts a file of their own in the place of another’s, by renaming or by creating it', async () => {
    expect(await rename('/shared/mine', '/shared/theirs')).toBe(403)
    expect((await lake.send('anna', 'PUT', `${container}/shared/theirs?resource=file`)).status).toBe(403)
    const kept = await lake.send('owner', 'HEAD', `${container}/shared/theirs?action=getStatus`)
    expect(kept.headers.get('x-ms-owner')).toBe(people.owner)
  })

  test('is kept from replacing what is their own', async () => {
    await lake.send('anna', 'PUT', `${container}/shared/second?resource=file`)
    expect(await rename('/shared/mine', '/shared/second')).toBe(201)
  })
})
