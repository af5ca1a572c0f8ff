import { commonStack } from '../../area/common-stacks.ts'
import { guardGroup } from '../../stack/guard-group.ts'
import { stacksOf } from '../../stacks.ts'
import { readExisting } from '../existing.ts'
import { type Finding, faultOf } from '../finding.ts'
import { readStack } from '../present-stack.ts'
import type { CommonSituation } from './situation.ts'

/** Is the resource group of the common area this factory's, and in its region? */
export async function checkCommonGroup({
  area,
  arm,
  resources,
}: CommonSituation): Promise<readonly Finding[]> {
  const target = commonStack(area, 'network')
  const [{ group }, stack] = await Promise.all([
    readExisting(resources, target.resourceGroupId),
    readStack(arm, `${stacksOf(area.factory.subscriptionId)}/${target.name}`),
  ])
  const objection = guardGroup(group, stack?.resourceIds ?? [], target)
  return objection?.refusal === undefined ? [] : [{ where: objection.where, ...faultOf(objection.refusal) }]
}
