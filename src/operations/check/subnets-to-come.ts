import { tagsOf } from '../../compose/project-context.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { SubnetRequest } from '../../network/requested-subnets.ts'
import { type CreateStep, createSteps } from '../../network/reserve.ts'
import type { ProjectSubnets } from '../network/project-subnets.ts'
import type { DescribedProject } from '../project.ts'

/** What decides which subnets are to come. */
export interface SubnetSource {
  readonly target: DescribedProject
  readonly requests: readonly SubnetRequest[]
  readonly network: () => Promise<ProjectSubnets>
}

/** How ip-calc creates the subnets that are to come; undefined when that cannot be known. */
export async function subnetSteps({
  network,
  requests,
  target,
}: SubnetSource): Promise<readonly CreateStep[] | undefined> {
  try {
    const { network: place, subnets, missing } = await network()
    const wanted = requests.flatMap((request) => {
      const subnet = subnets[request.key]
      const isToCome = subnet !== undefined && missing.includes(subnet.name)
      return request.kind === 'own' && isToCome ? [{ request, subnet }] : []
    })
    const { id: virtualNetworkId, location } = place
    return createSteps(wanted, { virtualNetworkId, location, tags: tagsOf(target.project) })
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** The type of what a step creates. */
export const typeOfStep = ({ kind }: CreateStep) =>
  kind === 'subnet' ? 'Microsoft.Network/virtualNetworks/subnets' : 'Microsoft.Network/networkSecurityGroups'
