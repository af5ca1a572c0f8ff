import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Sandbox } from '../../../sandbox/start.ts'
import type { BootstrapRepository } from './repository.ts'

/** Commits the documents as they are in the folder to the sandbox's GitHub, on its default branch. @returns its id */
export function commit(
  { state }: Pick<Sandbox, 'state'>,
  { folder, read }: Pick<BootstrapRepository, 'folder' | 'read'>,
): string {
  const [repository] = state.github.repositories
  if (repository === undefined) throw new Error("The sandbox's GitHub has no repository.")
  const names = readdirSync(path.join(folder, 'aifactory'), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.yml')).map((name) => `aifactory/${name}`)
  repository.commits ??= []
  const sha = String(repository.commits.length + 1).repeat(40)
  repository.commits.push({
    sha,
    parents: repository.commits.slice(-1).map((before) => before.sha),
    files: Object.fromEntries(files.map((file) => [file, read(file)])),
  })
  return sha
}
