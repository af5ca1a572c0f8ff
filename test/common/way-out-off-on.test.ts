/** A NAT gateway of the common area, switched on, off and on again. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { hasChanges } from '../../src/plan/model.ts'
import type { Report } from '../../src/plan/report.ts'
import { planOf } from '../provision-project/in-process.ts'
import { type CommonInProcess, commonInProcess } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = commonInProcess(sandbox)
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

/** What differs besides the gateway with its address, the subnets that have it, and the stacks. */
const others = (report: Report) =>
  planOf(report).changes.filter(
    ({ change, kind }) =>
      change !== 'keep' &&
      !['deployment stack', 'subnet'].includes(kind) &&
      !/natGateways|publicIPAddresses/.test(kind),
  )

test('leaves everything else untouched each time', async () => {
  await here.provision('apply')
  here.parts({ natGateway: true })
  expect(others(await here.provision('apply'))).toEqual([])
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  here.parts({})
  expect(others(await here.provision('apply', ['deletion']))).toEqual([])
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  here.parts({ natGateway: true })
  expect(others(await here.provision('apply'))).toEqual([])
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
})
