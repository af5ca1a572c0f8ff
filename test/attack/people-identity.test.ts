/**
 * The identity for people waits for no approval, so it can change who is in the groups that it owns, and nothing else: not in
 * its own environment either.
 */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Sandbox } from '../../sandbox/start.ts'
import { people as everybody } from '../azure/on-sandbox.ts'
import type { Factory } from '../e2e/support/factory.ts'
import { identityOf, setUpAndDelivered } from '../e2e/support/set-up-factory.ts'
import { type Attacker, type Attempts, inAzure, inTheDirectory, inTheLake } from './attempts.ts'
import { type Answer, type Attempt, signedIn } from './identity.ts'
import { type Target, targetIn } from './targets.ts'

const delivered = setUpAndDelivered([{ project: '002', environments: ['dev'] }])

let factory: Factory
let send: (attempt: Attempt) => Promise<Answer>
let target: Target
let self: Attacker
beforeAll(async () => {
  factory = await delivered()
  const { sandbox } = factory
  const { githubEnvironment, clientId } = identityOf(factory, 'people', 'dev')
  send = await signedIn(sandbox, githubEnvironment, clientId)
  target = targetIn(sandbox, 'dev')
  const { applications, servicePrincipals } = sandbox.state.directory
  const microsoft = '00000003-0000-0000-c000-000000000000'
  self = {
    ...{ clientId, group: target.group, friend: everybody.cleo, network: target.network },
    objectId: servicePrincipals.find(({ appId }) => appId === clientId)?.id ?? '',
    applicationId: applications.find(({ appId }) => appId === clientId)?.id ?? '',
    subscription: target.subscription,
    graph: `${sandbox.url}/graph/v1.0`,
    graphApplication: servicePrincipals.find(({ appId }) => appId === microsoft)?.id ?? '',
  }
}, 200_000)

const everything = ({ state }: Sandbox): string =>
  JSON.stringify([
    state.arm.resources,
    Object.values(state.deployments.stacks),
    state.directory,
    state.lake.toJSON(),
  ])

/** What it is for. */
const members = [
  'add a person to a group',
  'add a person to a group by changing it',
  'add itself to a group',
  'remove a person from a group',
]
/** What comes with owning a group, and what Graph gives nobody a way to leave out. https://learn.microsoft.com/graph/permissions-overview */
const ofOwners = [
  'put a group of its own into a group',
  'become an owner of a group',
  'become an owner of a group by changing it',
  'remove the owner of a group',
  'rename a group',
  'delete a group',
]
const refused = (all: Attempts) =>
  Object.entries(all)
    .filter(([what]) => !members.includes(what) && !ofOwners.includes(what))
    .map(([what, attempt]) => ({ what, attempt }))

describe.each([
  ['the directory', inTheDirectory],
  ['Azure Resource Manager', inAzure],
  ['the data lake', inTheLake],
] as const)('in its own environment %s', (_service, all) => {
  test.each(refused(all))('does not let it $what', async ({ attempt }) => {
    const before = everything(factory.sandbox)
    const { status } = await send(attempt(target, self))
    expect(status).toBe(403)
    expect(everything(factory.sandbox) === before).toBe(true)
  })
})

test('it can take people out of a group that it owns, and put them in', async () => {
  const members = () => factory.sandbox.state.directory.groups.find(({ id }) => id === target.group)?.members
  const remove = inTheDirectory['remove a person from a group']
  const add = inTheDirectory['add a person to a group']
  if (remove === undefined || add === undefined) throw new Error('The attempts are missing.')
  expect((await send(add(target, self))).status).toBe(204)
  expect(members()).toContain(everybody.cleo)
  expect((await send(remove(target, self))).status).toBe(204)
  expect(members()).not.toContain(target.member)
})
