import { describe, expect, test } from '@jest/globals'
import type { FaultRule } from '../../sandbox/server/faults.ts'
import { type ChainAction, chain, makingSteps, openFactory, type Run } from './support/factory.ts'

const throttled = {
  status: 429,
  headers: { 'Retry-After': '1' },
  body: { error: { code: 'TooManyRequests', message: 'Later.' } },
}
const outOfOrder = { status: 503, body: { error: { code: 'ServiceUnavailable', message: 'Later.' } } }

/** The lines that say that something is tried again. */
const attempts = ({ lines }: Run): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'text' && line.text.includes('Retrying') ? line.text : []))

/** What goes wrong for a while in each action, and how often. */
const faults: Readonly<Record<ChainAction, readonly FaultRule[]>> = {
  'ip-calc': [
    { method: 'GET', path: '/virtualNetworks/[^/]+\\?', times: 2, ...throttled },
    { method: 'PUT', path: '/subnets/', ...outOfOrder },
  ],
  'provision-project': [
    { path: '/validate\\?', ...outOfOrder },
    { path: '/whatIf\\?', ...throttled },
    { method: 'PUT', path: '/deploymentStacks/', ...outOfOrder },
  ],
  'add-member': [
    { method: 'GET', path: '/graph/v1.0/groups/[^/]+/members', ...throttled },
    { method: 'PATCH', path: '/graph/', ...outOfOrder },
    { method: 'PUT', path: '/roleAssignments/', ...throttled },
  ],
  'datalake-acl': [
    { method: 'HEAD', path: '/storage/', ...outOfOrder },
    { method: 'PATCH', path: '/storage/', ...throttled },
  ],
}

test('429 with Retry-After and 503 from any service are survived, and the delivery is complete', async () => {
  const factory = await openFactory()
  for (const { action } of makingSteps) {
    for (const rule of faults[action]) factory.sandbox.faults.add(rule)
    const since = factory.sandbox.requestCount()
    const { exitCode } = await factory.run(action, '001', 'dev')
    expect(exitCode).toBe(0)
    const made = factory.sandbox.requests(since).flatMap(({ batched = [], ...call }) => [call, ...batched])
    const struck = made.filter(({ area }) => area === 'fault').length
    expect(struck).toBe(faults[action].reduce((sum, { times = 1 }) => sum + Number(times), 0))
    factory.sandbox.faults.clear()
  }
})

/** Answers that must not be taken for successes, one for each service that an action writes to. */
const strange: Readonly<Record<ChainAction, readonly FaultRule[]>> = {
  'ip-calc': [
    { path: 'metadata/endpoints', cut: true },
    { method: 'PUT', path: '/networkSecurityGroups/', page: '' },
    { method: 'PUT', path: '/subnets/', page: '<html>Sign in</html>' },
  ],
  'provision-project': [
    { path: '/oauth2/v2.0/token', page: '<html>Sign in</html>' },
    { path: '/whatIf\\?', cut: true },
    { method: 'PUT', path: '/deploymentStacks/', page: '<html>Sign in</html>' },
  ],
  'add-member': [
    { method: 'PATCH', path: '/graph/v1.0/groups/', page: '<html>Sign in</html>', skip: 1 },
    { method: 'PUT', path: '/roleAssignments/', page: '<html>Sign in</html>', skip: 2 },
    { path: '/graph/v1.0/\\$batch', cut: true },
  ],
  'datalake-acl': [
    { method: 'PUT', path: '/storage/', page: '' },
    { method: 'PATCH', path: '/storage/', page: '<html>Sign in</html>' },
  ],
}

test('no step is green that did nothing: what a proxy answers is asked again, and the delivery is complete', async () => {
  const factory = await openFactory()
  for (const { action } of makingSteps) {
    for (const rule of strange[action]) factory.sandbox.faults.add(rule)
    const since = factory.sandbox.requestCount()
    expect((await factory.run(action, '001', 'dev')).exitCode).toBe(0)
    const struck = factory.sandbox.requests(since).filter(({ area }) => area === 'fault')
    expect(struck).toHaveLength(strange[action].length)
    factory.sandbox.faults.clear()
  }
  const again = await factory.deliver('001', 'dev')
  expect(again.flatMap(({ writes }) => writes)).toEqual([])
})

test("an answer of GitHub's OIDC service that breaks off is asked for again", async () => {
  const factory = await openFactory({ bundles: true })
  factory.sandbox.faults.add({ path: 'audience=', cut: true })
  const run = await factory.run('ip-calc', '001', 'dev')
  expect(attempts(run)).toEqual([
    expect.stringMatching(/^The OIDC token of the job: GitHub did not answer\./),
  ])
  expect(run.exitCode).toBe(0)
  expect(run.writes.length).toBeGreaterThan(0)
})

test('a throttled request is not repeated before Azure allows it', async () => {
  const factory = await openFactory()
  factory.sandbox.faults.add({ path: '/virtualNetworks/[^/]+\\?', ...throttled })
  const { requests } = await factory.run('ip-calc', '001', 'dev', { mode: 'plan' })
  const [first, second] = requests.filter(({ path }) => /\/virtualNetworks\/[^/]+\?/.test(path))
  expect([first?.status, second?.status]).toEqual([429, 200])
  expect(Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '')).toBeGreaterThanOrEqual(950)
})

describe('a temporary conflict is waited out, and the attempts are logged:', () => {
  test('another operation is changing the VNet', async () => {
    const factory = await openFactory()
    const busy = {
      code: 'AnotherOperationInProgress',
      message: 'Another operation on this or dependent resource is in progress.',
    }
    factory.sandbox.faults.add({
      method: 'PUT',
      path: '/subnets/',
      times: 2,
      status: 409,
      body: { error: busy },
    })
    const run = await factory.run('ip-calc', '001', 'dev')
    expect(run.exitCode).toBe(0)
    expect(run.writes.map(({ status }) => status)).toEqual([201, 409, 409, 201])
    expect(attempts(run)).toEqual([
      expect.stringMatching(
        /^Writing 'subnets\/snt-prj001-genai': .*AnotherOperationInProgress.* Retrying in .* \(waited 0 s, at most 20 min\)$/,
      ),
      expect.stringMatching(/\(waited 0\.\d s, at most 20 min\)$/),
    ])
  })

  test('a new group is not known to Azure everywhere yet (PrincipalNotFound)', async () => {
    const factory = await openFactory()
    await factory.run('ip-calc', '001', 'dev')
    await factory.run('provision-project', '001', 'dev')
    const unknown = { code: 'PrincipalNotFound', message: 'Principal does not exist in the directory.' }
    factory.sandbox.faults.add({
      method: 'PUT',
      path: '/roleAssignments/',
      times: 2,
      status: 400,
      body: { error: unknown },
    })
    const run = await factory.run('add-member', '001', 'dev')
    expect(run.exitCode).toBe(0)
    // Roles are assigned together: the two refusals meet one of them twice, or two of them.
    expect(attempts(run)).toEqual([
      expect.stringMatching(/^Assigning a role on '.*': .* Retrying in .* \(attempt 2 of 12\)$/),
      expect.stringMatching(/^Assigning a role on '.*': .* Retrying in .* \(attempt [23] of 12\)$/),
    ])
  })

  test('the directory and Azure learn of new groups and identities only after a while', async () => {
    const factory = await openFactory({ replicationLag: 200 })
    const runs = await factory.deliver('001', 'dev')
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(chain.map(() => 0))
    expect(runs.flatMap(attempts).length).toBeGreaterThan(0)
    expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
  })
})

test('a response that is lost after the change does not cause a second one', async () => {
  const factory = await openFactory()
  factory.sandbox.faults.add({ method: 'PUT', path: '/subnets/', when: 'after', drop: true })
  const reserved = await factory.run('ip-calc', '001', 'dev')
  expect(reserved.exitCode).toBe(0)
  await factory.run('provision-project', '001', 'dev')
  factory.sandbox.faults.add({ method: 'POST', path: '/graph/v1.0/groups$', when: 'after', ...outOfOrder })
  factory.sandbox.faults.add({ method: 'PUT', path: '/roleAssignments/', when: 'after', drop: true })
  const members = await factory.run('add-member', '001', 'dev')
  expect(members.exitCode).toBe(0)
  const names = factory.sandbox.state.directory.groups.map(({ mailNickname }) => mailNickname)
  expect(new Set(names).size).toBe(names.length)
  expect((await factory.run('add-member', '001', 'dev')).writes).toEqual([])
})
