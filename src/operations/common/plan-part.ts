import type { Resources } from '../../azure/resources.ts'
import type { CommonStack } from '../../catalog/common/types.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import {
  hasSettingsOfOthers,
  type LiveProperties,
  settingsThatStay,
  withSettingsOfOthers,
} from '../../compose/settings-of-others.ts'
import { writtenResources } from '../../compose/template-summary.ts'
import type { JsonObject } from '../../json.ts'
import type { Allowance } from '../../vocabulary.ts'
import { commonStack } from '../area/common-stacks.ts'
import { takeOverObjection } from '../area/take-over.ts'
import type { OperationContext } from '../operation.ts'
import { readCutOff, withNewEndpoints } from '../stack/cut-off.ts'
import { type ApplicablePlan, planRecovering } from '../stack/plan-recovering.ts'
import { stackRequest } from '../stack/plan-stack.ts'
import { type Retiring, readRetiring } from '../stack/retire.ts'
import { fitZoneGroups, type ZonedTemplate } from '../stack/zoned-template.ts'
import type { StackTarget } from '../stack-target.ts'
import { together } from '../together.ts'
import type { CommonServices } from './common-services.ts'

/**
 * How much Azure can say of a template yet. `nothing`: its providers are not registered, or its resource group is not there.
 * `template`: what it refers to is still to come.
 */
export type Answerable = 'nothing' | 'template' | 'everything'

/** One of the two stacks of a common area, compared with what is there. */
export interface PlannedPart {
  readonly target: StackTarget
  readonly template: ZonedTemplate
  readonly plan: ApplicablePlan
  readonly retiring: Retiring
  readonly answerable: Answerable
  /** Plans the stack again when its turn comes, when Azure can say everything of it. */
  readonly again: () => Promise<ApplicablePlan>
}

/** What a part is planned from. */
interface PartSource {
  readonly area: CommonArea
  readonly which: CommonStack
  readonly template: ZonedTemplate
  readonly answerable: Answerable
  readonly allowed: readonly Allowance[]
  /** Does an identity plan that may write nothing? */
  readonly onlyLooks: boolean
  readonly services: CommonServices
}

/** Why Azure does not validate what is planned. */
const reasons: Readonly<Record<Exclude<Answerable, 'everything'>, string>> = {
  nothing: 'what it needs is not there yet.',
  template: 'what it refers to does not exist yet.',
}

/** Compares one of the stacks with what is there. Changes nothing. */
export async function planPart(source: PartSource, context: OperationContext): Promise<PlannedPart> {
  const { area, which, answerable, allowed, services } = source
  const target = commonStack(area, which)
  const { stacks, resources, session } = services
  const { template, warnings } = await fitZoneGroups(
    source.template,
    target,
    resources,
    async () => (await stacks.readSettled(target.name))?.resourceIds ?? [],
  )
  const [cutOff, takeOver] = await together(
    readCutOff(target, template.resourceIds, resources),
    takeOverObjection({ area, which, template: template.template, allowed }, services),
  )
  const planAs = async (asking: Answerable): Promise<ApplicablePlan> => {
    const request = stackRequest(target, template)
    const live = await readLive(request.template, area, resources)
    const planned = await planRecovering(
      stacks,
      {
        target,
        template,
        request: {
          ...request,
          template: withSettingsOfOthers(request.template, target.resourceGroupId, live),
          ...(source.onlyLooks && { validationLevel: 'ProviderNoRbac' as const }),
          ...(asking !== 'everything' && { validationLevel: 'Template' as const }),
        },
        allowed,
        warnings: [
          ...warnings,
          ...cutOff.warnings,
          ...(takeOver === undefined ? [] : [takeOver.warning]),
          ...settingsThatStay(request.template, area.factory.subscriptionId, live),
        ],
        resources,
        session,
        ...(asking !== 'everything' && { unvalidated: reasons[asking] }),
        unasked: asking === 'nothing',
      },
      context,
    )
    return withNewEndpoints(planned, cutOff, resources)
  }
  const planned = await planAs(answerable)
  const plan = { ...planned, refusal: planned.refusal ?? takeOver?.refusal }
  const going = { target, changes: plan.plan.changes, wanted: template.resourceIds, allowed }
  return {
    target,
    template,
    plan,
    retiring: await readRetiring(going, services),
    answerable,
    again: () => planAs('everything'),
  }
}

/** What is there of the resources on which others may have set something. */
async function readLive(
  template: JsonObject,
  { factory }: CommonArea,
  resources: Pick<Resources, 'read'>,
): Promise<LiveProperties> {
  const found = await together(
    ...writtenResources(template, factory.subscriptionId).map(async ({ id, type }) =>
      hasSettingsOfOthers(type) ? await resources.read(id, apiVersions[type]) : undefined,
    ),
  )
  return new Map(
    found.flatMap((one) => (one === undefined ? [] : [[one.id.toLowerCase(), one.properties] as const])),
  )
}
