import { UserError } from '../../diagnostics/user-error.ts'
import type { PropertyChange } from '../../plan/model.ts'
import type { Allowance } from '../../vocabulary.ts'
import { readDocument } from '../documents.ts'
import type { OperationContext } from '../operation.ts'
import { type FactoryTarget, type ProjectTarget, projectFile } from '../project.ts'
import { type DocumentPaths, type DocumentTexts, differences, documentPaths, intentOf } from './intent.ts'
import { openRepository, type Repository } from './repository.ts'

/** What shows whether a run has the newest documents of what it is about. */
interface NewestOptions {
  /** Reads the default branch. Undefined when there is none, e.g. outside of GitHub. */
  readonly githubToken: string | undefined
  readonly allowed: readonly Allowance[]
}

/** A project in one environment. */
export interface NewestTarget extends ProjectTarget, NewestOptions {}

/** The common area of one environment. */
export interface NewestCommonArea extends FactoryTarget, NewestOptions {
  readonly project?: undefined
}

/** What a run is about: a project, or the common area. */
export type NewestSubject = NewestTarget | NewestCommonArea

/** What the run's documents are to those of the default branch. */
export type Standing =
  | { readonly kind: 'newest' }
  /** Nobody can tell, or nobody has to. */
  | { readonly kind: 'unchecked'; readonly why: string }
  /** The default branch has changed this project, or common area, in this environment since. */
  | { readonly kind: 'older'; readonly since: string; readonly changes: readonly PropertyChange[] }

const newest: Standing = { kind: 'newest' }

/**
 * Asks GitHub whether the default branch has changed what the documents ask for of this project, or of the common area, in this environment since
 * the run's commit, or since the run's branch left it. Changes of anything else do not matter.
 * @throws UserError when GitHub does not say
 */
export async function findStanding(target: NewestSubject, context: OperationContext): Promise<Standing> {
  const { allowed, githubToken } = target
  const { GITHUB_REPOSITORY: name, GITHUB_SHA: commit, GITHUB_WORKSPACE: workspace } = context.environment
  if (allowed.includes('older')) return { kind: 'unchecked', why: "'allow' holds 'older'" }
  if (githubToken === undefined) return { kind: 'unchecked', why: "there is no 'github-token'" }
  if (!name || !commit) return { kind: 'unchecked', why: 'this is no run of GitHub' }
  const paths = documentPaths(target, workspace ?? process.cwd())
  if (paths === undefined) return { kind: 'unchecked', why: 'the documents are not in the repository' }

  const repository = await openRepository(name, githubToken, context)
  const relation = await repository.compareWithDefaultBranch(commit)
  if (relation.kind === 'current') return newest
  const [before, latest] = await Promise.all([
    textsAt(repository, paths, relation.mergeBase),
    textsAt(repository, paths),
  ])
  if (before.factory === undefined && latest.factory === undefined) {
    return { kind: 'unchecked', why: `the repository ${name} has no ${paths.factory}` }
  }
  const wanted = intentOf(latest, target)
  const changes = differences(intentOf(before, target), wanted)
  // A workflow may check out another commit than its own.
  const isCheckedOut = differences(intentOf(textsHere(target), target), wanted).length === 0
  return changes.length === 0 || isCheckedOut ? newest : { kind: 'older', since: relation.mergeBase, changes }
}

/** The documents that this run has. */
function textsHere({ factoryFile, project }: NewestSubject): DocumentTexts {
  const textOf = (file: string): string | undefined => {
    try {
      return readDocument(file, 'factory-file')
    } catch (error) {
      if (error instanceof UserError) return undefined
      throw error
    }
  }
  return {
    factory: textOf(factoryFile),
    project: project === undefined ? undefined : textOf(projectFile(factoryFile, project)),
  }
}

async function textsAt(
  repository: Repository,
  paths: DocumentPaths,
  commit?: string,
): Promise<DocumentTexts> {
  const [factory, project] = await Promise.all([
    repository.read(paths.factory, commit),
    paths.project === undefined ? undefined : repository.read(paths.project, commit),
  ])
  return { factory, project }
}
