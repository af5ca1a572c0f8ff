/** A job is the identity of the GitHub environment that it names, so that environment decides whose jobs may be it. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { DeploymentEnvironment, Repository } from '../../sandbox/github/index.ts'
import { openSettingUp, type SettingUp, type SetupRun } from './setting-up.ts'
import { factoryIn } from './signing-in.ts'

const repositoryOf = ({ sandbox }: SettingUp): Repository => {
  const [repository] = sandbox.state.github.repositories
  if (repository === undefined) throw new Error('There is no repository.')
  return repository
}

const environmentOf = (here: SettingUp, name: string): DeploymentEnvironment | undefined =>
  repositoryOf(here).environments?.find((one) => one.name === name)

/** The subjects that set-up lets in. */
const subjects = ({ sandbox }: SettingUp): readonly string[] =>
  sandbox.state.directory.applications.flatMap(({ federatedCredentials = [] }) =>
    federatedCredentials.map(({ subject }) => subject.split(':environment:')[1] ?? subject),
  )

describe('what is absent', () => {
  let here: SettingUp
  let first: SetupRun
  beforeAll(async () => {
    here = await openSettingUp()
    Object.assign(repositoryOf(here), { environments: [] })
    first = await here.run()
  }, 100_000)

  test.each(['dev', 'stage', 'prod', 'people-dev', 'people-stage', 'people-prod'])(
    'is made: %s, for jobs of the default branch only',
    (name) => {
      expect(environmentOf(here, name)?.from).toMatchObject([{ name: 'main', type: 'branch' }])
      const begin = (ref: string) => () => here.sandbox.beginJob({ environment: name, ref })
      expect(begin('refs/heads/mine')).toThrow('is not allowed to deploy to')
      expect(begin('refs/heads/main')).not.toThrow()
    },
  )

  test('comes before whatever trusts it', () => {
    const done = first.text.split('\n').filter((line) => line.includes('done: '))
    const made = done.findIndex((line) => line.includes("Create the GitHub environment 'people-prod'"))
    const trusted = done.findIndex((line) => line.includes("environment:people-prod'"))
    expect(made).toBeGreaterThanOrEqual(0)
    expect(made).toBeLessThan(trusted)
  })

  test.each(['stage', 'prod'])('is a fault when nobody has to approve %s, in whatever way', async (name) => {
    const fault = `Fault: Nobody has to approve what runs in the GitHub environment '${name}'`
    expect(first.exitCode).toBe(1)
    expect((await here.run({ flags: ['--check'] })).text).toContain(fault)
    for (const rule of [
      { requiredApprovals: 1 },
      { requiredApprovals: undefined, protectedBranches: ['main'], protectionApprovals: 1 },
    ]) {
      Object.assign(repositoryOf(here), rule)
      const { text, exitCode } = await here.run({ flags: ['--check'] })
      expect([exitCode, text.includes(fault)]).toEqual([0, false])
      expect(text).toContain(
        `Warning: The GitHub environment '${name}' has no reviewers. Whoever may write to the repository can run`,
      )
    }
    Object.assign(repositoryOf(here), { protectedBranches: undefined, protectionApprovals: undefined })
  })

  test('is no fault where a protection rule is not shown that may demand an approval', async () => {
    Object.assign(repositoryOf(here), { protectedBranches: ['main'] })
    here.sandbox.faults.add({
      ...{ path: '/protection/', status: 403, body: { message: 'Must have admin rights.' } },
      times: 'always',
    })
    const { exitCode, text } = await here.run({ flags: ['--check'] })
    expect([exitCode, text.includes('Fault')]).toEqual([0, false])
    expect(text).toContain("Warning: The GitHub environment 'prod' has no reviewers.")
  })
})

describe('an environment that somebody has left open', () => {
  const policy = (name: string, type: 'branch' | 'tag' = 'branch') => [{ id: 1, name, type }]
  test.each<[string, DeploymentEnvironment['from'], string]>([
    ['people-prod', undefined, 'every branch'],
    ['people-prod', 'protectedBranches', 'every branch'],
    ['people-dev', policy('*'), "'*'"],
    ['stage', policy('release/*'), "'release/*'"],
    ['prod', policy('main', 'tag'), "'tag main'"],
  ])('%s (%j) is a fault, stays, and its identity trusts nobody', async (name, from, taken) => {
    const here = await openSettingUp()
    const others = repositoryOf(here).environments?.filter((one) => one.name !== name) ?? []
    const open = { id: 99, name, reviewers: [{ type: 'Team' as const, id: 900 }], ...(from && { from }) }
    Object.assign(repositoryOf(here), { environments: [...others, open] })
    const before = structuredClone(open)
    const { text, exitCode } = await here.run()
    expect(exitCode).toBe(1)
    expect(text).toContain(`Fault: The GitHub environment '${name}' takes jobs of ${taken}`)
    expect(environmentOf(here, name)).toEqual(before)
    expect(subjects(here)).not.toContain(name)
    expect(subjects(here)).toContain('dev')
  })

  test('is not trusted while it takes protected branches, whichever those are', async () => {
    const here = await openSettingUp()
    const open = environmentOf(here, 'prod')
    Object.assign(open ?? {}, { from: 'protectedBranches' })
    Object.assign(repositoryOf(here), { protectedBranches: ['main'] })
    const { text, exitCode } = await here.run()
    expect(text).toContain("Warning: The GitHub environment 'prod' takes jobs of protected branches")
    expect([exitCode, subjects(here).includes('prod')]).toEqual([1, false])
    Object.assign(open ?? {}, { from: policy('main') })
    expect((await here.run()).exitCode).toBe(0)
    expect(subjects(here)).toContain('prod')
  })

  test('is no fault where an earlier set-up has trusted it with protected branches', async () => {
    const here = await openSettingUp()
    await here.run()
    Object.assign(environmentOf(here, 'prod') ?? {}, { from: 'protectedBranches' })
    Object.assign(repositoryOf(here), { protectedBranches: ['main'] })
    const { text, exitCode } = await here.run({ flags: ['--check'] })
    expect([exitCode, text.includes('Fault')]).toEqual([0, false])
    expect(text).toContain("Warning: The GitHub environment 'prod' takes jobs of protected branches")
  })

  test('is only a warning for dev, whose jobs reach nothing else', async () => {
    const here = await openSettingUp()
    Object.assign(environmentOf(here, 'dev') ?? {}, { from: undefined })
    const { text, exitCode } = await here.run()
    expect(text).toContain("Warning: The GitHub environment 'dev' takes jobs of every branch")
    expect(exitCode).toBe(0)
    expect(factoryIn(here.read(), 'dev').clientId).toBeDefined()
  })
})

test('who may not administer the repository gets the commands, and no identity trusts what is not there', async () => {
  const here = await openSettingUp()
  const { text, exitCode } = await here.run({ onGitHub: 'anna' })
  expect(exitCode).toBe(1)
  expect(text).toContain('# For an administrator of the repository on GitHub:')
  const at = 'repos/contoso/ai-factory/environments/people-prod'
  expect(text).toContain(
    `gh api --method PUT ${at} -F 'deployment_branch_policy[protected_branches]=false' -F 'deployment_branch_policy[custom_branch_policies]=true'\ngh api --method POST ${at}/deployment-branch-policies -f name=main`,
  )
  expect(subjects(here).toSorted()).toEqual(['dev', 'plan-dev', 'plan-prod', 'plan-stage', 'prod', 'stage'])
  const second = await here.run()
  expect(second.exitCode).toBe(0)
  expect(subjects(here)).toContain('people-prod')
})

test('one whose branch was not added any more gets it', async () => {
  const here = await openSettingUp()
  repositoryOf(here).environments?.push({ id: 99, name: 'people-dev', reviewers: [], from: [] })
  const { text, exitCode } = await here.run()
  expect(text).toContain("done: Let the GitHub environment 'people-dev' take jobs of 'main' only")
  expect([exitCode, environmentOf(here, 'people-dev')?.from]).toMatchObject([0, [{ name: 'main' }]])
})

test('what GitHub does not show is no reason to trust it', async () => {
  const here = await openSettingUp()
  here.sandbox.faults.add({
    path: '/environments/prod$',
    status: 403,
    body: { message: 'No.' },
    times: 'always',
  })
  const { text, exitCode } = await here.run()
  expect(exitCode).toBe(1)
  expect(text).toContain(
    "Fault: GitHub does not show whoever is signed in there which branches the environment 'prod' takes.",
  )
  expect(subjects(here)).not.toContain('prod')
})
