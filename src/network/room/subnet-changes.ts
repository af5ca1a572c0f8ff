import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import type { Change } from '../../plan/model.ts'
import type { ActualNetwork } from '../network.ts'

/** What happens to a subnet of the project, as plans show it. */
export function changeOf(subnet: AssignedSubnet, network: ActualNetwork): Change {
  const place = { kind: 'subnet', name: subnet.name, scope: network.id || network.name }
  if (subnet.state === 'existing') {
    return { change: 'keep', ...place, reason: `It exists with ${subnet.addressPrefix}.` }
  }
  const delegation = subnet.delegation === '' ? [] : [{ path: 'delegation', after: subnet.delegation }]
  const [pool] = subnet.attachments?.addressPools ?? []
  const addresses =
    pool === undefined
      ? [{ path: 'addressPrefix', after: subnet.addressPrefix }]
      : [
          {
            path: 'ipamPoolPrefixAllocations',
            after: `${pool.numberOfIpAddresses} addresses, chosen by the pool ${pool.id}`,
          },
        ]
  return { change: 'create', ...place, properties: [...addresses, ...delegation] }
}
