import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { type InProcess, labManifest, openDelivered } from './in-process.ts'

let sandbox: Sandbox
let here: InProcess
beforeEach(async () => {
  ;({ sandbox, here } = await openDelivered())
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** As Azure leaves a stack whose deployment was interrupted: its list may be wrong, and is here. */
function interrupted(): void {
  const [stack] = Object.values(sandbox.state.deployments.stacks)
  if (stack === undefined) throw new Error('There is no stack.')
  stack.outOfSync = true
  const [first] = stack.resources.filter(({ id }) => id.includes('/Microsoft.KeyVault/'))
  stack.resources = stack.resources.filter((one) => one !== first)
}

const refusal = async (): Promise<string> => {
  try {
    await here.provision('apply', [])
    return 'applied'
  } catch (error) {
    const cause = error instanceof FailureWithReport ? error.cause : error
    return cause instanceof Error ? cause.message : String(cause)
  }
}

test('a stack whose list Azure is not sure of is not deployed, and the error compares the list with the last template', async () => {
  interrupted()
  here.write({ ...labManifest, services: { cosmosDb: true } })
  const text = await refusal()
  expect(text).toMatch(
    /^Azure does not deploy stack 'mrvel-esml-project003-sdc-dev-001', because it is not sure that it knows what the stack manages \(DeploymentStackOutOfSync\)\. It manages \d+ resources, and was deployed from a template with \d+ last\. Not managed, though the last template had it: microsoft\.keyvault\/vaults '[\w-]+' in resource group/i,
  )
  expect(text).toContain('An earlier deployment of it was interrupted.')
  expect(text).toContain('set the input "allow: out-of-sync" of this action')
  expect(text).toContain('deliver the commit again that was delivered last')
})

test('is deployed when that is allowed, and says on what', async () => {
  interrupted()
  here.write({ ...labManifest, services: { cosmosDb: true } })
  here.logged.splice(0)
  await here.provision('apply', ['out-of-sync'])
  expect(here.logged.filter((line) => line.includes('It is deployed, as allowed'))).toEqual([
    expect.stringMatching(
      /^Azure is not sure that it knows what the stack manages\. It manages \d+ resources/,
    ),
  ])
})

test('with the same template it is deployed without asking, which puts the list right', async () => {
  interrupted()
  expect(await refusal()).toBe('applied')
})
