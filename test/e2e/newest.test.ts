import { describe, expect, test } from '@jest/globals'
import { azureState, difference, nothing } from './support/azure-state.ts'
import { commit } from './support/commits.ts'
import { delivered, type Factory, makingSteps } from './support/factory.ts'
import { manifestOf } from './support/repository.ts'
import { errorOf, log } from './support/transcript.ts'

const withBo = '  dataScientist: [bo@contoso.example]\n'
const withProject002 = delivered('002', (repository) => {
  repository.edit(manifestOf('002'), 'team:\n', `team:\n${withBo}`)
})

const membersOf = ({ sandbox }: Factory, end: string): readonly string[] | undefined =>
  sandbox.state.directory.groups.find(({ mailNickname }) => mailNickname.endsWith(end))?.members

/**
 * Bo was in the team when project 002 was delivered, has left it since, and that was delivered too. What is checked out
 * is the older commit, which somebody runs again.
 */
async function olderRun(): Promise<{
  readonly factory: Factory
  readonly job: { readonly GITHUB_SHA: string }
}> {
  const factory = await withProject002()
  const { repository, sandbox, run } = factory
  const older = commit(sandbox, repository)
  const before = repository.read(manifestOf('002'))
  repository.edit(manifestOf('002'), withBo, '')
  commit(sandbox, repository)
  for (const action of ['add-member', 'datalake-acl'] as const) {
    expect((await run(action, '002', 'dev')).exitCode).toBe(0)
  }
  expect(membersOf(factory, '_prj002_dev_data_scientist')).toEqual([])
  repository.write(manifestOf('002'), before)
  return { factory, job: { GITHUB_SHA: older } }
}

describe('an older delivery that is run again', () => {
  test('gives nobody access who has lost it, and changes nothing else in any action', async () => {
    const { factory, job } = await olderRun()
    const before = azureState(factory.sandbox)
    for (const { action } of makingSteps) {
      const { exitCode, outputs, writes } = await factory.run(action, '002', 'dev', {}, { job })
      expect([action, exitCode, outputs['changed'], ...writes]).toEqual([action, 0, 'false'])
    }
    const release = await factory.run('ip-calc', '002', 'dev', { mode: 'release' }, { job })
    expect([release.exitCode, release.outputs['changed']]).toEqual([0, 'false'])
    expect(difference(before, azureState(factory.sandbox))).toEqual(nothing)
  })

  test('says what has changed since, and how to go on', async () => {
    const { factory, job } = await olderRun()
    const run = await factory.run('add-member', '002', 'dev', {}, { job })
    // Signing in has begun by then: a token may have come, and be masked, or not.
    const lines = log(run).filter((line) => !line.startsWith('::add-mask'))
    expect(lines.join('\n')).toMatchInlineSnapshot(`
"::warning::Nothing was changed. The documents of this run are older than the default branch's: since commit 1111111 it has changed team.dataScientist of project 002 in dev. Deliver project 002 from the default branch. To apply the documents of this run all the same, use the input "allow: older".
::notice::Project 002 in dev: nothing was changed, because the default branch has newer documents."
`)
    expect(run.summary).toMatchInlineSnapshot(`
"## Project 002 in dev: nothing was changed

The default branch has newer documents of this project.

| Key | Commit 1111111 | Default branch |
| --- | --- | --- |
| team.dataScientist | &#91;"bo&#64;&#8203;contoso.example"&#93; | – |

Deliver project 002 from the default branch. To apply the documents of this run all the same, use the input "allow: older".

"
`)
  })

  test('is applied when that is allowed', async () => {
    const { factory, job } = await olderRun()
    const run = await factory.run('add-member', '002', 'dev', { allow: 'older' }, { job })
    expect(run.exitCode).toBe(0)
    expect(log(run)).toContain(
      "Not checked whether the default branch has newer documents of this project: 'allow' holds 'older'.",
    )
    expect(membersOf(factory, '_prj002_dev_data_scientist')).toHaveLength(1)
  })

  test('is warned of in a plan, which is shown all the same', async () => {
    const { factory, job } = await olderRun()
    const run = await factory.run('add-member', '002', 'dev', { mode: 'plan' }, { job })
    expect([run.exitCode, run.outputs['changed']]).toEqual([0, 'true'])
    const warning = expect.stringMatching(
      /^::warning::The documents of this run are older than the default branch's: since commit 1111111 it has changed team\.dataScientist of project 002 in dev\. A run that is to change something would change nothing\.$/,
    )
    expect(log(run)).toContainEqual(warning)
    expect(run.summary).toContain("older than the default branch's")
  })
})

test('a merge elsewhere does not hold up a delivery', async () => {
  const factory = await withProject002()
  const { repository, sandbox } = factory
  const older = commit(sandbox, repository)
  const before = repository.read(manifestOf('001'))
  repository.edit(manifestOf('001'), 'clusterMaxNodes: 5', 'clusterMaxNodes: 6')
  commit(sandbox, repository)
  repository.write(manifestOf('001'), before)
  repository.edit(manifestOf('002'), withBo, '')
  const run = await factory.run('add-member', '002', 'dev', {}, { job: { GITHUB_SHA: older } })
  expect([run.exitCode, run.outputs['changed']]).toEqual([0, 'true'])
})

describe('when it cannot be known', () => {
  test('without a token that is said once, and the delivery goes on', async () => {
    const { factory, job } = await olderRun()
    const run = await factory.run('add-member', '002', 'dev', { 'github-token': '' }, { job })
    const said = log(run).filter((line) => line.includes('Not checked'))
    expect([run.exitCode, ...said]).toEqual([
      0,
      "Not checked whether the default branch has newer documents of this project: there is no 'github-token'.",
    ])
  })

  test('because the token may not read the repository, nothing is changed, and a plan is shown', async () => {
    const factory = await withProject002()
    const { token } = factory.sandbox.beginJob({ permissions: { idToken: 'write' } })
    const applied = await factory.run('add-member', '002', 'dev', { 'github-token': token })
    expect([applied.exitCode, ...applied.requests]).toEqual([1])
    expect(errorOf(applied)).toContain("Add 'permissions: { contents: read }' to the job")
    const planned = await factory.run('add-member', '002', 'dev', { mode: 'plan', 'github-token': token })
    expect(planned.exitCode).toBe(0)
    expect(log(planned)).toContainEqual(
      expect.stringMatching(/^::warning::It is not known whether the default branch/),
    )
  })
})
