import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { openResources } from '../../azure/resources.ts'
import { openRoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import type { Outcome, Plan } from '../../plan/model.ts'
import { FailureWithReport, planReport, type Report } from '../../plan/report.ts'
import { assignmentsOutput, rolesTable } from '../access/access-report.ts'
import { applySteps } from '../apply-steps.ts'
import { checkDelivery } from '../check/check-delivery.ts'
import { connect } from '../connect.ts'
import { destroyProject } from '../destroy/destroy-project.ts'
import { findProjectSubnets } from '../network/project-subnets.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { NewestTarget } from '../newest/standing.ts'
import type { Operation } from '../operation.ts'
import { askedFor } from '../orphan.ts'
import { readProject } from '../project.ts'
import { reportDelivery } from '../report/report-delivery.ts'
import { together } from '../together.ts'
import type { Delivery, ProvisionServices } from './phase.ts'
import { deliverySteps } from './phases.ts'
import { planDelivery, refusalOf, wholePlan } from './plan-delivery.ts'
import { stackRequest } from './plan-stack.ts'
import { readUsage, withUsage } from './plan-usage.ts'
import { renderTemplate } from './render-template.ts'
import { readSubnets } from './subnets-input.ts'
import { composeTemplate, leavingZoneGroups, type ProjectTemplate } from './template.ts'
import { refuseUnready, unreadyWarnings } from './unready-subnets.ts'
import { findGroupsOfOthers } from './zone-groups.ts'

/** What {@link provisionProject} is asked to do. */
export interface ProvisionOptions extends NewestTarget {
  /**
   * `render` calls nothing and writes the template, `report` calls nothing and shows what earlier steps did, `check` and
   * `plan` change nothing.
   */
  readonly mode: 'render' | 'check' | 'plan' | 'apply' | 'destroy' | 'report'
  /** JSON as ip-calc writes it, not parsed yet; undefined to read the subnets from the VNet. */
  readonly subnets: string | undefined
  /** The project's number, without which `destroy` only shows its plan. */
  readonly confirm: string | undefined
  /** How many minutes `destroy` waits for Azure to let go of subnets. */
  readonly waitMinutes: number
}

/**
 * Provisions a project: its identities with their roles, its resources as a deployment stack, and what can only come after
 * them; or renders its template.
 */
const provision: Operation<ProvisionOptions> = async (options, context) => {
  if (options.mode === 'check') return checkDelivery(options, context)
  if (options.mode === 'destroy') return destroyProject(options, context)
  if (options.mode === 'report') return reportDelivery(options, context)
  if (options.mode === 'render') return renderTemplate(options, readProject(options))
  const target = await askedFor(options, context)
  const { factory } = target.project
  const session = await connect(factory, options, context)
  const found = await findProjectSubnets(session, target, {
    ...(options.subnets !== undefined && { given: readSubnets(options.subnets, target) }),
    changing: options.mode === 'apply',
  })
  if (options.mode === 'apply') refuseUnready(found)
  const services = await openServices(session, factory)
  const composed = composeTemplate(options, target, found.subnets)
  const others = await findGroupsOfOthers(
    factory.dns.mode === 'policy' ? [] : composed.zoneGroups,
    target.ids.resourceGroup,
    services.resources,
  )
  const warnings = [...target.warnings, ...found.warnings, ...unreadyWarnings(found), ...others.warnings]
  const template = leavingZoneGroups(composed, others.endpointIds, target)
  const request = {
    ...stackRequest(target, template),
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
  await applySteps(deliverySteps(delivery), context.info, () => report(delivery, plan, 'failed'))
  return report(delivery, plan, 'applied')
}

/** The same, unless the default branch has newer documents. Rendering a template or a report calls nothing. */
export const provisionProject = newestOnly<ProvisionOptions>((options) => {
  const { mode, confirm } = options
  if (mode === 'render' || mode === 'report') return undefined
  return { target: options, changing: mode === 'apply' || (mode === 'destroy' && confirm !== undefined) }
}, provision)

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
async function withTemplate<T>({ file }: ProjectTemplate, work: () => Promise<T>): Promise<T> {
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
  const { target, template, stackPlan, desiredRoles } = delivery
  const { project, names } = target
  return planReport({
    title: `Project ${project.number} in ${project.environment}: resources`,
    plan,
    outcome,
    details: rolesTable(desiredRoles),
    outputs: {
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(template.resourceIds),
      assignments: assignmentsOutput(desiredRoles),
      'what-if': stackPlan.whatIf,
    },
    files: { 'template-file': template.file },
  })
}
