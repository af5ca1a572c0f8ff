import { UserError } from '../../../diagnostics/user-error.ts'
import { type Mention, mentionsIn } from '../../../manifest/mentions.ts'
import { readDocument } from '../../documents.ts'
import { manifestNumbers, projectFile } from '../../project.ts'

/** Which documents name somebody. */
export interface DocumentsNaming {
  readonly mentions: readonly Mention[]
  /** Those that could not be read, so that nobody knows. */
  readonly unreadable: readonly string[]
}

/** Looks through factory.yml and all manifests: whoever stands there gets access back with the next delivery. */
export function documentsNaming(factoryFile: string, names: ReadonlySet<string>): DocumentsNaming {
  const files = [
    factoryFile,
    ...manifestNumbers(factoryFile).map((number) => projectFile(factoryFile, number)),
  ]
  const found = files.map((file) => ({ file, mentions: mentionsAt(file, names) }))
  return {
    mentions: found.flatMap(({ mentions }) => mentions ?? []),
    unreadable: found.flatMap(({ file, mentions }) => (mentions === undefined ? [file] : [])),
  }
}

function mentionsAt(file: string, names: ReadonlySet<string>): readonly Mention[] | undefined {
  try {
    return mentionsIn(readDocument(file, 'factory-file'), file, names)
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
