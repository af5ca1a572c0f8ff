import { type Arm, openArm } from '../../../azure/arm.ts'
import { openResources, type Resources } from '../../../azure/resources.ts'
import type { Session } from '../../../azure/session.ts'
import type { CommonArea } from '../../../compose/compose-common.ts'
import { type WrittenResource, writtenResources } from '../../../compose/template-summary.ts'
import type { ZoneGroup } from '../../../compose/zone-groups.ts'
import type { Allowance } from '../../../vocabulary.ts'
import { commonTemplates } from '../../area/common-templates.ts'
import { type CommonSubnets, openCommonSubnets } from '../../network/common-subnets.ts'
import { once } from '../../once.ts'
import type { FactoryTarget } from '../../project.ts'
import { type DeliveringIdentity, findDeliveringIdentity } from '../delivering-identity.ts'

/** What is asked to be checked. */
export interface CheckCommonOptions extends FactoryTarget {
  /** What the delivery may do. */
  readonly allowed: readonly Allowance[]
}

/** What all checks look at: the delivery of a common area that has not begun. */
export interface CommonSituation {
  readonly area: CommonArea
  readonly allowed: readonly Allowance[]
  readonly session: Session
  readonly arm: Arm
  readonly resources: Resources
  readonly subnets: CommonSubnets
  /** What both templates hold, the resource group first. */
  readonly written: readonly WrittenResource[]
  /** The DNS zone groups that the private endpoints need, whoever writes them. */
  readonly zoneGroups: readonly ZoneGroup[]
  /** Who delivers; found once. */
  readonly identity: () => Promise<DeliveringIdentity>
}

/** Opens the clients once for all checks, and composes what will be deployed. */
export async function openCommonSituation(
  session: Session,
  area: CommonArea,
  { azureCloud, allowed }: CheckCommonOptions,
  info: (line: string) => void,
): Promise<CommonSituation> {
  const [arm, resources, subnets] = await Promise.all([
    openArm(session),
    openResources(session),
    openCommonSubnets(session, area, info),
  ])
  const { network, common } = commonTemplates(area, azureCloud)
  const written = [network, common].flatMap(({ template }) =>
    writtenResources({ ...template }, area.factory.subscriptionId),
  )
  return {
    ...{ area, allowed, session, arm, resources, subnets, written },
    zoneGroups: common.zoneGroups,
    identity: once(() => findDeliveringIdentity(session, area.factory)),
  }
}
