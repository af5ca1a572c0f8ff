import { UserError } from '../../diagnostics/user-error.ts'
import type { ProjectSubnets } from '../network/project-subnets.ts'

type Missing = Pick<ProjectSubnets, 'missing'>

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')
const doNotExist = ({ missing }: Missing): string =>
  `${missing.length === 1 ? 'Subnet' : 'Subnets'} ${listed(missing)} ${missing.length === 1 ? 'does' : 'do'} not exist yet.`

/**
 * A deployment only refers to subnets.
 * @throws UserError when there are subnets that do not exist
 */
export function refuseMissing(found: Missing): void {
  if (found.missing.length === 0) return
  throw new UserError({
    what: doNotExist(found),
    why: 'The resources of a project are deployed into its subnets, which ip-calc creates before that. Nothing was changed.',
    fix: 'Run ip-calc with mode reserve for this project and environment first, then run this again.',
  })
}

/** What a plan cannot know while subnets are missing. */
export const missingWarnings = (found: Missing): readonly string[] =>
  found.missing.length === 0
    ? []
    : [
        `${doNotExist(found)} ip-calc creates ${found.missing.length === 1 ? 'it' : 'them'} in mode reserve. Until then only the template is checked: what a resource provider would refuse is unknown.`,
      ]
