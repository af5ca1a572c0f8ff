import { hasCode } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ReleasePlan, SubnetInUse } from '../../network/release.ts'
import type { ReleasedSubnet, UsedSecurityGroup } from '../../network/release-search.ts'
import { sameText } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'

/** What has been deleted so far, and what turned out to be in use. */
export interface Deleted {
  readonly subnets: ReleasedSubnet[]
  readonly groups: UsedSecurityGroup[]
  readonly inUse: SubnetInUse[]
  /** Network security groups that Azure did not delete, by id, and its refusal. */
  readonly refused: Map<string, string>
}

/** The deletions of a plan. A network security group goes after its subnets, unless one of them turns out to be in use. */
export const releaseSteps = (
  plan: ReleasePlan,
  deleted: Deleted,
  resources: Resources,
  info: (line: string) => void,
): readonly Step[] => [
  ...plan.free.map((subnet) => deleteSubnet(subnet, deleted, resources)),
  ...plan.groups.map((group) => deleteGroup(group, deleted, resources, info)),
]

const deleteSubnet = (subnet: ReleasedSubnet, deleted: Deleted, resources: Resources): Step => ({
  name: `Delete subnet ${subnet.subnet.name}`,
  apply: async () => {
    const refusal = await deleteUnused(subnet.subnet.id, subnetVersion, resources)
    if (refusal === undefined) deleted.subnets.push(subnet)
    else deleted.inUse.push({ ...subnet, usedBy: `something added since the VNet was read: ${refusal}` })
  },
})

const deleteGroup = (
  group: UsedSecurityGroup,
  deleted: Deleted,
  resources: Resources,
  info: (line: string) => void,
): Step => ({
  name: `Delete network security group ${group.name}`,
  isNeeded: () => !deleted.inUse.some(({ subnet }) => group.subnetIds.some((id) => sameText(id, subnet.id))),
  apply: async () => {
    const refusal = await deleteUnused(group.id, groupVersion, resources)
    if (refusal === undefined) {
      deleted.groups.push(group)
      return
    }
    deleted.refused.set(group.id, refusal)
    info(`Network security group ${group.name} is kept: ${refusal}.`)
  },
})

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']
const subnetVersion = apiVersions['Microsoft.Network/virtualNetworks/subnets']
const inUseCodes = [
  'InUseSubnetCannotBeDeleted',
  'InUsePrefixCannotBeDeleted',
  'InUseNetworkSecurityGroupCannotBeDeleted',
]

/** Deletes unless something uses it: Azure decides that at the moment of deletion. @returns its refusal */
async function deleteUnused(
  id: string,
  apiVersion: string,
  resources: Resources,
): Promise<string | undefined> {
  try {
    await resources.remove(id, apiVersion)
    return undefined
  } catch (error) {
    if (error instanceof UserError && hasCode(error.parts.cause, ...inUseCodes)) {
      return error.parts.what.replace(/\.+$/, '')
    }
    throw error
  }
}

/** The plan as it was applied: what was not deleted is kept, and says why. */
export function appliedPlan(plan: ReleasePlan, { subnets, groups, inUse, refused }: Deleted): ReleasePlan {
  const { changes, groups: planned } = plan
  const gone = [...subnets.map(({ subnet }) => subnet.id), ...groups.map(({ id }) => id)]
  const whyKept = (id: string): string => {
    const still = inUse.find(({ subnet }) => sameText(subnet.id, id))
    if (still !== undefined) return `In use by ${still.usedBy}.`
    const refusal = refused.get(id)
    if (refusal !== undefined) return `${refusal}.`
    const group = planned.find((one) => sameText(one.id, id))
    const user = inUse.find(({ subnet }) => group?.subnetIds.some((other) => sameText(other, subnet.id)))
    return user === undefined
      ? 'The run ended before it was deleted.'
      : `Subnet '${user.subnet.name}' still uses it.`
  }
  return {
    ...plan,
    free: subnets,
    groups,
    inUse,
    changes: changes.map((change) => {
      const { scope = '' } = change
      if (change.change !== 'delete' || gone.some((id) => sameText(id, scope))) return change
      return { ...change, change: 'keep', reason: whyKept(scope) }
    }),
  }
}
