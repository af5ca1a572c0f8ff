import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Clock } from '../../sandbox/contracts.ts'
import { systemClock } from '../../sandbox/server/runtime.ts'
import { type DeploymentStacks, openDeploymentStacks } from '../../src/azure/deployment-stacks.ts'
import type { Session } from '../../src/azure/session.ts'
import { duration } from '../../src/azure/stack-progress.ts'
import type { JsonObject } from '../../src/json.ts'
import { dev, type OnSandbox, onSandbox } from './on-sandbox.ts'
import { account, request } from './templates.ts'

/** As long as it is held, nothing that takes time in Azure is finished there; all requests are answered. */
function heldClock(): Clock & { readonly hold: () => void; readonly release: () => void } {
  let gate: PromiseWithResolvers<void> | undefined
  return {
    now: systemClock.now,
    // Azure's own work takes fractions of a millisecond here; waiting for it in a request takes longer.
    sleep: (ms) => (ms > 0 && ms < 1 ? gate?.promise : undefined) ?? systemClock.sleep(Math.min(ms, 5)),
    hold: () => {
      gate ??= Promise.withResolvers()
    },
    release: () => {
      gate?.resolve()
      gate = undefined
    },
  }
}

let clock: ReturnType<typeof heldClock>
let here: OnSandbox
let session: Session
beforeEach(async () => {
  clock = heldClock()
  here = await onSandbox({ clock, durationScale: 1e-6 })
  const startGroup = (title: string) => {
    here.logged.push(`group: ${title}`)
    return () => void here.logged.push('end of group')
  }
  session = { ...here.session, startGroup }
})
afterEach(() => here.sandbox.close())

const open = (): Promise<DeploymentStacks> => openDeploymentStacks(session, dev.subscriptionId)

/** What Azure makes at once; a storage account takes as long as the clock is held. */
const identity: JsonObject = {
  type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  apiVersion: '2024-11-30',
  name: 'mi-try',
  location: 'swedencentral',
}
const wanted = { ...request('st', account('slow001'), identity), tags: { template: 'a' } }

const times = /\d+ min \d+ s|\d+ s\b/g
const lines = () => here.logged.map((line) => line.replaceAll(times, 'N s'))

/** Waits for something, and gives up when that takes absurdly long. */
async function happens(what: string, has: () => boolean): Promise<void> {
  for (let look = 0; look < 2_000; look += 1) {
    if (has()) return
    await setTimeout(5)
  }
  throw new Error(`Never ${what}. Logged: ${here.logged.join(' | ')}`)
}

/** Waits until the log has such a line. */
const logs = (pattern: RegExp): Promise<void> =>
  happens(`logged: ${pattern}`, () => here.logged.some((line) => pattern.test(line)))

/** Waits until Azure has taken a deployment. */
const isDeploying = (): Promise<void> =>
  happens('deployed', () => here.sandbox.requests().some(({ method }) => method === 'PUT'))

test('while a stack is deployed, the log says what is done and what Azure is still at work on', async () => {
  const stacks = await open()
  clock.hold()
  const applied = stacks.apply(wanted)
  await logs(/^Azure is at work on/)
  clock.release()
  await applied
  expect(new Set(lines())).toEqual(
    new Set([
      "group: Resources of 'st'",
      "Done in N s: resource group 'rg-try'",
      "Done in N s: Microsoft.ManagedIdentity/userAssignedIdentities 'mi-try' in resource group 'rg-try'",
      "Azure is at work on Microsoft.Storage/storageAccounts 'slow001' in resource group 'rg-try' (N s); 2 of 3 are done",
      "Done in N s: Microsoft.Storage/storageAccounts 'slow001' in resource group 'rg-try'",
      'end of group',
      expect.stringMatching(
        /^Slowest of 3 resources: .*storageAccounts 'slow001' in resource group 'rg-try' \(N s\)/,
      ),
    ]),
  )
  expect(lines()[0]).toMatch(/^group/)
  expect(lines().at(-2)).toBe('end of group')
})

test('a deployment that is over at once is not looked at, and nothing is said of it', async () => {
  const stacks = await open()
  const since = here.sandbox.requestCount()
  await stacks.apply(wanted)
  expect(here.logged).toEqual([])
  const listed = here.sandbox.requests(since).filter(({ path }) => path.includes('/operations?'))
  expect(listed).toEqual([])
})

test('Azure is not asked more often than every five seconds, however often the deployment is looked at', async () => {
  const stacks = await open()
  clock.hold()
  const applied = stacks.apply(wanted)
  await logs(/^Azure is at work on/)
  clock.release()
  await applied
  const waited = here.pauses.reduce((sum, pause) => sum + pause, 0)
  const own = here.sandbox
    .requests()
    .filter(({ path }) =>
      /^\/subscriptions\/[^/]+\/providers\/Microsoft\.Resources\/deployments\/.*\/operations\?/.test(path),
    )
  // One more when it has ended.
  expect(own.length).toBeLessThanOrEqual(waited / 5_000 + 1)
})

test('who may not list operations deploys all the same, and reads why nothing is shown', async () => {
  here.sandbox.faults.add({
    path: '/operations\\?',
    status: 403,
    times: 'always',
    body: { error: { code: 'AuthorizationFailed', message: 'No.' } },
  })
  const stacks = await open()
  clock.hold()
  const applied = stacks.apply(wanted)
  await logs(/cannot be shown/)
  clock.release()
  expect(await applied).toMatchObject({ provisioningState: 'succeeded' })
  expect(here.logged.filter((line) => line.includes('cannot be shown'))).toEqual([
    'What Azure does with each resource cannot be shown (AuthorizationFailed)',
  ])
})

test('a run that finds its own deployment under way shows it, and takes its result for its own', async () => {
  const [first, second] = [await open(), await open()]
  clock.hold()
  const applied = first.apply(wanted)
  await isDeploying()
  here.logged.splice(0)
  const since = here.sandbox.requestCount()
  const attached = second.apply(wanted)
  await logs(/under way already/)
  clock.release()
  expect(await attached).toEqual(await applied)
  const written = here.sandbox.requests(since).filter(({ method }) => method === 'PUT')
  expect(written.map(({ status }) => status)).toEqual([409])
  expect(here.logged).toContain(
    "This very deployment of 'st' is under way already: an earlier run began it. This run goes on with it",
  )
})

test('the deployment of somebody else is waited for, and then one’s own is made', async () => {
  const [first, second] = [await open(), await open()]
  clock.hold()
  const applied = first.apply({ ...wanted, tags: { template: 'b' } })
  await isDeploying()
  const mine = second.apply(wanted)
  await logs(/^Another run is deploying 'st'\. Waiting for it to finish$/)
  clock.release()
  await applied
  expect(await mine).toMatchObject({ tags: { template: 'a' } })
})

test.each([
  [0, '0 s'],
  [119_400, '119 s'],
  [125_000, '2 min 5 s'],
])('%i milliseconds are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})
