import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { User } from '../../sandbox/entra/model.ts'
import { type Directory, openDirectory } from '../../src/azure/directory.ts'
import { graphByHand, reference, securityGroup } from '../e2e/support/graph-by-hand.ts'
import { writesIn } from '../e2e/support/transcript.ts'
import { dev, type OnSandbox, onSandbox, people } from './on-sandbox.ts'

let here: OnSandbox
let directory: Directory
beforeEach(async () => {
  here = await onSandbox()
  directory = await openDirectory(here.session, owners)
})
afterEach(() => here.sandbox.close())

/** Those of environment dev. */
const owners = { delivering: dev.clientId, people: undefined }
const group = {
  displayName: 'Team lead',
  mailNickname: 'aif_team_lead',
  description: 'For a test',
}
const writes = () => writesIn(here.sandbox.requests()).filter(({ area }) => area === 'graph')

describe('a group', () => {
  test('is created once and found by its name', async () => {
    expect(await directory.findGroup(group.mailNickname)).toBeUndefined()
    const made = await directory.ensureGroup(group)
    expect(await directory.ensureGroup(group)).toEqual(made)
    expect(await directory.findGroup(group.mailNickname)).toEqual(made)
    expect(made).toMatchObject({ displayName: 'Team lead', members: [] })
  })

  test('is known by its object id without asking who is in it', async () => {
    expect(await directory.lookUpGroup(group.mailNickname)).toBeUndefined()
    const { objectId } = await directory.ensureGroup(group)
    const before = here.sandbox.requests().length
    expect(await directory.lookUpGroup(group.mailNickname)).toMatchObject({ objectId })
    const asked = here.sandbox
      .requests()
      .slice(before)
      .flatMap(({ batched = [], ...call }) => [call, ...batched])
    expect(asked.filter(({ path }) => path.includes('/members'))).toEqual([])
  })

  test('that is deleted between its listing and the question what it is in is in no group', async () => {
    const { objectId } = await directory.ensureGroup(group)
    await directory.removeGroup(objectId)
    expect(await directory.groupsWith(objectId)).toEqual([])
    await directory.removeGroup(objectId)
  })

  test('takes more members than one request can carry', async () => {
    const { objectId } = await directory.ensureGroup(group)
    const names = Array.from({ length: 45 }, (_, index) => `aif_team_${index}`)
    const made = await Promise.all(
      names.map((name) => directory.ensureGroup({ ...group, mailNickname: name })),
    )
    const members = made.map((one) => one.objectId)
    const before = writes().length
    await directory.addMembers(objectId, members)
    expect(writes()).toHaveLength(before + 3)
    const found = await directory.findGroup(group.mailNickname)
    expect(new Set(found?.members.map((member) => member.objectId))).toEqual(new Set(members))
  })

  test('is read again after members were added, until Graph lists them', async () => {
    const { objectId } = await directory.ensureGroup(group)
    const nobody = { method: 'GET', path: '/members', status: 200, body: { value: [] } }
    here.sandbox.faults.add({ ...nobody, times: 2 })
    await directory.addMembers(objectId, [people.anna])
    expect(here.logged).toEqual([
      'The new members of a group: it has not replicated yet. Retrying in 0.5 s (attempt 2 of 9)',
    ])
    here.sandbox.faults.add({ ...nobody, times: 'always' })
    await expect(directory.addMembers(objectId, [people.bo])).rejects.toThrow(
      `Graph added ${people.bo} to a group but does not list them as members yet.`,
    )
  })

  test('takes the others when somebody was added in the meantime', async () => {
    const { objectId } = await directory.ensureGroup(group)
    await directory.addMembers(objectId, [people.anna])
    await directory.addMembers(objectId, [people.anna, people.bo, people.cleo])
    const found = await directory.findGroup(group.mailNickname)
    expect(found?.members.map(({ objectId: id }) => id).sort()).toEqual([people.anna, people.bo, people.cleo])
  })

  test('loses a member, and one that is not in it is no error', async () => {
    const { objectId } = await directory.ensureGroup(group)
    await directory.addMembers(objectId, [people.anna])
    await directory.removeMembers(objectId, [people.anna])
    await directory.removeMembers(objectId, [people.anna])
    expect((await directory.findGroup(group.mailNickname))?.members).toEqual([])
  })

  test('shows applications and managed identities among its members, which a plain list leaves out', async () => {
    const { objectId } = await directory.ensureGroup(group)
    await directory.addMembers(objectId, [people.anna, dev.objectId])
    const found = await directory.findGroup(group.mailNickname)
    expect(found?.members.map(({ objectId: id }) => id).sort()).toEqual([dev.objectId, people.anna])
  })

  test('whose members have not replicated yet is waited for, and never taken for missing', async () => {
    await directory.ensureGroup(group)
    const missing = {
      method: 'GET',
      path: '/groups/[^(]+/members',
      status: 404,
      body: { error: { code: 'Request_ResourceNotFound', message: 'It does not exist.' } },
    }
    here.sandbox.faults.add(missing)
    expect(await directory.findGroup(group.mailNickname)).toMatchObject({ displayName: 'Team lead' })
    expect(here.logged).toEqual([expect.stringMatching(/not replicated yet\. Retrying/)])
    here.sandbox.faults.add({ ...missing, times: 'always' })
    await expect(directory.findGroup(group.mailNickname)).rejects.toThrow(
      /^Looking for group 'aif_team_lead' failed\. Azure answered 404\. Request_ResourceNotFound/,
    )
  })

  test('that has not replicated yet is waited for', async () => {
    // Its time goes on only while the session waits.
    let time = Date.now()
    const clock = { now: () => new Date(time), sleep: async () => undefined }
    const sleep = async (milliseconds: number) => {
      time += milliseconds
    }
    const late = await onSandbox({ replicationLag: 60, clock }, { sleep })
    try {
      const slow = await openDirectory(late.session, owners)
      const { objectId } = await slow.ensureGroup(group)
      await slow.addMembers(objectId, [people.anna])
      expect(late.logged.length).toBeGreaterThan(0)
      expect(late.logged[0]).toMatch(/it has not replicated yet\. Retrying in 0\.5 s/)
    } finally {
      await late.sandbox.close()
    }
  })
})

describe('whose a group is', () => {
  const prod = '33333333-3333-3333-3333-3333333333b3'
  const prodClient = '33333333-3333-3333-3333-333333333303'
  const state = () => here.sandbox.state.directory
  const stored = (id: string) => {
    const found = state().groups.find((one) => one.id === id)
    if (found === undefined) throw new Error('The group is not there.')
    return found
  }
  /** A group of the name, made by hand. */
  const foreign = async (owned: readonly string[]): Promise<string> => {
    const bound = owned.map((id) => reference(here.sandbox, id))
    const body = securityGroup(group.mailNickname, { 'owners@odata.bind': bound })
    return (await graphByHand(here.sandbox))('POST', '/groups', body)
  }

  test('is decided in the request that creates it, which names the identity that delivers', async () => {
    const { objectId, ownership } = await directory.ensureGroup(group)
    expect(stored(objectId).owners).toEqual([dev.objectId])
    expect(ownership).toEqual({ kind: 'ours', missing: [] })
    expect(writes().map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /graph/v1.0/groups'])
  })

  test('is seen by its owners: nobody, others, others besides us', async () => {
    const ownership = async () => (await directory.lookUpGroup(group.mailNickname))?.ownership
    const { objectId } = await directory.ensureGroup(group)
    stored(objectId).owners = []
    expect(await ownership()).toEqual({ kind: 'nobody' })
    stored(objectId).owners = [prod]
    expect(await ownership()).toEqual({ kind: 'others', owners: [prod] })
    stored(objectId).owners = [dev.objectId, prod]
    expect(await ownership()).toEqual({ kind: 'others', owners: [prod] })
    stored(objectId).owners = [dev.objectId, people.anna]
    expect(await ownership()).toEqual({ kind: 'others', owners: ['anna@contoso.example'] })
  })

  test('decides between groups of the same name, of which there may be any number', async () => {
    await foreign([prod])
    const { objectId } = await directory.ensureGroup(group)
    await foreign([])
    expect((await directory.findGroup(group.mailNickname))?.objectId).toBe(objectId)
  })

  test('does not depend on a mail nickname that somebody has changed, when an earlier version made the group', async () => {
    const byHand = await graphByHand(here.sandbox)
    const bound = { 'owners@odata.bind': [reference(here.sandbox, dev.objectId)] }
    const path = `/groups(uniqueName='${group.mailNickname}')`
    const id = await byHand('PATCH', path, securityGroup('renamed', bound), { Prefer: 'create-if-missing' })
    expect(await directory.findGroup(group.mailNickname)).toMatchObject({
      objectId: id,
      ownership: { kind: 'ours' },
    })
  })

  test('is the same to all runs that create one at the same time: the oldest stays, and no other', async () => {
    const made = await Promise.all([1, 2, 3].map(() => directory.ensureGroup(group)))
    expect(new Set(made.map(({ objectId }) => objectId)).size).toBe(1)
    expect(state().groups.map(({ id }) => id)).toEqual([made[0]?.objectId])
  })

  test('is shared with the identity for people, which becomes an owner as well, also later', async () => {
    const { objectId } = await directory.ensureGroup(group)
    const both = { delivering: dev.clientId, people: { clientId: prodClient, objectId: prod } }
    const sharing = await openDirectory(here.session, both)
    const found = await sharing.lookUpGroup(group.mailNickname)
    expect(found?.ownership).toEqual({ kind: 'ours', missing: [prod] })
    if (found) await sharing.completeOwners(found)
    expect(stored(objectId).owners).toEqual([dev.objectId, prod])
    expect((await sharing.lookUpGroup(group.mailNickname))?.ownership).toEqual({ kind: 'ours', missing: [] })
    const other = await sharing.ensureGroup({ ...group, mailNickname: 'aif_other' })
    expect(stored(other.objectId).owners).toEqual([dev.objectId, prod])
  })

  test('is of use where Graph lets no other identity own it, which is logged', async () => {
    const error = { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' }
    here.sandbox.faults.add({ method: 'POST', path: '/owners/', status: 403, body: { error } })
    const both = { delivering: dev.clientId, people: { clientId: prodClient, objectId: prod } }
    const made = await (await openDirectory(here.session, both)).ensureGroup(group)
    expect(stored(made.objectId).owners).toEqual([dev.objectId])
    expect(here.logged.join()).toContain(
      `does not let this identity make ${prod} an owner of group 'Team lead'`,
    )
  })

  test('is not known to who may not see it', async () => {
    await directory.ensureGroup(group)
    const looking = await openDirectory(here.session, { delivering: prodClient, people: undefined })
    expect((await looking.lookUpGroup(group.mailNickname))?.ownership).toEqual({ kind: 'unknown' })
  })
})

/** Whom a member's name finds; undefined when nobody. */
const resolve = async (member: string) => (await directory.resolve([member])).get(member)

describe('a person is found', () => {
  test.each([
    ['user principal name', 'anna@contoso.example', people.anna],
    ['object id', people.bo, people.bo],
    ['e-mail address, as a guest', 'eve@partner.example', people.eve],
  ])('by %s', async (_what, member, objectId) => {
    expect((await resolve(member))?.objectId).toBe(objectId)
  })

  describe('by another of their addresses', () => {
    const other = "o'neil@home.example"
    const withOther = (id: string, more: object = {}) => {
      const { users } = here.sandbox.state.directory
      const index = users.findIndex((user) => user.id === id)
      users[index] = { ...(users[index] as NonNullable<(typeof users)[0]>), otherMails: [other], ...more }
    }

    test('as a guest, who was invited by it', async () => {
      withOther(people.eve)
      expect((await resolve(other))?.objectId).toBe(people.eve)
    })

    test('but not as a member of the organisation, because nobody has verified that it is theirs', async () => {
      withOther(people.anna)
      expect(await resolve(other)).toBeUndefined()
    })

    test('but not when it is the address of another account', async () => {
      withOther(people.eve)
      withOther(people.bo, { otherMails: [], mail: other })
      expect((await resolve(other))?.objectId).toBe(people.bo)
    })
  })

  test('and it is said whether it is a person, a group or an application', async () => {
    const { objectId } = await directory.ensureGroup(group)
    const kindOf = async (member: string) => (await resolve(member))?.kind
    expect(await kindOf('anna@contoso.example')).toBe('user')
    expect(await kindOf(people.bo)).toBe('user')
    expect(await kindOf(objectId)).toBe('group')
    expect(await kindOf(dev.objectId)).toBe('servicePrincipal')
  })

  test('or not', async () => {
    expect(await resolve('nobody@contoso.example')).toBeUndefined()
    expect(await resolve('44444444-4444-4444-4444-444444444499')).toBeUndefined()
    expect(await resolve("' or '1' eq '1")).toBeUndefined()
  })

  test('but not by an address that two have', async () => {
    const mail = 'shared@partner.example'
    const [one, two] = [1, 2].map((number) =>
      addUser({ userPrincipalName: `two${number}@contoso.example`, mail }),
    )
    expect(await resolve(mail)).toBeUndefined()
    expect(await why(mail)).toEqual({
      reason: 'several',
      candidates: [
        { objectId: one, display: 'two1@contoso.example' },
        { objectId: two, display: 'two2@contoso.example' },
      ],
    })
  })
})

/** Somebody new in the directory. @returns the object id */
function addUser(traits: Partial<User> & Pick<User, 'userPrincipalName'>): string {
  const id = randomUUID()
  here.sandbox.state.directory.users.push({ id, displayName: 'Somebody', ...traits })
  return id
}

describe('a person is found in all the ways in which they can be written', () => {
  const plus = 'zoe+factory@contoso.example'
  test.each<[string, string, Partial<User> & Pick<User, 'userPrincipalName'>]>([
    ['in other letters', 'ZOE@Contoso.Example', { userPrincipalName: 'zoe@contoso.example' }],
    ['with a plus', plus, { userPrincipalName: plus }],
    ['with an apostrophe', "o'hara@contoso.example", { userPrincipalName: "o'hara@contoso.example" }],
    [
      'by mail',
      'zoe.z@contoso.example',
      { userPrincipalName: 'z1@contoso.example', mail: 'Zoe.Z@contoso.example' },
    ],
    [
      'by an alias of the mailbox',
      'zoe.alias@contoso.example',
      {
        userPrincipalName: 'z1@contoso.example',
        proxyAddresses: ['SMTP:z1@contoso.example', 'smtp:Zoe.Alias@contoso.example'],
      },
    ],
    [
      'as a guest, by the whole principal name',
      'zoe_partner.example#EXT#@contoso.example',
      { userPrincipalName: 'zoe_partner.example#EXT#@contoso.example', userType: 'Guest' },
    ],
    [
      'as a guest, by the address in the principal name when all others have changed',
      'zoe_z@partner.example',
      {
        userPrincipalName: 'zoe_z_partner.example#EXT#@contoso.example',
        mail: 'zoe@new.example',
        userType: 'Guest',
      },
    ],
  ])('%s', async (_how, member, traits) => {
    const id = addUser(traits)
    expect(await resolve(member)).toMatchObject({ objectId: id, kind: 'user' })
  })

  test('but not by the address of a telephone, nor by half of a name', async () => {
    addUser({ userPrincipalName: 'zoe@contoso.example', proxyAddresses: ['sip:zoe.sip@contoso.example'] })
    expect(await resolve('zoe.sip@contoso.example')).toBeUndefined()
    expect(await resolve('zo@contoso.example')).toBeUndefined()
  })

  test('and it is said who cannot sign in, who has not accepted yet, and what is no security group', async () => {
    const guest = { userType: 'Guest', externalUserState: 'PendingAcceptance' } as const
    addUser({
      userPrincipalName: 'yan_partner.example#EXT#@contoso.example',
      mail: 'yan@partner.example',
      ...guest,
    })
    const byHand = await graphByHand(here.sandbox)
    await byHand('PATCH', `/users/${people.bo}`, { accountEnabled: false })
    const unified = await byHand('POST', '/groups', {
      ...securityGroup('everybody'),
      mailEnabled: true,
      groupTypes: ['Unified'],
    })
    expect((await resolve(people.bo))?.state).toBe('disabled')
    expect((await resolve('bo@contoso.example'))?.state).toBe('disabled')
    expect((await resolve('yan@partner.example'))?.state).toBe('invited')
    expect((await resolve(unified))?.state).toBe('noSecurityGroup')
    expect((await resolve('anna@contoso.example'))?.state).toBeUndefined()
  })
})

/** Why somebody is not found. */
const why = async (member: string) => (await directory.explainUnresolved([member])).get(member)

describe('of somebody who is not found it is said', () => {
  test('whom one may have meant: who has nearly the same name, the nearest first', async () => {
    addUser({ userPrincipalName: 'anne@contoso.example' })
    addUser({ userPrincipalName: 'annemarie@contoso.example' })
    expect((await why('anni@contoso.example'))?.candidates.map(({ display }) => display)).toEqual([
      'anna@contoso.example',
      'anne@contoso.example',
    ])
    expect((await why('anna@partner.example'))?.candidates[0]?.objectId).toBe(people.anna)
    expect(await why('44444444-4444-4444-4444-444444444499')).toEqual({ reason: 'unknown', candidates: [] })
  })

  test('that the account was deleted a short time ago', async () => {
    const id = addUser({ userPrincipalName: 'zoe@contoso.example', mail: 'zoe@contoso.example' })
    const byHand = await graphByHand(here.sandbox)
    await byHand('DELETE', `/users/${id}`)
    for (const member of [id, 'zoe@contoso.example']) {
      expect(await why(member)).toEqual({
        reason: 'deleted',
        candidates: [{ objectId: id, display: expect.stringMatching(/^[0-9a-f]{32}zoe@contoso\.example$/) }],
      })
    }
  })

  test('less, where the directory does not say more', async () => {
    const error = { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' }
    here.sandbox.faults.add({
      path: '/directory/deletedItems',
      status: 403,
      body: { error },
      times: 'always',
    })
    expect((await why('annna@contoso.example'))?.candidates[0]?.objectId).toBe(people.anna)
  })
})

describe('members are looked up in batches', () => {
  const batches = () => here.sandbox.requests().filter(({ path }) => path.endsWith('/$batch')).length

  test('of twenty', async () => {
    const unknown = Array.from({ length: 44 }, () => randomUUID())
    const found = await directory.resolve([...unknown, people.anna])
    expect([...found.keys()]).toEqual([people.anna])
    expect(batches()).toBe(3)
  })

  test('and asked for once, however often they are named', async () => {
    await directory.resolve([people.anna, people.anna])
    expect(batches()).toBe(1)
  })

  test('of which one is throttled, and asked for again alone when Graph allows it', async () => {
    here.sandbox.faults.add({
      path: '/graph/v1.0/users',
      status: 429,
      headers: { 'Retry-After': '7' },
    })
    const found = await directory.resolve(['anna@contoso.example', people.bo])
    expect([...found.values()].map(({ objectId }) => objectId).sort()).toEqual([people.anna, people.bo])
    expect(here.pauses).toEqual([7_000])
    expect(here.logged).toEqual(['POST …/$batch: Graph answered 429. Retrying in 7 s (attempt 2 of 7)'])
  })

  test('of which one is refused, and with it the whole lookup', async () => {
    here.sandbox.faults.add({
      path: '/graph/v1.0/users',
      status: 403,
      body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } },
    })
    await expect(directory.resolve(['anna@contoso.example', people.bo])).rejects.toThrow(
      /^Looking for members in the directory failed\. Azure answered 403\. Authorization_RequestDenied/,
    )
    expect(here.pauses).toEqual([])
  })

  test.each([
    ['answered by a proxy', { page: '<html></html>' }],
    ['out of order', { status: 503 }],
  ])('which are given up after as many attempts as any request when they are %s', async (_what, fault) => {
    here.sandbox.faults.add({ path: '/\\$batch', times: 'always', ...fault })
    const before = batches()
    await expect(directory.resolve([people.anna])).rejects.toThrow(
      'Looking for members in the directory failed',
    )
    expect(batches() - before).toBe(7)
  })

  test('of which one gets no answer, which is not taken for nobody', async () => {
    here.sandbox.faults.add({ path: '/\\$batch', status: 200, body: { responses: [] } })
    expect((await directory.resolve([people.anna])).size).toBe(1)
    expect(here.logged).toEqual([expect.stringMatching(/a request of the batch has no response/)])
  })
})

describe('when Graph is unavailable', () => {
  test.each<[string, { status?: number; drop?: boolean }, RegExp]>([
    ['answers 500', { status: 500 }, /Graph answered 500\. Retrying in 0\.5 s/],
    ['drops the connection', { drop: true }, /the connection failed \(.+\)\. Retrying/],
  ])('and %s, the request is made again, and this is logged', async (_what, fault, line) => {
    here.sandbox.faults.add({ path: '/graph/v1.0/', ...fault })
    expect((await resolve('anna@contoso.example'))?.objectId).toBe(people.anna)
    expect(here.logged).toEqual([expect.stringMatching(line)])
  })

  test('a write whose response was lost is safely repeated', async () => {
    const { objectId } = await directory.ensureGroup(group)
    here.sandbox.faults.add({ method: 'PATCH', path: '/graph/v1.0/groups/', drop: true, when: 'after' })
    await directory.addMembers(objectId, [people.anna, people.bo])
    expect((await directory.findGroup(group.mailNickname))?.members).toHaveLength(2)
  })

  test('for good, the error says so', async () => {
    const cloud = { ...here.session.cloud, graph: 'https://localhost:2/graph' }
    const unreachable = await openDirectory({ ...here.session, cloud }, owners)
    await expect(unreachable.findGroup('x')).rejects.toThrow(
      /^Looking for group 'x' failed\. ECONN[A-Z]+: .*The address cannot be reached from this runner\./,
    )
  })

  const denied = {
    status: 403,
    body: {
      error: {
        code: 'Authorization_RequestDenied',
        message: 'Insufficient privileges.',
        innerError: { 'request-id': 'r-1' },
      },
    },
  }

  test.each<[string, string, () => Promise<unknown>]>([
    ['GroupMember.Read.All', '/groups', () => directory.findGroup('x')],
    ['User.Read.All', '/users', () => directory.resolve(['anna@contoso.example'])],
    ['Group.Create', '/graph/v1.0/groups$', () => directory.ensureGroup(group)],
  ])('the least permission that is missing is named, and how to grant it: %s', async (least, path, work) => {
    here.sandbox.faults.add({ path, times: 'always', ...denied })
    const pattern = least.replaceAll('.', '\\.')
    await expect(work()).rejects.toThrow(
      new RegExp(
        `Azure answered 403\\. Authorization_RequestDenied: Insufficient privileges\\. The identity that is signed in lacks the application permission ${pattern} of Microsoft Graph\\. Let a person set the factory up .* Azure correlation id: r-1$`,
      ),
    )
  })

  test('a group that it does not own is not changed, and who takes it over is said', async () => {
    const { objectId } = await directory.ensureGroup(group)
    here.sandbox.faults.add({ path: `/groups/${objectId}`, method: 'PATCH', ...denied })
    await expect(directory.addMembers(objectId, [people.anna])).rejects.toThrow(
      /The identity that is signed in does not own the group, .* which takes the group over\./,
    )
  })
})

describe('a guest', () => {
  const dora = 'dora@fabrikam.example'
  const permit = () => {
    const identity = here.sandbox.state.directory.servicePrincipals.find(({ id }) => id === dev.objectId)
    if (identity) Object.assign(identity, { graphRoles: [...(identity.graphRoles ?? []), 'User.Invite.All'] })
  }

  test('is invited, is a member at once, and found again as one who has not accepted yet', async () => {
    permit()
    const id = await directory.invite(dora, dev.tenantId)
    const { objectId } = await directory.ensureGroup(group)
    await directory.addMembers(objectId, [id])
    expect(await resolve(dora)).toMatchObject({ objectId: id, kind: 'user', state: 'invited' })
    expect(await directory.invite(dora, dev.tenantId)).toBe(id)
  })

  test('is not invited without the right to it, which is named', async () => {
    await expect(directory.invite(dora, dev.tenantId)).rejects.toThrow(
      /^This identity may not invite dora@fabrikam\.example to the tenant\. .*User\.Invite\.All of Microsoft Graph/,
    )
  })
})
