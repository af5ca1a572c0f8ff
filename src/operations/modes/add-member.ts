import { type AssignAccessOptions, assignAccess } from '../access/assign-access.ts'
import { assignCoreTeam, type CoreTeamOptions } from '../access/assign-core-team.ts'
import { type OffboardOptions, offboard } from '../access/offboard/offboard.ts'
import { type AuditOptions, auditAccess } from '../audit/audit.ts'
import type { Operation } from '../operation.ts'

/** What the action add-member is asked to do: about the people of a project, about the core team of an environment, about people who leave, or about access that should not be. */
export type MemberOptions = AssignAccessOptions | CoreTeamOptions | OffboardOptions | AuditOptions

/** The operation that a mode of the action add-member stands for. */
export const manageMembers: Operation<MemberOptions> = async (options, context) => {
  switch (options.mode) {
    case 'plan':
    case 'apply':
      return assignAccess(options, context)
    case 'plan-core':
    case 'core':
      return assignCoreTeam(options, context)
    case 'plan-offboard':
    case 'offboard':
      return offboard(options, context)
    case 'audit':
      return auditAccess(options, context)
  }
}
