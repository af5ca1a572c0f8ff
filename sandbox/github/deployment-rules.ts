/** Which jobs run in the environments of a repository. */
import type { DeploymentEnvironment, Repository } from './state.ts'

/** An environment by its name, in any case. */
export const findEnvironment = (
  { environments = [] }: Repository,
  name: string,
): DeploymentEnvironment | undefined =>
  environments.find((one) => one.name.toLowerCase() === name.toLowerCase())

/** The environment of a name, which is added when there is none. */
export function environmentNamed(repository: Repository, name: string): DeploymentEnvironment {
  const found = findEnvironment(repository, name)
  if (found !== undefined) return found
  repository.environments ??= []
  const made = { id: repository.id * 1000 + repository.environments.length + 1, name, reviewers: [] }
  repository.environments.push(made)
  return made
}

/** Patterns are those of Ruby's File.fnmatch: `*` does not go beyond a slash. */
const matches = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  ).test(name)

/** May a job of this ref run in the environment? Without any protected branch, all branches count as protected. */
export function admits(
  { protectedBranches = [] }: Repository,
  { from }: DeploymentEnvironment,
  ref: string,
): boolean {
  const [, kind, name = ''] = /^refs\/(head|tag)s\/(.+)$/.exec(ref) ?? []
  if (from === undefined) return true
  if (from === 'protectedBranches')
    return protectedBranches.length === 0 || (kind === 'head' && protectedBranches.includes(name))
  return from.some((policy) => (policy.type === 'tag') === (kind === 'tag') && matches(policy.name, name))
}
