import type { Right } from '../azure/granted-rights.ts'
import { openPermissions } from '../azure/permissions.ts'
import type { Session } from '../azure/session.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import { UserError } from '../diagnostics/user-error.ts'
import type { Step } from './apply-steps.ts'

const mostNamed = 12

/** What all steps together take. */
export const neededBy = (steps: readonly Step[]): readonly Right[] => steps.flatMap(({ needs = [] }) => needs)

/**
 * The guard of every run that changes something: has the identity all rights that its writes take? Asked before the
 * first of them, so that nothing is left half done. Asks nothing when nothing is to be written.
 * @throws UserError that names each action with its scope
 */
export async function refuseLackingRights(session: Session, needed: readonly Right[]): Promise<void> {
  if (needed.length === 0) return
  const distinct = new Map(
    needed.map((right) => [`${right.plane} ${right.action} ${right.scope}`.toLowerCase(), right]),
  )
  const { judge } = await openPermissions(session)
  // Where it may not see its own rights, Azure decides.
  const { lacking } = await judge([...distinct.values()])
  if (lacking.length === 0) return
  const each = lacking.map(({ action, scope }) => `${action} on ${scope}`)
  throw new UserError({
    what: `Nothing was changed. The identity that is signed in may not do what this run takes: ${enumeration(each, mostNamed)}.`,
    why: 'None of its role assignments there or above allows it, or they were made a few minutes ago.',
    fix: "Assign it a role with these actions there. 'provision-project' with mode check prints roles that give exactly what a delivery takes, with the commands for it.",
    ...(lacking.length > 1 && {
      faults: each.slice(0, mostNamed).map((one) => ({
        what: `The identity may not do ${one}.`,
        fix: 'Assign it a role with this action there.',
      })),
    }),
  })
}
