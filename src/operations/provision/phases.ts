import { lastSegment } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import { deploySteps } from '../stack/deploy.ts'
import { retireSteps } from '../stack/retire.ts'
import { awaitRecords } from '../stack/zone-groups.ts'
import { approveConnections } from './approve-connections.ts'
import { assignEarlyRoles, assignLateRoles } from './assign-identity-roles.ts'
import { createCapabilityHosts } from './capability-hosts.ts'
import { createIdentities } from './create-identities.ts'
import type { Delivery, Phase } from './phase.ts'
import { templateRights } from './template-rights.ts'

/** Subnets that the stack of an earlier release manages go to the network operation before the stack is deployed without them. */
const handOverSubnets: Phase = ({ stackPlan }) => stackPlan.handOver

/** Deletes what the stack would leave half behind, and gives up what Azure keeps where that is allowed. */
const retireServices: Phase = ({ services, retiring, remarks }) => retireSteps(retiring, services, remarks)

const deployStack: Phase = ({ stack, stackPlan, template }) => {
  const needs = templateRights({ ...template.template }, stack.factory.subscriptionId)
  return deploySteps(lastSegment(stack.resourceGroupId), stackPlan).map((step) => ({ ...step, needs }))
}

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
