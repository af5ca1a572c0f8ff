import { openRoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import { networkAccess } from '../../catalog/access-modes.ts'
import { contentsOf } from '../../compose/project-context.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { projectUsage } from '../../network/capacity/project-usage.ts'
import type { Plan } from '../../plan/model.ts'
import type { ProjectSubnets } from '../network/project-subnets.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** A plan with how much is used of what there is a limited number of, before and after it. What cannot be read is left out. */
export async function withUsage(
  plan: Plan,
  session: Session,
  { project }: ProjectInEnvironment,
  { network, subnets }: ProjectSubnets,
): Promise<Plan> {
  const { subscriptionId, accessMode, allowedIps } = project.factory
  const usage = projectUsage({
    network,
    subnets,
    contents: contentsOf(project),
    privateEndpoints: networkAccess(accessMode, allowedIps).privateEndpoints,
    roleAssignments: await countAssignments(session, subscriptionId),
    changes: plan.changes,
  })
  return { ...plan, usage }
}

async function countAssignments(session: Session, subscriptionId: string): Promise<number | undefined> {
  try {
    const assignments = await openRoleAssignments(session, subscriptionId)
    return (await assignments.listWithin(`/subscriptions/${subscriptionId}`)).length
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
