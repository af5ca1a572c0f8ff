import type { AccessOperation, ActualAssignment, DesiredAssignment } from '../../access/model.ts'
import { assignmentDescription, assignmentName } from '../../access/role-assignment.ts'
import { lastSegment } from '../../resource-id.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

/** The clients that roles are assigned with. */
export type AssignmentServices = Pick<AccessServices, 'resources' | 'roleAssignments'>

type Assigning = Extract<AccessOperation, { kind: 'assign' }>
type Unassigning = Extract<AccessOperation, { kind: 'unassign' }>

/** How the log calls it. */
export const assignStepName = ({ assignment: { role, principalName, scope } }: Assigning): string =>
  `Assign role ${role} to ${principalName} on ${lastSegment(scope)}`

/** How the log calls it. */
export const unassignStepName = ({ role, principalName, assignment }: Unassigning): string =>
  `Remove role ${role} of ${principalName} on ${lastSegment(assignment.scope)}`

/** Assigns a role, in Azure or inside Cosmos DB. One that exists already is no error. */
export async function assign(
  { scope, roleDefinitionId, plane, role, principal, principalName }: DesiredAssignment,
  principalId: string | undefined,
  services: AssignmentServices,
): Promise<void> {
  if (principalId === undefined) throw new Error(`'${principalName}' should exist by now.`)
  const name = assignmentName({ scope, principalId, roleDefinitionId })
  if (plane === 'cosmos') {
    await services.resources.write(`${scope}/${cosmosAssignments}/${name}`, cosmosApiVersion, {
      properties: { principalId, scope, roleDefinitionId: `${scope}/sqlRoleDefinitions/${roleDefinitionId}` },
    })
    return
  }
  await services.roleAssignments.create({
    name,
    scope,
    principalId,
    roleDefinitionId,
    principalType: 'group' in principal ? 'Group' : 'ServicePrincipal',
    description: assignmentDescription(role, principalName),
  })
}

/** Removes an assignment; one that is gone is no error. */
export const unassign = (
  { plane, id }: ActualAssignment,
  { resources, roleAssignments }: AssignmentServices,
): Promise<void> => (plane === 'cosmos' ? resources.remove(id, cosmosApiVersion) : roleAssignments.remove(id))
