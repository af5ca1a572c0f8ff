import type { AccessOperation, DesiredAssignment } from '../../access/model.ts'
import { catalogue } from '../../catalog/index.ts'
import {
  assign,
  assignmentRights,
  assignStepName,
  conditionStepName,
  setCondition,
  unassign,
  unassignStepName,
} from '../access/assignment-steps.ts'
import { stagedSteps, stageOf } from '../access/stages.ts'
import type { Step } from '../apply-steps.ts'
import type { Delivery, Phase } from './phase.ts'

/**
 * Roles whose principal and scope are there before the stack is deployed: vaults with keys, clusters with a zone of their
 * own and capability hosts check the roles of their identities while they are created.
 */
export const assignEarlyRoles: Phase = (delivery) =>
  roleSteps(
    delivery,
    delivery.roles.operations.filter((operation) => isEarly(operation, delivery)),
  )

/**
 * Roles of which the stack makes the principal or the scope, and the removal of those that nobody needs any more: until
 * the stack is deployed, services work with the roles that they had.
 */
export const assignLateRoles: Phase = (delivery) =>
  roleSteps(
    delivery,
    delivery.roles.operations.filter((operation) => !isEarly(operation, delivery)),
  )

const isEarly = (operation: AccessOperation, delivery: Delivery): boolean =>
  operation.kind === 'assign' &&
  hasPrincipal(operation.assignment, delivery) &&
  hasScope(operation.assignment, delivery)

/** User-assigned identities are created before all roles; others exist once their service does. */
const hasPrincipal = ({ principal }: DesiredAssignment, { principals }: Delivery): boolean =>
  'identity' in principal &&
  (catalogue.resources[principal.identity].identity === 'user' || principals.known.has(principal.identity))

/** The resource group is created before all roles; what the stack does not manage is there already. */
function hasScope({ scope }: DesiredAssignment, { target, template, stackPlan }: Delivery): boolean {
  const id = scope.toLowerCase()
  if (id === target.ids.resourceGroup.toLowerCase()) return true
  if (!template.resourceIds.some((member) => member.toLowerCase() === id)) return true
  return stackPlan.existing.has(id)
}

function roleSteps(
  { principals, services, desiredRoles }: Delivery,
  operations: readonly AccessOperation[],
): readonly Step[] {
  const stepsOf = (operation: AccessOperation): readonly Step[] => {
    switch (operation.kind) {
      case 'assign': {
        const { principal } = operation.assignment
        if (!('identity' in principal)) return []
        const apply = async (): Promise<void> =>
          assign(operation.assignment, await principals.find(principal.identity), services)
        return [
          {
            name: assignStepName(operation),
            ...stageOf(operation),
            needs: assignmentRights(operation),
            apply,
          },
        ]
      }
      case 'set-condition':
        return [
          {
            name: conditionStepName(operation),
            ...stageOf(operation),
            needs: assignmentRights(operation),
            apply: () => setCondition(operation, services),
          },
        ]
      case 'unassign':
        return [
          {
            name: unassignStepName(operation),
            ...stageOf(operation),
            needs: assignmentRights(operation),
            apply: () => unassign(operation.assignment, services),
          },
        ]
      default:
        return []
    }
  }
  return stagedSteps(operations, stepsOf, () => services.roleAssignments.confirm(desiredRoles.managedScopes))
}
