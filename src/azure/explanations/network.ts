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
    codes: ['InvalidPrivateDnsZoneIds'],
    why: "A private DNS zone does not exist where the records of the private endpoint go: in the common area, or in the hub of 'dns' in factory.yml. Azure does not always name it; mode check does.",
    fix: "Create it there (deploy the common area, or ask the owner of the hub). If the zones are somewhere else, say so in factory.yml: 'dns: { mode: hub, subscriptionId: …, resourceGroup: … }'; if a policy writes the records, 'dns: { mode: policy }'.",
    more: 'https://learn.microsoft.com/azure/private-link/private-endpoint-dns',
  },
]
