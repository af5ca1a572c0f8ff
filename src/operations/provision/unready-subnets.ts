import { UserError } from '../../diagnostics/user-error.ts'
import type { ProjectSubnets } from '../network/project-subnets.ts'

/** The project's subnets, as far as it matters whether ip-calc has something to do. */
type Found = Pick<ProjectSubnets, 'missing' | 'existing'>

/** Names of subnets that cannot be used yet, and why. */
interface Unready {
  /** A sentence. */
  readonly what: string
  /** Does a service refuse to be deployed? */
  readonly blocks: boolean
}

const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

function unready({ missing, existing }: Found): readonly Unready[] {
  const absent =
    missing.length === 0
      ? []
      : [
          {
            what: `${missing.length === 1 ? 'Subnet' : 'Subnets'} ${listed(missing)} ${missing.length === 1 ? 'does' : 'do'} not exist yet.`,
            blocks: true,
          },
        ]
  const incomplete = existing
    .filter(({ changes }) => changes.length > 0)
    .map(({ name, changes }) => {
      const paths = [...new Set(changes.map(({ path }) => path))]
      return {
        what: `Subnet '${name}' lacks what is wanted of it: ${paths.join(', ')}.`,
        blocks: paths.includes('delegation'),
      }
    })
  return [...absent, ...incomplete]
}

/**
 * A deployment only refers to subnets.
 * @throws UserError when there are subnets that do not exist, or lack what a service demands
 */
export function refuseUnready(found: Found): void {
  const blocking = unready(found).filter(({ blocks }) => blocks)
  if (blocking.length === 0) return
  throw new UserError({
    what: blocking.map(({ what }) => what).join(' '),
    why: 'The resources of a project are deployed into its subnets, which ip-calc alone creates and changes. Nothing was changed.',
    fix: 'Run ip-calc with mode reserve for this project and environment first, then run this again.',
  })
}

/** What a reader of a plan should know of subnets that are not ready. */
export function unreadyWarnings(found: Found): readonly string[] {
  const sentences = unready(found).map(({ what }) => `${what} ip-calc sees to it in mode reserve.`)
  return found.missing.length === 0
    ? sentences
    : [
        ...sentences,
        'Until all subnets exist only the template is checked: what a resource provider would refuse is unknown.',
      ]
}
