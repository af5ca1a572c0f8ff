import { unnamedMembers } from '../../access/foreign-members.ts'
import type { ActualAccess, DesiredAccess, FormerMembers, GroupKey } from '../../access/model.ts'
import { temporaryFailure } from '../../azure/call.ts'
import type { Directory } from '../../azure/directory.ts'
import { readFailure } from '../../azure/failure.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { teamAsSaid } from '../../manifest/personas.ts'
import { objectAt, textAt, textsAt } from '../../manifest/reading.ts'
import { memberPattern } from '../../manifest/values.ts'
import { readYaml } from '../../manifest/yaml-document.ts'
import { documentPaths } from '../newest/intent.ts'
import { openRepository, type Repository } from '../newest/repository.ts'
import type { NewestSubject } from '../newest/standing.ts'
import type { OperationContext } from '../operation.ts'

/** Whoever was taken out of a document left its group with the next delivery: more versions tell nothing. */
const mostVersions = 30
/** Read at once, before anybody asks whether they explain all. */
const versionsTogether = 5

/** Those of a group whom somebody wonders about, by object id in lower case. */
type Wondered = ReadonlyMap<GroupKey, ReadonlySet<string>>

/** The repository does not say what the documents were. */
class Unreadable extends Error {}

/**
 * What Entra and Azure have, with which of the members whom the documents do not name an earlier version of them on the
 * default branch named: those are ours to remove. GitHub is asked only when there are such members. Never throws because
 * of GitHub.
 */
export async function withFormerMembers(
  desired: DesiredAccess,
  actual: ActualAccess,
  target: NewestSubject,
  directory: Pick<Directory, 'resolve'>,
  context: OperationContext,
): Promise<ActualAccess> {
  const unnamed = unnamedMembers(desired, actual)
  if (unnamed.size === 0) return actual
  return { ...actual, former: await readFormerMembers(unnamed, target, directory, context) }
}

async function readFormerMembers(
  unnamed: ReturnType<typeof unnamedMembers>,
  target: NewestSubject,
  { resolve }: Pick<Directory, 'resolve'>,
  context: OperationContext,
): Promise<FormerMembers> {
  const wondered: Wondered = new Map(
    [...unnamed].map(([key, members]) => [
      key,
      new Set(members.map(({ objectId }) => objectId.toLowerCase())),
    ]),
  )
  try {
    const { repository, pathOf } = await openHistory(target, context)
    const byFile = Map.groupBy(wondered.keys(), pathOf)
    const parts = await Promise.all(
      [...byFile].map(([file, keys]) => formerIn(file, keys, { wondered, repository, resolve })),
    )
    return {
      kind: 'known',
      objectIds: new Map(parts.flatMap(({ objectIds }) => [...objectIds])),
      unresolved: new Map(parts.flatMap(({ unresolved }) => [...unresolved])),
      ...(parts.some(({ isCut }) => isCut) && { versions: mostVersions }),
    }
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', why: error.message }
    throw error
  }
}

interface History {
  readonly repository: Repository
  /** The document that names the members of a group. */
  readonly pathOf: (key: GroupKey) => string
}

async function openHistory(target: NewestSubject, context: OperationContext): Promise<History> {
  const { GITHUB_REPOSITORY: name, GITHUB_WORKSPACE: workspace } = context.environment
  if (target.githubToken === undefined) throw new Unreadable("there is no 'github-token'")
  if (!name) throw new Unreadable('this is no run of GitHub')
  const paths = documentPaths(target, workspace ?? process.cwd())
  if (paths === undefined) throw new Unreadable('the documents are not in the repository')
  return {
    repository: await openRepository(name, target.githubToken, context),
    pathOf: (key) => (key.startsWith('persona:') ? (paths.project ?? paths.factory) : paths.factory),
  }
}

interface Reading {
  readonly wondered: Wondered
  readonly repository: Repository
  readonly resolve: Directory['resolve']
}

interface FormerInFile {
  readonly objectIds: ReadonlyMap<GroupKey, ReadonlySet<string>>
  /** Names that find nobody today. */
  readonly unresolved: ReadonlyMap<GroupKey, readonly string[]>
  /** Are there more versions, which were not read? */
  readonly isCut: boolean
}

/** From the newest version backwards, until everybody is explained. */
async function formerIn(
  file: string,
  keys: readonly GroupKey[],
  { wondered, repository, resolve }: Reading,
): Promise<FormerInFile> {
  const commits = await fromGitHub(() => repository.commitsOf(file, mostVersions + 1))
  if (commits.length === 0) throw new Unreadable(`the default branch has no ${file}`)
  const versions = commits.slice(0, mostVersions)
  const objectIds = new Map(keys.map((key) => [key, new Set<string>()]))
  const unresolved = new Map(keys.map((key) => [key, new Set<string>()]))
  const isExplained = (): boolean => keys.every((key) => objectIds.get(key)?.size === wondered.get(key)?.size)
  const known = new Map<string, string | undefined>()
  for (let start = 0; start < versions.length && !isExplained(); start += versionsTogether) {
    const some = versions.slice(start, start + versionsTogether)
    const texts = await fromGitHub(() => Promise.all(some.map((commit) => repository.read(file, commit))))
    for (const key of keys) {
      const names = new Set(texts.flatMap((text) => namesIn(text, file, key)))
      await resolveOnce(names, known, resolve)
      const ids = [...names].flatMap((name) => known.get(name) ?? [])
      addAll(
        objectIds.get(key),
        ids.filter((id) => wondered.get(key)?.has(id)),
      )
      addAll(
        unresolved.get(key),
        [...names].filter((name) => known.get(name) === undefined),
      )
    }
  }
  const names = new Map([...unresolved].map(([key, some]) => [key, [...some]]))
  return { objectIds, unresolved: names, isCut: commits.length > mostVersions && !isExplained() }
}

const addAll = (set: Set<string> | undefined, texts: readonly string[]): void => {
  for (const text of texts) set?.add(text)
}

/** Completes the object ids behind names, each of which is asked for once. */
async function resolveOnce(
  names: ReadonlySet<string>,
  known: Map<string, string | undefined>,
  resolve: Directory['resolve'],
): Promise<void> {
  const open = [...names].filter((name) => !known.has(name))
  const found = open.length === 0 ? new Map() : await resolve(open)
  for (const name of open) known.set(name, found.get(name)?.objectId.toLowerCase())
}

/**
 * Whom a version of a document names for a group. What it says otherwise, or that it has faults by now, does not matter; a
 * name that could be nobody's is not looked for.
 */
function namesIn(text: string | undefined, file: string, key: GroupKey): readonly string[] {
  const [kind, persona = ''] = key.split(':')
  if (text === undefined) return []
  const yaml = readYaml(text, file)
  if (yaml.faults.length > 0) return []
  const { value } = yaml
  const people =
    kind === 'persona'
      ? teamAsSaid([textAt(value, ['owner']) ?? ''], objectAt(value, ['team']))
      : objectAt(value, ['coreTeam'])
  return textsAt(people, [persona]).flatMap(({ text: name }) => (memberPattern.test(name) ? [name] : []))
}

async function fromGitHub<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const cause = error instanceof UserError ? (error.parts.cause ?? error) : error
    const { status } = readFailure(cause)
    // A mistake of ours must not pass for one of the connection's.
    if (status === undefined && temporaryFailure(cause, 'GitHub') === undefined) throw error
    throw new Unreadable(
      status === undefined
        ? 'GitHub could not be reached'
        : `GitHub does not let this run read the repository (status ${status})`,
      { cause: error },
    )
  }
}
