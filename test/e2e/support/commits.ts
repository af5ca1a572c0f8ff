import { readdirSync } from 'node:fs'
import path from 'node:path'
import { onlyCommit } from '../../../sandbox/github/commits.ts'
import type { Repository } from '../../../sandbox/github/state.ts'
import type { Sandbox } from '../../../sandbox/start.ts'
import type { BootstrapRepository } from './repository.ts'

type Folder = Pick<BootstrapRepository, 'folder' | 'read'>

/** The documents as they are in the folder, by path. */
function documentsIn({ folder, read }: Folder): Readonly<Record<string, string>> {
  const names = readdirSync(path.join(folder, 'aifactory'), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.yml')).map((name) => `aifactory/${name}`)
  return Object.fromEntries(files.map((file) => [file, read(file)]))
}

const repositoryOf = ({ state }: Pick<Sandbox, 'state'>): Repository => {
  const [repository] = state.github.repositories
  if (repository === undefined) throw new Error("The sandbox's GitHub has no repository.")
  return repository
}

/** Makes the documents in the folder those of the first commit of the sandbox's GitHub. */
export function firstCommit(sandbox: Pick<Sandbox, 'state'>, folder: Folder): void {
  Object.assign(repositoryOf(sandbox).files, documentsIn(folder))
}

/** Commits the documents as they are in the folder to the sandbox's GitHub, on its default branch. @returns its id */
export function commit(sandbox: Pick<Sandbox, 'state'>, folder: Folder): string {
  const repository = repositoryOf(sandbox)
  repository.commits ??= []
  const number = repository.commits.length + 1
  const sha = number < 10 ? String(number).repeat(40) : String(number).padStart(40, '0')
  const before = repository.commits.at(-1)?.sha ?? onlyCommit
  repository.commits.push({ sha, parents: [before], files: documentsIn(folder) })
  return sha
}
