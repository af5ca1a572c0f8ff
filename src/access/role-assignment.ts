import { createHash } from 'node:crypto'
import { lastSegment, normalId, sameText } from '../resource-id.ts'

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
export function assignmentName(tuple: AssignmentTuple): string {
  const bytes = createHash('sha256').update(tupleOf(tuple)).digest().subarray(0, 16)
  // Version and variant of a name-based UUID, RFC 9562, 5.5.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const digits = bytes.toString('hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-')
}

/** What is written on an assignment, so that people see where it comes from and it is found again as this project's. */
export const assignmentDescription = (role: string, principalName: string): string =>
  `${role} for ${principalName}, by the AI factory`

/** Does an assignment have the name under which it would be created here? Nobody chooses such a name by chance. */
export const hasOwnName = ({ id, ...tuple }: AssignmentTuple & { readonly id: string }): boolean =>
  sameText(lastSegment(id), assignmentName(tuple))
