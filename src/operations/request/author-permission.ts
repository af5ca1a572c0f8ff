import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { withinTimeLimit } from '../../azure/retry.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { type CollaboratorPermission, type Permission, permissionOf } from '../../request/authorise.ts'
import type { OperationContext } from '../operation.ts'

/** Reads somebody's permission in a repository. Throws an error with a `status`, as GitHub's client does. */
export type AskPermission = (owner: string, repo: string, login: string) => Promise<CollaboratorPermission>

const answerSchema = z.object({ permission: z.string(), role_name: z.string().exactOptional() })

const timeLimitMilliseconds = 30_000

/** GitHub itself, at the address that the runner names. */
export async function askGitHub(token: string): Promise<AskPermission> {
  const { getOctokit } = await import('@actions/github')
  const { repos } = getOctokit(token).rest
  return async (owner, repo, username) => {
    const { data } = await withinTimeLimit(timeLimitMilliseconds, (signal) =>
      repos.getCollaboratorPermissionLevel({ owner, repo, username, request: { signal } }),
    )
    // GitHub's client accepts any response, also that of a proxy.
    return answerSchema.parse(data)
  }
}

const mostAttempts = 4
const firstPauseMilliseconds = 1_000

/**
 * The permission of the issue's author in this repository. Somebody GitHub does not know has none.
 * https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user
 */
export async function readPermission(
  ask: AskPermission,
  login: string,
  { environment, info }: Pick<OperationContext, 'environment' | 'info'>,
  pause: (milliseconds: number) => Promise<void> = (milliseconds) => setTimeout(milliseconds),
): Promise<Permission> {
  const [owner, repo] = (environment['GITHUB_REPOSITORY'] ?? '').split('/')
  if (owner === undefined || owner === '' || repo === undefined) {
    throw new UserError({
      what: 'GITHUB_REPOSITORY is not set.',
      fix: "Run the action in a workflow, or without 'token'.",
    })
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return permissionOf(await ask(owner, repo, login))
    } catch (error) {
      const status = statusOf(error)
      if (status === 404) return 'none'
      if (attempt === mostAttempts || !isTemporary(status)) throw explain(error, status)
      info(`GitHub did not respond (attempt ${attempt} of ${mostAttempts}). Retrying`)
      await pause(firstPauseMilliseconds * 2 ** (attempt - 1))
    }
  }
}

const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined

/** A connection that broke has no status, or one that GitHub's client made up: 500. */
const isTemporary = (status: number | undefined): boolean =>
  status === undefined || status === 408 || status === 429 || status >= 500

function explain(cause: unknown, status: number | undefined): UserError {
  const refused = status === 401 || status === 403
  return new UserError({
    what: `GitHub did not return the permission of the issue's author in this repository${status === undefined ? '' : ` (status ${status})`}.`,
    why: refused
      ? "The token may not read the repository's metadata."
      : 'GitHub could not be reached, or was unavailable.',
    fix: refused ? "Pass the workflow's own token, github.token." : 'Run the job again.',
    cause,
  })
}
