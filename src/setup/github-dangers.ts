import { quoted } from '../diagnostics/escape.ts'
import type { ActualSetup } from './actual-setup.ts'
import type { Danger } from './danger.ts'
import type { DesiredSetup } from './desired-setup.ts'
import { type GitHubEnvironment, isToMake, takesOnly } from './github-environments.ts'

/** What GitHub lets into the environments whose jobs are an identity. */
export const githubDangers = (desired: DesiredSetup, actual: ActualSetup): readonly Danger[] =>
  desired.identities.flatMap(({ github }) => [
    ...openEnvironments(github, actual),
    ...withoutApproval(github, desired, actual),
  ])

/** Whoever may push to the repository can let a job of a branch of theirs name any environment. */
function openEnvironments(github: GitHubEnvironment, actual: ActualSetup): readonly Danger[] {
  const { name, branch, isDecisive } = github
  const found = actual.githubEnvironments.get(name)
  if (takesOnly(branch, found) || isToMake(github, found) || found === undefined) return []
  const severity = isDecisive ? 'fault' : 'warning'
  if (found.kind !== 'there')
    return [
      {
        severity,
        what: `GitHub does not show whoever is signed in there which branches the environment ${quoted(name)} takes.`,
        fix: 'Sign in as somebody who may read the repository and its actions (gh auth login), and run set-up again.',
      },
    ]
  const fix = `Let it take jobs of ${quoted(branch ?? '')} only (Settings > Environments > ${name} > Deployment branches and tags).`
  // Seen nowhere: whether GitHub counts a branch here that a ruleset protects. Where it counts none, it takes all.
  // https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags
  if (found.from === 'protectedBranches')
    return [
      {
        severity: 'warning',
        what: `The GitHub environment ${quoted(name)} takes jobs of protected branches, of which there may be others than ${quoted(branch ?? '')}; where only rulesets protect branches, it may take jobs of every branch.`,
        fix,
      },
    ]
  return [
    {
      severity,
      what: `The GitHub environment ${quoted(name)} takes jobs of ${found.from === 'anywhere' ? 'every branch' : found.from.map(quoted).join(', ')}, so whoever may push one can be its identity.`,
      fix,
    },
  ]
}

/** What is merged somebody has approved, perhaps; what is run by hand nobody has, without reviewers of the environment. */
function withoutApproval(
  { name, needsApproval }: GitHubEnvironment,
  { defaultBranch }: DesiredSetup,
  { githubEnvironments, mergesAreApproved }: ActualSetup,
): readonly Danger[] {
  const found = githubEnvironments.get(name)
  if (!needsApproval || found?.kind === 'hidden' || (found?.kind === 'there' && found.hasReviewers)) return []
  const reviewers = `Add reviewers (Settings > Environments > ${name}; in a private repository that takes GitHub Enterprise)`
  if (mergesAreApproved === false)
    return [
      {
        severity: 'fault',
        what: `Nobody has to approve what runs in the GitHub environment ${quoted(name)}: it has no reviewers, and neither a ruleset nor a branch protection rule demands that somebody approves a pull request into ${quoted(defaultBranch)}.`,
        fix: `${reviewers}, or at least a ruleset for ${quoted(defaultBranch)} that requires a pull request with an approval (Settings > Rules).`,
      },
    ]
  return [
    {
      severity: 'warning',
      what: `The GitHub environment ${quoted(name)} has no reviewers. Whoever may write to the repository can run Deliver, Common area and Destroy there by hand, and so destroy ${quoted(name)}, without anybody's approval: that of a pull request is not asked for.`,
      fix: `${reviewers}; or let nobody write to the repository who may not do that alone.`,
    },
  ]
}
