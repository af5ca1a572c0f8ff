import { closeSync, openSync, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../diagnostics/user-error.ts'

const largestDocument = 1_000_000

/**
 * Reads a document of the user's. Its kind and size are checked before it is read, because a pull request may put anything in its
 * place: only a file of at most 1 MB is read, and only when no link leads out of the repository on the way to it.
 * @param input the input that named the file, for the error
 * @throws UserError that says what stands there instead
 */
export function readDocument(file: string, input: string): string {
  const named = `The file '${file}' (input '${input}')`
  const real = realPath(file, named)
  const kind = kindOf(statSync(real))
  if (kind !== 'a file') throw wrongKind(named, kind, 'a file')
  const bytes = readable(named, () => readAtMost(real, largestDocument + 1))
  if (bytes.length <= largestDocument) return decoded(bytes, named)
  throw new UserError({ what: `${named} is larger than 1 MB.`, fix: 'Check that it is the right file.' })
}

/** Text in another encoding would lose letters without a word. A byte order mark is the parser's to read. */
function decoded(bytes: Buffer, named: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new UserError({
      what: `${named} is not UTF-8 text.`,
      fix: 'Save it again with the encoding UTF-8, and check that it is the right file.',
      cause,
    })
  }
}

/**
 * The names of what is in a directory of documents, sorted; none when there is no such directory.
 * @throws UserError when it is something else, or a link leads out of the repository on the way to it
 */
export function namesIn(directory: string): readonly string[] {
  const named = `The directory '${directory}'`
  const kind = readable(named, () => kindOf(statSync(directory, { throwIfNoEntry: false })))
  if (kind === undefined) return []
  if (kind !== 'a directory') throw wrongKind(named, kind, 'a directory')
  return readable(named, () => readdirSync(realPath(directory, named)).toSorted())
}

type Kind = 'a file' | 'a directory' | 'a named pipe' | 'a device' | 'a socket'

function kindOf(stats: Stats): Kind
function kindOf(stats: Stats | undefined): Kind | undefined
function kindOf(stats: Stats | undefined): Kind | undefined {
  if (stats === undefined) return undefined
  if (stats.isFile()) return 'a file'
  if (stats.isDirectory()) return 'a directory'
  if (stats.isFIFO()) return 'a named pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

const wrongKind = (named: string, found: Kind, wanted: Kind): UserError =>
  new UserError({ what: `${named} is ${found}, not ${wanted}.`, fix: 'Check the path.' })

/** The first bytes of a file, however long it says it is: files of the system say 0. */
function readAtMost(file: string, most: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.allocUnsafe(most)
    let length = 0
    while (length < most) {
      const count = readSync(descriptor, buffer, length, most - length, null)
      if (count === 0) break
      length += count
    }
    return buffer.subarray(0, length)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Where a path leads when all links are followed. Links may lead around in the repository, but not out of it, nor into
 * `.git`, where a token may be.
 */
function realPath(file: string, named: string): string {
  const real = readable(named, () => realpathSync(file))
  const inside = path.relative(realpathSync(repositoryOf(file)), real)
  const steps = inside.split(path.sep)
  if (steps[0] !== '..' && !path.isAbsolute(inside) && !steps.includes('.git')) return real
  throw new UserError({
    what: `${named} is a link that leads out of the repository.`,
    why: 'What is outside is not part of what was reviewed, and nothing of it is read.',
    fix: 'Replace the link by the file itself.',
  })
}

/** The directory that a path may not leave: the one in which actions run, or that of a file which lies elsewhere. */
function repositoryOf(file: string): string {
  const inside = path.relative(process.cwd(), path.resolve(file))
  const isElsewhere = inside.split(path.sep)[0] === '..' || path.isAbsolute(inside)
  return isElsewhere ? path.dirname(path.resolve(file)) : process.cwd()
}

function readable<Result>(named: string, read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError({
      what: `${named} cannot be read.`,
      why: 'It does not exist, or the repository was not checked out before this step.',
      fix: "Add a step with actions/checkout before this one, and check the path; it is relative to the repository's root.",
      cause,
    })
  }
}
