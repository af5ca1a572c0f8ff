/**
 * No environment reaches another: each identity of dev, as set-up has made them, tries everything that it could try on stage
 * and prod, and is refused. So is the identity that plans prod, which any branch can be, with all that changes something.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { type IdentityKind, identityKindDefinitions, identityKinds } from '../../src/setup/identity-kinds.ts'
import type { Environment } from '../../src/vocabulary.ts'
import { dev, ids, people } from '../azure/on-sandbox.ts'
import { type Factory, makingSteps, openFactory } from '../e2e/support/factory.ts'
import { exampleText } from '../manifest/examples.ts'
import { asPlatformTeam } from '../setup/platform-team.ts'
import { settingUpIn } from '../setup/setting-up.ts'
import { factoryIn } from '../setup/signing-in.ts'
import { type Attacker, type Attempts, inAzure, inTheDirectory, inTheLake } from './attempts.ts'
import { type Attempt, signedIn, signIn } from './identity.ts'
import { type Target, targetIn } from './targets.ts'

const others = ['stage', 'prod'] as const

/** An identity that tries. */
interface Signed {
  readonly send: Awaited<ReturnType<typeof signedIn>>
  readonly attacker: Attacker
}

let factory: Factory
const identities = new Map<string, Signed>()
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
  await asPlatformTeam(sandbox, [
    'Privileged Role Administrator',
    'Groups Administrator',
    'Application Administrator',
  ])
  const setup = settingUpIn(
    sandbox,
    exampleText('factory.yml').replace('tags:', 'repository: contoso/ai-factory\ntags:'),
  )
  await setup.run()
  expect((await setup.run({ flags: ['--check'] })).text).toContain('are as they should be')
  const group = await groupOfDev(sandbox)
  for (const kind of identityKinds)
    identities.set(`${kind} dev`, await sign(setup.read(), kind, 'dev', group))
  identities.set('plan prod', await sign(setup.read(), 'plan', 'prod', group))
}, 200_000)
afterAll(() => targets.clear())

/** A group that belongs to dev. */
async function groupOfDev(sandbox: Sandbox): Promise<string> {
  const send = await signedIn(sandbox, 'dev', dev.clientId)
  const { text } = await send({
    service: 'graph',
    method: 'POST',
    path: '/groups',
    body: {
      ...{ displayName: 'own', mailNickname: 'own', mailEnabled: false, securityEnabled: true },
      'owners@odata.bind': [`${sandbox.url}/graph/v1.0/directoryObjects/${dev.objectId}`],
    },
  })
  return String(JSON.parse(text).id)
}

async function sign(
  text: string,
  kind: IdentityKind,
  environment: Environment,
  group: string,
): Promise<Signed> {
  const { sandbox } = factory
  const { clientId: deliver = '', identities: named } = factoryIn(text, environment)
  const clientId = kind === 'deliver' ? deliver : (named[kind]?.clientId ?? '')
  const { applications, servicePrincipals } = sandbox.state.directory
  const principal = servicePrincipals.find(({ appId }) => appId === clientId)
  const microsoft = '00000003-0000-0000-c000-000000000000'
  return {
    send: await signedIn(sandbox, identityKindDefinitions[kind].githubEnvironment(environment), clientId),
    attacker: {
      ...{ clientId, group, friend: people.cleo, network: ids.network },
      objectId: principal?.id ?? '',
      applicationId: applications.find(({ appId }) => appId === clientId)?.id ?? '',
      subscription: `/subscriptions/${dev.subscriptionId}`,
      graph: `${sandbox.url}/graph/v1.0`,
      graphApplication: servicePrincipals.find(({ appId }) => appId === microsoft)?.id ?? '',
    },
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

async function isRefused(by: string, environment: string, attempt: Attempts[string]): Promise<void> {
  const [target, identity] = [targets.get(environment), identities.get(by)]
  if (target === undefined || identity === undefined) throw new Error('Nothing was delivered.')
  const before = everything(factory.sandbox)
  const asked = attempt(target, identity.attacker)
  const { status, text } = await identity.send(asked)
  expect([status, text]).toEqual([403, expect.stringMatching(refusal[asked.service])])
  expect(everything(factory.sandbox) === before).toBe(true)
}

/** What an identity that plans sees: who signs in as whom, nothing secret. */
const seenByPlan = ['read the credentials of another identity']

describe.each(others)('on %s,', (environment) => {
  describe.each(identityKinds)('signed in as the identity of dev for %s,', (kind) => {
    const refused = attempts.filter(({ what }) => kind !== 'plan' || !seenByPlan.includes(what))
    test.each(refused)('$service does not let it $what', ({ attempt }) =>
      isRefused(`${kind} dev`, environment, attempt),
    )
  })

  test.each(['dev', 'plan-dev', 'people-dev'])(
    'Entra does not let a job of %s sign in as the identity that delivers there',
    async (githubEnvironment) => {
      const clientId = targets.get(environment)?.clientId ?? ''
      const { status, text } = await signIn(factory.sandbox, githubEnvironment, clientId, 'arm')
      expect([status, text]).toEqual([401, expect.stringContaining('AADSTS700213')])
    },
  )

  test.each([environment, `people-${environment}`])('no branch gets a job in %s', (githubEnvironment) => {
    const ref = 'refs/heads/mine'
    expect(() => factory.sandbox.beginJob({ environment: githubEnvironment, ref })).toThrow(
      'is not allowed to deploy to',
    )
  })
})

describe('signed in as the identity that plans prod, on prod,', () => {
  const reading = /^(?:read|list|export) (?!the keys)/
  const changing = attempts.filter(({ what, service }) => service === 'the data lake' || !reading.test(what))
  test.each(changing)('$service does not let it $what', ({ attempt }) =>
    isRefused('plan prod', 'prod', attempt),
  )
})
