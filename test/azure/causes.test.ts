import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import { openResources } from '../../src/azure/resources.ts'
import { UserError } from '../../src/diagnostics/user-error.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { dev, ids, type OnSandbox, onSandbox } from './on-sandbox.ts'
import { account, groupId, request } from './templates.ts'

let here: OnSandbox
beforeEach(async () => {
  here = await onSandbox({ durationScale: 0 })
})
afterEach(() => here.sandbox.close())

async function thrown(work: Promise<unknown>): Promise<UserError> {
  const error: unknown = await work.then(
    () => new Error('accepted'),
    (cause: unknown) => cause,
  )
  if (error instanceof UserError) return error
  throw error
}

/** What a user reads when Azure refuses a resource for these reasons. */
async function refusedFor(...details: readonly object[]): Promise<UserError> {
  const error = { code: 'Outer', message: 'See details.', details }
  here.sandbox.faults.add({ method: 'PUT', path: '/resourceGroups/', status: 409, body: { error } })
  const resources = await openResources(here.session)
  return thrown(resources.put(ids.common, '2024-11-01', { location: 'swedencentral' }))
}

describe('a failure with one cause', () => {
  test('is one sentence, however many resources a lock stops', async () => {
    const stacks = await openDeploymentStacks(here.session, dev.subscriptionId)
    const asked = request('st', account('first001'), account('second001'), account('third001'))
    await stacks.apply(asked)
    const { put } = await byHand(here.sandbox)
    await put(`${groupId}/providers/Microsoft.Authorization/locks/ro`, '2020-05-01', {
      properties: { level: 'ReadOnly' },
    })
    const { message, parts } = await thrown(stacks.whatIf({ ...asked, tags: { purpose: 'other' } }))
    expect(message.match(/Please remove the lock/g)).toHaveLength(1)
    expect(message).toContain("The same for 'first001', 'second001', 'third001'")
    expect(message).not.toContain(' | ')
    expect(parts.faults).toBeUndefined()
  })

  test('names so many of what it stops, and counts the rest', async () => {
    const names = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7', 'h8']
    const { message } = await refusedFor(
      ...names.map((name) => ({ code: 'Taken', message: `'${name}' is taken.` })),
    )
    expect(message).toMatch(
      /^Taken: 'a1' is taken\. The same for 'b2', 'c3', 'd4', 'e5', 'f6' and 2 more\. Writing /,
    )
  })
})

describe('a private DNS zone that is missing', () => {
  test('is looked for where the records go, as Azure does not always name it', async () => {
    const { parts } = await refusedFor({
      code: 'InvalidPrivateDnsZoneIds',
      message: 'Private Dns Zone group /a/privateDnsZoneGroups/default has invalid private dns zone ids .',
    })
    expect(parts.why).toContain('does not exist')
    expect(parts.fix).toMatch(/common area.*mode: hub.*mode: policy/)
  })
})

describe('a failure with several causes', () => {
  const lock = {
    code: 'ScopeLocked',
    message: "The scope '/a' cannot perform write operation because it is locked.",
  }
  const quota = { code: 'InsufficientQuota', message: 'This operation requires 10 new capacity.' }

  test('has each with its own explanation, in the message and as a fault', async () => {
    const { message, parts } = await refusedFor(lock, quota, lock)
    expect(parts.faults?.map(({ what }) => what)).toEqual([
      `ScopeLocked: ${lock.message}`,
      `InsufficientQuota: ${quota.message}`,
    ])
    const [first, second] = parts.faults ?? []
    expect(first?.fix).toMatch(/lock/)
    expect(second?.fix).toMatch(/quota/i)
    expect(message).toMatch(
      /^Writing .* failed for 2 reasons\. Azure answered 409\. \(1\) ScopeLocked: .* \(2\) Insuff/,
    )
    expect(message).toContain(first?.fix)
    expect(message).toContain(second?.fix)
  })

  test('that have one fix say it once', async () => {
    const { message, parts } = await refusedFor(lock, { ...lock, message: 'Locked in another way.' })
    expect(parts.faults).toHaveLength(2)
    expect(message.split(parts.fix ?? 'no fix')).toHaveLength(2)
  })

  test('one that nobody has explained has what can be said of the answer', async () => {
    const { message, parts } = await refusedFor(lock, { code: 'NewCode', message: 'Something else.' })
    const [, second] = parts.faults ?? []
    expect(second).toMatchObject({
      what: 'NewCode: Something else.',
      why: expect.stringMatching(/changed at/),
    })
    expect(second?.fix).toMatch(/^Run the job again\./)
    expect(message).toContain(`(2) NewCode: Something else. ${second?.why} ${second?.fix}`)
  })

  test('that have one fix for different reasons keep each its own', async () => {
    const { parts } = await refusedFor(
      { code: 'NetcfgSubnetRangesOverlap', message: 'The ranges overlap.' },
      { code: 'NetcfgSubnetRangeOutsideVnet', message: 'The range is outside.' },
    )
    expect(parts.faults?.map(({ why }) => why)).toEqual([
      expect.stringContaining('has taken the address range'),
      expect.stringContaining('has removed an address prefix'),
    ])
  })

  test('two of one kind that say different things stay two', async () => {
    const policy = (name: string) => ({
      code: 'RequestDisallowedByPolicy',
      message: `Resource 'kv' was disallowed by policy '${name}'.`,
    })
    const { parts } = await refusedFor(policy('No vaults'), policy('Tags'))
    expect(parts.faults).toHaveLength(2)
  })

  test('two that name what they are about, and quote different values, stay two', async () => {
    const size = (target: string, value: string) => ({
      code: 'InvalidParameter',
      message: `The value '${value}' is not allowed for sku.`,
      target,
    })
    const { parts } = await refusedFor(size('one', 'Standard_D2'), size('two', 'Standard_E4'))
    expect(parts.faults?.map(({ what }) => what)).toEqual([
      "InvalidParameter: The value 'Standard_D2' is not allowed for sku. (one)",
      "InvalidParameter: The value 'Standard_E4' is not allowed for sku. (two)",
    ])
  })
})
