/** The commits of a repository: how two of them are related, and what was in the files at one of them. */
import type { Commit, Repository } from './state.ts'

/** The commit of a repository whose history nobody wrote down. */
export const onlyCommit = '0123456789abcdef0123456789abcdef01234567'

const commitsOf = ({ commits, files }: Repository): readonly Commit[] => [
  { sha: onlyCommit, parents: [], files },
  ...(commits ?? []),
]

/** The commit that the default branch points to. */
export const headOf = ({ commits, head }: Repository): string => head ?? commits?.at(-1)?.sha ?? onlyCommit

/** The commit that a name stands for: `HEAD`, the default branch, or a commit's own id. */
export function commitAt(repository: Repository, name: string): Commit | undefined {
  const isHead = ['HEAD', repository.defaultBranch, `refs/heads/${repository.defaultBranch}`].includes(name)
  const sha = isHead ? headOf(repository) : name
  return commitsOf(repository).find((commit) => commit.sha === sha)
}

/** A commit and all before it, the nearest first. */
function historyOf(repository: Repository, { sha }: Commit): readonly string[] {
  const known = new Map(commitsOf(repository).map((commit) => [commit.sha, commit]))
  const seen = new Set([sha])
  for (const one of seen) for (const parent of known.get(one)?.parents ?? []) seen.add(parent)
  return [...seen]
}

/**
 * The commits from one backwards that changed a file, as `git log` has them: a merge is none of them when the file is
 * the same in one of its parents. https://docs.github.com/rest/commits/commits#list-commits
 */
export function commitsOfFile(repository: Repository, from: Commit, path: string): readonly Commit[] {
  const known = new Map(commitsOf(repository).map((commit) => [commit.sha, commit]))
  return historyOf(repository, from).flatMap((sha) => {
    const commit = known.get(sha)
    if (commit === undefined) return []
    const before = commit.parents.map((parent) => known.get(parent)?.files[path])
    const isSame = before.some((text) => text === commit.files[path])
    const isThere = before.length > 0 || commit.files[path] !== undefined
    return isThere && !isSame ? [commit] : []
  })
}

/** How a commit is related to another. https://docs.github.com/rest/commits/commits#compare-two-commits */
export interface Comparison {
  readonly status: 'identical' | 'ahead' | 'behind' | 'diverged'
  readonly aheadBy: number
  readonly behindBy: number
  /** The newest commit that both have. */
  readonly mergeBase: string
}

/** Compares; undefined when the two have no commit in common. */
export function compare(repository: Repository, base: Commit, head: Commit): Comparison | undefined {
  const [before, after] = [historyOf(repository, base), historyOf(repository, head)]
  const mergeBase = after.find((sha) => before.includes(sha))
  if (mergeBase === undefined) return undefined
  const aheadBy = after.filter((sha) => !before.includes(sha)).length
  const behindBy = before.filter((sha) => !after.includes(sha)).length
  return { status: statusOf(aheadBy, behindBy), aheadBy, behindBy, mergeBase }
}

function statusOf(aheadBy: number, behindBy: number): Comparison['status'] {
  if (aheadBy > 0) return behindBy > 0 ? 'diverged' : 'ahead'
  return behindBy > 0 ? 'behind' : 'identical'
}
