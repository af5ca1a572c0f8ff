import type { Environment } from '../vocabulary.ts'
import { type IdentityKind, identityKindDefinitions } from './identity-kinds.ts'

/** An environment of the repository on GitHub, whose jobs are an identity. */
export interface GitHubEnvironment {
  readonly environment: Environment
  readonly name: string
  /** The only branch that it should take jobs of; undefined where it may take all. */
  readonly branch: string | undefined
  /** Is whoever is its identity something that not every branch may be? Jobs of other branches could change dev only. */
  readonly isDecisive: boolean
  /** Should somebody approve what runs in it? */
  readonly needsApproval: boolean
}

/** How it is. GitHub adds one that is absent for the first job that names it, open to every branch. */
export type ActualGitHubEnvironment =
  | { readonly kind: 'absent' }
  /** Whoever is signed in to GitHub may not see it. */
  | { readonly kind: 'hidden' }
  | {
      readonly kind: 'there'
      /** Whose jobs it takes; the names are those of branches, or patterns. */
      readonly from: 'anywhere' | 'protectedBranches' | readonly string[]
      readonly hasReviewers: boolean
    }

/** The environment whose jobs are an identity. */
export function githubEnvironmentOf(
  environment: Environment,
  kind: IdentityKind,
  defaultBranch: string,
): GitHubEnvironment {
  const { githubEnvironment, anyBranch = false } = identityKindDefinitions[kind]
  return {
    environment,
    name: githubEnvironment(environment),
    branch: anyBranch ? undefined : defaultBranch,
    isDecisive: kind === 'people' || (kind === 'deliver' && environment !== 'dev'),
    needsApproval: kind === 'deliver' && environment !== 'dev',
  }
}

/** Does it take jobs of the one branch only? Which branches count as protected ones nobody can say. */
export const takesOnly = (
  branch: string | undefined,
  actual: ActualGitHubEnvironment | undefined,
): boolean => {
  if (branch === undefined) return true
  if (actual?.kind !== 'there' || !Array.isArray(actual.from)) return false
  return actual.from.every((name) => name === branch)
}

/** Lacks it what set-up gives it: itself, or its branch? What somebody else has restricted otherwise stays. */
export const isToMake = (
  { branch }: Pick<GitHubEnvironment, 'branch'>,
  actual: ActualGitHubEnvironment | undefined,
): boolean => {
  if (branch === undefined || actual === undefined) return false
  return (
    actual.kind === 'absent' ||
    (actual.kind === 'there' && Array.isArray(actual.from) && actual.from.length === 0)
  )
}
