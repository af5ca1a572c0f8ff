import type { Session } from '../../azure/session.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { countChanges, hasChanges, type Outcome, type Plan } from '../../plan/model.ts'
import { FailureWithReport, planReport, type Report } from '../../plan/report.ts'
import type { Allowance } from '../../vocabulary.ts'
import { applySteps } from '../apply-steps.ts'
import { type CommonTemplates, commonTemplates } from '../area/common-templates.ts'
import { earlierAreas } from '../area/moved-area.ts'
import { type CheckedCommonArea, checkCommonArea } from '../check/common/check-common.ts'
import { readCommonArea } from '../common-area.ts'
import { connect } from '../connect.ts'
import { onlyLooks } from '../delivering-client-id.ts'
import { liveArea } from '../live-area.ts'
import type { Operation, OperationContext } from '../operation.ts'
import { type FactoryTarget, readFactory } from '../project.ts'
import { refuseLackingRights } from '../rights-guard.ts'
import { openCommonServices } from './common-services.ts'
import { commonSteps } from './common-steps.ts'
import { type AreaOverview, areaOverview, overviewMarkdown } from './overview.ts'
import { type CommonDelivery, planCommonArea, refusalOf, wholePlan } from './plan-common.ts'
import { projectCapacity, shortageWarnings } from './project-capacity.ts'

/** What {@link provisionCommonArea} is asked to do. */
export interface CommonOptions extends FactoryTarget {
  /** `plan` changes nothing. */
  readonly mode: 'plan' | 'apply'
  readonly allowed: readonly Allowance[]
}

/**
 * Provisions the common area of an environment: its resource group and network as a deployment stack, the common subnets,
 * and all that is in them as another. One plan shows all of it.
 */
export const provisionCommonArea: Operation<CommonOptions> = async (options, context) => {
  const written = readCommonArea(options)
  const session = await connect(written.factory, options, context)
  const services = await openCommonServices(session, written, context.info)
  const earlier = await earlierAreas(written, services)
  if (earlier.refusals[0] !== undefined) throw earlier.refusals[0]
  const area = await liveArea(written, services.resources)
  const { needed, faults } = await checkBefore(session, area, options, context)
  const templates = commonTemplates(area, options.azureCloud)
  const looking = onlyLooks(area.factory, options)
  const delivery = await withTemplates(templates, () =>
    planCommonArea({ area, templates, services, allowed: options.allowed, onlyLooks: looking }, context),
  )
  const whole = wholePlan(delivery, context.action)
  const capacity = await projectCapacity(readFactory(options), delivery, whole.changes)
  const warnings = [
    ...faults.map((fault) => `${fault} Mode apply refuses that.`),
    ...earlier.warnings,
    ...shortageWarnings(capacity, area.factory.environment),
    ...whole.warnings,
  ]
  const plan = { ...whole, warnings }
  const reportAs = (outcome: Outcome): Report =>
    report(delivery, { ...plan, usage: capacity.usage }, outcome, areaOverview(delivery, capacity))

  if (options.mode === 'plan') return reportAs('planned')
  const refusal = refusalOf(delivery)
  if (refusal !== undefined) throw new FailureWithReport(refusal, reportAs('refused'))
  await refuseLackingRights(session, hasChanges(plan) ? needed : [])
  await applySteps(commonSteps(delivery, context.info), context.info, () => reportAs('failed'))
  return reportAs('applied')
}

/**
 * What a check of the common area calls a fault is refused before the first write, and a plan warns of it: Azure judges what
 * comes late only at its turn, when the network is there already.
 */
async function checkBefore(
  session: Session,
  area: CommonArea,
  options: CommonOptions,
  context: OperationContext,
): Promise<CheckedCommonArea> {
  const checked = await checkCommonArea(session, area, options, context, options.mode)
  const { refusal, report } = checked
  if (options.mode === 'apply' && refusal !== undefined) throw new FailureWithReport(refusal, report)
  return checked
}

/** When Azure refuses a template, the run still publishes both. */
async function withTemplates<T>(templates: CommonTemplates, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new FailureWithReport(error, {
      outcome: 'failed',
      outputs: {},
      files: { 'network-template-file': templates.network.file, 'template-file': templates.common.file },
    })
  }
}

/** Of a common area that is all new, but for what set-up made, its parts say more than its rows. */
function isNew(plan: Plan): boolean {
  const { create, keep, modify, delete: remove, detach } = countChanges(plan)
  return create > keep && modify + remove + detach === 0
}

function report(delivery: CommonDelivery, plan: Plan, outcome: Outcome, overview: AreaOverview): Report {
  const { area, network, common, remarks } = delivery
  const whatIfs = [network, common].flatMap((part): unknown[] => JSON.parse(part.plan.whatIf))
  const parts = overviewMarkdown(overview)
  return planReport({
    title: `Common area of ${area.factory.environment}`,
    plan: { ...plan, warnings: [...new Set([...remarks, ...plan.warnings])] },
    outcome,
    unchanged: 'No changes. Everything is as factory.yml says.',
    ...(isNew(plan) ? { lead: `${parts}\n\n### Changes` } : { details: parts }),
    outputs: {
      'resource-group': area.names.resourceGroup,
      resources: JSON.stringify([...network.template.resourceIds, ...common.template.resourceIds]),
      overview: JSON.stringify(overview),
      'what-if': JSON.stringify(whatIfs),
    },
    files: { 'network-template-file': network.template.file, 'template-file': common.template.file },
  })
}
