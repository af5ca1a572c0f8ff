/** No environment reaches another: the identity of dev tries everything that it could try on stage and prod, and is refused. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { dev, ids, people } from '../azure/on-sandbox.ts'
import { type Factory, makingSteps, openFactory } from '../e2e/support/factory.ts'
import { type Attacker, type Attempts, inAzure, inTheDirectory, inTheLake } from './attempts.ts'
import { type Attempt, signedIn, signIn } from './identity.ts'
import { type Target, targetIn } from './targets.ts'

const others = ['stage', 'prod'] as const

let factory: Factory
let send: Awaited<ReturnType<typeof signedIn>>
let attacker: Attacker
const targets = new Map<string, Target>()
beforeAll(async () => {
  factory = await openFactory()
  const { sandbox } = factory
  for (const environment of others) {
    for (const { action } of makingSteps) {
      expect(await factory.run(action, '002', environment)).toMatchObject({ exitCode: 0 })
    }
    targets.set(environment, targetIn(sandbox, environment))
  }
  send = await signedIn(sandbox, 'dev', dev.clientId)
  attacker = await attackerOf(sandbox)
})
afterAll(() => targets.clear())

async function attackerOf({ url, state }: Sandbox): Promise<Attacker> {
  const graph = `${url}/graph/v1.0`
  const own = await send({
    service: 'graph',
    method: 'POST',
    path: '/groups',
    body: {
      ...{ displayName: 'own', mailNickname: 'own', mailEnabled: false, securityEnabled: true },
      'owners@odata.bind': [`${graph}/directoryObjects/${dev.objectId}`],
    },
  })
  const application = state.directory.applications.find(({ appId }) => appId === dev.clientId)
  const microsoft = '00000003-0000-0000-c000-000000000000'
  return {
    objectId: dev.objectId,
    clientId: dev.clientId,
    applicationId: application?.id ?? '',
    subscription: `/subscriptions/${dev.subscriptionId}`,
    network: ids.network,
    group: (JSON.parse(own.text) as { id: string }).id,
    friend: people.cleo,
    graph,
    graphApplication: state.directory.servicePrincipals.find(({ appId }) => appId === microsoft)?.id ?? '',
  }
}

/** All that there is, but for what only running changes. */
const everything = ({ state }: Sandbox): string =>
  JSON.stringify([
    state.arm.resources,
    Object.values(state.deployments.stacks),
    state.directory,
    state.lake.toJSON(),
  ])

/** The codes that say that the caller may not do it. */
const refusal: Readonly<Record<Attempt['service'], RegExp>> = {
  graph: /"code":\s*"Authorization_RequestDenied"/,
  arm: /"code":\s*"(AuthorizationFailed|LinkedAuthorizationFailed|SubscriptionNotFound)"/,
  lake: /AuthorizationPermissionMismatch|^$/,
}

const all: readonly (readonly [string, Attempts])[] = [
  ['the directory', inTheDirectory],
  ['Azure Resource Manager', inAzure],
  ['the data lake', inTheLake],
]
const attempts = all.flatMap(([service, some]) =>
  Object.entries(some).map(([what, attempt]) => ({ service, what, attempt })),
)

test('there are many ways to try it', () => {
  expect(attempts.length).toBeGreaterThanOrEqual(30)
})

describe.each(others)('signed in as dev, on %s,', (environment) => {
  test.each(attempts)('$service does not let it $what', async ({ attempt }) => {
    const target = targets.get(environment)
    if (target === undefined) throw new Error('Nothing was delivered.')
    const before = everything(factory.sandbox)
    const asked = attempt(target, attacker)
    const { status, text } = await send(asked)
    expect([status, text]).toEqual([403, expect.stringMatching(refusal[asked.service])])
    expect(everything(factory.sandbox) === before).toBe(true)
  })

  test('Entra does not let it sign in as the identity of that environment', async () => {
    const clientId = targets.get(environment)?.clientId ?? ''
    const { status, text } = await signIn(factory.sandbox, 'dev', clientId, 'arm')
    expect([status, text]).toEqual([401, expect.stringContaining('AADSTS700213')])
  })
})
