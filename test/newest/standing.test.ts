import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Repository } from '../../sandbox/github/index.ts'
import type { Commit } from '../../sandbox/github/state.ts'
import { type Sandbox, startSandbox, trust } from '../../sandbox/start.ts'
import { findStanding, type NewestTarget, type Standing } from '../../src/operations/newest/standing.ts'
import { bootstrapRepository } from '../e2e/support/repository.ts'

const workspace = bootstrapRepository()
let sandbox: Sandbox
let github: Repository

beforeAll(async () => {
  sandbox = await startSandbox()
  trust(sandbox.ca)
  const [first] = sandbox.state.github.repositories
  if (first === undefined) throw new Error('There is no repository.')
  github = first
})
afterAll(async () => {
  workspace.remove()
  await sandbox.close()
})
afterEach(() => {
  sandbox.faults.clear()
})

type Files = Readonly<Record<string, string | undefined>>

const factoryFile = 'aifactory/factory.yml'
const manifest = 'aifactory/projects/prj002.yml'
const documents = { [factoryFile]: workspace.read(factoryFile), [manifest]: workspace.read(manifest) }
const edited = (file: keyof typeof documents, text: string, by: string): Files => {
  expect(documents[file]).toContain(text)
  return { [file]: documents[file]?.replace(text, by) }
}
const sha = (name: string): string => Buffer.from(name.padEnd(20, '.')).toString('hex')

/** A commit of the documents, some of them changed. */
const commit = (name: string, parents: readonly string[], changed: Files = {}): Commit => ({
  sha: sha(name),
  parents: parents.map(sha),
  files: Object.fromEntries(
    Object.entries({ ...documents, ...changed }).flatMap(([file, text]) =>
      text === undefined ? [] : [[file, text]],
    ),
  ),
})

/** The history of the repository, its default branch at the last commit. */
function history(...commits: readonly Commit[]): void {
  github.commits = [...commits]
}

/** What a run of a commit is, whose documents are those of the documentation. */
async function standingOf(
  name: string,
  {
    job = {},
    ...target
  }: Omit<Partial<NewestTarget>, 'project'> & { readonly project?: string | undefined } & {
    readonly job?: Readonly<Record<string, string>>
  } = {},
): Promise<Standing> {
  const before = process.cwd()
  process.chdir(workspace.folder)
  try {
    const { env, token } = sandbox.beginJob({ sha: sha(name) })
    const environment = { ...env, GITHUB_WORKSPACE: workspace.folder, ...job }
    return await findStanding(
      {
        factoryFile,
        project: '002',
        environment: 'dev',
        azureCloud: 'AzureCloud',
        githubToken: token,
        allowed: [],
        ...target,
      },
      {
        action: 'add-member',
        userAgent: 'test',
        environment,
        info: () => undefined,
        idToken: async () => '',
      },
    )
  } finally {
    process.chdir(before)
  }
}

const lead = 'lead: [anna@contoso.example]'
const otherLead = 'lead: [bo@contoso.example]'

describe('a run has the newest documents', () => {
  test('when its commit is that of the default branch', async () => {
    history(commit('old', [], edited(manifest, lead, otherLead)), commit('run', ['old']))
    expect(await standingOf('run')).toEqual({ kind: 'newest' })
  })

  test.each<[string, Files]>([
    ['another project', { 'aifactory/projects/prj001.yml': 'version: 1' }],
    ['a comment', { [manifest]: `${documents[manifest]}# nothing else\n` }],
    [
      'the order of keys',
      edited(manifest, 'project: "002"\nname: rag-chat', 'name: rag-chat\nproject: "002"'),
    ],
    ['another environment', edited(manifest, '{ services: { cosmosDb: false } }', '{}')],
  ])('when the default branch has changed nothing since but %s', async (_what, changed) => {
    history(commit('run', []), commit('newer', ['run'], changed))
    expect(await standingOf('run')).toEqual({ kind: 'newest' })
  })

  test('on a branch that is ahead, as a pull request is', async () => {
    history(commit('main', [], edited(manifest, lead, otherLead)))
    github.commits?.push(commit('run', ['main']))
    github.head = sha('main')
    expect(await standingOf('run')).toEqual({ kind: 'newest' })
    delete github.head
  })

  test('on a branch that changed the project, while the default branch changed something else', async () => {
    history(
      commit('base', [], edited(manifest, lead, otherLead)),
      commit('run', ['base']),
      commit('main', ['base'], { ...edited(manifest, lead, otherLead), 'README.md': 'new' }),
    )
    expect(await standingOf('run')).toEqual({ kind: 'newest' })
  })

  test('when an older workflow checks out the newest commit', async () => {
    history(commit('run', [], edited(manifest, lead, otherLead)), commit('newer', ['run']))
    expect(await standingOf('run')).toEqual({ kind: 'newest' })
  })
})

describe('a run is older', () => {
  test.each<[string, Files, object]>([
    [
      'a person',
      edited(manifest, lead, otherLead),
      { path: 'team.lead', before: ['anna@contoso.example'], after: ['bo@contoso.example'] },
    ],
    [
      'a service',
      edited(manifest, 'aiSearch: true', 'aiSearch: false'),
      { path: 'services.aiSearch.enabled', before: true, after: false },
    ],
    [
      'something of the factory',
      edited(factoryFile, 'sharedContainerRegistry: true', 'sharedContainerRegistry: false'),
      { path: 'factory.sharedContainerRegistry', before: true, after: false },
    ],
    [
      'the environments',
      edited(manifest, '  dev: {}\n', ''),
      {
        path: 'manifest',
        before: 'delivers the project',
        after: 'Project 002 is not delivered to dev.',
      },
    ],
    [
      'that there is a manifest',
      { [manifest]: undefined },
      { path: 'manifest', before: 'delivers the project', after: 'is not there' },
    ],
    [
      'the manifest into one with faults',
      edited(manifest, 'type: genai-1', 'type: genai-2'),
      { path: 'manifest', before: 'delivers the project' },
    ],
  ])('when the default branch has changed %s since', async (_what, changed, change) => {
    history(commit('run', []), commit('newer', ['run'], changed))
    expect(await standingOf('run')).toMatchObject({
      kind: 'older',
      since: sha('run'),
      changes: expect.arrayContaining([expect.objectContaining(change)]),
    })
  })

  test('on a branch that the default branch has changed the project beside', async () => {
    history(
      commit('base', []),
      commit('run', ['base'], { 'README.md': 'mine' }),
      commit('main', ['base'], edited(manifest, lead, otherLead)),
    )
    expect(await standingOf('run')).toMatchObject({ kind: 'older', since: sha('base') })
  })
})

describe('a run about the common area', () => {
  const subject = { project: undefined }
  const before = 'sharedContainerRegistry: true'
  const after = 'sharedContainerRegistry: false'

  test('is older when the default branch has changed something of the factory in this environment since', async () => {
    history(commit('run', []), commit('newer', ['run'], edited(factoryFile, before, after)))
    expect(await standingOf('run', subject)).toMatchObject({
      kind: 'older',
      changes: expect.arrayContaining([
        expect.objectContaining({ path: 'sharedContainerRegistry', before: true, after: false }),
      ]),
    })
  })

  test('is the newest when it has changed only a project', async () => {
    history(commit('run', []), commit('newer', ['run'], edited(manifest, lead, otherLead)))
    expect(await standingOf('run', subject)).toEqual({ kind: 'newest' })
  })
})

describe('it is not asked', () => {
  const newer = () => history(commit('run', []), commit('newer', ['run'], edited(manifest, lead, otherLead)))

  test.each<[Parameters<typeof standingOf>[1], string]>([
    [{ allowed: ['older'] }, "'allow' holds 'older'"],
    [{ githubToken: undefined }, "there is no 'github-token'"],
    [{ job: { GITHUB_SHA: '' } }, 'this is no run of GitHub'],
    [{ factoryFile: '../elsewhere/factory.yml' }, 'the documents are not in the repository'],
  ])('with %j', async (circumstances, why) => {
    newer()
    const since = sandbox.requestCount()
    expect(await standingOf('run', circumstances)).toEqual({ kind: 'unchecked', why })
    expect(sandbox.requests(since)).toEqual([])
  })

  test('of a repository that has no documents, because they come from another', async () => {
    history({ ...commit('run', []), files: {} }, { ...commit('newer', ['run']), files: {} })
    expect(await standingOf('run')).toEqual({
      kind: 'unchecked',
      why: 'the repository contoso/ai-factory has no aifactory/factory.yml',
    })
  })
})

describe('GitHub does not say', () => {
  test.each([{ status: 503 }, { drop: true }, { page: '<html>' }])(
    'and is asked again: %j',
    async (fault) => {
      history(commit('run', []), commit('newer', ['run'], edited(manifest, lead, otherLead)))
      sandbox.faults.add({ path: '/compare/', ...fault })
      expect(await standingOf('run')).toMatchObject({ kind: 'older' })
    },
  )

  test.each([403, 404])('because it refuses (%d): the permission is named', async (status) => {
    sandbox.faults.add({ path: '/compare/', status })
    await expect(standingOf('run')).rejects.toThrow(
      `It is not known whether the default branch has newer documents: GitHub did not say (status ${status}). ` +
        "The token of the input 'github-token' may not read the repository, or the commit of this run (GITHUB_SHA) is not there any more. " +
        `Add 'permissions: { contents: read }' to the job, and to the workflow that calls it. To apply the documents of this run whatever the default branch has, use the input "allow: older".`,
    )
  })
})
