import type { RolePermissions } from '../role-permissions.ts'
import { includes, type Right } from './granted-rights.ts'

/** A built-in role, as Azure lists it. */
export interface RoleDefinition {
  readonly name: string
  readonly permissions: readonly RolePermissions[]
  /** Does the role itself hold only under a condition? */
  readonly isConditional: boolean
}

/**
 * The role that allows all of these and the least besides. A role that may also assign roles is never the smallest for
 * anything but role assignments. Undefined when no role alone is enough.
 */
export function smallestRole(
  definitions: readonly RoleDefinition[],
  needed: readonly Omit<Right, 'scope'>[],
): RoleDefinition | undefined {
  const assigning = { action: 'Microsoft.Authorization/roleAssignments/write', plane: 'control' } as const
  const mayAssign = needed.some(({ action }) =>
    /^Microsoft\.Authorization\/roleAssignments\/(?:write|delete)$/i.test(action),
  )
  const [smallest] = definitions
    .filter(
      ({ isConditional, permissions }) =>
        !isConditional &&
        needed.every((right) => includes(permissions, right)) &&
        (mayAssign || !includes(permissions, assigning)),
    )
    .toSorted((a, b) => breadth(a) - breadth(b) || a.name.localeCompare(b.name, 'en'))
  return smallest
}

/** How much a role allows: the fewer segments a pattern has before its star, the more. What is excepted counts a little. */
const breadth = ({ permissions }: RoleDefinition): number =>
  permissions.reduce(
    (sum, { actions, dataActions, notActions, notDataActions }) =>
      sum +
      [...actions, ...dataActions].reduce((total, pattern) => total + width(pattern), 0) -
      [...notActions, ...notDataActions].length,
    0,
  )

function width(pattern: string): number {
  const star = pattern.indexOf('*')
  if (star < 0) return 1
  const segments = pattern.slice(0, star).split('/').length - 1
  const all = [1_000_000, 10_000, 1_000][segments] ?? 100
  return /\/read$/i.test(pattern) ? all / 10 : all
}
