import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type DeploymentStacks, openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import { openResources } from '../../src/azure/resources.ts'
import type { StackRequest } from '../../src/azure/stack-request.ts'
import { deploymentChanges } from '../../src/compose/deployment-changes.ts'
import { templateBodies } from '../../src/compose/template-summary.ts'
import type { JsonObject } from '../../src/json.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'
import { account, group, groupId, request } from './templates.ts'

let here: OnSandbox
let stacks: DeploymentStacks
beforeEach(async () => {
  here = await onSandbox()
  stacks = await openDeploymentStacks(here.session, dev.subscriptionId)
})
afterEach(() => here.sandbox.close())

const accountId = (name: string): string => `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`
const wrongName =
  /AccountNameInvalid: X is not a valid storage account name\..*Azure correlation id: [0-9a-f-]{36}$/s

describe('a stack', () => {
  test('is there after it was applied, and not before', async () => {
    expect(await stacks.readSettled('st')).toBeUndefined()
    await stacks.validate(request('st', account('first001')))
    const applied = await stacks.apply(request('st', account('first001')))
    expect(applied).toEqual({
      provisioningState: 'succeeded',
      resourceIds: [groupId, accountId('first001')],
      tags: { purpose: 'test' },
      modified: expect.any(String),
    })
    expect(await stacks.readSettled('st')).toEqual(applied)
  })

  test('deletes what its template no longer holds', async () => {
    await stacks.apply(request('st', account('first001'), account('second001')))
    const { resourceIds } = await stacks.apply(request('st', account('second001')))
    expect(resourceIds).toEqual([groupId, accountId('second001')])
    const resources = await openResources(here.session)
    expect(await resources.read(accountId('first001'), '2024-01-01')).toBeUndefined()
  })

  test('of a run that was cut off is waited for', async () => {
    await stacks.apply(request('st', account('first001')))
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/deploymentStacks/st\\?',
      status: 409,
      body: { error: { code: 'DeploymentStackInNonTerminalState', message: 'non-terminal' } },
    })
    expect(await stacks.apply(request('st', account('second001')))).toMatchObject({
      provisioningState: 'succeeded',
    })
    expect(here.logged).toEqual([
      "Deployment stack 'st': another run was deploying it. Retrying in 0.5 s (attempt 2 of 12)",
    ])
  })
})

describe('what Azure refuses is reported by its innermost reason', () => {
  test('by validation', async () => {
    await expect(stacks.validate(request('st', account('X')))).rejects.toThrow(
      /^AccountNameInvalid: .* Validating 'st' failed because of that\. Azure answered 400\. .*Azure correlation id: /s,
    )
  })

  test('by what-if', async () => {
    await expect(stacks.whatIf(request('st', account('X')))).rejects.toThrow(
      /^AccountNameInvalid: X is not .* Running what-if for 'st' failed because of that\./,
    )
  })

  test('by a deployment that was accepted and failed, with the resource it failed on', async () => {
    const failed = stacks.apply(request('st', account('good001'), account('X')))
    await expect(failed).rejects.toThrow(wrongName)
    await expect(failed).rejects.toThrow(
      `(Microsoft.Storage/storageAccounts 'X' in resource group '${group}') Deploying 'st' failed because of that.`,
    )
    expect(await stacks.readSettled('st')).toMatchObject({ provisioningState: 'failed' })
  })

  test('by a template that is none', async () => {
    const broken = request('st', { ...account('good001'), name: "[nothing('x')]" })
    await expect(stacks.validate(broken)).rejects.toThrow(/InvalidTemplate: .*'nothing' is not valid/)
  })

  test('and a proxy that answers for Azure is reported as it is', async () => {
    here.sandbox.faults.add({ path: '/validate\\?', status: 403, headers: { 'content-type': 'text/html' } })
    await expect(stacks.validate(request('st', account('good001')))).rejects.toThrow(
      /^Validating 'st' failed\. Azure answered 403\./,
    )
  })
})

describe('a plan by what-if', () => {
  const guarded = {
    publicNetworkAccess: 'Disabled',
    allowBlobPublicAccess: false,
    networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [], virtualNetworkRules: [] },
  }
  const wanted = request('st', account('guarded001', guarded))

  const planOf = async (asked: StackRequest, sameTemplate: boolean) => {
    const stack = await stacks.readSettled('st')
    const previous = await stacks.deployedTemplate('st')
    return deploymentChanges({
      document: 'the manifest',
      wanted: [groupId, accountId('guarded001')],
      predicted: await stacks.whatIf(asked),
      stack: stack && { resourceIds: stack.resourceIds, succeeded: stack.provisioningState === 'succeeded' },
      sameTemplate,
      previous: previous && templateBodies(previous, dev.subscriptionId),
      stackName: 'st',
    })
  }
  const changeByHand = async (properties: JsonObject) => {
    const resources = await openResources(here.session)
    const { type: _type, apiVersion: _version, name: _name, ...body } = account('guarded001')
    await resources.put(accountId('guarded001'), '2024-01-01', {
      ...body,
      properties: { ...guarded, ...properties },
    })
  }
  const kinds = (changes: Awaited<ReturnType<typeof planOf>>) =>
    changes.map(({ change, name }) => `${change} ${name}`)

  test('creates all at first, and nothing the second time', async () => {
    expect(kinds(await planOf(wanted, false))).toEqual(['create st', `create ${group}`, 'create guarded001'])
    await stacks.apply(wanted)
    expect(kinds(await planOf(wanted, true))).toEqual(['keep st', `keep ${group}`, 'keep guarded001'])
  })

  test.each([
    ['a property', { publicNetworkAccess: 'Enabled' }, ['properties.publicNetworkAccess']],
    [
      'an address that was let through the firewall',
      { networkAcls: { ...guarded.networkAcls, ipRules: [{ value: '203.0.113.7', action: 'Allow' }] } },
      ['properties.networkAcls.ipRules.0'],
    ],
  ])('shows %s that was changed by hand, and applying repairs it', async (_what, properties, paths) => {
    await stacks.apply(wanted)
    await changeByHand(properties)
    const changed = (await planOf(wanted, true)).filter(({ change }) => change !== 'keep')
    expect(kinds(changed)).toEqual(['modify guarded001'])
    expect(changed[0]?.properties?.map(({ path }) => path)).toEqual(paths)
    await stacks.apply(wanted)
    expect(kinds(await planOf(wanted, true))).toEqual(['keep st', `keep ${group}`, 'keep guarded001'])
  })

  test('of another template shows what it no longer sets, and nothing that Azure filled in', async () => {
    await stacks.apply(wanted)
    const { allowBlobPublicAccess: _removed, ...rest } = guarded
    const changed = await planOf(request('st', account('guarded001', rest)), false)
    const properties = changed.flatMap((change) => change.properties ?? [])
    expect(properties.map(({ path }) => path)).toEqual(['properties.allowBlobPublicAccess'])
  })

  test('shows what was deleted by hand', async () => {
    await stacks.apply(wanted)
    const resources = await openResources(here.session)
    await resources.remove(accountId('guarded001'), '2024-01-01')
    expect(kinds(await planOf(wanted, true))).toEqual(['keep st', `keep ${group}`, 'create guarded001'])
  })
})
