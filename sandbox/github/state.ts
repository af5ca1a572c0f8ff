import type { JWK } from 'jose'

/** What somebody may do in a repository. https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user */
export type RepositoryRole = 'admin' | 'maintain' | 'write' | 'triage' | 'read'

/** A comment on an issue. */
export interface IssueComment {
  readonly id: number
  /** Login of who wrote it. */
  readonly user: string
  body: string
  readonly createdAt: string
  updatedAt: string
}

/** An issue. Numbers count up from 1 in each repository. */
export interface Issue {
  readonly number: number
  readonly title: string
  readonly body: string
  /** Login of who opened it. */
  readonly user: string
  readonly state: 'open' | 'closed'
  readonly createdAt: string
  readonly comments: IssueComment[]
}

/** A commit of a repository. */
export interface Commit {
  /** 40 hexadecimal digits. */
  readonly sha: string
  readonly parents: readonly string[]
  /** Text by path. */
  readonly files: Readonly<Record<string, string>>
}

/** https://docs.github.com/rest/actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-a-repository */
export interface SubjectSettings {
  /** Claims, `repo` and `context` among them, instead of GitHub's own template. */
  readonly includeClaimKeys?: readonly string[]
  /** Names the repository by its ids, although it is older than that. */
  readonly useImmutableSubject?: boolean
}

/** Who has to approve a job: a person by login, or a team. */
export interface Reviewer {
  readonly type: 'User' | 'Team'
  readonly id: number
}

/** A branch or tag, by name or pattern, whose jobs may run in an environment. */
export interface DeploymentPolicy {
  readonly id: number
  readonly name: string
  readonly type: 'branch' | 'tag'
}

/** An environment that jobs run in. https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments */
export interface DeploymentEnvironment {
  readonly id: number
  readonly name: string
  reviewers: readonly Reviewer[]
  /** Absent, jobs of every branch run in it. */
  from?: 'protectedBranches' | DeploymentPolicy[]
}

/** A repository. */
export interface Repository {
  readonly owner: string
  readonly ownerId: number
  readonly name: string
  readonly id: number
  /** ISO 8601. From 2026-07-15 on, the subject of a repository's tokens names it by its ids. */
  readonly createdAt: string
  /** When it got its name or its owner, by being renamed or transferred. ISO 8601. Counts as `createdAt` does. */
  renamedAt?: string
  /** Full names that it had before, and is found by still. */
  formerNames?: string[]
  /** What somebody has set about the subject of its tokens. */
  subject?: SubjectSettings
  readonly private: boolean
  readonly defaultBranch: string
  /** By login. */
  readonly collaborators: Record<string, RepositoryRole>
  readonly issues: Issue[]
  /** Text by path on the default branch, when no commits are known. */
  readonly files: Record<string, string>
  /** GitHub adds one that a job names, open to every branch. */
  environments?: DeploymentEnvironment[]
  /** Names of branches with a protection rule. */
  protectedBranches?: readonly string[]
  /** How many have to approve a pull request into the default branch, as a ruleset says. */
  requiredApprovals?: number
  /** The same, as its protection rule says. */
  protectionApprovals?: number
  /** The commits after the first, which holds `files`. */
  commits?: Commit[]
  /** The commit that the default branch points to; absent, the last. */
  head?: string
}

/** GitHub as the sandbox plays it, as plain JSON. */
export interface GithubState {
  /** Everybody who has an account, with their ids. */
  readonly users: { readonly login: string; readonly id: number }[]
  readonly repositories: Repository[]
  /** Id of the last comment. */
  lastCommentId: number
  /** Private key the OpenID Connect tokens are signed with; made at the first use. Worth nothing outside the sandbox. */
  signingKey?: JWK
}

/** GitHub with nobody in it. */
export const emptyGithub = (): GithubState => ({ users: [], repositories: [], lastCommentId: 0 })

/** A repository by its full name, `owner/name`, ignoring case. */
export const findRepository = (state: GithubState, fullName: string): Repository | undefined =>
  state.repositories.find(({ owner, name }) => `${owner}/${name}`.toLowerCase() === fullName.toLowerCase())
