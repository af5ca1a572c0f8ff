/** Foundry's second form: agents keep their data in the project's own services, by capability hosts after all roles. */
import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { delivered, type Factory, type FactoryOptions, openFactory, type Run } from './support/factory.ts'
import { killedWhen } from './support/killed-after.ts'
import { manifestOf, readPlan } from './support/repository.ts'
import { onceOnly } from './support/snapshot.ts'
import { errorOf, log } from './support/transcript.ts'

const project = '002'
const own = 'dev: { services: { aiFoundry: { data: own } } }'
const withOwnData = ({ repository }: Pick<Factory, 'repository'>): void =>
  repository.edit(manifestOf(project), 'dev: {}', own)
const withProject = delivered(project)
const withOwnProject = delivered(project, (repository) => withOwnData({ repository }))

const asksForOwnData = async (options: FactoryOptions = {}): Promise<Factory> => {
  const factory = await openFactory(options)
  withOwnData(factory)
  return factory
}

/** What is in Azure once the subnets of the project are reserved. */
const withSubnets = onceOnly(async () => {
  const factory = await asksForOwnData()
  await factory.run('ip-calc', project, 'dev')
  return factory.snapshot()
})

/** A factory in which the subnets of the project are reserved, and the manifest asks for data of its own. */
const reserved = async (): Promise<Factory> => asksForOwnData({ seed: await withSubnets() })

/** What is in Azure after a run that nothing disturbs. */
const undisturbed = onceOnly(async () => {
  const factory = await reserved()
  await factory.run('provision-project', project, 'dev')
  return azureState(factory.sandbox)
})

/** What was written, without names. Roles in Azure and inside Cosmos DB are assigned together, in any order. */
const kindsOf = ({ writes }: Run): readonly string[] => {
  const kinds = writes.map(({ path }) =>
    (path.split('?')[0]?.split('/').at(-2) ?? '').replace('sqlRoleAssignments', 'roleAssignments'),
  )
  return kinds.filter((kind, index) => kind !== kinds[index - 1])
}

const changesOf = (run: Run): readonly string[] =>
  readPlan(run).changes.flatMap(({ change, kind, name }) =>
    change === 'keep' || !kind.endsWith('/capabilityHosts') ? [] : [`${change} ${kind} ${name}`],
  )

const bothHosts = [
  'create Microsoft.CognitiveServices/accounts/capabilityHosts aif2a1b2c002001dev/agents',
  'create Microsoft.CognitiveServices/accounts/projects/capabilityHosts aif2a1b2c002001dev/aif2-p002001dev/agents',
]

test('a first delivery creates identities, roles, the stack, the other roles, then the hosts, in one plan', async () => {
  const factory = await reserved()
  expect(changesOf(await factory.run('provision-project', project, 'dev', { mode: 'plan' }))).toEqual(
    bothHosts,
  )
  const applied = await factory.run('provision-project', project, 'dev')
  expect(applied.exitCode).toBe(0)
  expect(changesOf(applied)).toEqual(bothHosts)
  expect(kindsOf(applied).filter((kind) => kind !== 'deploymentStacksWhatIfResults')).toEqual([
    'resourceGroups',
    'userAssignedIdentities',
    'roleAssignments',
    'deploymentStacks',
    'roleAssignments',
    'capabilityHosts',
  ])
  const again = await factory.run('provision-project', project, 'dev')
  expect(again.writes).toEqual([])
  expect(log(again).at(-1)).toBe('::notice::Project 002 in dev: resources: no changes.')
})

const points = [
  'resourcegroups',
  'userAssignedIdentities',
  'roleAssignments',
  'deploymentStacks',
  'sqlRoleAssignments',
  'accounts/[^/]+/capabilityHosts',
  'projects/[^/]+/capabilityHosts',
]

describe('killed as soon as it has written', () => {
  test.each(points)('%s, the next run ends where an undisturbed one does', async (point) => {
    const factory = await reserved()
    const written = new RegExp(`/${point}/[^/]+\\?`, 'i')
    const killed = await killedWhen(
      factory,
      (made) => made.some(({ path }) => written.test(path)),
      (signal) => factory.run('provision-project', project, 'dev', {}, { signal }),
    )
    expect(killed.exitCode).toBe(137)
    expect((await factory.run('provision-project', project, 'dev')).exitCode).toBe(0)
    expect(difference(await undisturbed(), azureState(factory.sandbox))).toEqual(nothing)
  })
})

describe('who keeps the data', () => {
  test('can become the project itself, which is said before', async () => {
    const factory = await withProject()
    withOwnData(factory)
    const planned = await factory.run('provision-project', project, 'dev', { mode: 'plan' })
    expect(changesOf(planned)).toEqual(bothHosts)
    expect(log(planned)).toContain(
      "::warning::Agents of 'aif2-p002001dev' keep their data in the project's own services from now on. Agents, threads and files that Azure kept until now are not moved, and it cannot be changed back.",
    )
    const applied = await factory.run('provision-project', project, 'dev')
    expect([applied.exitCode, ...changesOf(applied)]).toEqual([0, ...bothHosts])
    expect((await factory.run('provision-project', project, 'dev')).writes).toEqual([])
  })

  test('cannot become Azure again: refused with what it would take, and nothing is written', async () => {
    const factory = await withOwnProject()
    factory.repository.edit(manifestOf(project), own, 'dev: {}')
    const refused = await factory.run('provision-project', project, 'dev')
    expect(refused.exitCode).toBe(1)
    expect(refused.writes).toEqual([])
    expect(errorOf(refused)).toMatch(
      /capability host 'agents' of 'aif2-p002001dev' keeps the data of agents elsewhere than the manifest says.*moves no data.*That never happens by itself\. Let the manifest say what is there/,
    )
  })

  test('is refused as the project itself without Cosmos DB, or with too little of it, in the manifest', async () => {
    const { repository, run } = await openFactory()
    const refusal = async (options: string): Promise<string> => {
      const before = repository.read(manifestOf(project))
      repository.edit(
        manifestOf(project),
        'dev: {}',
        `dev: { services: { aiFoundry: { data: own }, ${options} } }`,
      )
      const { lines } = await run('provision-project', project, 'dev', { mode: 'check' })
      repository.write(manifestOf(project), before)
      return log({ lines }).join('\n')
    }
    expect(await refusal('cosmosDb: false')).toMatch(
      /::error file=.*prj002\.yml,line=\d+,.*'aiFoundry\.data' is 'own', but 'cosmosDb' is disabled/,
    )
    expect(await refusal('cosmosDb: { throughputLimit: 3000 }')).toMatch(
      /'cosmosDb\.throughputLimit' is 3000\. Agents take 3000 request units per second besides the 1000 of the database: set the limit to 4000 at least/,
    )
  })
})

test('a host of Azure’s own at the account is left alone, one that failed is deleted and created again', async () => {
  const factory = await reserved()
  await factory.run('provision-project', project, 'dev')
  const { resources } = factory.sandbox.state.arm
  const host = Object.values(resources).find(({ type }) => /projects\/capabilityHosts$/i.test(type))
  if (host?.properties === undefined) throw new Error('There is no capability host.')
  Object.assign(host.properties, { provisioningState: 'Failed' })
  const again = await factory.run('provision-project', project, 'dev')
  expect(again.exitCode).toBe(0)
  expect(
    again.writes.map(({ method, path }) => `${method} ${path.split('?')[0]?.split('/').slice(-3).join('/')}`),
  ).toEqual(['DELETE aif2-p002001dev/capabilityHosts/agents', 'PUT aif2-p002001dev/capabilityHosts/agents'])
})
