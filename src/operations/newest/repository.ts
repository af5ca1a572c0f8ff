import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { requestLabel, temporaryFailure } from '../../azure/call.ts'
import { readFailure } from '../../azure/failure.ts'
import { send } from '../../azure/pipeline.ts'
import { retryWhile, withinTimeLimit } from '../../azure/retry.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { OperationContext } from '../operation.ts'

/** How the commit of a run is related to the default branch. */
export interface Relation {
  /** `current`: the default branch has nothing that the run's commit does not have. */
  readonly kind: 'current' | 'older' | 'diverged'
  /** The newest commit that both have. */
  readonly mergeBase: string
}

/** The repository of a run, as GitHub has it. @throws UserError when GitHub refuses, or does not answer */
export interface Repository {
  readonly compareWithDefaultBranch: (commit: string) => Promise<Relation>
  /**
   * The newest commits of the default branch that changed a file, the newest first: at most 100.
   * @throws AzureError when GitHub refuses
   */
  readonly commitsOf: (file: string, most: number) => Promise<readonly string[]>
  /** The text of a file at a commit, by default at that of the default branch; undefined when it is not there. */
  readonly read: (file: string, commit?: string) => Promise<string | undefined>
}

/** https://docs.github.com/rest/commits/commits#compare-two-commits */
const comparisonSchema = z.object({
  status: z.enum(['identical', 'ahead', 'behind', 'diverged']),
  merge_base_commit: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }),
})

/** https://docs.github.com/rest/repos/contents#get-repository-content: files of up to 1 MB, as documents are. */
const fileSchema = z.object({ type: z.literal('file'), encoding: z.literal('base64'), content: z.string() })

/** https://docs.github.com/rest/commits/commits#list-commits */
const commitsSchema = z.array(z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }))

/** What the default branch is to the commit. */
const relations = { identical: 'current', behind: 'current', ahead: 'older', diverged: 'diverged' } as const

const timeLimitMilliseconds = 30_000
const mostAttempts = 4

/**
 * Opens the repository that a job runs in, at the address of GitHub that the runner names (GITHUB_API_URL).
 * @param name `owner/name`
 */
export async function openRepository(
  name: string,
  token: string,
  { environment, info, userAgent }: Pick<OperationContext, 'environment' | 'info' | 'userAgent'>,
): Promise<Repository> {
  const { createPipelineFromOptions } = await import('@azure/core-rest-pipeline')
  // Microsoft's pipeline knows proxies, and is here anyway: GitHub's own client would be a quarter of each action.
  const pipeline = createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: userAgent },
    retryOptions: { maxRetries: 0 },
  })
  const endpoint = environment['GITHUB_API_URL'] || 'https://api.github.com'
  const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}` }
  const waiting = {
    progress: info,
    sleep: (milliseconds: number) => setTimeout(milliseconds),
    random: Math.random,
  }
  const ask = <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const url = `${endpoint}/repos/${name.split('/').map(encodeURIComponent).join('/')}${path}`
    const once = async (signal: AbortSignal): Promise<T> =>
      schema.parse((await send({ pipeline, endpoint }, { method: 'GET', url, headers, signal })).body)
    return retryWhile(
      () => withinTimeLimit(timeLimitMilliseconds, once),
      (error) => temporaryFailure(error, 'GitHub'),
      requestLabel('GET', url),
      waiting,
      mostAttempts,
    )
  }

  return {
    compareWithDefaultBranch: async (commit) => {
      try {
        // Of the commits in between one is enough: how many there are does not matter.
        const path = `/compare/${encodeURIComponent(commit)}...HEAD?per_page=1`
        const { status, merge_base_commit: base } = await ask(path, comparisonSchema)
        return { kind: relations[status], mergeBase: base.sha }
      } catch (error) {
        throw unknownStanding(error)
      }
    },
    commitsOf: async (file, most) => {
      const found = await ask(`/commits?path=${encodeURIComponent(file)}&per_page=${most}`, commitsSchema)
      return found.map(({ sha }) => sha)
    },
    read: async (file, commit) => {
      try {
        const path = `/contents/${file.split('/').map(encodeURIComponent).join('/')}`
        const { content } = await ask(commit === undefined ? path : `${path}?ref=${commit}`, fileSchema)
        return Buffer.from(content, 'base64').toString('utf8')
      } catch (error) {
        if (isNoFile(error)) return undefined
        throw unknownStanding(error)
      }
    },
  }
}

/** GitHub's own words; a proxy has others, and a commit that is not there too. */
function isNoFile(error: unknown): boolean {
  const { status, message } = readFailure(error)
  return status === 404 && message === 'Not Found'
}

function unknownStanding(cause: unknown): UserError {
  const { status } = readFailure(cause)
  const isRefused = status !== undefined && status < 500
  return new UserError({
    what: `It is not known whether the default branch has newer documents: GitHub did not say${status === undefined ? '' : ` (status ${status})`}.`,
    why: isRefused
      ? "The token of the input 'github-token' may not read the repository, or the commit of this run (GITHUB_SHA) is not there any more."
      : 'GitHub could not be reached, or was unavailable.',
    fix: `${isRefused ? "Add 'permissions: { contents: read }' to the job, and to the workflow that calls it." : 'Run the job again.'} To apply the documents of this run whatever the default branch has, use the input "allow: older".`,
    cause,
  })
}
