import type { ExistingResource } from '../../azure/resources.ts'
import type { Allocation } from '../../network/allocation.ts'
import { isOurs, type Owner } from '../../network/ownership.ts'
import type { SubnetRequest } from '../../network/requested-subnets.ts'
import { type CreateStep, type CreateTarget, groupStep } from '../../network/reserve.ts'
import { type UpdateStep, updateRules, updateSubnet } from '../../network/update-steps.ts'
import type { Change } from '../../plan/model.ts'

/** One write to a VNet's resource group: something is created, or what exists gets what it lacks. */
export type NetworkStep = CreateStep | UpdateStep

/** What is needed to decide what becomes of subnets that exist. */
interface Surroundings {
  readonly place: CreateTarget
  /** The network security groups that exist, by their ids in small letters. */
  readonly groups: ReadonlyMap<string, ExistingResource>
  readonly owner: Owner
}

/** What becomes of the project's subnets that exist, and of their network security groups. */
interface ExistingChanges {
  readonly steps: readonly NetworkStep[]
  /** Of the network security groups; those of subnets are in the allocation. */
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
}

/**
 * What the project's subnets that exist lack: the group whose tags name the owner, rules in it, what the service or a
 * document demands. A subnet comes after its group.
 */
export function changesOfExisting(
  { existing }: Pick<Allocation<string>, 'existing'>,
  requests: readonly SubnetRequest<string>[],
  { place, groups, owner }: Surroundings,
): ExistingChanges {
  const found = existing.map((subnet) => {
    const request = requests.find((one) => one.kind === 'own' && one.name === subnet.name)
    const update = updateSubnet(subnet)
    const creation = request?.kind === 'own' ? groupStep(request, place) : undefined
    const group = creation && groups.get(creation.id.toLowerCase())
    const attached = groups.get(subnet.securityGroupId?.toLowerCase() ?? '')
    const isKnown = attached !== undefined && isOurs({ groups: [attached] }, owner)
    const rules =
      request?.kind === 'own' && group !== undefined && isOurs({ groups: [group] }, owner)
        ? updateRules(group, request)
        : undefined
    const creations = creation === undefined || group !== undefined || isKnown ? [] : [creation]
    return { steps: [...creations, rules?.step ?? [], update ?? []].flat(), rules }
  })
  return {
    steps: found.flatMap(({ steps }) => steps),
    changes: found.flatMap(({ rules }) => rules?.change ?? []),
    warnings: found.flatMap(({ rules }) => rules?.warnings ?? []),
  }
}
