import { z } from 'zod'
import { UserError } from '../../diagnostics/user-error.ts'
import type { SigningRepository } from '../../setup/subject.ts'
import { type GitHub, type GitHubPlace, statusOf, unavailable } from './github.ts'

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
  default_branch: z.string(),
  owner: z.object({ id: z.number() }),
})

/** https://docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository */
const subjectSchema = z.object({
  use_default: z.boolean().default(true),
  include_claim_keys: z.array(z.string()).nullish(),
  sub_claim_prefix: z.string().min(1).nullish(),
})

/**
 * The repository as GitHub knows it now, and how the subject of its tokens begins. What it was called before leads there
 * too. GitHub's own word counts: repositories created, renamed or transferred since July 2026 are named by their ids,
 * older ones are not unless their owner asked for it.
 * @throws UserError when GitHub does not show it
 */
export async function askGitHub(
  fullName: string,
  gitHub: GitHub,
  place: Pick<GitHubPlace, 'api'>,
): Promise<SigningRepository> {
  try {
    const { id, full_name, visibility, owner, default_branch } = repositorySchema.parse(
      await gitHub('GET', `/repos/${fullName}`),
    )
    const subject = subjectSchema.parse(await settingsOf(full_name, gitHub))
    return {
      fullName: full_name,
      id,
      ownerId: owner.id,
      visibility,
      defaultBranch: default_branch,
      subjectPrefix: subject.sub_claim_prefix ?? `repo:${full_name}`,
      claimKeys: subject.use_default ? undefined : (subject.include_claim_keys ?? undefined),
    }
  } catch (cause) {
    throw unknownRepository(fullName, place, cause)
  }
}

/** An older Enterprise Server has no such settings, and names every repository by its name. */
async function settingsOf(fullName: string, gitHub: GitHub): Promise<unknown> {
  try {
    return await gitHub('GET', `/repos/${fullName}/actions/oidc/customization/sub`)
  } catch (error) {
    if (statusOf(error) === 404) return {}
    throw error
  }
}

function unknownRepository(fullName: string, { api }: Pick<GitHubPlace, 'api'>, cause: unknown): UserError {
  const status = statusOf(cause)
  const what = `GitHub (${api}) did not return the repository '${fullName}'${status === undefined ? '' : ` (status ${status})`}.`
  if (status !== 401 && status !== 403 && status !== 404) return unavailable(what, cause)
  return new UserError({
    what,
    why: 'It does not exist, or whoever is signed in to GitHub may not see it.',
    fix: "Check 'repository' in factory.yml, and sign in as somebody who may see it: gh auth login.",
    cause,
  })
}
