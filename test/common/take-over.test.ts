/** A common area that somebody made by hand is taken over only when somebody says so, and then once. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { FailureWithReport } from '../../src/plan/report.ts'
import { ids } from '../azure/on-sandbox.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, commonInProcess, writesOf } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
  // The factory whose common area the sandbox begins with: made by hand, without tags and stacks.
  here.change((text) => text.replace('instance: "002"', 'instance: "001"').replace('d3e4f', 'a1b2c'))
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const vault = `${ids.common}/providers/Microsoft.KeyVault/vaults/`.toLowerCase()
const vaults = () => Object.entries(sandbox.state.arm.resources).filter(([id]) => id.startsWith(vault))

test('unasked it changes nothing, and says what it is and how each can stay', async () => {
  const before = sandbox.requestCount()
  const failure = await here.provision('apply').catch((error: unknown) => error)
  if (!(failure instanceof FailureWithReport)) throw new Error('It was not refused.')
  expect(writesOf(sandbox, before)).toEqual([])
  const text = String(failure.cause)
  expect(text).toContain('would take over what this factory did not make')
  expect(text).toMatch(/network\.vnetId: \/subscriptions\//)
  expect(text).toContain('allow: take-over')
  expect(planOf(failure.report).warnings.join('\n')).toMatch(/common\.keyVault: \{ id: \/subscriptions\//)
  expect(planOf(failure.report).warnings.join('\n')).toMatch(/common\.dataLake: \{ id: \/subscriptions\//)
})

test('when it is allowed, all of it is delivered, with the days that its vault has, and is the factory’s from then on', async () => {
  const [[, made] = []] = vaults()
  const days = made?.properties?.['softDeleteRetentionInDays']
  const report = await here.provision('apply', ['take-over'])
  expect(report.outcome).toBe('applied')
  expect(vaults().map(([, { properties }]) => properties?.['softDeleteRetentionInDays'])).toEqual([days])
  const again = planOf(await here.provision('plan'))
  expect(hasChanges(again)).toBe(false)
  expect(again.warnings.join('\n')).not.toContain('would take over')
})
