/** What a plan of a common area shows an architect, besides from where its parts can be reached. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { highScalePrivateEndpoints, limits } from '../../src/network/capacity/limits.ts'
import { type CommonInProcess, openDeliveredCommon } from './in-process.ts'

let sandbox: Sandbox
let here: CommonInProcess
beforeEach(async () => {
  const open = await openDeliveredCommon()
  sandbox = open.sandbox
  here = open.here
})
afterEach(async () => {
  here.factory.remove()
  await sandbox.close()
})

const own = (name: string) =>
  Object.values(sandbox.state.arm.resources).find((resource) => resource.name === name)

test('the room for projects is that of a VNet with High Scale Private Endpoints, where it was upgraded', async () => {
  const room = async () => {
    const { plan, outputs } = await here.provision('plan')
    const limit = plan?.usage?.find(({ what }) => what === 'private endpoints')?.limit
    return { limit, text: outputs['overview'] ?? '' }
  }
  const before = await room()
  Object.assign(own('vnt-esmlcmn-sdc-dev-002')?.properties ?? {}, { privateEndpointVNetPolicies: 'Basic' })
  const after = await room()
  expect(before.limit).toBe(limits.privateEndpoints.max)
  expect(after.limit).toBe(highScalePrivateEndpoints.max)
  expect(after.text).not.toBe(before.text)
})
