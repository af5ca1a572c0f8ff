import { expect, test } from '@jest/globals'
import { crowdOf, withCrowd } from '../../sandbox/seeds/crowd.ts'
import { readSeed, threeEnvironmentsFile } from '../../sandbox/seeds/index.ts'
import { firstCommit } from './support/commits.ts'
import { type Factory, openFactory, type Run } from './support/factory.ts'
import { manifestOf } from './support/repository.ts'
import { errorOf } from './support/transcript.ts'

const crowd = crowdOf(60)

async function withTeam(size: number): Promise<Factory> {
  const seed = withCrowd(await readSeed(threeEnvironmentsFile), crowd)
  const factory = await openFactory({ seed })
  nameTeam(factory, size)
  await factory.run('ip-calc', '002', 'dev')
  await factory.run('provision-project', '002', 'dev')
  return factory
}

/** The first are named by their principal names, everybody else by their object ids. */
function nameTeam({ repository }: Factory, size: number): void {
  const names = crowd
    .slice(0, size)
    .map(({ id, userPrincipalName }, index) => (index < 30 ? userPrincipalName : id))
  const manifest = repository.read(manifestOf('002')).replace(/^ {2}dataScientist: .*\n/m, '')
  repository.write(
    manifestOf('002'),
    manifest.replace('team:\n', `team:\n  dataScientist: [${names.join(', ')}]\n`),
  )
}

const outcome = (run: Run): string => (run.exitCode === 0 ? '0' : errorOf(run))
const toGraph = ({ requests }: Run): number => requests.filter(({ area }) => area === 'graph').length
const team = ({ sandbox }: Factory) =>
  sandbox.state.directory.groups.find(({ mailNickname }) =>
    mailNickname.endsWith('_prj002_dev_data_scientist'),
  )?.members

test('a run that finds nothing to change asks Graph as often for sixty members as for two', async () => {
  const factory = await withTeam(60)
  firstCommit(factory.sandbox, factory.repository)
  const run = () => factory.run('add-member', '002', 'dev')
  expect(outcome(await run())).toBe('0')
  expect(new Set(team(factory))).toEqual(new Set(crowd.map(({ id }) => id)))
  const many = await run()
  expect([outcome(many), ...many.writes]).toEqual(['0'])

  nameTeam(factory, 2)
  const left = await run()
  expect(outcome(left)).toBe('0')
  expect(team(factory)).toEqual(crowd.slice(0, 2).map(({ id }) => id))
  // 58 who leave do so twenty in a call.
  expect(
    left.requests.filter(({ batched }) => batched?.some(({ method }) => method === 'DELETE')),
  ).toHaveLength(3)
  expect(left.lines.map(({ text }) => text).join('\n')).toMatch(/Remove 58 members from group/)
  const few = await run()
  expect(few.writes).toEqual([])
  expect(toGraph(few)).toBe(toGraph(many))
})

test('whoever leaves is out although somebody else cannot be added', async () => {
  const factory = await withTeam(2)
  firstCommit(factory.sandbox, factory.repository)
  expect(outcome(await factory.run('add-member', '002', 'dev'))).toBe('0')
  nameTeam(factory, 3)
  factory.repository.write(
    manifestOf('002'),
    factory.repository.read(manifestOf('002')).replace(`[${crowd[0]?.userPrincipalName}, `, '['),
  )
  const error = { code: 'Request_BadRequest', message: 'Invalid member.' }
  for (const method of ['PATCH', 'POST'])
    factory.sandbox.faults.add({ method, path: '/groups/', times: 9, status: 400, body: { error } })
  const run = await factory.run('add-member', '002', 'dev')
  expect(outcome(run)).toMatch(/could not be added to group/)
  expect(team(factory)).toEqual([crowd[1]?.id])
})
