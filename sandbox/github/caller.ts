import type { Job, JobPermissions } from './jobs.ts'
import type { Repository, RepositoryRole } from './state.ts'

/** What a call needs. A job is never granted administration. */
export type Needs = Readonly<
  { [Name in Exclude<keyof JobPermissions, 'idToken'>]?: 'read' | 'write' } & { administration?: 'write' }
>

/** Who calls the REST API. */
export interface Caller {
  readonly sees: (repository: Repository) => boolean
  /** GitHub's words, when the token may not. */
  readonly refusal: (repository: Repository, needs: Needs) => string | undefined
}

/** A job's token reaches its own repository, and what is public. */
export const jobCaller = ({ repository: own, permissions }: Job): Caller => ({
  sees: (repository) => repository === own || !repository.private,
  refusal: (_, needs) => {
    const granted = new Map<string, string>(Object.entries(permissions))
    const isGranted = Object.entries(needs).every(
      ([name, level]) => granted.get(name) === 'write' || granted.get(name) === level,
    )
    return isGranted ? undefined : 'Resource not accessible by integration'
  },
})

const ranks: Readonly<Record<RepositoryRole, number>> = {
  read: 1,
  triage: 1,
  write: 2,
  maintain: 2,
  admin: 3,
}

/** A person's token, of the scope `repo`, may what the person may. */
export const personCaller = (login: string): Caller => {
  const rankIn = ({ collaborators, private: isPrivate }: Repository): number => {
    const role = collaborators[login]
    if (role !== undefined) return ranks[role]
    return isPrivate ? 0 : 1
  }
  return {
    sees: (repository) => rankIn(repository) > 0,
    refusal: (repository, needs) => {
      if (needs.administration !== undefined && rankIn(repository) < 3)
        return 'Must have admin rights to Repository.'
      const writes = Object.values(needs).includes('write')
      return writes && rankIn(repository) < 2 ? 'Resource not accessible by personal access token' : undefined
    },
  }
}
