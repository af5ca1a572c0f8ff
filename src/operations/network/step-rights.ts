import { control, type Right } from '../../azure/granted-rights.ts'
import type { ReleasePlan } from '../../network/release.ts'
import { networkIdOf, resourceGroupIdOf } from '../../resource-id.ts'
import type { Snapshot } from './snapshot.ts'

/** What creating and changing subnets and their network security groups takes. */
export const stepRights = ({ steps }: Pick<Snapshot, 'steps'>): readonly Right[] =>
  steps.flatMap(({ kind, id }) =>
    kind === 'subnet'
      ? control(networkIdOf(id), 'Microsoft.Network/virtualNetworks/subnets/write')
      : control(resourceGroupIdOf(id), 'Microsoft.Network/networkSecurityGroups/write'),
  )

/** What deleting subnets and their network security groups takes. */
export const releaseRights = ({ free, groups }: Pick<ReleasePlan, 'free' | 'groups'>): readonly Right[] => [
  ...free.flatMap(({ subnet }) =>
    control(networkIdOf(subnet.id), 'Microsoft.Network/virtualNetworks/subnets/delete'),
  ),
  ...groups.flatMap(({ id }) =>
    control(resourceGroupIdOf(id), 'Microsoft.Network/networkSecurityGroups/delete'),
  ),
]
