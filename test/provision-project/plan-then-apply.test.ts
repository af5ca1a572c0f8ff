import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { isJsonObject, type JsonObject } from '../../src/json.ts'
import { hasChanges, type Plan } from '../../src/plan/model.ts'
import { byHand } from '../e2e/support/by-hand.ts'
import { devCommonArea, devGroupOf, devNetwork } from '../e2e/support/places.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

/** What Azure makes, removes and keeps count of by itself when something else is made or removed. */
const derived =
  /\/(privateendpointconnections|networkinterfaces|(?:file|queue|table)services|sqlroledefinitions)\/|\/privatednszones\/[^/]+\/a\/|\/microsoft\.resources\/deployments\//
/** A plan names them by who has which role where: they are counted. */
const roleAssignment = /\/(?:sql)?roleassignments\//

/** Versions and times, which change whenever something is written, and what Azure shows twice. */
const versions = [
  'currentCapacity',
  'etag',
  'systemData',
  'lastModifiedTime',
  'dateModified',
  'updatedOn',
  'modifiedDate',
]

type Store = Readonly<Record<string, unknown>>
const storeOf = (sandbox: Sandbox): Store => structuredClone(sandbox.state.arm.resources)

/** The dotted paths at which two values differ; lists are compared as a whole. */
function differences(before: unknown, after: unknown, path = ''): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isJsonObject(before) || !isJsonObject(after)) return [path]
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => !versions.includes(name))
    .flatMap((name) => differences(before[name], after[name], path === '' ? name : `${path}.${name}`))
}

/** A role on a resource that is deleted goes with it. */
const goesWith = (id: string, after: Store): boolean => {
  const [scope = ''] = id.split(
    /\/(?:providers\/microsoft\.authorization\/roleassignments|sqlroleassignments)\//,
  )
  return scope !== id && after[scope] === undefined
}

/** What changed in Azure, one line each: `create <id>`, `modify <id> <path>`. */
function changesIn(before: Store, after: Store): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((id) => !derived.test(id))
    .flatMap((id) => {
      const shown = roleAssignment.test(id) ? 'a role assignment' : id
      if (before[id] === undefined) return [`create ${shown}`]
      if (after[id] === undefined) return goesWith(id, after) ? [] : [`delete ${shown}`]
      return differences(before[id], after[id]).map((path) => `modify ${id} ${path}`)
    })
    .toSorted()
}

/** What a plan said, in the same form. A list that differs is one path, whichever of its members do. */
function changesSaid({ changes }: Plan): readonly string[] {
  const gone = new Set(
    changes.flatMap(({ change, kind, scope = '' }) =>
      change === 'delete' && kind !== 'role assignment' ? [scope.toLowerCase()] : [],
    ),
  )
  const lines = changes.flatMap(({ change, kind, scope = '', properties = [], uncertainty }) => {
    const id = scope.toLowerCase()
    if (change !== 'keep' && kind === 'role assignment')
      return gone.has(id) ? [] : [`${change} a role assignment`]
    if (change === 'keep' || !id.startsWith('/subscriptions/')) return []
    if (uncertainty !== undefined) throw new Error(`${id} is not certain: ${uncertainty.reason}`)
    if (change !== 'modify') return [`${change} ${id}`]
    return [...new Set(properties.map(({ path }) => `modify ${id} ${path.replace(/\.\d+(\..*)?$/, '')}`))]
  })
  return lines.toSorted()
}

/** What a manifest may say, besides who it is about. */
const onOrOff = fc.boolean()
const manifests = fc.record(
  {
    costCenter: fc.constantFrom('1', '2', '3'),
    description: fc.constantFrom('Finds defects', 'Finds the causes of defects'),
    services: fc.record(
      {
        aiSearch: fc.oneof(
          onOrOff,
          fc.record({
            replicas: fc.integer({ min: 1, max: 3 }),
            semanticSearch: fc.constantFrom('free', 'standard'),
          }),
        ),
        cosmosDb: fc.oneof(onOrOff, fc.record({ maxThroughput: fc.constantFrom(1000, 2000, 5000) })),
        machineLearning: fc.oneof(onOrOff, fc.record({ clusterMaxNodes: fc.integer({ min: 1, max: 5 }) })),
        aiFoundry: fc.oneof(
          onOrOff,
          fc
            .record({ models: fc.array(fc.constantFrom(10, 20), { minLength: 1, maxLength: 2 }) })
            .map(({ models }) => ({
              models: models.map((capacity, index) => ({
                name: `embedding-${index}`,
                model: 'text-embedding-3-large',
                version: '1',
                sku: 'DataZoneStandard',
                capacity,
              })),
            })),
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

/** The resources of the project of a type, as they are. */
const ofType = (sandbox: Sandbox, type: string, scope: string) =>
  Object.values(sandbox.state.arm.resources).filter(
    (resource) =>
      resource.type.toLowerCase() === type.toLowerCase() &&
      resource.id.toLowerCase().startsWith(scope.toLowerCase()),
  )

const propertiesOf = ({ properties }: { readonly properties?: unknown }): JsonObject =>
  isJsonObject(properties) ? properties : {}

/** Changes properties of everything of a type, behind our back. */
const meddle =
  (type: string, scope: string, change: (properties: JsonObject) => JsonObject) =>
  async (sandbox: Sandbox): Promise<void> => {
    for (const resource of ofType(sandbox, type, scope))
      Object.assign(resource, { properties: { ...resource.properties, ...change(propertiesOf(resource)) } })
  }

const group = devGroupOf('003')
const firewall = (ipRules: readonly JsonObject[]) => (properties: JsonObject) => {
  const { networkAcls } = properties
  return { networkAcls: { ...(isJsonObject(networkAcls) ? networkAcls : {}), ipRules } }
}

/** What people do by hand, to the network and to what we deployed. */
const deeds: Readonly<Record<string, (sandbox: Sandbox) => Promise<void>>> = {
  'lets an address through the firewall of a vault': meddle(
    'Microsoft.KeyVault/vaults',
    group,
    firewall([{ value: '203.0.113.7/32' }]),
  ),
  'opens storage to everybody': meddle('Microsoft.Storage/storageAccounts', group, () => ({
    publicNetworkAccess: 'Enabled',
  })),
  'adds service endpoints to the subnets': meddle(
    'Microsoft.Network/virtualNetworks/subnets',
    devNetwork,
    () => ({ serviceEndpoints: [{ service: 'Microsoft.Storage' }] }),
  ),
  'adds a rule to the security groups': async (sandbox) => {
    const owner = await byHand(sandbox)
    for (const { id } of ofType(sandbox, 'Microsoft.Network/networkSecurityGroups', devCommonArea))
      await owner.put(`${id}/securityRules/Scanner`, '2024-05-01', {
        properties: {
          priority: 310,
          direction: 'Inbound',
          access: 'Allow',
          protocol: '*',
          sourceAddressPrefix: '10.9.0.0/16',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '*',
        },
      })
  },
  'deletes a private endpoint': async (sandbox) => {
    const [endpoint] = ofType(sandbox, 'Microsoft.Network/privateEndpoints', group)
    if (endpoint !== undefined) await (await byHand(sandbox)).remove(endpoint.id, '2024-05-01')
  },
}
const rounds = fc.array(
  fc.record({ manifest: manifests, by: fc.subarray(Object.keys(deeds), { maxLength: 2 }) }),
  { minLength: 1, maxLength: 3 },
)

const fixed = { ...labManifest, type: 'all' }

const opened: (() => Promise<void>)[] = []
afterAll(() => Promise.all(opened.map((close) => close())))

async function open(): Promise<{ readonly sandbox: Sandbox; readonly here: InProcess }> {
  const sandbox = await startSandbox({ durationScale: 0 })
  const here = inProcess(sandbox, '003')
  opened.push(async () => {
    here.factory.remove()
    await sandbox.close()
  })
  here.write(fixed)
  await here.network('reserve')
  await here.provision('apply')
  return { sandbox, here }
}

async function deliver({ sandbox, here }: Awaited<ReturnType<typeof open>>): Promise<void> {
  await here.network('reserve')
  const plan = planOf(await here.provision('plan'))
  const before = storeOf(sandbox)
  await here.provision('apply')
  const after = storeOf(sandbox)
  expect(changesSaid(plan)).toEqual(changesIn(before, after))
  const again = planOf(await here.provision('apply'))
  expect(hasChanges(again)).toBe(false)
  expect(changesIn(after, storeOf(sandbox))).toEqual([])
  await here.network('release-unneeded')
  forgetWorkspaces(sandbox)
}

/** What comes back by itself is left to come back. Workspaces do not: the time that Azure keeps them for is over. */
function forgetWorkspaces({ state }: Sandbox): void {
  const kept = state.arm.softDeleted.filter(({ type }) => !/machinelearningservices/i.test(type))
  state.arm.softDeleted.splice(0, state.arm.softDeleted.length, ...kept)
}

describe('what a plan says is what applying it changes, and a second run changes nothing', () => {
  test('whatever a manifest says, and whatever others did meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        const opened = await open()
        for (const { manifest, by } of all) {
          opened.here.write({ ...fixed, ...manifest })
          for (const deed of by) await deeds[deed]?.(opened.sandbox)
          await deliver(opened)
        }
      }),
      { numRuns: 5, endOnFailure: true },
    )
  })
})
