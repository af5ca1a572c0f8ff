import { type AssignAccessOptions, assignAccess } from '../access/assign-access.ts'
import { assignCoreTeam, type CoreTeamOptions } from '../access/assign-core-team.ts'
import type { Operation } from '../operation.ts'

/** What the action add-member is asked to do: about the people of a project, or about the core team of an environment. */
export type MemberOptions = AssignAccessOptions | CoreTeamOptions

/** The operation that a mode of the action add-member stands for. */
export const manageMembers: Operation<MemberOptions> = async (options, context) => {
  switch (options.mode) {
    case 'plan':
    case 'apply':
      return assignAccess(options, context)
    case 'plan-core':
    case 'core':
      return assignCoreTeam(options, context)
  }
}
