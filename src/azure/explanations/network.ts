import type { Explained } from './explanation.ts'

/** Networks: subnets, their ranges and what is in them. */
export const networkExplanations: readonly Explained[] = [
  {
    codes: ['NetcfgSubnetRangesOverlap'],
    why: 'Another run has taken the address range in the meantime.',
    fix: 'Run the job again: it plans again.',
  },
  {
    codes: ['NetcfgSubnetRangeOutsideVnet'],
    why: 'Somebody has removed an address prefix from the VNet in the meantime.',
    fix: 'Run the job again: it plans again.',
  },
  {
    codes: [
      'AnotherOperationInProgress',
      'RetryableError',
      'RetryableErrorDueToAnotherOperation',
      'ReferencedResourceNotProvisioned',
      'CanceledAndSupersededDueToAnotherOperation',
    ],
    why: 'Another operation is changing the same network or something in it, and took longer than this run waits.',
    fix: 'Run the job again.',
  },
  {
    codes: ['InUseSubnetCannotBeDeleted'],
    why: 'Something is still in the subnet; the message names it.',
    fix: 'Remove it first, then run the job again.',
  },
  {
    codes: ['InUseNetworkSecurityGroupCannotBeDeleted'],
    why: 'A subnet or a network interface has started to use it since this run read it.',
    fix: 'Run the job again: it checks again.',
  },
  {
    codes: ['SubnetIsFull'],
    why: 'The subnet has no free address left for what the project needs.',
    fix: "Remove from it what is not needed, or make the subnet larger (network.subnets in the project's manifest) while it is empty.",
  },
  {
    codes: ['RemotePeeringIsDisconnected'],
    why: 'The other VNet still has its side of an earlier peering, which lost this one. It is the remote peering that the message names, and Azure makes no new peering beside it.',
    fix: 'Let the owner of the other VNet delete it (az network vnet peering delete --ids and the id of the remote peering), then run again: the plan has the command for its new side.',
    more: 'https://learn.microsoft.com/azure/virtual-network/virtual-network-troubleshoot-peering-issues',
  },
  {
    codes: ['RemoteVnetHasNoGateways'],
    why: "'common.hubPeering.useRemoteGateways' in factory.yml is true, and the hub has no VPN or ExpressRoute gateway.",
    fix: "Set 'useRemoteGateways' to false, or let the owner of the hub make a gateway first.",
  },
  {
    codes: ['InvalidPrivateDnsZoneIds'],
    why: "A private DNS zone does not exist where the records of the private endpoint go: in the common area, or in the hub of 'dns' in factory.yml. Azure does not always name it; mode check does.",
    fix: "Create it there (deploy the common area, or ask the owner of the hub). If the zones are somewhere else, say so in factory.yml: 'dns: { mode: hub, subscriptionId: …, resourceGroup: … }'; if a policy writes the records, 'dns: { mode: policy }'.",
    more: 'https://learn.microsoft.com/azure/private-link/private-endpoint-dns',
  },
]
