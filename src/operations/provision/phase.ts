import type { AccessDifference, DesiredAccess } from '../../access/model.ts'
import type { DeploymentStacks } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import type { RoleAssignments } from '../../azure/role-assignments.ts'
import type { Session } from '../../azure/session.ts'
import type { StackRequest } from '../../azure/stack-request.ts'
import type { Step } from '../apply-steps.ts'
import type { ProjectInEnvironment } from '../project.ts'
import type { ApplicablePlan } from '../stack/plan-recovering.ts'
import type { Retiring } from '../stack/retire.ts'
import type { ZonedTemplate } from '../stack/zoned-template.ts'
import type { StackTarget } from '../stack-target.ts'
import type { Approvals } from './approve-connections.ts'
import type { HostPlan } from './capability-hosts.ts'
import type { IdentityPrincipals } from './identity-principals.ts'

/** The clients that a project is provisioned with. */
export interface ProvisionServices {
  readonly stacks: DeploymentStacks
  readonly resources: Resources
  readonly roleAssignments: RoleAssignments
  readonly session: Session
}

/** All that was read and decided before the first write: what the phases close the differences of. */
export interface Delivery {
  readonly target: ProjectInEnvironment
  /** The same as the stack that it is. */
  readonly stack: StackTarget
  readonly services: ProvisionServices
  readonly template: ZonedTemplate
  readonly request: StackRequest
  readonly stackPlan: ApplicablePlan
  /** What goes before the stack is deployed without it. */
  readonly retiring: Retiring
  /** The roles that the project's identities should have. */
  readonly desiredRoles: DesiredAccess
  /** What differs in them. */
  readonly roles: AccessDifference
  /** What others have assigned on what goes, in sentences. */
  readonly lostRoles: readonly string[]
  readonly hosts: HostPlan
  readonly approvals: Approvals
  /** About private endpoints that lead nowhere any more, sentences. */
  readonly cutOff: readonly string[]
  readonly principals: IdentityPrincipals
  /** What turned out while it was applied, sentences: phases add to them. */
  readonly remarks: string[]
}

/**
 * A part of applying a delivery: its writes, each of which can be repeated. What it changes is in the plan already, so a
 * phase only decides what has its turn now.
 */
export type Phase = (delivery: Delivery) => readonly Step[]
