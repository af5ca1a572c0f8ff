import { UserError } from '../../diagnostics/user-error.ts'
import { type ProjectType, projectTypes } from '../../vocabulary.ts'

const example = 'Write for example "genai-1: 200, esml: 50".'

/** More projects than a factory has numbers for (001 to 999) are a typing error. */
const mostProjects = 999

/**
 * Reads how many projects of which type there are to be: `genai-1: 200, esml: 50`, one per line or separated by commas.
 * @throws UserError that says which entry is wrong
 */
export function readProjectCounts(
  input: string,
  text: string,
): Readonly<Partial<Record<ProjectType, number>>> {
  const counts: Partial<Record<ProjectType, number>> = {}
  const entries = text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const entry of entries) {
    const [, name, digits] = /^([a-z0-9-]+)\s*[:=]\s*(\d{1,6})$/.exec(entry) ?? []
    const type = projectTypes.find((known) => known === name)
    const count = Number(digits)
    if (type === undefined || counts[type] !== undefined || count < 1 || count > mostProjects) {
      throw new UserError({
        what: `Input '${input}' has the entry ${JSON.stringify(entry.slice(0, 80))}.`,
        why: `An entry is a type (${projectTypes.join(', ')}), once each, and a number from 1 to ${mostProjects}.`,
        fix: example,
      })
    }
    counts[type] = count
  }
  if (entries.length === 0) {
    throw new UserError({ what: `Input '${input}' is empty.`, fix: example })
  }
  return counts
}
