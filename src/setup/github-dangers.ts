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
  if (found.kind === 'hidden')
    return [
      {
        severity,
        what: `GitHub does not show whoever is signed in there which branches the environment ${quoted(name)} takes.`,
        fix: 'Sign in as somebody who may read the repository and its actions (gh auth login), and run set-up again.',
      },
    ]
  return [
    {
      severity,
      what: `The GitHub environment ${quoted(name)} takes jobs of ${found.kind === 'there' && Array.isArray(found.from) ? found.from.map(quoted).join(', ') : 'every branch'}, so whoever may push one can be its identity.`,
      fix: `Let it take jobs of ${quoted(branch ?? '')} only (Settings > Environments > ${name} > Deployment branches and tags).`,
    },
  ]
}

/** Without reviewers of the environment, whoever approves pull requests approves what is delivered. */
function withoutApproval(
  { name, needsApproval }: GitHubEnvironment,
  { defaultBranch }: DesiredSetup,
  { githubEnvironments, mergesAreApproved }: ActualSetup,
): readonly Danger[] {
  const found = githubEnvironments.get(name)
  const isApproved = (found?.kind === 'there' && found.hasReviewers) || mergesAreApproved !== false
  if (!needsApproval || isApproved || found?.kind === 'hidden') return []
  return [
    {
      severity: 'fault',
      what: `Nobody has to approve what runs in the GitHub environment ${quoted(name)}: it has no reviewers, and no ruleset demands that somebody approves a pull request into ${quoted(defaultBranch)}.`,
      fix: `Add reviewers (Settings > Environments > ${name}), or a ruleset for ${quoted(defaultBranch)} that requires a pull request with an approval (Settings > Rules).`,
    },
  ]
}
