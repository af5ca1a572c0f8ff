import { z } from 'zod'
import { readFailure } from '../../azure/failure.ts'
import { withinTimeLimit } from '../../azure/retry.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { SigningRepository } from '../../setup/subject.ts'

/** Where GitHub is, and who asks. */
export interface GitHubPlace {
  /** E.g. `https://api.github.com`. */
  readonly api: string
  readonly token: string
}

/**
 * Who issues the tokens of jobs, where the enterprise has not chosen an issuer of its own.
 * https://docs.github.com/actions/reference/security/oidc
 */
export function issuerOf({ api }: Pick<GitHubPlace, 'api'>): string {
  const { host, origin, pathname } = new URL(api)
  if (host === 'api.github.com') return 'https://token.actions.githubusercontent.com'
  const [, tenant] = /^api\.([\w-]+\.ghe\.com)$/.exec(host) ?? []
  if (tenant !== undefined) return `https://token.actions.${tenant}`
  // An Enterprise Server has its API below /api/v3.
  return `${origin}${pathname.replace(/\/api\/v3\/?$/, '')}/_services/token`
}

const repositorySchema = z.object({
  id: z.number(),
  full_name: z.string(),
  visibility: z.string().default('private'),
  owner: z.object({ id: z.number() }),
})

/** https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository */
const subjectSchema = z.object({
  use_default: z.boolean().default(true),
  include_claim_keys: z.array(z.string()).nullish(),
  sub_claim_prefix: z.string().min(1).nullish(),
})

const timeLimit = 30_000

/**
 * The repository as GitHub knows it now, and how the subject of its tokens begins. What it was called before leads there
 * too. GitHub's own word counts: repositories created, renamed or transferred since July 2026 are named by their ids,
 * older ones are not unless their owner asked for it.
 * @throws UserError when GitHub does not show it
 */
export async function askGitHub(fullName: string, place: GitHubPlace): Promise<SigningRepository> {
  const { getOctokit } = await import('@actions/github')
  const { request } = getOctokit(place.token, { baseUrl: place.api })
  const get = async (path: string): Promise<unknown> => {
    const answer = await withinTimeLimit(timeLimit, (signal) =>
      request(`GET ${path}`, { request: { signal } }),
    )
    return answer.data
  }
  try {
    const { id, full_name, visibility, owner } = repositorySchema.parse(await get(`/repos/${fullName}`))
    const subject = subjectSchema.parse(await settingsOf(full_name, get))
    return {
      fullName: full_name,
      id,
      ownerId: owner.id,
      visibility,
      subjectPrefix: subject.sub_claim_prefix ?? `repo:${full_name}`,
      claimKeys: subject.use_default ? undefined : (subject.include_claim_keys ?? undefined),
    }
  } catch (cause) {
    throw unknownRepository(fullName, place, cause)
  }
}

/** An older Enterprise Server has no such settings, and names every repository by its name. */
async function settingsOf(fullName: string, get: (path: string) => Promise<unknown>): Promise<unknown> {
  try {
    return await get(`/repos/${fullName}/actions/oidc/customization/sub`)
  } catch (error) {
    if (statusOf(error) === 404) return {}
    throw error
  }
}

const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined

function unknownRepository(fullName: string, { api }: GitHubPlace, cause: unknown): UserError {
  const status = statusOf(cause)
  const isHidden = status === 401 || status === 403 || status === 404
  return new UserError({
    what: `GitHub (${api}) did not return the repository '${fullName}'${status === undefined ? '' : ` (status ${status})`}.`,
    why: isHidden
      ? 'It does not exist, or whoever is signed in to GitHub may not see it.'
      : `GitHub could not be reached, or was unavailable: ${readFailure(cause).message.slice(0, 200)}`,
    fix: isHidden
      ? "Check 'repository' in factory.yml, and sign in as somebody who may see it: gh auth login."
      : 'Run set-up again.',
    cause,
  })
}
