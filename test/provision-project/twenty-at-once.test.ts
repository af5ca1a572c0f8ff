import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readInputs } from '../../actions/provision-project/inputs.ts'
import { openVirtualNetworks } from '../../src/azure/virtual-networks.ts'
import { cidr, overlaps } from '../../src/cidr.ts'
import { provisionProject } from '../../src/operations/modes/provision-project.ts'
import { runAction } from '../../src/runtime/run-action.ts'
import { ids, idToken, type OnSandbox, onSandbox } from '../azure/on-sandbox.ts'
import { annotations, factoryFolder, ipCalc } from '../ip-calc/factory.ts'
import { recordingHost } from '../runtime/recording-host.ts'

const factory = factoryFolder()
const projects = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(3, '0'))
// Agents and private endpoints, so two subnets each. Without models, whose quota would not do for twenty.
for (const project of projects) {
  factory.addProject(project, (text) =>
    text.replace(/^type: .*$/m, 'type: genai-1\nservices: { aiFoundry: { models: [] } }'),
  )
}

let here: OnSandbox
beforeAll(async () => {
  here = await onSandbox({ durationScale: 1 / 400 })
})
afterAll(async () => {
  await here.sandbox.close()
  factory.remove()
})

/** Deploys a project into the subnets that were reserved. @returns what it failed with */
async function provision(project: string, subnets: string): Promise<readonly string[]> {
  const inputs = {
    'factory-file': factory.file,
    project,
    environment: 'dev',
    'azure-cloud': here.sandbox.url,
    mode: 'apply',
    subnets,
  }
  const environment = { ...here.sandbox.env, RUNNER_TEMP: factory.folder }
  const host = { ...recordingHost(inputs, { environment }), idToken: idToken(here.sandbox.env) }
  await runAction('provision-project', readInputs, provisionProject, host)
  return host.record.filter((line) => line.startsWith('fail '))
}

/** What Azure answers while something else changes the VNet. */
function injectConflicts(): void {
  const conflict = {
    code: 'RetryableErrorDueToAnotherOperation',
    message: 'Operation PutSubnetOperation is preempted by another operation.',
  }
  for (const skip of [3, 9, 17]) {
    here.sandbox.faults.add({
      method: 'PUT',
      path: '/subnets/snt-prj',
      skip,
      status: 429,
      headers: { 'Retry-After': '1' },
      body: { error: conflict },
    })
  }
}

test('Twenty projects that are delivered at once, without a queue, all end complete and disjoint', async () => {
  injectConflicts()
  const failures = await Promise.all(
    projects.map(async (project) => {
      const reserved = await ipCalc(here.sandbox, factory, { mode: 'reserve', project })
      const errors = annotations(reserved, 'error')
      return errors.length > 0 ? errors : provision(project, reserved.outputs['subnets'] ?? '')
    }),
  )
  expect(failures.flat()).toEqual([])

  const { read } = await openVirtualNetworks(here.session)
  const subnets = (await read(ids.network)).subnets.filter(({ name }) => name.startsWith('snt-prj'))
  expect(subnets.map(({ name }) => name).sort()).toEqual(
    projects.flatMap((project) => [`snt-prj${project}-aca-002`, `snt-prj${project}-genai`]),
  )
  const ranges = subnets.flatMap(({ addressPrefixes }) => addressPrefixes.map(cidr))
  expect(ranges.filter((one, at) => ranges.slice(0, at).some((other) => overlaps(one, other)))).toEqual([])
  // Each has what was deployed into it, and each stack all that it was to have.
  for (const { name, occupants } of subnets) expect([name, occupants.length > 0]).toEqual([name, true])
  const stacks = Object.values(here.sandbox.state.deployments.stacks)
  expect(stacks.map(({ provisioningState }) => provisioningState)).toEqual(projects.map(() => 'succeeded'))
  expect(new Set(stacks.map(({ resources }) => resources.length)).size).toBe(1)
}, 900_000)
