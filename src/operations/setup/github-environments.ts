import { z } from 'zod'
import type { ActualGitHubEnvironment } from '../../setup/github-environments.ts'
import { type GitHub, isRefusedByGitHub, statusOf, unavailable } from './github.ts'

/** The environments of a repository. https://docs.github.com/rest/deployments/environments */
export interface GitHubEnvironments {
  readonly read: (name: string) => Promise<ActualGitHubEnvironment>
  /** Makes one that takes jobs of one branch only, or adds the branch to one that takes none. */
  readonly restrict: (name: string, branch: string, exists: boolean) => Promise<void>
  /** Does something demand that somebody approves a pull request into the branch? Undefined when that is not shown. */
  readonly needsApproval: (branch: string) => Promise<boolean | undefined>
}

const environmentSchema = z.object({
  protection_rules: z
    .array(z.object({ type: z.string(), reviewers: z.array(z.unknown()).nullish() }))
    .nullish(),
  deployment_branch_policy: z
    .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
    .nullish(),
})
const policiesSchema = z.object({
  branch_policies: z.array(z.object({ name: z.string(), type: z.string().nullish() })),
})
const rulesSchema = z.array(
  z.object({
    type: z.string(),
    parameters: z.object({ required_approving_review_count: z.number().nullish() }).nullish(),
  }),
)

const branchSchema = z.object({ protected: z.boolean() })
const reviewSchema = z.object({ required_approving_review_count: z.number().nullish() })

type Source = Extract<ActualGitHubEnvironment, { kind: 'there' }>['from']

/** Opens them. */
export function openGitHubEnvironments(
  gitHub: GitHub,
  { fullName, defaultBranch }: { readonly fullName: string; readonly defaultBranch: string },
): GitHubEnvironments {
  const repository = `/repos/${fullName}`
  const pathOf = (name: string): string => `${repository}/environments/${encodeURIComponent(name)}`
  /** Where no branch is protected, GitHub takes all of them for protected ones. */
  const protectedOnly = async (): Promise<Source> => {
    const found = branchSchema.parse(
      await gitHub('GET', `${repository}/branches/${encodeURIComponent(defaultBranch)}`),
    )
    return found.protected ? 'protectedBranches' : 'anywhere'
  }
  const listed = async (name: string): Promise<Source> => {
    const path = `${pathOf(name)}/deployment-branch-policies?per_page=100`
    const { branch_policies } = policiesSchema.parse(await gitHub('GET', path))
    return branch_policies.map((policy) => (policy.type === 'tag' ? `tag ${policy.name}` : policy.name))
  }
  return {
    read: async (name) => {
      try {
        const found = environmentSchema.parse(await gitHub('GET', pathOf(name)))
        const { protection_rules, deployment_branch_policy: policy } = found
        const hasReviewers = (protection_rules ?? []).some(({ reviewers }) => (reviewers ?? []).length > 0)
        if (!policy) return { kind: 'there', from: 'anywhere', hasReviewers }
        const from = policy.custom_branch_policies ? await listed(name) : await protectedOnly()
        return { kind: 'there', from, hasReviewers }
      } catch (error) {
        if (statusOf(error) === 404) return { kind: 'absent' }
        if (isRefusedByGitHub(error)) return { kind: 'hidden' }
        throw unavailable(`GitHub did not return the environment '${name}' of ${fullName}.`, error)
      }
    },
    restrict: async (name, branch, exists) => {
      const policy = { protected_branches: false, custom_branch_policies: true }
      if (!exists) await gitHub('PUT', pathOf(name), { deployment_branch_policy: policy })
      await gitHub('POST', `${pathOf(name)}/deployment-branch-policies`, { name: branch })
    },
    needsApproval: (branch) => needsApproval(gitHub, repository, branch),
  }
}

/** By a ruleset, which everybody may see, or by a branch protection rule, which administrators may. */
async function needsApproval(
  gitHub: GitHub,
  repository: string,
  branch: string,
): Promise<boolean | undefined> {
  const name = encodeURIComponent(branch)
  try {
    const rules = rulesSchema.parse(await gitHub('GET', `${repository}/rules/branches/${name}`))
    const byRuleset = rules.some(
      ({ type, parameters }) =>
        type === 'pull_request' && (parameters?.required_approving_review_count ?? 0) > 0,
    )
    return byRuleset || (await needsReview(gitHub, `${repository}/branches/${name}`))
  } catch (error) {
    if (isRefusedByGitHub(error)) return false
    throw unavailable(`GitHub did not return the rules of the branch '${branch}'.`, error)
  }
}

/** https://docs.github.com/rest/branches/branch-protection#get-pull-request-review-protection */
async function needsReview(gitHub: GitHub, branchPath: string): Promise<boolean | undefined> {
  if (!branchSchema.parse(await gitHub('GET', branchPath)).protected) return false
  try {
    const review = await gitHub('GET', `${branchPath}/protection/required_pull_request_reviews`)
    return (reviewSchema.parse(review).required_approving_review_count ?? 0) > 0
  } catch (error) {
    // Also where there is no rule, and a ruleset protects the branch from something else.
    if (statusOf(error) === 404) return false
    if (isRefusedByGitHub(error)) return undefined
    throw error
  }
}
