import { openArm } from '../../azure/arm.ts'
import { openRoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import { networkAccess } from '../../catalog/access-modes.ts'
import { contentsOf } from '../../compose/project-context.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import { writtenResources } from '../../compose/template-summary.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { projectUsage } from '../../network/capacity/project-usage.ts'
import type { Plan } from '../../plan/model.ts'
import type { Usage } from '../../plan/usage.ts'
import { quotaDemands, readModelDemand } from '../model-demand.ts'
import type { ProjectSubnets } from '../network/project-subnets.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** What is read besides the plan. What cannot be read is left out: no delivery waits for it. */
export interface UsageReadings {
  /** How many the subscription has. */
  readonly roleAssignments: number | undefined
  /** The quotas of models. */
  readonly quotas: readonly Usage[]
}

/** Reads how much is used of what a plan itself does not show. */
export async function readUsage(
  session: Session,
  factory: ResolvedFactory,
  template: SubscriptionTemplate,
): Promise<UsageReadings> {
  const [roleAssignments, quotas = []] = await Promise.all([
    ifReadable(() => countAssignments(session, factory)),
    ifReadable(() => readQuotas(session, factory, template)),
  ])
  return { roleAssignments, quotas }
}

/** A plan with how much is used of what there is a limited number of, before and after it. */
export function withUsage(
  plan: Plan,
  { project }: ProjectInEnvironment,
  { network, subnets }: ProjectSubnets,
  { roleAssignments, quotas }: UsageReadings,
): Plan {
  const { accessMode, allowedIps } = project.factory
  const usage = projectUsage({
    network,
    subnets,
    contents: contentsOf(project),
    privateEndpoints: networkAccess(accessMode, allowedIps).privateEndpoints,
    roleAssignments,
    changes: plan.changes,
  })
  return { ...plan, usage: [...usage, ...quotas] }
}

async function ifReadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

async function countAssignments(session: Session, { subscriptionId }: ResolvedFactory): Promise<number> {
  const assignments = await openRoleAssignments(session, subscriptionId)
  return (await assignments.listWithin(`/subscriptions/${subscriptionId}`)).length
}

async function readQuotas(
  session: Session,
  factory: ResolvedFactory,
  template: SubscriptionTemplate,
): Promise<readonly Usage[]> {
  const resources = writtenResources({ ...template }, factory.subscriptionId)
  const source = { session, arm: await openArm(session), factory, resources }
  const demand = await readModelDemand(source, () => Promise.resolve(true))
  if (demand === undefined) return []
  return quotaDemands(demand).flatMap(({ quota, more, usage }) =>
    usage === undefined
      ? []
      : [
          {
            what: `units of the model quota ${quota}`,
            of: demand.location,
            used: usage.used,
            after: usage.used + more,
            limit: usage.limit,
          },
        ],
  )
}
