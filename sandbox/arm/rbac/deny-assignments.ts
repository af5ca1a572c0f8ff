import {
  type Caller,
  type DenyAssignment,
  type DenyAssignments,
  type Directory,
  denialName,
  type Principal,
} from '../../contracts.ts'
import { guidOf } from '../json.ts'
import type { ArmState } from '../state.ts'
import { grants } from './grants.ts'
import { rightName } from './role.ts'

/** Everybody, as deny assignments name them. */
const everybody = { id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' } as const

/** The deny assignments that deployment stacks make; nobody else makes any. */
export function createDenyAssignments(state: ArmState): DenyAssignments {
  return {
    replace: (stackId, wanted) => {
      for (const [key, { stack }] of Object.entries(state.denyAssignments))
        if (stack.toLowerCase() === stackId.toLowerCase()) delete state.denyAssignments[key]
      for (const denial of wanted) {
        const name = guidOf(`${stackId}#${denial.scope}`.toLowerCase())
        const id = `${denial.scope}/providers/Microsoft.Authorization/denyAssignments/${name}`
        state.denyAssignments[id.toLowerCase()] = { ...denial, id, name, stack: stackId }
      }
    },
  }
}

/**
 * The deny assignment that keeps a caller from an action, when there is one. A stack is not held back by its own.
 * https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
 */
export function denialOf(
  state: ArmState,
  directory: Directory,
  caller: Caller,
  scope: string,
  action: string,
): DenyAssignment | undefined {
  const all = Object.values(state.denyAssignments)
  if (all.length === 0) return undefined
  const own = caller.stack?.toLowerCase()
  const principals = [caller.objectId, ...directory.groupsOf(caller.objectId)].map((id) => id.toLowerCase())
  return all.find(
    (denial) =>
      denial.stack.toLowerCase() !== own &&
      covers(denial, scope) &&
      grants(denial.actions, denial.notActions, rightName(action)) &&
      !denial.excludedPrincipals.some((id) => principals.includes(id.toLowerCase())),
  )
}

function covers(denial: DenyAssignment, scope: string): boolean {
  const [own, asked] = [denial.scope.toLowerCase(), scope.toLowerCase()]
  return asked === own || (denial.applyToChildScopes && asked.startsWith(`${own}/`))
}

/** The type of a principal, as far as the directory has it. */
function typeOf(id: string, directory: Directory): { readonly type?: Principal['kind'] } {
  const kind = directory.find(id)?.kind
  return kind === undefined ? {} : { type: kind }
}

/** A deny assignment, as it is shown. */
export const denialBody = (denial: DenyAssignment, directory: Directory): object => ({
  id: denial.id,
  name: denial.name,
  type: 'Microsoft.Authorization/denyAssignments',
  properties: {
    denyAssignmentName: denialName(denial),
    description: null,
    permissions: [
      { actions: denial.actions, notActions: denial.notActions, dataActions: [], notDataActions: [] },
    ],
    scope: denial.scope,
    doNotApplyToChildScopes: !denial.applyToChildScopes,
    principals: [everybody],
    excludePrincipals: denial.excludedPrincipals.map((id) => ({ id, ...typeOf(id, directory) })),
    isSystemProtected: true,
  },
})
