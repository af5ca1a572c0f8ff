import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { UserError } from '../diagnostics/user-error.ts'

const largestDocument = 1_000_000

/**
 * Reads a document of the user's, at most 1 MB.
 * @param input the input that named the file, for the error
 */
export function readDocument(file: string, input: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UserError({
      what: `The file '${file}' (input '${input}') cannot be read.`,
      why: 'It does not exist, or the repository was not checked out before this step.',
      fix: "Add a step with actions/checkout before this one, and check the path; it is relative to the repository's root.",
      cause,
    })
  }
  if (text.length <= largestDocument) return text
  throw new UserError({
    what: `The file '${file}' (input '${input}') is larger than 1 MB.`,
    fix: 'Check that it is the right file.',
  })
}

/** The names of what is in a folder, sorted; none when there is no such folder. */
export const filesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).sort() : []
