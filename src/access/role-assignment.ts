import { guidOf } from '../guid.ts'
import type { Change, ChangeKind } from '../plan/model.ts'
import { lastSegment, normalId, sameText } from '../resource-id.ts'
import type { DesiredAssignment } from './model.ts'

/** What makes a role assignment the one it is: a second one with the same three is refused. */
export interface AssignmentTuple {
  readonly scope: string
  /** Object id. */
  readonly principalId: string
  /** The role definition's id, or its last segment. */
  readonly roleDefinitionId: string
}

/**
 * The tuple as one text, equal for equal assignments: ids compare without regard to case, a scope has no slash at its
 * end, and the same built-in role has a different prefix in every subscription.
 */
export function tupleOf({ scope, principalId, roleDefinitionId }: AssignmentTuple): string {
  const role = lastSegment(roleDefinitionId)
  return [normalId(scope), principalId.trim(), role].join('|').toLowerCase()
}

/** The GUID an assignment is created under: always the same for the same tuple, so that repeating it changes nothing. */
export const assignmentName = (tuple: AssignmentTuple): string => guidOf(tupleOf(tuple))

/** What is written on an assignment, so that people see where it comes from and it is found again as this project's. */
export const assignmentDescription = (role: string, principalName: string): string =>
  `${role} for ${principalName}, by the AI factory`

/** What a description says that was written here: the role, and whom it is for. */
export const describedAssignment = (
  description: string,
): { readonly role: string; readonly principalName: string } | undefined => {
  const [, role, principalName] = /^(.+) for (\S+), by the AI factory$/.exec(description) ?? []
  return role === undefined || principalName === undefined ? undefined : { role, principalName }
}

/** Does an assignment have the name under which it would be created here? Nobody chooses such a name by chance. */
export const hasOwnName = ({ id, ...tuple }: AssignmentTuple & { readonly id: string }): boolean =>
  sameText(lastSegment(id), assignmentName(tuple))

/** An assignment in a plan. */
export const assignmentChange = (
  change: ChangeKind,
  {
    role,
    principalName,
    scope,
  }: Pick<DesiredAssignment, 'principalName' | 'scope'> & { readonly role: string },
): Change => ({ change, kind: 'role assignment', name: `${role} for ${principalName}`, scope })
