import { openDeploymentStacks } from '../../../azure/deployment-stacks.ts'
import { earlierAreas } from '../../area/moved-area.ts'
import { type Finding, faultOf } from '../finding.ts'
import type { CommonSituation } from './situation.ts'

/** Has the environment a common area under other names, or does factory.yml name as bring your own what this factory made? */
export async function checkEarlierAreas({
  area,
  session,
  resources,
}: CommonSituation): Promise<readonly Finding[]> {
  const stacks = await openDeploymentStacks(session, area.factory.subscriptionId)
  const { refusals, warnings } = await earlierAreas(area, { stacks, resources })
  return [...refusals.map(faultOf), ...warnings.map((what): Finding => ({ severity: 'warning', what }))]
}
