/** GitHub judged by GitHub's own toolkit: `@actions/core` for tokens, `@actions/github` for the REST API. */
import { getIDToken } from '@actions/core'
import { getOctokit } from '@actions/github'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { type ServedArea, serveArea } from '../lake/testing/serve-area.ts'
import { randomIdentifiers, systemClock } from '../server/runtime.ts'
import { createGithub, emptyGithub, type Github, type JobRequest, type Repository } from './index.ts'

const state = emptyGithub()
const repository: Repository = {
  owner: 'contoso',
  ownerId: 77,
  name: 'ai-factory',
  id: 4242,
  createdAt: '2025-01-01T00:00:00Z',
  private: true,
  defaultBranch: 'main',
  collaborators: { anna: 'admin', bo: 'triage', cleo: 'maintain' },
  issues: [
    {
      number: 1,
      title: 'New project',
      body: 'Please.',
      user: 'anna',
      state: 'open',
      createdAt: '2026-01-01T00:00:00Z',
      comments: [],
    },
  ],
  files: { 'aifactory/factory.yml': 'version: 1\n' },
}
state.users.push(
  { login: 'anna', id: 1 },
  { login: 'bo', id: 2 },
  { login: 'cleo', id: 3 },
  { login: 'eve', id: 4 },
)
state.repositories.push(repository, {
  ...repository,
  name: 'young',
  id: 5555,
  createdAt: '2026-07-15T00:00:00Z',
  issues: [],
})

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

const inRepository: JobRequest = { repository: 'contoso/ai-factory' }

/** Asks as a step does: with the toolkit, in the environment of a job. */
const ask = async (env: Readonly<Record<string, string>>): Promise<string> => {
  const before = { ...process.env }
  const silence = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  Object.assign(process.env, env)
  try {
    return await getIDToken('api://AzureADTokenExchange')
  } finally {
    silence.mockRestore()
    process.env = before
  }
}

const tokenFor = (request: JobRequest): Promise<string> => ask(github.createJob(request).env)

describe('tokens', () => {
  test('are signed with the published key, for five minutes, and say what runs', async () => {
    const token = await tokenFor({ ...inRepository, environment: 'dev', actor: 'anna' })
    const issuer = `${served.base}/_services/token`
    const configuration: unknown = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()
    expect(configuration).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks` })
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`)), {
      issuer,
      audience: 'api://AzureADTokenExchange',
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
    expect(payload).toMatchObject({
      sub: 'repo:contoso/ai-factory:environment:dev',
      repository: 'contoso/ai-factory',
      repository_id: '4242',
      repository_owner_id: '77',
      environment: 'dev',
      actor: 'anna',
      ref: 'refs/heads/main',
      event_name: 'workflow_dispatch',
      job_workflow_ref: 'contoso/ai-factory/.github/workflows/deliver.yml@refs/heads/main',
    })
  })

  const subjects: readonly (readonly [string, Partial<JobRequest>, string])[] = [
    ['an environment with a colon', { environment: 'a:b' }, 'repo:contoso/ai-factory:environment:a%3Ab'],
    ['a pull request', { eventName: 'pull_request' }, 'repo:contoso/ai-factory:pull_request'],
    ['a branch', { ref: 'refs/heads/x' }, 'repo:contoso/ai-factory:ref:refs/heads/x'],
    [
      'an environment in a pull request',
      { eventName: 'pull_request', environment: 'dev' },
      'repo:contoso/ai-factory:environment:dev',
    ],
  ]
  test.each(subjects)('for %s have the subject of it', async (_, request, subject) => {
    expect(decodeJwt(await tokenFor({ ...inRepository, ...request })).sub).toBe(subject)
  })

  test('of a repository made since 2026-07-15 name it by its ids', async () => {
    const token = await tokenFor({ repository: 'contoso/young', environment: 'dev' })
    expect(decodeJwt(token).sub).toBe('repo:contoso@77/young@5555:environment:dev')
  })

  /** A repository besides the others, with the subject of its jobs and what GitHub says about it. */
  const subjectsOf = async (changes: Partial<Repository>) => {
    state.repositories.push({ ...repository, ...changes })
    const named = `contoso/${changes.name}`
    const { data } = await octokitOf({ repository: named }).request(
      'GET /repos/{owner}/{repo}/actions/oidc/customization/sub',
      { owner: 'contoso', repo: String(changes.name) },
    )
    return { told: data, sub: decodeJwt(await tokenFor({ repository: named, environment: 'dev' })).sub }
  }

  test.each<[string, Partial<Repository>, object, string]>([
    [
      'as ever',
      { name: 'old', id: 11 },
      { use_default: true, use_immutable_subject: false, sub_claim_prefix: 'repo:contoso/old' },
      'repo:contoso/old:environment:dev',
    ],
    [
      'by the ids of one renamed since, although nobody asked for them',
      { name: 'renamed', id: 12, renamedAt: '2026-08-01T00:00:00Z' },
      { use_default: true, use_immutable_subject: false, sub_claim_prefix: 'repo:contoso@77/renamed@12' },
      'repo:contoso@77/renamed@12:environment:dev',
    ],
    [
      'by the ids of one whose owner asked for them',
      { name: 'asked', id: 13, subject: { useImmutableSubject: true } },
      { use_default: true, use_immutable_subject: true, sub_claim_prefix: 'repo:contoso@77/asked@13' },
      'repo:contoso@77/asked@13:environment:dev',
    ],
    [
      'with the claims that somebody chose',
      { name: 'chosen', id: 14, subject: { includeClaimKeys: ['repository_owner', 'context', 'repo'] } },
      { use_default: false, include_claim_keys: ['repository_owner', 'context', 'repo'] },
      'repository_owner:contoso:environment:dev:repo:contoso/chosen',
    ],
  ])('name the repository %s, and the REST API says so', async (_, changes, told, sub) => {
    expect(await subjectsOf(changes)).toEqual({ told: expect.objectContaining(told), sub })
  })

  test('are given only to who shows the request token of a job', async () => {
    const { env } = github.createJob(inRepository)
    const attempt = ask({ ...env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'guessed' })
    await expect(attempt).rejects.toThrow('401')
  })

  test('a job without id-token: write gets no token address', () => {
    const { env } = github.createJob({ ...inRepository, permissions: { contents: 'read' } })
    expect(env).not.toHaveProperty('ACTIONS_ID_TOKEN_REQUEST_URL')
    expect(env['GITHUB_REPOSITORY']).toBe('contoso/ai-factory')
  })
})

const octokitOf = (request: JobRequest = inRepository): ReturnType<typeof getOctokit> =>
  getOctokit(github.createJob(request).token, { baseUrl: `${served.base}/api/v3` })

const here = { owner: 'contoso', repo: 'ai-factory' }

describe('the REST API', () => {
  test('shows a repository, and not that there is another one', async () => {
    const { data } = await octokitOf().rest.repos.get(here)
    expect(data).toMatchObject({ id: 4242, full_name: 'contoso/ai-factory', private: true })
    await expect(octokitOf().rest.repos.get({ ...here, repo: 'young' })).rejects.toMatchObject({
      status: 404,
    })
  })

  test('leads from a name that a repository had to the one that it has', async () => {
    state.repositories.push({ ...repository, name: 'now', id: 21, formerNames: ['fabrikam/before'] })
    const { data } = await octokitOf({ repository: 'contoso/now' }).rest.repos.get({
      owner: 'fabrikam',
      repo: 'before',
    })
    expect(data.full_name).toBe('contoso/now')
  })

  test.each([
    ['anna', 'admin', 'admin'],
    ['bo', 'read', 'triage'],
    ['cleo', 'write', 'maintain'],
    ['eve', 'none', 'none'],
  ])('reports what %s may do', async (username, permission, role) => {
    const { data } = await octokitOf().rest.repos.getCollaboratorPermissionLevel({ ...here, username })
    expect(data).toMatchObject({ permission, role_name: role, user: { login: username } })
  })

  test('does not know who has no account', async () => {
    const attempt = octokitOf().rest.repos.getCollaboratorPermissionLevel({ ...here, username: 'ghost' })
    await expect(attempt).rejects.toMatchObject({ status: 404 })
  })

  test('comments are written, changed and listed page by page', async () => {
    const { rest, paginate } = octokitOf()
    const issue = { ...here, issue_number: 1 }
    const { data: first } = await rest.issues.createComment({ ...issue, body: 'one' })
    await rest.issues.createComment({ ...issue, body: 'two' })
    await rest.issues.updateComment({ ...here, comment_id: first.id, body: 'changed' })
    const comments = await paginate(rest.issues.listComments, { ...issue, per_page: 1 })
    expect(comments.map(({ body, user }) => [body, user?.login])).toEqual([
      ['changed', 'github-actions[bot]'],
      ['two', 'github-actions[bot]'],
    ])
    expect((await rest.issues.get(issue)).data).toMatchObject({ title: 'New project', comments: 2 })
  })

  test('what is too long or not there is refused', async () => {
    const { rest } = octokitOf()
    const long = rest.issues.createComment({ ...here, issue_number: 1, body: 'x'.repeat(65_537) })
    await expect(long).rejects.toMatchObject({ status: 422 })
    const missing = rest.issues.createComment({ ...here, issue_number: 9, body: 'x' })
    await expect(missing).rejects.toMatchObject({ status: 404 })
  })

  test('a token does what its job was granted, and a wrong one nothing', async () => {
    const { rest } = octokitOf({ ...inRepository, permissions: { issues: 'read' } })
    const attempt = rest.issues.createComment({ ...here, issue_number: 1, body: 'x' })
    await expect(attempt).rejects.toMatchObject({ status: 403 })
    const stranger = getOctokit('ghs_wrong', { baseUrl: `${served.base}/api/v3` })
    await expect(stranger.rest.repos.get(here)).rejects.toMatchObject({ status: 401 })
  })

  test('a file’s text is read by its path', async () => {
    const { data } = await octokitOf().rest.repos.getContent({ ...here, path: 'aifactory/factory.yml' })
    const content = 'content' in data ? Buffer.from(data.content, 'base64').toString() : ''
    expect(content).toBe('version: 1\n')
  })

  describe('commits', () => {
    const sha = (digit: number): string => String(digit).repeat(40)
    const withHistory: Repository = {
      ...repository,
      name: 'history',
      id: 6666,
      commits: [
        { sha: sha(1), parents: [], files: { 'a.yml': 'one' } },
        { sha: sha(2), parents: [sha(1)], files: { 'a.yml': 'two' } },
        { sha: sha(3), parents: [sha(1)], files: {} },
      ],
      head: sha(2),
    }
    const there = { owner: 'contoso', repo: 'history' }
    beforeAll(() => void state.repositories.push(withHistory))
    const rest = () => octokitOf({ repository: 'contoso/history' }).rest.repos

    test.each([
      ['identical', sha(2), sha(2)],
      ['ahead', sha(1), sha(1)],
      ['diverged', sha(3), sha(1)],
    ])('two commits are compared: %s', async (status, base, mergeBase) => {
      const { data } = await rest().compareCommitsWithBasehead({ ...there, basehead: `${base}...HEAD` })
      expect(data).toMatchObject({ status, merge_base_commit: { sha: mergeBase } })
    })

    test('the other way round, and with what is not there', async () => {
      const { data } = await rest().compareCommitsWithBasehead({ ...there, basehead: `main...${sha(1)}` })
      expect(data).toMatchObject({ status: 'behind', ahead_by: 0, behind_by: 1 })
      const unknown = rest().compareCommitsWithBasehead({ ...there, basehead: `${sha(9)}...HEAD` })
      await expect(unknown).rejects.toMatchObject({ status: 404 })
    })

    test('a file is read as it was at a commit', async () => {
      const textAt = async (ref?: string): Promise<string> => {
        const { data } = await rest().getContent({ ...there, path: 'a.yml', ...(ref && { ref }) })
        return 'content' in data ? Buffer.from(data.content, 'base64').toString() : ''
      }
      expect([await textAt(), await textAt(sha(1))]).toEqual(['two', 'one'])
      await expect(textAt(sha(3))).rejects.toMatchObject({ status: 404 })
    })

    test('the commits of a path are listed, the newest first', async () => {
      const listed = async (query: { path: string; sha?: string; per_page?: number }) => {
        const { data } = await rest().listCommits({ ...there, ...query })
        return data.map((one) => one.sha)
      }
      expect(await listed({ path: 'a.yml' })).toEqual([sha(2), sha(1)])
      expect(await listed({ path: 'a.yml', per_page: 1 })).toEqual([sha(2)])
      expect(await listed({ path: 'a.yml', sha: sha(1) })).toEqual([sha(1)])
      expect(await listed({ path: 'b.yml' })).toEqual([])
    })

    test('a job runs the newest commit of the default branch', () => {
      expect(github.createJob({ repository: 'contoso/history' }).env['GITHUB_SHA']).toBe(sha(2))
    })
  })
})

test('a runner in another process begins a job over HTTPS', async () => {
  const begin = (body: unknown): Promise<Response> =>
    fetch(`${served.base}/_sandbox/github/jobs`, { method: 'POST', body: JSON.stringify(body) })
  const begun = await begin({ ...inRepository, environment: 'prod' })
  expect(begun.status).toBe(201)
  expect(await begun.json()).toMatchObject({ env: { GITHUB_REPOSITORY_ID: '4242' } })
  expect((await begin({ repository: 'contoso/none' })).status).toBe(404)
  expect((await begin({ repository: 1 })).status).toBe(400)
})
