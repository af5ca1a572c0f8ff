/** What the plan of a common area says although nothing is wrong with it, because somebody would wonder later. */
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { planOf } from '../provision-project/in-process.ts'
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

const warnings = async (): Promise<string> => planOf(await here.provision('plan')).warnings.join('\n')
/** Lets factory.yml be one of another common area, of which nothing is there yet. */
const another = (addressSpace: string) =>
  here.change((text) =>
    text
      .replace('instance: "002"', 'instance: "003"')
      .replace('d3e4f', 'f5g6h')
      .replace('[172.16.0.0/16]', addressSpace),
  )

test('that no project will fit, and which key would help', async () => {
  another('[172.16.0.0/26]')
  expect(await warnings()).toContain(
    "No project will fit beside this common area: addresses of the VNet. Add a prefix to 'environments.dev.network.addressSpace'",
  )
})

test('that addresses are those of others on the Internet', async () => {
  another('[8.8.0.0/16]')
  const said = await warnings()
  expect(said).toContain("8.8.0.0/16 in 'environments.dev.network.addressSpace' is not a private network")
  expect(said).not.toContain('No project will fit')
})

test('that subnets of projects get a new way out only with their project', async () => {
  const { put } = await byHand(sandbox)
  const network = Object.keys(sandbox.state.arm.resources).find((id) =>
    id.endsWith('/virtualnetworks/vnt-esmlcmn-sdc-dev-002'),
  )
  here.parts({ natGateway: true })
  expect(await warnings()).not.toContain('subnets of projects')
  await put(`${network}/subnets/snt-prj003-genai`, '2024-05-01', {
    properties: { addressPrefix: '172.16.200.0/25' },
  })
  expect(await warnings()).toContain(
    'NAT gateway: subnets of projects that are there (003) get it with the next delivery of their project',
  )
})
