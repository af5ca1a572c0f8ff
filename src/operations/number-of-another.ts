import { projectNameIn } from '../compose/project-name-tag.ts'
import { UserError } from '../diagnostics/user-error.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { Allowance } from '../vocabulary.ts'
import { howToAllow, type Objection } from './objection.ts'

/**
 * Is the number of this project that of another one, by the tags of its deployment stack? What one step gave the other
 * project would become this one's: its resources, and who gets at its data.
 */
export function numberOfAnother(
  stackTags: Readonly<Record<string, string>>,
  { number, environment, name, at }: ResolvedProject,
  allowed: readonly Allowance[],
): Objection | undefined {
  const former = projectNameIn(stackTags)
  if (former === undefined || former === name) return undefined
  const what = `Number ${number} in ${environment} belongs to project '${former}', and the manifest says '${name}'.`
  const where = at('name')
  if (allowed.includes('rename')) return { warning: `${what} It is renamed.`, refusal: undefined, where }
  return {
    where,
    warning: `${what} Mode apply refuses that unless the input 'allow' contains 'rename'.`,
    refusal: new UserError({
      what,
      why: `The Azure resources of '${former}', data included, would become those of '${name}'.`,
      fix: `If this is another project, give it a number that no project has ever had. If '${former}' was only renamed, allow it. ${howToAllow('rename', 'Deliver')}`,
    }),
  }
}
