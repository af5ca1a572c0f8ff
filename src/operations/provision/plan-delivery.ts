import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import { diffAccess } from '../../access/diff-access.ts'
import { type ActualAccess, type DesiredAccess, nobodyEligible } from '../../access/model.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import { capabilityHostsOf } from '../../compose/capability-hosts.ts'
import type { UserError } from '../../diagnostics/user-error.ts'
import type { Change, Plan } from '../../plan/model.ts'
import { isWithin } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { accessSource } from '../access/access-source.ts'
import { readAssignments } from '../access/read-assignments.ts'
import { readIdentities } from '../access/read-identities.ts'
import { inheritedBy } from '../access/read-inherited.ts'
import type { OperationContext } from '../operation.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { rolesOfOthers } from '../removal/roles-of-others.ts'
import { readCutOff, withNewEndpoints } from '../stack/cut-off.ts'
import { planRecovering } from '../stack/plan-recovering.ts'
import { readRetiring, retiringChanges } from '../stack/retire.ts'
import type { ZonedTemplate } from '../stack/zoned-template.ts'
import { approvalChanges, approvalWarnings, planApprovals } from './approve-connections.ts'
import { hostChanges, hostRefusals, hostWarnings, planCapabilityHosts } from './capability-hosts.ts'
import { identityPrincipals } from './identity-principals.ts'
import type { Delivery, ProvisionServices } from './phase.ts'
import { projectStack } from './project-stack.ts'

/** What a delivery is planned from. */
interface Planned {
  readonly target: ProjectInEnvironment
  readonly template: ZonedTemplate
  readonly request: StackRequest
  readonly services: ProvisionServices
  readonly allowed: readonly Allowance[]
  /** Warnings about the project's documents and subnets. */
  readonly warnings: readonly string[]
}

/** Compares everything that a delivery changes with what is there: one plan for all phases. Changes nothing. */
export async function planDelivery(planned: Planned, context: OperationContext): Promise<Delivery> {
  const { target, template, request, services } = planned
  const stack = projectStack(target)
  const desiredRoles = desiredIdentityRoles(accessSource(target))
  const [compared, actual, hosts, approvals, cutOff] = await Promise.all([
    planRecovering(
      services.stacks,
      { ...planned, target: stack, resources: services.resources, session: services.session },
      context,
    ),
    readIdentityRoles(desiredRoles, target, services),
    planCapabilityHosts(capabilityHostsOf(target.project, target.names), services.resources),
    planApprovals(target, template.resourceIds, services.resources),
    readCutOff(stack, template.resourceIds, services.resources),
  ])
  const stackPlan = withNewEndpoints(compared, cutOff, services.resources)
  const { changes } = stackPlan.plan
  const going = { target: stack, changes, wanted: template.resourceIds, allowed: planned.allowed }
  return {
    target,
    stack,
    services,
    template,
    request,
    stackPlan,
    retiring: await readRetiring(going, services),
    desiredRoles,
    roles: diffAccess(desiredRoles, actual),
    lostRoles: lostRoles(changes, actual),
    hosts,
    approvals,
    cutOff: cutOff.warnings,
    principals: identityPrincipals(actual.identities, target.ids, services.resources),
    remarks: [],
  }
}

/** Services assign roles to their own identities, which need none once they are gone. */
function lostRoles(changes: readonly Change[], { assignments, identities }: ActualAccess): readonly string[] {
  const going = changes.flatMap(({ change, scope }) => (change === 'delete' && scope ? [scope] : []))
  const own = new Set([...identities.values()].map((id) => id.toLowerCase()))
  return rolesOfOthers(
    assignments.filter(({ plane, principalId }) => plane === 'azure' && !own.has(principalId.toLowerCase())),
    (id) => going.some((outer) => isWithin(id, outer)),
  )
}

async function readIdentityRoles(
  desired: DesiredAccess,
  { ids }: ProjectInEnvironment,
  services: ProvisionServices,
): Promise<ActualAccess> {
  const [identities, { assignments, above }] = await Promise.all([
    readIdentities(desired.identityNames.keys(), ids, services.resources),
    readAssignments(desired, services),
  ])
  const inherited = inheritedBy([...identities.values()], above)
  return {
    groups: new Map(),
    members: new Map(),
    identities,
    assignments,
    inherited,
    eligible: nobodyEligible,
    gone: new Set(),
  }
}

/** All that a delivery changes, whichever phase does it. */
export const wholePlan = ({
  stackPlan: { plan, existing },
  retiring,
  roles,
  lostRoles,
  hosts,
  approvals,
  cutOff,
}: Delivery): Plan => ({
  ...plan,
  changes: [
    ...retiringChanges(retiring, plan.changes),
    ...plan.changes,
    ...roles.changes,
    ...hostChanges(hosts),
    ...approvalChanges(approvals),
  ],
  warnings: [
    ...plan.warnings,
    ...roles.warnings,
    ...lostRoles,
    ...hostWarnings(hosts, (id) => existing.has(id.toLowerCase())),
    ...approvalWarnings(approvals),
    ...cutOff,
  ],
})

/** Why a delivery must not be applied. */
export const refusalOf = ({ stackPlan, hosts }: Delivery): UserError | undefined =>
  stackPlan.refusal ?? hostRefusals(hosts)[0]
