import type { AccessOperation, ActualAssignment, DesiredAssignment } from '../../access/model.ts'
import { assignmentDescription, assignmentName } from '../../access/role-assignment.ts'
import { control, type Right } from '../../azure/granted-rights.ts'
import type { NewAssignment } from '../../azure/role-assignments.ts'
import { lastSegment } from '../../resource-id.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

/** The clients that roles are assigned with. */
export type AssignmentServices = Pick<AccessServices, 'resources' | 'roleAssignments'>

type Assigning = Extract<AccessOperation, { kind: 'assign' }>
type SettingCondition = Extract<AccessOperation, { kind: 'set-condition' }>
type Unassigning = Extract<AccessOperation, { kind: 'unassign' }>

/** What assigning and removing a role takes, where the role is. */
export function assignmentRights(operation: AccessOperation): readonly Right[] {
  if (operation.kind !== 'assign' && operation.kind !== 'set-condition' && operation.kind !== 'unassign')
    return []
  const { plane, scope } = operation.assignment
  const type =
    plane === 'cosmos'
      ? 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments'
      : 'Microsoft.Authorization/roleAssignments'
  return control(scope, `${type}/${operation.kind === 'unassign' ? 'delete' : 'write'}`)
}

/** How the log calls it. */
export const assignStepName = ({ assignment: { role, principalName, scope } }: Assigning): string =>
  `Assign role ${role} to ${principalName} on ${lastSegment(scope)}`

/** How the log calls it. */
export const conditionStepName = ({
  assignment: { role, principalName, condition, scope },
}: SettingCondition): string =>
  condition === undefined
    ? `Remove the condition of role ${role} of ${principalName} on ${lastSegment(scope)}`
    : `Limit role ${role} of ${principalName} to ${condition.limit}`

/** How the log calls it. */
export const unassignStepName = ({ role, principalName, assignment }: Unassigning): string =>
  `Remove role ${role} of ${principalName} on ${lastSegment(assignment.scope)}`

/** Assigns a role, in Azure or inside Cosmos DB. One that exists already is no error. */
export async function assign(
  assignment: DesiredAssignment,
  principalId: string | undefined,
  services: AssignmentServices,
): Promise<void> {
  const { scope, roleDefinitionId, plane, principalName } = assignment
  if (principalId === undefined) throw new Error(`'${principalName}' should exist by now.`)
  const name = assignmentName({ scope, principalId, roleDefinitionId })
  if (plane === 'cosmos') {
    await services.resources.write(`${scope}/${cosmosAssignments}/${name}`, cosmosApiVersion, {
      properties: { principalId, scope, roleDefinitionId: `${scope}/sqlRoleDefinitions/${roleDefinitionId}` },
    })
    return
  }
  await services.roleAssignments.create({ ...newAssignment(assignment), name, principalId })
}

/** Gives an assignment that is there, whoever created it, the condition that is meant, or none; what they wrote on it stays. */
export const setCondition = (
  { assignment, existing }: SettingCondition,
  { roleAssignments }: AssignmentServices,
): Promise<void> =>
  roleAssignments.create({
    ...newAssignment(assignment),
    name: lastSegment(existing.id),
    principalId: existing.principalId,
    ...(existing.description && { description: existing.description }),
  })

const newAssignment = ({
  scope,
  roleDefinitionId,
  role,
  principal,
  principalName,
  condition,
}: DesiredAssignment): Omit<NewAssignment, 'name' | 'principalId'> => ({
  scope,
  roleDefinitionId,
  principalType: 'group' in principal ? 'Group' : 'ServicePrincipal',
  description: assignmentDescription(role, principalName),
  condition: condition?.expression ?? '',
})

/** Removes an assignment; one that is gone is no error. */
export const unassign = (
  { plane, id }: ActualAssignment,
  { resources, roleAssignments }: AssignmentServices,
): Promise<void> => (plane === 'cosmos' ? resources.remove(id, cosmosApiVersion) : roleAssignments.remove(id))
