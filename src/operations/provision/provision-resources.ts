import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { openResources } from '../../azure/resources.ts'
import { openRoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import type { Outcome, Plan } from '../../plan/model.ts'
import { FailureWithReport, planReport, type Report } from '../../plan/report.ts'
import { assignmentsOutput, rolesTable } from '../access/access-report.ts'
import { assignmentsNote } from '../access/assignment-count.ts'
import { applySteps } from '../apply-steps.ts'
import { connect } from '../connect.ts'
import { definedRolesWarnings } from '../defined-roles.ts'
import { onlyLooks } from '../delivering-client-id.ts'
import { liveProject } from '../live-project.ts'
import { findProjectSubnets } from '../network/project-subnets.ts'
import type { NewestTarget } from '../newest/standing.ts'
import type { Operation } from '../operation.ts'
import { askedFor } from '../orphan.ts'
import { neededBy, refuseLackingRights } from '../rights-guard.ts'
import { stackRequest } from '../stack/plan-stack.ts'
import { readAhead } from '../stack/zone-groups.ts'
import { fitZoneGroups, type ZonedTemplate } from '../stack/zoned-template.ts'
import { together } from '../together.ts'
import type { Delivery, ProvisionServices } from './phase.ts'
import { deliverySteps } from './phases.ts'
import { planDelivery, refusalOf, wholePlan } from './plan-delivery.ts'
import { readUsage, withUsage } from './plan-usage.ts'
import { projectStack } from './project-stack.ts'
import { readSubnets } from './subnets-input.ts'
import { composeTemplate } from './template.ts'
import { refuseUnready, unreadyWarnings } from './unready-subnets.ts'

/** What {@link provisionResources} is asked to do. */
export interface ResourceOptions extends NewestTarget {
  /** `plan` changes nothing. */
  readonly mode: 'plan' | 'apply'
  /** JSON as ip-calc writes it, not parsed yet; undefined to read the subnets from the VNet. */
  readonly subnets: string | undefined
}

/**
 * Provisions a project: its identities with their roles, its resources as a deployment stack, and what can only come after
 * them.
 */
export const provisionResources: Operation<ResourceOptions> = async (options, context) => {
  const described = await askedFor(options, context)
  const { factory } = described.project
  const session = await connect(factory, options, context)
  const services = await openServices(session, factory)
  const [found, target, endpoints] = await together(
    findProjectSubnets(session, described, {
      ...(options.subnets !== undefined && { given: readSubnets(options.subnets, described) }),
      changing: options.mode === 'apply',
    }),
    liveProject(session, described, services.resources),
    readAhead(described.ids.resourceGroup, services.resources),
  )
  if (options.mode === 'apply') refuseUnready(found)
  const composed = composeTemplate(options, target, found.subnets)
  const stack = projectStack(target)
  const { template, warnings: aboutZones } = await fitZoneGroups(
    composed,
    stack,
    endpoints,
    async () => (await services.stacks.readSettled(stack.name))?.resourceIds ?? [],
  )
  const warnings = [
    ...target.warnings,
    ...definedRolesWarnings(target),
    ...found.warnings,
    ...unreadyWarnings(found),
    ...aboutZones,
  ]
  const request = {
    ...stackRequest(stack, template),
    ...(onlyLooks(factory, options) && { validationLevel: 'ProviderNoRbac' as const }),
    // Providers refuse a reference to a subnet that is still to come.
    ...(found.missing.length > 0 && { validationLevel: 'Template' as const }),
  }
  const [delivery, readings] = await together(
    withTemplate(template, () =>
      planDelivery({ target, template, request, services, allowed: options.allowed, warnings }, context),
    ),
    readUsage(session, factory, template.template),
  )
  const plan = withUsage(wholePlan(delivery), target, found, readings)

  if (options.mode === 'plan') return report(delivery, plan, 'planned')
  const refusal = refusalOf(delivery)
  if (refusal !== undefined) throw new FailureWithReport(refusal, report(delivery, plan, 'refused'))
  const steps = deliverySteps(delivery)
  await refuseLackingRights(session, neededBy(steps))
  await applySteps(steps, context.info, () => report(delivery, plan, 'failed'))
  return report(delivery, plan, 'applied')
}

async function openServices(
  session: Session,
  { subscriptionId }: ResolvedFactory,
): Promise<ProvisionServices> {
  const [stacks, resources, roleAssignments] = await Promise.all([
    openDeploymentStacks(session, subscriptionId),
    openResources(session),
    openRoleAssignments(session, subscriptionId),
  ])
  return { stacks, resources, roleAssignments, session }
}

/** When Azure refuses the template, the run still publishes it. */
async function withTemplate<T>({ file }: ZonedTemplate, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new FailureWithReport(error, {
      outcome: 'failed',
      outputs: {},
      files: { 'template-file': file },
    })
  }
}

const report = (delivery: Delivery, plan: Plan, outcome: Outcome): Report => {
  const { target, template, stackPlan, desiredRoles, remarks } = delivery
  const { project, names } = target
  return planReport({
    title: `Project ${project.number} in ${project.environment}: resources`,
    plan: { ...plan, warnings: [...remarks, ...plan.warnings] },
    outcome,
    details: rolesTable(desiredRoles, assignmentsNote(target)),
    outputs: {
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(template.resourceIds),
      assignments: assignmentsOutput(desiredRoles),
      'what-if': stackPlan.whatIf,
    },
    files: { 'template-file': template.file },
  })
}
