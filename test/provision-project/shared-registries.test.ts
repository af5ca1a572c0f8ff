/** What a project may do in the registry that all share: by the mode that the registry is in. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { fulfils } from '../../sandbox/arm/governance/conditions/conditions.ts'
import { type Sandbox, startSandbox } from '../../sandbox/start.ts'
import { openResources } from '../../src/azure/resources.ts'
import { roleNamed } from '../../src/catalog/facts/roles.ts'
import { readCommonArea } from '../../src/operations/common-area.ts'
import { connect } from '../../src/operations/connect.ts'
import { withLiveRegistry } from '../../src/operations/shared-registry.ts'
import { hasChanges } from '../../src/plan/model.ts'
import { lastSegment } from '../../src/resource-id.ts'
import { idToken } from '../azure/on-sandbox.ts'
import { type ByHand, byHand } from '../e2e/support/by-hand.ts'
import { devCommonArea, devGroupOf } from '../e2e/support/places.ts'
import { type InProcess, inProcess, labManifest, planOf } from './in-process.ts'

const registries = `${devCommonArea}/Microsoft.ContainerRegistry/registries`
const shared = `${registries}/acrcommona1b2csdc001dev`
const forWorkspaces = `${registries}/acrcommonmla1b2csdc001dev`
const workspace = `${devGroupOf('003')}/providers/Microsoft.MachineLearningServices/workspaces/aml-003-sdc-dev-a1b2c-001`

let sandbox: Sandbox
let here: InProcess
let hand: ByHand
beforeAll(async () => {
  sandbox = await startSandbox({ durationScale: 0 })
  here = inProcess(sandbox, '003')
  hand = await byHand(sandbox)
  here.write({ ...labManifest, type: 'all' })
  await here.network('reserve')
}, 60_000)
afterAll(async () => {
  here.factory.remove()
  await sandbox.close()
})

const registry = (id: string, roleAssignmentMode: string) =>
  hand.put(id, '2025-11-01', {
    location: 'swedencentral',
    sku: { name: 'Premium' },
    properties: { adminUserEnabled: false, publicNetworkAccess: 'Disabled', roleAssignmentMode },
  })

async function deliver(): Promise<void> {
  await here.provision('apply')
  await here.people('apply')
}

async function expectSettled(): Promise<void> {
  expect(hasChanges(planOf(await here.provision('plan')))).toBe(false)
  expect(hasChanges(planOf(await here.people('plan')))).toBe(false)
}

const resourceAt = (id: string) =>
  Object.values(sandbox.state.arm.resources).find((one) => one.id.toLowerCase() === id.toLowerCase())

/** What a delivery of the common area would make of the registries, as they are now. */
async function registriesToCome(): Promise<readonly unknown[]> {
  const { area, resources } = await liveArea()
  const { factory } = await withLiveRegistry(area, resources)
  return [factory.sharedRegistryMode, factory.common.machineLearningRegistry.kind]
}

async function liveArea() {
  const environment = { ...sandbox.env, ...sandbox.jobEnvironment({ environment: 'dev' }) }
  const target = { factoryFile: here.factory.file, environment: 'dev', azureCloud: sandbox.url } as const
  const area = readCommonArea(target)
  const session = await connect(area.factory, target, {
    action: 'test',
    userAgent: 'test',
    environment,
    info: () => undefined,
    idToken: idToken(environment),
  })
  return { area, resources: await openResources(session) }
}

interface Held {
  readonly id: string
  readonly role: string
  readonly principalId: string
  readonly condition: string
}

/** The roles on a registry that let somebody at images. */
const imageRolesOn = (id: string): readonly Held[] =>
  Object.values(sandbox.state.arm.resources)
    .filter((one) =>
      one.id.toLowerCase().startsWith(`${id}/providers/microsoft.authorization/`.toLowerCase()),
    )
    .map(({ id: assignment, properties = {} }) => ({
      id: assignment,
      role: roleNamed(lastSegment(String(properties['roleDefinitionId']))) ?? '',
      principalId: String(properties['principalId']),
      condition: String(properties['condition'] ?? ''),
    }))
    .filter(({ role }) => /^Acr|Repository/.test(role))

/** Does the condition let somebody at a repository? */
const reaches = ({ condition }: Held, action: string, repository: string): boolean => {
  const known = new Map([['microsoft.containerregistry/registries/repositories:name', [repository]]])
  return fulfils(condition, `Microsoft.ContainerRegistry/registries/repositories/${action}`, {
    request: known,
    resource: known,
  })
}

describe('In a registry that somebody made, in the older mode,', () => {
  test('a project has the roles of that mode, and its workspace is attached to it', async () => {
    await deliver()
    const held = imageRolesOn(shared)
    expect(new Set(held.map(({ role }) => role))).toEqual(new Set(['AcrPull', 'AcrPush']))
    expect(held.map(({ condition }) => condition)).toEqual(held.map(() => ''))
    expect(resourceAt(workspace)?.properties).toMatchObject({ containerRegistry: shared })
    expect(imageRolesOn(forWorkspaces)).toEqual([])
    await expectSettled()
  })

  test('the common area leaves it in that mode, and makes no second one', async () => {
    expect(await registriesToCome()).toEqual(['LegacyRegistryPermissions', 'off'])
  })
})

describe('When it knows repositories,', () => {
  test('a delivery puts roles on the repositories of the project in the place of those that no longer count', async () => {
    await registry(shared, 'AbacRepositoryPermissions')
    await registry(forWorkspaces, 'LegacyRegistryPermissions')
    const before = imageRolesOn(shared)
    const plan = planOf(await here.provision('plan'))
    expect(plan.changes).toContainEqual(
      expect.objectContaining({
        change: 'create',
        name: expect.stringContaining('Container Registry Repository Writer'),
      }),
    )
    await deliver()
    const held = imageRolesOn(shared)
    expect(new Set(held.map(({ role }) => role))).toEqual(
      new Set(['Container Registry Repository Reader', 'Container Registry Repository Writer']),
    )
    expect(new Set(before.map(({ principalId }) => principalId))).toEqual(
      new Set([...held, ...imageRolesOn(forWorkspaces)].map(({ principalId }) => principalId)),
    )
    await expectSettled()
  })

  test('the common area leaves it so, and has a second one for workspaces', async () => {
    expect(await registriesToCome()).toEqual(['AbacRepositoryPermissions', 'own'])
  })

  test('each of them reaches the repositories of the project and no others', () => {
    for (const one of imageRolesOn(shared)) {
      const actions = one.role.endsWith('Writer') ? ['content/read', 'content/write'] : ['content/read']
      for (const action of [...actions, 'metadata/read']) {
        const reached = ['prj003/app', 'prj003/a/b', 'prj004/app', 'prj0031/app', 'app', 'x/prj003/app']
        expect(reached.filter((name) => reaches(one, action, name))).toEqual(['prj003/app', 'prj003/a/b'])
      }
    }
  })

  test('the workspace is attached to the registry for workspaces, where its own identity pushes', () => {
    expect(resourceAt(workspace)?.properties).toMatchObject({ containerRegistry: forWorkspaces })
    const own = sandbox.state.directory.servicePrincipals.find(({ alternativeNames }) =>
      alternativeNames?.some((name) => name.toLowerCase() === workspace.toLowerCase()),
    )?.id
    const held = imageRolesOn(forWorkspaces)
    expect(held.filter(({ role }) => role === 'AcrPush').map(({ principalId }) => principalId)).toEqual([own])
    expect(imageRolesOn(shared).some(({ principalId }) => principalId === own)).toBe(false)
  })

  test('a role from which somebody took the condition gets it back, and what they wrote on it stays', async () => {
    const [one] = imageRolesOn(shared)
    const properties = resourceAt(one?.id ?? '')?.properties ?? {}
    const { roleDefinitionId, principalId, principalType } = properties
    await hand.put(one?.id ?? '', '2022-04-01', {
      properties: { roleDefinitionId, principalId, principalType, description: 'For everybody' },
    })
    expect(imageRolesOn(shared).filter(({ condition }) => condition === '')).toHaveLength(1)
    const changes = [
      ...planOf(await here.provision('plan')).changes,
      ...planOf(await here.people('plan')).changes,
    ].filter(({ change }) => change !== 'keep')
    expect(changes).toEqual([
      expect.objectContaining({
        change: 'modify',
        kind: 'role assignment',
        reason: 'It is to hold for repositories prj003/* only.',
        properties: [{ path: 'condition', before: '', after: one?.condition }],
      }),
    ])
    await deliver()
    expect(resourceAt(one?.id ?? '')?.properties).toMatchObject({
      condition: one?.condition,
      conditionVersion: '2.0',
      description: 'For everybody',
    })
    await expectSettled()
  })

  test('destroying the project takes its roles from both registries', async () => {
    await here.destroy(['deletion'])
    expect([...imageRolesOn(shared), ...imageRolesOn(forWorkspaces)]).toEqual([])
  })
})
