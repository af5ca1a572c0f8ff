import { unlessForbidden } from '../../../azure/failure.ts'
import { UserError } from '../../../diagnostics/user-error.ts'
import type { CreateStep } from '../../../network/reserve.ts'
import type { Finding } from '../finding.ts'
import { judgePolicies } from '../policies.ts'
import { adviceFor } from '../policy-advice.ts'
import type { Validation } from '../validation.ts'
import type { CommonSituation } from './situation.ts'

/** Azure cannot validate templates whose resource group, or whose VNet, is still to come: the plan asks what it can. */
const notValidated: Validation = {
  refusals: [],
  notAsked:
    'Its rule is not simple. What is in the templates Azure judges when they are planned, what is not when it is created.',
  lacksSubnets: false,
}

/** Does a policy deny something that the delivery of the common area writes? */
export async function checkCommonPolicies(situation: CommonSituation): Promise<readonly Finding[]> {
  const { area, session, written } = situation
  const { factory } = area
  return judgePolicies({
    session,
    subscriptionId: factory.subscriptionId,
    resources: written,
    beside: { network: await subnetsToCome(situation), hasGroup: true, later: [] },
    validation: notValidated,
    advice: (policy, denied) =>
      adviceFor(policy, denied, {
        factory,
        otherwise: () => ({
          fix: "Comply with it by the options of the part under 'common' in factory.yml or by accessMode, switch the part off, or bring your own by its 'id'",
          where: factory.commonAt(''),
        }),
      }),
  })
}

/** How the common subnets that are to come are created; undefined when that cannot be known: the check of the network says why. */
async function subnetsToCome({ subnets }: CommonSituation): Promise<readonly CreateStep[] | undefined> {
  try {
    const plan = await unlessForbidden(subnets.plan, undefined)
    return plan?.steps.flatMap((step) => ('body' in step ? [step] : []))
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
