import type { Step } from '../apply-steps.ts'
import { approveConnections } from './approve-connections.ts'
import { assignEarlyRoles, assignLateRoles } from './assign-identity-roles.ts'
import { createCapabilityHosts } from './capability-hosts.ts'
import { createIdentities } from './create-identities.ts'
import { deployStack } from './deploy-stack.ts'
import type { Delivery, Phase } from './phase.ts'
import { retireServices } from './retire-services.ts'
import { awaitRecords } from './zone-groups.ts'

/** Subnets that the stack of an earlier release manages go to the network operation before the stack is deployed without them. */
const handOverSubnets: Phase = ({ stackPlan }) => stackPlan.handOver

/** The records that a policy writes once the private endpoints are there; also of a run that deploys nothing else. */
const awaitDnsRecords: Phase = ({ target, services, template: { zoneGroups } }) =>
  target.project.factory.dns.mode === 'policy' && zoneGroups.length > 0
    ? [
        {
          name: 'Verify the DNS records that a policy writes',
          apply: () => awaitRecords(zoneGroups, services),
        },
      ]
    : []

/**
 * The order in which a project is applied. Each phase needs what those before it have made: services check the roles of
 * their identities while they are created, roles need a principal and a scope, and both may be made by the stack only. What
 * goes lets go of names and subnets first.
 */
const phases: readonly Phase[] = [
  handOverSubnets,
  retireServices,
  createIdentities,
  assignEarlyRoles,
  deployStack,
  approveConnections,
  assignLateRoles,
  awaitDnsRecords,
  createCapabilityHosts,
]

/** All writes of a delivery, in that order. */
export const deliverySteps = (delivery: Delivery): readonly Step[] =>
  phases.flatMap((phase) => phase(delivery))
