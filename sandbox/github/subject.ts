/** The subject of the tokens that a repository's jobs get. https://docs.github.com/actions/reference/security/oidc */
import { claimsOf, type Job } from './jobs.ts'
import type { Repository } from './state.ts'

const immutableSubjectsSince = Date.parse('2026-07-15T00:00:00Z')

/** Is the repository named by its ids? Those that were created, renamed or transferred since the change are, and who asked for it. */
const isImmutable = ({ createdAt, renamedAt, subject }: Repository): boolean =>
  subject?.useImmutableSubject === true ||
  [createdAt, renamedAt ?? createdAt].some((time) => Date.parse(time) >= immutableSubjectsSince)

/** How subjects begin, e.g. `repo:contoso/ai-factory`. */
const prefixOf = (repository: Repository): string => {
  const { owner, ownerId, name, id } = repository
  return isImmutable(repository) ? `repo:${owner}@${ownerId}/${name}@${id}` : `repo:${owner}/${name}`
}

const encodeColon = (text: string): string => text.replaceAll(':', '%3A')

/** An environment wins over a pull request, and that over the ref. */
const contextOf = ({ environment, eventName, ref }: Job): string => {
  if (environment !== undefined) return `environment:${encodeColon(environment)}`
  return eventName === 'pull_request' ? 'pull_request' : `ref:${ref}`
}

/** The subject of a job's tokens. */
export const subjectOf = (job: Job): string => {
  const prefix = prefixOf(job.repository)
  const keys = job.repository.subject?.includeClaimKeys ?? ['repo', 'context']
  const claims = new Map(Object.entries(claimsOf(job)))
  return keys
    .map((key) => {
      if (key === 'repo') return prefix
      if (key === 'context') return contextOf(job)
      return `${key}:${encodeColon(claims.get(key) ?? '')}`
    })
    .join(':')
}

/**
 * What GitHub says of it. The prefix is what counts: `use_immutable_subject` is false as well where GitHub names a
 * repository by its ids without having been asked to. https://github.com/Azure/azure-dev/pull/9430
 */
export const subjectSettingsOf = (repository: Repository): Record<string, unknown> => ({
  use_default: repository.subject?.includeClaimKeys === undefined,
  ...(repository.subject?.includeClaimKeys && { include_claim_keys: repository.subject.includeClaimKeys }),
  use_immutable_subject: repository.subject?.useImmutableSubject ?? false,
  sub_claim_prefix: prefixOf(repository),
})
