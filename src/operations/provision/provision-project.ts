import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { hasChanges, type Outcome } from '../../plan/model.ts'
import { FailureWithReport, planReport, type Report } from '../../plan/report.ts'
import { countSentence } from '../../plan/summary.ts'
import { applySteps, type Step } from '../apply-steps.ts'
import { checkDelivery } from '../check/check-delivery.ts'
import { connect } from '../connect.ts'
import { destroyProject } from '../destroy/destroy-project.ts'
import { findProjectSubnets } from '../network/project-subnets.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { NewestTarget } from '../newest/standing.ts'
import type { Operation } from '../operation.ts'
import { type ProjectInEnvironment, readProject } from '../project.ts'
import { reportDelivery } from '../report/report-delivery.ts'
import { handOverStep } from './hand-over.ts'
import { planStack, type StackPlan, stackRequest } from './plan-stack.ts'
import { withUsage } from './plan-usage.ts'
import { renderTemplate } from './render-template.ts'
import { readSubnets } from './subnets-input.ts'
import { composeTemplate, type ProjectTemplate } from './template.ts'
import { refuseUnready, unreadyWarnings } from './unready-subnets.ts'

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

/** Deploys the resources of a project as a deployment stack, or renders its template. */
const provision: Operation<ProvisionOptions> = async (options, context) => {
  if (options.mode === 'check') return checkDelivery(options, context)
  if (options.mode === 'destroy') return destroyProject(options, context)
  if (options.mode === 'report') return reportDelivery(options, context)
  const target = readProject(options)
  if (options.mode === 'render') return renderTemplate(options, target)
  const { factory } = target.project
  const session = await connect(factory, options.azureCloud, context)
  const found = await findProjectSubnets(session, target, {
    ...(options.subnets !== undefined && { given: readSubnets(options.subnets, target) }),
    changing: options.mode === 'apply',
  })
  if (options.mode === 'apply') refuseUnready(found)
  const warnings = [...target.warnings, ...found.warnings, ...unreadyWarnings(found)]
  const template = composeTemplate(options, target, found.subnets)
  const request = {
    ...stackRequest(target, template),
    // Providers refuse a reference to a subnet that is still to come.
    ...(found.missing.length > 0 && { validationLevel: 'Template' as const }),
  }
  const stacks = await openDeploymentStacks(session, factory.subscriptionId)
  const planned = await withTemplate(template, () =>
    planStack(stacks, { target, template, request, allowed: options.allowed, warnings }, context),
  )

  const { plan, refusal } = planned
  const findings = { target, template, planned }
  if (options.mode === 'plan') {
    const shown = await withUsage(plan, session, target, found)
    return report({ ...findings, planned: { ...planned, plan: shown } }, 'planned')
  }
  if (refusal !== undefined) throw new FailureWithReport(refusal, report(findings, 'refused'))
  const name = `Deploy ${target.names.project.resourceGroup}: ${countSentence(plan, 'planned')}`
  const deploy: Step = {
    name,
    apply: async () => {
      await stacks.apply(request)
    },
  }
  const handOver = planned.letGo.length > 0 ? [handOverStep(stacks, { request, letGo: planned.letGo })] : []
  const steps = hasChanges(plan) ? [...handOver, deploy] : []
  await applySteps(steps, context.info, () => report(findings, 'failed'))
  return report(findings, 'applied')
}

/** The same, unless the default branch has newer documents. Rendering a template or a report calls nothing. */
export const provisionProject = newestOnly<ProvisionOptions>((options) => {
  const { mode, confirm } = options
  if (mode === 'render' || mode === 'report') return undefined
  return { target: options, changing: mode === 'apply' || (mode === 'destroy' && confirm !== undefined) }
}, provision)

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

interface Findings {
  readonly target: ProjectInEnvironment
  readonly template: ProjectTemplate
  readonly planned: StackPlan
}

const report = (
  { target: { project, names }, template: { file, resourceIds }, planned: { plan, whatIf } }: Findings,
  outcome: Outcome,
): Report =>
  planReport({
    title: `Project ${project.number} in ${project.environment}: resources`,
    plan,
    outcome,
    outputs: {
      'resource-group': names.project.resourceGroup,
      resources: JSON.stringify(resourceIds),
      'what-if': whatIf,
    },
    files: { 'template-file': file },
  })
