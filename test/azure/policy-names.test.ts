import { afterEach, expect, test } from '@jest/globals'
import type { SandboxOptions } from '../../sandbox/start.ts'
import { azureError } from '../../src/azure/errors.ts'
import { openResources } from '../../src/azure/resources.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { dev, ids, type OnSandbox, onSandbox } from './on-sandbox.ts'

let here: OnSandbox
afterEach(() => here.sandbox.close())

/** What a user reads when a policy forbids to change the common resource group. */
async function refusal(options: SandboxOptions): Promise<string> {
  here = await onSandbox({ durationScale: 0, ...options })
  const scope = `/subscriptions/${dev.subscriptionId}`
  const { put } = await byHand(here.sandbox)
  await put(`${scope}/providers/Microsoft.Authorization/policyAssignments/tags`, '2024-04-01', {
    properties: {
      displayName: 'Who pays',
      policyDefinitionId:
        '/providers/Microsoft.Authorization/policyDefinitions/96670d01-0a4d-4649-9c89-2d3abc0a5025',
      parameters: { tagName: { value: 'owner' } },
    },
  })
  try {
    const resources = await openResources(here.session)
    await resources.put(ids.common, '2024-11-01', { location: 'swedencentral' })
    return 'accepted'
  } catch (error) {
    return azureError(error, 'Writing').message
  }
}

test('a refusal names the policy, which Azure says in the details only', async () => {
  expect(await refusal({})).toContain(
    `RequestDisallowedByPolicy: Resource '${dev.group}' was disallowed by policy. See error details for policy resource IDs. Policy: 'Require a tag on resource groups' (assignment 'Who pays' at /subscriptions/${dev.subscriptionId}), which looks at: tags[owner] is not set.`,
  )
})

test('and says it once, when the message of Azure does', async () => {
  const text = await refusal({ policyNames: 'message' })
  expect(text.match(/Require a tag on resource groups/g)).toHaveLength(1)
})

/** What a user reads when the deployment of a stack is refused like this. */
async function refused(error: object): Promise<string> {
  here = await onSandbox({ durationScale: 0 })
  here.sandbox.faults.add({ method: 'PUT', path: '/resourceGroups/', status: 403, body: { error } })
  const resources = await openResources(here.session)
  return resources.put(ids.common, '2024-11-01', { location: 'swedencentral' }).then(
    () => 'accepted',
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  )
}

test('names beside the wrapping reach the error that is wrapped', async () => {
  const info = { policyDefinitionDisplayName: 'Allowed locations', policyAssignmentName: 'where' }
  const text = await refused({
    code: 'InvalidTemplateDeployment',
    message: 'The template deployment failed because of policy violation.',
    additionalInfo: [{ type: 'PolicyViolation', info }],
    details: [{ code: 'RequestDisallowedByPolicy', message: "Resource 'x' was disallowed by policy." }],
  })
  expect(text).toMatch(
    /^RequestDisallowedByPolicy: Resource 'x' was disallowed by policy\. Policy: 'Allowed locations' \(assignment 'where'\)\. Writing /,
  )
  expect(text).toContain('The Azure Policy assignment that the message names forbids it.')
})

test('where nothing names the policy, nothing says that it is named', async () => {
  const text = await refused({ code: 'RequestDisallowedByPolicy', message: 'Disallowed by policy.' })
  expect(text).toContain('An Azure Policy assignment forbids it. Azure did not say which one.')
  expect(text).not.toContain('that the message names')
  expect(text).toContain('the activity log of the resource group shows the denied operation with its policy')
})
