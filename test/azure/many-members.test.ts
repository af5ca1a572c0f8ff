import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { crowdOf, withCrowd } from '../../sandbox/seeds/crowd.ts'
import { readSeed, threeEnvironmentsFile } from '../../sandbox/seeds/index.ts'
import { type Directory, openDirectory } from '../../src/azure/directory.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'

let here: OnSandbox
let directory: Directory
let groupId: string

const crowd = crowdOf(45).map(({ id }) => id)
const numberOf = (id: string): number => crowd.indexOf(id) + 1

beforeEach(async () => {
  const seed = withCrowd(await readSeed(threeEnvironmentsFile), crowdOf(45))
  here = await onSandbox({ seed })
  directory = await openDirectory(here.session, { delivering: dev.clientId, people: undefined })
  const group = { displayName: 'Team', mailNickname: 'aif_team', description: 'For a test' }
  groupId = (await directory.ensureGroup(group)).objectId
})
afterEach(() => here.sandbox.close())

/** What Graph is asked by some work: each call, with what a batch holds. */
async function callsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const since = here.sandbox.requestCount()
  await work()
  const brief = ({ method, path, status }: { method: string; path: string; status: number }) =>
    `${method} ${path.split('?')[0]?.split('/').at(-1) === '$ref' ? '$ref' : 'group'} ${status}`
  return here.sandbox
    .requests(since)
    .filter(({ area, method }) => area === 'graph' && method !== 'GET')
    .map(({ batched, ...alone }) => (batched === undefined ? brief(alone) : batched.map(brief).join(', ')))
    .filter((call) => !call.startsWith('GET'))
}

const inGroup = async (): Promise<ReadonlySet<string>> =>
  new Set((await directory.findGroup('aif_team'))?.members.map(({ objectId }) => objectId))

const ofGroup = (...ids: readonly string[]) => ids.toSorted()
const found = async () => ofGroup(...(await inGroup()))

const naming = {
  group: 'Team',
  member: (id: string) => `person${numberOf(id)}@contoso.example`,
}

describe('many members', () => {
  test('are added twenty at a time, all in one call, in order', async () => {
    const calls = await callsOf(() => directory.addMembers(groupId, crowd))
    expect(calls).toEqual(['PATCH group 204, PATCH group 204, PATCH group 204'])
    expect(here.sandbox.state.directory.groups.find(({ id }) => id === groupId)?.members).toEqual(crowd)
  })

  test('are removed twenty in a call, also those who have left by themselves', async () => {
    await directory.addMembers(groupId, crowd)
    await directory.removeMembers(groupId, crowd.slice(3, 5))
    const calls = await callsOf(() => directory.removeMembers(groupId, crowd))
    expect(await found()).toEqual([])
    // Those after one who is not there are held up by it, and are sent again.
    expect(calls.length).toBeLessThanOrEqual(3 + 2)
  })

  test('are all added but the one whom Entra ID does not have any more, who is named', async () => {
    const gone = randomUUID()
    const some = [...crowd.slice(0, 27), gone, ...crowd.slice(27)]
    await expect(directory.addMembers(groupId, some, naming)).rejects.toThrow(
      "person0@contoso.example (Entra ID does not have it any more) could not be added to group 'Team'. Graph refuses this member; 45 more have been added. Correct or remove the entries, and run the job again.",
    )
    expect(await found()).toEqual(ofGroup(...crowd))
  })

  test('are all added but those whom Graph refuses, each with what it says', async () => {
    const error = { code: 'Request_BadRequest', message: 'Invalid member.' }
    here.sandbox.faults.add({ method: 'PATCH', path: groupId, status: 400, body: { error } })
    here.sandbox.faults.add({
      method: 'POST',
      path: '/members/',
      skip: 4,
      times: 2,
      status: 400,
      body: { error },
    })
    await expect(directory.addMembers(groupId, crowd, naming)).rejects.toThrow(
      "person5@contoso.example (Invalid member), person6@contoso.example (Invalid member) could not be added to group 'Team'. Graph refuses these 2 members; 43 more have been added.",
    )
    expect((await inGroup()).size).toBe(43)
  })

  test('of whom some are in already cost one call more', async () => {
    await directory.addMembers(groupId, crowd.slice(0, 2))
    const calls = await callsOf(() => directory.addMembers(groupId, crowd))
    expect(calls.map((call) => call.split(', ').length)).toEqual([1, 2, 18])
    expect(await found()).toEqual(ofGroup(...crowd))
  })
})

describe('of the requests in one call', () => {
  test('the one that is throttled is sent again when Graph allows it, with those after it, in their order', async () => {
    here.sandbox.faults.add({
      method: 'PATCH',
      path: groupId,
      skip: 1,
      status: 429,
      headers: { 'Retry-After': '7' },
    })
    const calls = await callsOf(() => directory.addMembers(groupId, crowd))
    expect(calls).toEqual(['PATCH group 204, PATCH group 429', 'PATCH group 204, PATCH group 204'])
    expect(here.pauses).toEqual([7_000])
    expect(here.sandbox.state.directory.groups.find(({ id }) => id === groupId)?.members).toEqual(crowd)
  })

  test('one that Graph is out of order for is sent again alone, and the others are not', async () => {
    here.sandbox.faults.add({ path: '/graph/v1.0/users', skip: 3, times: 2, status: 503 })
    const since = here.sandbox.requestCount()
    const names = crowd.slice(0, 20).map((_, index) => `person${index + 1}@contoso.example`)
    expect((await directory.resolve(names)).size).toBe(20)
    const sizes = here.sandbox.requests(since).flatMap(({ batched }) => batched?.length ?? [])
    expect(sizes).toEqual([20, 2])
  })

  test('one that is refused is not sent again', async () => {
    const error = { code: 'Authorization_RequestDenied', message: 'No.' }
    here.sandbox.faults.add({ path: '/directoryObjects/', skip: 1, status: 403, body: { error } })
    await expect(directory.resolve(crowd.slice(0, 3))).rejects.toThrow(/Azure answered 403/)
    expect(here.pauses).toEqual([])
  })

  test('one whose token is not accepted any more is sent again with a new one', async () => {
    here.sandbox.faults.add({ path: '/directoryObjects/', skip: 1, status: 401 })
    expect((await directory.resolve(crowd.slice(0, 3))).size).toBe(3)
    expect(here.logged).toEqual([])
  })
})

test('Many groups are read with their owners and members in as many calls as a few', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `aif_team_${index}`)
  for (const name of names) {
    const body = { displayName: name, mailNickname: name, description: 'For a test' }
    await directory.addMembers((await directory.ensureGroup(body)).objectId, crowd)
  }
  const calls = async (some: readonly string[]): Promise<number> => {
    const since = here.sandbox.requestCount()
    const groups = await Promise.all(some.map((name) => directory.findGroup(name)))
    expect(groups.map((group) => group?.members.length)).toEqual(some.map(() => crowd.length))
    return here.sandbox.requests(since).filter(({ area }) => area === 'graph').length
  }
  expect(await calls(names.slice(0, 2))).toBe(2)
  expect(await calls(names)).toBe(3)
})
