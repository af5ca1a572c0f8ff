import { readFailure } from '../../azure/failure.ts'
import { withinTimeLimit } from '../../azure/retry.ts'
import { UserError } from '../../diagnostics/user-error.ts'

/** Where GitHub is, and who asks. */
export interface GitHubPlace {
  /** E.g. `https://api.github.com`. */
  readonly api: string
  readonly token: string
}

/** Sends a request to GitHub's REST API. @returns the body of the answer */
export type GitHub = (method: 'GET' | 'PUT' | 'POST', path: string, body?: object) => Promise<unknown>

const timeLimit = 30_000

/** Opens GitHub, with the toolkit's client. */
export async function openGitHub({ api, token }: GitHubPlace): Promise<GitHub> {
  const { getOctokit } = await import('@actions/github')
  const { request } = getOctokit(token, { baseUrl: api })
  return async (method, path, body = {}) => {
    const answer = await withinTimeLimit(timeLimit, (signal) =>
      request(`${method} ${path}`, { ...body, request: { signal } }),
    )
    return answer.data
  }
}

/** The status of GitHub's refusal; undefined when no answer came. */
export const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined

/** Did GitHub refuse it to whoever is signed in, or because of the plan of the organisation? */
export const isRefusedByGitHub = (error: unknown): boolean =>
  [401, 403, 404, 422].includes(statusOf(error) ?? 0)

/** The way out when GitHub does not answer. */
export const unavailable = (what: string, cause: unknown): UserError =>
  new UserError({
    what,
    why: `GitHub could not be reached, or was unavailable: ${readFailure(cause).message.slice(0, 200)}`,
    fix: 'Run set-up again.',
    cause,
  })
