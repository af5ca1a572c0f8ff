/** Environments of a repository: what GitHub says of them, and which jobs run in them. */
import { getOctokit } from '@actions/github'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ServedArea, serveArea } from '../lake/testing/serve-area.ts'
import { randomIdentifiers, systemClock } from '../server/runtime.ts'
import { createGithub, emptyGithub, type Github, type Repository } from './index.ts'

const state = emptyGithub()
const repository: Repository = {
  ...{ owner: 'contoso', ownerId: 77, name: 'ai-factory', id: 4242, createdAt: '2025-01-01T00:00:00Z' },
  ...{ private: true, defaultBranch: 'main', issues: [], files: {} },
  collaborators: { anna: 'admin', bo: 'write', cleo: 'read' },
}
state.users.push(
  { login: 'anna', id: 1 },
  { login: 'bo', id: 2 },
  { login: 'cleo', id: 3 },
  { login: 'eve', id: 4 },
)
state.repositories.push(repository)

let served: ServedArea
let github: Github
beforeAll(async () => {
  github = createGithub(state, {
    clock: systemClock,
    identifiers: randomIdentifiers,
    base: () => served.base,
  })
  served = await serveArea(github.area)
})
afterAll(() => served.close())

const here = { owner: 'contoso', repo: 'ai-factory' }
const as = (login: string) =>
  getOctokit(github.personToken(login), { baseUrl: `${served.base}/api/v3` }).rest.repos
const begin = (environment: string, ref: string) => () =>
  github.createJob({ repository: 'contoso/ai-factory', environment, ref })

test('a job adds the environment that it names, open to every branch', async () => {
  const environment = { ...here, environment_name: 'people-prod' }
  await expect(as('cleo').getEnvironment(environment)).rejects.toMatchObject({ status: 404 })
  begin('people-prod', 'refs/heads/mine')()
  const { data } = await as('cleo').getEnvironment(environment)
  expect(data).toMatchObject({ name: 'people-prod', protection_rules: [], deployment_branch_policy: null })
})

describe('a branch', () => {
  const policy = (name: string, type: 'branch' | 'tag' = 'branch') => [{ id: 1, name, type }]
  beforeAll(() => {
    repository.environments?.push(
      { id: 11, name: 'main', reviewers: [], from: policy('main') },
      { id: 12, name: 'releases', reviewers: [], from: policy('release/*') },
      { id: 13, name: 'tags', reviewers: [], from: policy('v*', 'tag') },
      { id: 14, name: 'nothing', reviewers: [], from: [] },
      { id: 15, name: 'protected', reviewers: [], from: 'protectedBranches' },
    )
  })
  test.each<[string, string, 'yes' | 'no']>([
    ['refs/heads/main', 'main', 'yes'],
    ['refs/heads/mine', 'main', 'no'],
    ['refs/tags/main', 'main', 'no'],
    ['refs/heads/release/1', 'releases', 'yes'],
    ['refs/heads/release/1/2', 'releases', 'no'],
    ['refs/tags/v1', 'tags', 'yes'],
    ['refs/heads/v1', 'tags', 'no'],
    ['refs/heads/main', 'nothing', 'no'],
    // Without a protected branch all count as protected.
    ['refs/heads/mine', 'protected', 'yes'],
  ])('%s runs in an environment of %s: %s', (ref, environment, runs) => {
    const job = expect(begin(environment, ref))
    if (runs === 'yes') job.not.toThrow()
    else job.toThrow('is not allowed to deploy to')
  })
})

test('are made and restricted by an administrator, and by nobody else', async () => {
  const environment = { ...here, environment_name: 'made' }
  const policy = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } }
  await expect(as('bo').createOrUpdateEnvironment({ ...environment, ...policy })).rejects.toMatchObject({
    status: 403,
  })
  expect(() => as('nobody')).toThrow()
  await expect(as('eve').get(here)).rejects.toMatchObject({ status: 404 })
  const job = getOctokit(github.createJob({ repository: 'contoso/ai-factory' }).token, {
    baseUrl: `${served.base}/api/v3`,
  })
  const byJob = job.rest.repos.createOrUpdateEnvironment({ ...environment, ...policy })
  await expect(byJob).rejects.toMatchObject({ status: 403 })
  const anna = as('anna')
  const { data } = await anna.createOrUpdateEnvironment({ ...environment, ...policy })
  expect(data).toMatchObject(policy)
  await anna.createDeploymentBranchPolicy({ ...environment, name: 'main' })
  const { data: list } = await anna.listDeploymentBranchPolicies(environment)
  expect(list.branch_policies).toMatchObject([{ name: 'main' }])
  const both = { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } }
  await expect(anna.createOrUpdateEnvironment({ ...environment, ...both })).rejects.toMatchObject({
    status: 422,
  })
})

test('the approvals that a branch demands are shown', async () => {
  const branch = { ...here, branch: 'main' }
  expect((await as('cleo').getBranchRules(branch)).data).toEqual([])
  repository.requiredApprovals = 1
  expect((await as('cleo').getBranchRules(branch)).data).toMatchObject([
    { type: 'pull_request', parameters: { required_approving_review_count: 1 } },
  ])
  expect((await as('cleo').getBranch(branch)).data).toMatchObject({ name: 'main', protected: false })
})
