import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { FaultRule } from '../../sandbox/server/faults.ts'
import { type DeploymentStacks, openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'
import { account, group, groupId, request } from './templates.ts'

let here: OnSandbox
let stacks: DeploymentStacks
beforeEach(async () => {
  // The sandbox takes no time, and the session waits a thousandth of what it says.
  here = await onSandbox(
    { durationScale: 0 },
    { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 1_000)) },
  )
  stacks = await openDeploymentStacks(here.session, dev.subscriptionId)
})
afterEach(() => here.sandbox.close())

const wanted = request('st', account('first001'), account('second001'))

/** Azure refuses what the deployment writes. */
const refuses = (code: string, message: string, rule: Partial<FaultRule> = {}): void =>
  here.sandbox.faults.add({
    method: 'DEPLOY',
    path: '/storageAccounts/',
    status: 409,
    body: { error: { code, message } },
    ...rule,
  })

const attempts = () => here.logged.filter((line) => line.startsWith("Deploying 'st': "))
const message = (deployed: Promise<unknown>): Promise<string> =>
  deployed.then(
    () => 'deployed',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a deployment that fails on what passes by itself is made again', () => {
  test.each<[string, string]>([
    [
      'AccountProvisioningStateInvalid',
      'Call to Microsoft.CognitiveServices/accounts failed. Account x in state Accepted',
    ],
    ['AnotherOperationInProgress', 'Another operation on this or dependent resource is in progress.'],
    ['RetryableErrorDueToAnotherOperation', 'Operation PutSubnetOperation cannot proceed.'],
    [
      'RequestConflict',
      "Another operation is being performed on the parent resource 'x'. Please try again later.",
    ],
    ['Conflict', 'Create: Capability Host agents is currently in non creating, retry after its complete: x'],
  ])('on %s', async (code, text) => {
    refuses(code, text, { times: 2 })
    expect(await stacks.apply(wanted)).toMatchObject({ provisioningState: 'succeeded' })
    expect(attempts()).toEqual([
      `Deploying 'st': ${code}, which passes by itself. Retrying in 15 s (attempt 2 of 5)`,
    ])
  })

  test('five times at most, and then says so', async () => {
    refuses('AnotherOperationInProgress', 'In progress.', { times: 'always' })
    expect(await message(stacks.apply(wanted))).toMatch(
      /^AnotherOperationInProgress: In progress\. \(Microsoft\.Storage\/storageAccounts '\w+' in resource group 'rg-try'\).* Deploying 'st' failed because of that\. Another operation is changing the same network or something in it, and took longer than this run waits\. Run the job again\./,
    )
    expect(attempts().map((line) => line.replace(/^.*\. /, ''))).toEqual([
      'Retrying in 15 s (attempt 2 of 5)',
      'Retrying in 30 s (attempt 3 of 5)',
      'Retrying in 60 s (attempt 4 of 5)',
      'Retrying in 120 s (attempt 5 of 5)',
    ])
  })

  test('but not when it failed on anything else too', async () => {
    refuses('AnotherOperationInProgress', 'In progress.', { path: '/first001' })
    refuses('SkuNotAvailable', 'The size is not available.', { path: '/second001' })
    expect(await message(stacks.apply(wanted))).toContain('SkuNotAvailable: The size is not available.')
    expect(attempts()).toEqual([])
  })

  test('nor on another conflict of the same code', async () => {
    refuses(
      'Conflict',
      'There is an existing Capability Host with name: other, provisioning state: Succeeded',
    )
    const text = await message(stacks.apply(wanted))
    expect(text).toContain('it can have only one, whoever created it')
    expect(text).toContain('Delete the one that the message names')
    expect(attempts()).toEqual([])
  })
})

describe('a deployment whose token ends', () => {
  const expired = 'The access token expiry UTC time is earlier than current UTC time.'

  test('is made once more with a new one', async () => {
    refuses('ExpiredAuthenticationToken', expired, { status: 401 })
    const signedIn = () =>
      here.sandbox.requests().filter(({ path }) => path.includes('/oauth2/v2.0/token')).length
    const before = signedIn()
    expect(await stacks.apply(wanted)).toMatchObject({ provisioningState: 'succeeded' })
    expect(signedIn()).toBe(before + 2)
    expect(here.logged).toEqual([
      'The token of the deployment ended before the deployment did. Deploying again with a new one',
    ])
  })

  test('is not made a third time', async () => {
    refuses('ExpiredAuthenticationToken', expired, { status: 401, times: 'always' })
    expect(await message(stacks.apply(wanted))).toMatch(
      /^ExpiredAuthenticationToken: .* The token of the run ended under way, and Azure did not take a new one either\. Run the job again: it goes on where this one stopped\./,
    )
    expect(here.logged).toHaveLength(1)
  })

  test('is asked again with a new one when a request is refused', async () => {
    here.sandbox.faults.add({
      method: 'GET',
      path: '/deploymentStacks/st\\?',
      status: 401,
      body: { error: { code: 'ExpiredAuthenticationToken', message: expired } },
    })
    expect(await stacks.readSettled('st')).toBeUndefined()
  })
})

describe('what a deployment fails on is explained', () => {
  test.each<[string, Partial<FaultRule>, string, string]>([
    [
      'ScopeLocked',
      {},
      "The scope '/subscriptions/x' cannot perform write operation because following scope(s) are locked: 'x'.",
      'Ask whoever set the lock that the message names to remove it, run the job again, and have it set again.',
    ],
    [
      'DeploymentQuotaExceeded',
      {},
      "Creating the deployment 'x' would exceed the quota of '800'.",
      'Delete old deployments there (az deployment group delete, az deployment sub delete)',
    ],
    [
      'InsufficientQuota',
      {},
      'This operation require 30 new capacity in quota Tokens Per Minute, which is bigger than the current available capacity 10.',
      'Set a smaller capacity in the manifest',
    ],
    [
      'AuthorizationFailed',
      { status: 403 },
      "The client 'x' has an authorization with ABAC condition that is not fulfilled to perform action 'Microsoft.Authorization/roleAssignments/write'.",
      'add the role to the condition of its role assignment',
    ],
    [
      'AuthorizationFailed',
      { status: 403 },
      "The client 'x' does not have authorization to perform action 'y'.",
      'Assign a role to the identity that includes the action in the message',
    ],
    [
      'BadRequest',
      { status: 400 },
      'Capability Host agents exists with another configuration. It cannot be updated: delete it and create it again.',
      'delete the capability host and run the job again',
    ],
    [
      'ConflictError',
      {},
      'A vault with the same name already exists in deleted state.',
      'in the other subscriptions (az keyvault list-deleted)',
    ],
    [
      'FlagMustBeSetForRestore',
      {},
      'An existing resource has been soft-deleted.',
      'in the other subscriptions (az cognitiveservices account list-deleted)',
    ],
  ])('%s %j: %s', async (code, rule, text, fix) => {
    refuses(code, text, rule)
    const said = await message(stacks.apply(wanted))
    expect(said.startsWith(`${code}: ${text} (Microsoft.Storage/storageAccounts`)).toBe(true)
    expect(said).toContain(`in resource group '${group}')`)
    expect(said).toContain("Deploying 'st' failed because of that.")
    expect(said).toContain(fix)
    expect(said).toMatch(/ More: https:\/\/learn\.microsoft\.com\//)
  })

  test('what could not be deleted names each resource and why, and not that there are others', async () => {
    await stacks.apply(wanted)
    const id = `${groupId}/providers/Microsoft.Storage/storageAccounts/first001`
    const { put } = await byHand(here.sandbox)
    await put(`${id}/providers/Microsoft.Authorization/locks/keep`, '2020-05-01', {
      properties: { level: 'CanNotDelete' },
    })
    const said = await message(stacks.apply(request('st', account('second001'))))
    expect(said).toMatch(/^ScopeLocked: The scope '.*first001' cannot perform delete operation/)
    expect(said).toContain("(Microsoft.Storage/storageAccounts 'first001' in resource group 'rg-try')")
    expect(said).not.toContain('DeploymentStackDeleteResourcesFailed')
  })
})
