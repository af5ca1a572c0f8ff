import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import { openResources } from '../../src/azure/resources.ts'
import type { StackRequest } from '../../src/azure/stack-request.ts'
import { type OnUnmanage, openStackWhatIfs, type StackWhatIf } from '../../src/azure/stack-what-if.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'
import { account, group, groupId, request } from './templates.ts'

let here: OnSandbox
beforeEach(async () => {
  here = await onSandbox()
})
afterEach(() => here.sandbox.close())

const result = '/deploymentStacksWhatIfResults/'
const accountId = (name: string): string => `${groupId}/providers/Microsoft.Storage/storageAccounts/${name}`

const run = async (asked: StackRequest, onUnmanage?: OnUnmanage) =>
  (await openStackWhatIfs(here.session, dev.subscriptionId)).run(asked, onUnmanage)
async function answered(asked: StackRequest, onUnmanage?: OnUnmanage): Promise<StackWhatIf> {
  const answer = await run(asked, onUnmanage)
  if ('unavailable' in answer) throw new Error(answer.unavailable)
  return answer
}
const apply = async (asked: StackRequest) =>
  (await openDeploymentStacks(here.session, dev.subscriptionId)).apply(asked)
const kinds = ({ changes }: StackWhatIf) =>
  changes.map(({ changeType, id = '' }) => `${changeType} ${id.split('/').at(-1)}`)

/** What Azure keeps of what it was asked. */
const kept = (): number => Object.keys(here.sandbox.state.deployments.whatIfResults).length

describe("a stack's own what-if", () => {
  test('creates everything before the first deployment, and does nothing', async () => {
    const answer = await answered(request('st', account('first001')))
    expect(kinds(answer)).toEqual([`create ${group}`, 'create first001'])
    expect(answer.stackModified).toBeUndefined()
    expect(
      await (await openResources(here.session)).read(accountId('first001'), '2024-01-01'),
    ).toBeUndefined()
  })

  test('shows what would be changed with before and after, deleted, or let go', async () => {
    const applied = await apply(request('st', account('first001'), account('second001')))
    const asked = request('st', account('second001', { publicNetworkAccess: 'Disabled' }))
    const answer = await answered(asked)
    expect(kinds(answer)).toEqual([
      expect.stringMatching(/^noChange /),
      'modify second001',
      'delete first001',
    ])
    expect(answer.changes[1]?.delta).toEqual([
      expect.objectContaining({ path: 'properties.publicNetworkAccess', after: 'Disabled' }),
    ])
    expect(answer.stackModified).toBe(applied.modified)
    expect(kinds(await answered(asked, 'detach'))).toContain('detach first001')
  })

  test('says what the stack would begin to manage', async () => {
    const { type: _type, apiVersion: _version, name: _name, ...body } = account('first001')
    await apply(request('st'))
    await (await openResources(here.session)).put(accountId('first001'), '2024-01-01', body)
    const { changes } = await answered(request('st', account('first001')))
    expect(changes.map(({ takesOver }) => takesOver)).toEqual([false, true])
  })

  test('leaves nothing behind, whether Azure answers, refuses the template, or breaks off', async () => {
    await answered(request('st', account('first001')))
    expect(kept()).toBe(0)
    await expect(run(request('st', account('X')))).rejects.toThrow(
      /^AccountNameInvalid: X is not.* Running what-if for 'st' failed because of that\./,
    )
    expect(kept()).toBe(0)
    const broken = { error: { code: 'InternalError', message: 'broken' } }
    here.sandbox.faults.add({ method: 'POST', path: '/whatIf\\?', status: 501, body: broken })
    await expect(run(request('st', account('first001')))).rejects.toThrow('InternalError')
    expect(kept()).toBe(0)
  })

  test('is kept for three hours at most when it cannot be deleted, which does not matter to the answer', async () => {
    const broken = { error: { code: 'InternalError', message: 'broken' } }
    here.sandbox.faults.add({ method: 'DELETE', path: result, status: 501, body: broken })
    expect(kinds(await answered(request('st', account('first001'))))).toContain('create first001')
    const [left] = Object.values(here.sandbox.state.deployments.whatIfResults)
    expect(left?.settings).toMatchObject({ retentionInterval: 'PT3H' })
    expect(here.logged.at(-1)).toContain('Azure removes it within three hours')
  })

  test.each([
    [
      'the right',
      403,
      'AuthorizationFailed',
      "the identity lacks 'Microsoft.Resources/deploymentStacksWhatIfResults/*'",
    ],
    ['the type', 400, 'NoRegisteredProviderFound', 'this cloud does not offer'],
    ['a place to keep it', 409, 'ScopeLocked', 'a lock forbids'],
    [
      'another place to keep it',
      409,
      'DeploymentStacksWhatIfResultQuotaExceeded',
      'as many what-if results as it may',
    ],
  ])('is not to be had without %s, which is said', async (_what, status, code, reason) => {
    here.sandbox.faults.add({ method: 'PUT', path: result, status, body: { error: { code, message: 'no' } } })
    expect(await run(request('st', account('first001')))).toEqual({
      unavailable: expect.stringContaining(reason),
    })
  })

  test('can do without the providers, where they would refuse what is still to come', async () => {
    const asked = request('st', account('X'))
    expect(kinds(await answered({ ...asked, validationLevel: 'Template' }))).toContain('create X')
  })
})
