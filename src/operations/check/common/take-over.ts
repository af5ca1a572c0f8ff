import { openDeploymentStacks } from '../../../azure/deployment-stacks.ts'
import { composeCommonArea } from '../../../compose/compose-common.ts'
import { takeOverObjection } from '../../area/take-over.ts'
import { together } from '../../together.ts'
import { type Finding, objectionFinding } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

/** Is there something under the names of the common area that this factory did not make? */
export async function checkTakeOver(situation: CommonSituation): Promise<readonly Finding[]> {
  const { area, allowed, session, resources } = situation
  const stacks = await openDeploymentStacks(session, area.factory.subscriptionId)
  const { network, common } = composeCommonArea(area)
  const objections = await together(
    takeOverObjection({ area, which: 'network', template: network, allowed }, { stacks, resources }),
    takeOverObjection({ area, which: 'common', template: common, allowed }, { stacks, resources }),
  )
  return objections.filter((one) => one !== undefined).map(objectionFinding)
}
