import type { Resources } from '../../azure/resources.ts'
import type { SubnetDefinition } from '../../catalog/types.ts'
import type { Location } from '../../diagnostics/user-error.ts'
import type { ResolvedFactory, SubnetSettings } from '../../manifest/resolved.ts'
import type { SubnetNames } from '../../naming/types.ts'
import type { AllocationProblem } from '../../network/allocation.ts'
import type { SubnetSpec } from '../../network/inputs.ts'
import { type Owner, theOwner } from '../../network/ownership.ts'
import type { SubnetRequest } from '../../network/requested-subnets.ts'
import type { Plan } from '../../plan/model.ts'
import { commonOwner } from '../../vocabulary.ts'

/** Whose subnets are claimed and released, and in which VNet: a project's, or those of an environment's common area. */
export interface SubnetTarget {
  readonly factory: ResolvedFactory
  readonly owner: Owner
  /** Of all that is created. */
  readonly tags: Readonly<Record<string, string>>
  readonly names: SubnetNames
  /** Every subnet that such an owner may have, by its key. */
  readonly declared: Readonly<Record<string, SubnetDefinition>>
  /**
   * The subnets that an input asks for, or else those that the documents do.
   * @throws UserError when one cannot be what is asked for
   */
  readonly requested: (specs?: readonly SubnetSpec[]) => readonly SubnetRequest<string>[]
  /** Resource id of the environment's VNet. */
  readonly virtualNetworkId: string
  /** Resource id of the group that its resources are in. */
  readonly resourceGroupId: string
  /** How many private endpoints it has. */
  readonly privateEndpoints: number
  /** The place in a document that says this of a subnet, for errors found later. */
  readonly settingAt: (key: string, setting: keyof SubnetSettings) => Location
  /** Is what is attached to a subnet made by the same delivery, before its subnets are claimed? */
  readonly isMadeBefore: (id: string) => boolean
  /**
   * Reads the ids of the subnets that its services are injected into, undefined when that may not be read: subnets do not
   * say it themselves.
   */
  readonly injectedSubnets: (resources: Resources) => Promise<readonly string[] | undefined>
}

/** Whose a plan is. The common area is no project. */
export const planOwner = ({
  factory: { environment },
  owner: { project },
}: Pick<SubnetTarget, 'factory' | 'owner'>): Pick<Plan, 'project' | 'environment'> => ({
  ...(project !== commonOwner && { project }),
  environment,
})

/** The parts of an allocation that depend on whose subnets they are. */
export function ownersPart(
  target: SubnetTarget,
  usedSubnetIds?: readonly string[],
): Pick<AllocationProblem<string>, 'home' | 'project' | 'environment'> {
  const { factory, owner, resourceGroupId } = target
  return {
    home: {
      owner: theOwner(owner.project),
      location: factory.location,
      ...(factory.network.source.kind === 'factory' && {
        factoryNetwork: {
          id: target.virtualNetworkId,
          key: `environments.${factory.environment}.network.addressSpace`,
          regionAt: factory.at('location'),
        },
      }),
      resourceGroupId,
      where: factory.network.at(factory.network.source.kind === 'existing' ? 'vnetId' : 'addressSpace'),
      ...(usedSubnetIds && { usedSubnetIds }),
    },
    ...planOwner(target),
  }
}
