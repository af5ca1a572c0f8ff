import { quoted } from '../diagnostics/escape.ts'
import { UserError } from '../diagnostics/user-error.ts'

/** What GitHub says of the repository whose jobs are to sign in. */
export interface SigningRepository {
  /** `owner/name`, as GitHub spells it. */
  readonly fullName: string
  readonly id: number
  readonly ownerId: number
  readonly visibility: string
  readonly defaultBranch: string
  /** How the subject of its tokens begins, e.g. `repo:contoso/ai-factory` or `repo:contoso@77/ai-factory@4242`. */
  readonly subjectPrefix: string
  /** The claims that the subject is made of, when somebody has chosen them. */
  readonly claimKeys: readonly string[] | undefined
}

/** GitHub escapes colons in what it puts into a subject. */
const escapedColon = (text: string): string => text.replaceAll(':', '%3A')

/**
 * The subject of the tokens that GitHub issues to jobs in an environment of the repository.
 * https://docs.github.com/actions/reference/security/oidc
 * @throws UserError when it has claims in it that differ between the jobs of one environment
 */
export function subjectOf(repository: SigningRepository, githubEnvironment: string): string {
  const context = `environment:${escapedColon(githubEnvironment)}`
  const { claimKeys = ['repo', 'context'] } = repository
  const unknown = claimKeys.filter((key) => !Object.hasOwn(claims, key))
  if (unknown.length > 0) throw varyingSubject(repository, unknown)
  if (!claimKeys.some((key) => key === 'context' || key === 'environment'))
    throw sharedSubject(repository, claimKeys)
  return claimKeys.map((key) => claims[key]?.(repository, context) ?? '').join(':')
}

/**
 * The subjects that GitHub has given, or could give, jobs in this environment of the repository under the name that it has
 * now: by its names, and by its ids. What it was called before may be somebody else's by now.
 */
export function ownSubjects(repository: SigningRepository, githubEnvironment: string): readonly string[] {
  const { fullName, id, ownerId } = repository
  const [owner, name] = fullName.split('/')
  const prefixes = [`repo:${fullName}`, `repo:${owner}@${ownerId}/${name}@${id}`, repository.subjectPrefix]
  return prefixes.map((subjectPrefix) =>
    subjectOf({ ...repository, subjectPrefix, claimKeys: undefined }, githubEnvironment),
  )
}

const claims: Readonly<Record<string, (repository: SigningRepository, context: string) => string>> = {
  repo: ({ subjectPrefix }) => subjectPrefix,
  context: (_, context) => context,
  environment: (_, context) => context,
  repository: ({ fullName }) => `repository:${escapedColon(fullName)}`,
  repository_id: ({ id }) => `repository_id:${id}`,
  repository_owner: ({ fullName }) => `repository_owner:${escapedColon(fullName.split('/')[0] ?? '')}`,
  repository_owner_id: ({ ownerId }) => `repository_owner_id:${ownerId}`,
  repository_visibility: ({ visibility }) => `repository_visibility:${visibility}`,
}

const documentation =
  'https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository'

const customised = ({ fullName }: SigningRepository, keys: readonly string[]): string =>
  `The subject of the tokens of ${fullName} has been customised: ${keys.map(quoted).join(', ')}`

const reset = ({ fullName }: SigningRepository): string =>
  `Let the repository use GitHub's own subject, and run set-up again: gh api --method PUT repos/${fullName}/actions/oidc/customization/sub -F use_default=true`

const varyingSubject = (repository: SigningRepository, unknown: readonly string[]): UserError =>
  new UserError({
    what: `${customised(repository, unknown)} differs from job to job.`,
    why: 'A federated credential has one subject, and each workflow of the factory would need one of its own.',
    fix: reset(repository),
    more: documentation,
  })

const sharedSubject = (repository: SigningRepository, keys: readonly string[]): UserError =>
  new UserError({
    what: `${customised(repository, keys)}, without the environment.`,
    why: 'Every job of the repository would have the same subject, so that one for dev could sign in as prod.',
    fix: reset(repository),
    more: documentation,
  })
