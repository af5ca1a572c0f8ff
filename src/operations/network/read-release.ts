import type { Resources } from '../../azure/resources.ts'
import { planRelease, type ReleasePlan } from '../../network/release.ts'
import { candidatesIn } from '../../network/release-search.ts'
import { byoSubnetIds } from '../../network/requested-subnets.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { ReleaseOptions } from './options.ts'
import { listSecurityGroups, readSecurityGroups } from './security-groups.ts'
import type { SubnetTarget } from './subnet-target.ts'

/**
 * Reads the network security groups of an owner's subnets in a VNet, and decides which of both can go.
 * @throws UserError when a subnet belongs to somebody else, or is a bring-your-own subnet
 */
export async function readRelease(
  network: ActualNetwork,
  { owner, names, declared, requested }: SubnetTarget,
  { mode, names: only }: Pick<ReleaseOptions, 'mode' | 'names'>,
  resources: Resources,
): Promise<ReleasePlan> {
  const requests = requested()
  const search = {
    network,
    owner,
    names,
    declared,
    only,
    unneededOnly: mode === 'release-unneeded',
    byo: byoSubnetIds(requests),
    needed: requests.flatMap((request) => (request.kind === 'own' ? [request.name] : [])),
  }
  const listed = await listSecurityGroups(network.id, resources)
  const groups = await readSecurityGroups(listed, candidatesIn(search), resources)
  return planRelease({ ...search, groups })
}
