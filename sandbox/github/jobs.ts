/** Jobs of workflows: who runs, and what the runner tells the steps about it through the environment. */
import { headOf } from './commits.ts'
import { admits, environmentNamed } from './deployment-rules.ts'
import { findRepository, type GithubState, type Repository } from './state.ts'

/** What a job's workflow grants its token. Nothing is granted that is not named. */
export interface JobPermissions {
  /** Without `write` a job cannot ask for an OpenID Connect token, and its environment does not say where. */
  readonly idToken?: 'write'
  readonly issues?: 'read' | 'write'
  readonly contents?: 'read' | 'write'
  readonly actions?: 'read' | 'write'
}

/** A job to begin. */
export interface JobRequest {
  /** `owner/name` of a repository that the sandbox knows. */
  readonly repository: string
  /** GitHub environment, e.g. `dev`. It decides the subject of the job's tokens. */
  readonly environment?: string
  /** Default `refs/heads/` and the repository's default branch. */
  readonly ref?: string
  /** Default: that of the default branch. */
  readonly sha?: string
  readonly workflow?: string
  /** Reusable workflow that the job is part of, `owner/name/.github/workflows/file.yml@ref`. */
  readonly jobWorkflowRef?: string
  /** Login. */
  readonly actor?: string
  readonly eventName?: string
  /** Default: all. */
  readonly permissions?: JobPermissions
}

/** A job that has begun. */
export interface Job {
  readonly repository: Repository
  readonly environment: string | undefined
  readonly ref: string
  readonly sha: string
  readonly workflow: string
  readonly jobWorkflowRef: string
  readonly actor: string
  readonly eventName: string
  readonly runId: string
  readonly permissions: JobPermissions
  /** What the steps show to get an OpenID Connect token. */
  readonly requestToken: string
  /** `GITHUB_TOKEN`. */
  readonly token: string
}

const allPermissions: JobPermissions = {
  idToken: 'write',
  issues: 'write',
  contents: 'write',
  actions: 'write',
}

/** The sandbox does not know the repository of a job. */
export class UnknownRepositoryError extends Error {
  override readonly name = 'UnknownRepositoryError'
}

/** GitHub does not let jobs of this ref run in the environment. */
export class EnvironmentProtectedError extends Error {
  override readonly name = 'EnvironmentProtectedError'
}

/**
 * Begins a job. Whoever has to approve it has done so.
 * @throws UnknownRepositoryError when the sandbox does not know the repository
 * @throws EnvironmentProtectedError when the environment does not take jobs of its ref
 */
export const beginJob = (state: GithubState, request: JobRequest, uuid: () => string, runId: number): Job => {
  const repository = findRepository(state, request.repository)
  if (repository === undefined) {
    throw new UnknownRepositoryError(`The sandbox's GitHub has no repository '${request.repository}'.`)
  }
  const workflow = request.workflow ?? 'deliver'
  const ref = request.ref ?? `refs/heads/${repository.defaultBranch}`
  const fullName = `${repository.owner}/${repository.name}`
  const { environment } = request
  if (environment !== undefined && !admits(repository, environmentNamed(repository, environment), ref)) {
    const branch = ref.replace(/^refs\/(?:heads|tags)\//, '')
    throw new EnvironmentProtectedError(
      `Branch "${branch}" is not allowed to deploy to ${environment} due to environment protection rules.`,
    )
  }
  return {
    repository,
    environment,
    ref,
    sha: request.sha ?? headOf(repository),
    workflow,
    jobWorkflowRef: request.jobWorkflowRef ?? `${fullName}/.github/workflows/${workflow}.yml@${ref}`,
    actor: request.actor ?? Object.keys(repository.collaborators)[0] ?? repository.owner,
    eventName: request.eventName ?? 'workflow_dispatch',
    runId: String(runId),
    permissions: request.permissions ?? allPermissions,
    requestToken: uuid(),
    token: `ghs_${uuid().replaceAll('-', '')}`,
  }
}

/** The variables that the runner sets for the steps of a job. `base` is the sandbox's address. */
export const jobEnvironment = (job: Job, base: string): Record<string, string> => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: `${job.repository.owner}/${job.repository.name}`,
  GITHUB_REPOSITORY_ID: String(job.repository.id),
  GITHUB_REPOSITORY_OWNER: job.repository.owner,
  GITHUB_REPOSITORY_OWNER_ID: String(job.repository.ownerId),
  GITHUB_REF: job.ref,
  GITHUB_SHA: job.sha,
  GITHUB_WORKFLOW: job.workflow,
  GITHUB_ACTOR: job.actor,
  GITHUB_TRIGGERING_ACTOR: job.actor,
  GITHUB_EVENT_NAME: job.eventName,
  GITHUB_RUN_ID: job.runId,
  GITHUB_RUN_NUMBER: job.runId,
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_SERVER_URL: base,
  GITHUB_API_URL: `${base}/api/v3`,
  GITHUB_GRAPHQL_URL: `${base}/api/graphql`,
  ...(job.permissions.idToken === 'write'
    ? {
        ACTIONS_ID_TOKEN_REQUEST_URL: `${base}/_services/token/token?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: job.requestToken,
      }
    : {}),
})

/** What GitHub says about a job in its tokens, besides the standard claims. */
export const claimsOf = (job: Job): Record<string, string> => ({
  repository: `${job.repository.owner}/${job.repository.name}`,
  repository_id: String(job.repository.id),
  repository_owner: job.repository.owner,
  repository_owner_id: String(job.repository.ownerId),
  repository_visibility: job.repository.private ? 'private' : 'public',
  ...(job.environment === undefined ? {} : { environment: job.environment }),
  ref: job.ref,
  ref_type: job.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
  sha: job.sha,
  workflow: job.workflow,
  job_workflow_ref: job.jobWorkflowRef,
  actor: job.actor,
  event_name: job.eventName,
  run_id: job.runId,
  run_number: job.runId,
  run_attempt: '1',
  runner_environment: 'github-hosted',
})
