import { principalIdOf } from '../../access/diff-access.ts'
import type {
  AccessOperation,
  ActualAccess,
  ActualAssignment,
  ActualGroup,
  DesiredAssignment,
  GroupKey,
} from '../../access/model.ts'
import { assignmentDescription, assignmentName } from '../../access/role-assignment.ts'
import { lastSegment } from '../../resource-id.ts'
import type { Step } from '../apply-steps.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './access-services.ts'

/** What exists while the steps are applied, which create groups. */
interface State {
  readonly groups: Map<GroupKey, ActualGroup>
  readonly identities: ActualAccess['identities']
}

/**
 * The operations of a difference as steps, in their order. The role assignments are read back at the end.
 * @param managedScopes where most of the roles are assigned
 */
export function accessSteps(
  operations: readonly AccessOperation[],
  managedScopes: readonly string[],
  state: State,
  services: AccessServices,
): readonly Step[] {
  const steps = operations.map((operation) => ({
    name: nameOf(operation),
    apply: () => apply(operation, state, services),
  }))
  if (!operations.some(({ kind }) => kind === 'assign')) return steps
  const confirm = () => services.roleAssignments.confirm(managedScopes)
  return [...steps, { name: 'Confirm the role assignments', apply: confirm }]
}

function nameOf(operation: AccessOperation): string {
  switch (operation.kind) {
    case 'create-group':
      return `Create group ${operation.group.displayName}`
    case 'add-members': {
      const count = operation.objectIds.length + operation.groups.length
      return `Add ${count} ${count === 1 ? 'member' : 'members'} to group ${operation.groupName}`
    }
    case 'assign': {
      const { role, principalName, scope } = operation.assignment
      return `Assign role ${role} to ${principalName} on ${lastSegment(scope)}`
    }
    case 'unassign': {
      const { role, principalName, assignment } = operation
      return `Remove role ${role} of ${principalName} on ${lastSegment(assignment.scope)}`
    }
    case 'remove-member':
      return `Remove member ${operation.display} from group ${operation.groupName}`
  }
}

async function apply(operation: AccessOperation, state: State, services: AccessServices): Promise<void> {
  const { directory } = services
  switch (operation.kind) {
    case 'create-group': {
      const { key, displayName, mailNickname, uniqueName, description } = operation.group
      const group = await directory.ensureGroup({ displayName, mailNickname, uniqueName, description })
      state.groups.set(key, group)
      return
    }
    case 'add-members': {
      const groups = operation.groups.map((key) => idOf(key, state))
      return directory.addMembers(idOf(operation.group, state), [...operation.objectIds, ...groups])
    }
    case 'assign':
      return assign(operation.assignment, state, services)
    case 'unassign':
      return unassign(operation.assignment, services)
    case 'remove-member':
      return directory.removeMember(idOf(operation.group, state), operation.objectId)
  }
}

function idOf(key: GroupKey, { groups }: State): string {
  const group = groups.get(key)
  if (group === undefined) throw new Error(`Group '${key}' should exist by now.`)
  return group.objectId
}

async function assign(assignment: DesiredAssignment, state: State, services: AccessServices): Promise<void> {
  const principalId = principalIdOf(assignment.principal, state)
  if (principalId === undefined) throw new Error(`'${assignment.principalName}' should exist by now.`)
  const { scope, roleDefinitionId, plane, role, principalName } = assignment
  const name = assignmentName({ scope, principalId, roleDefinitionId })
  if (plane === 'cosmos') {
    await services.resources.put(`${scope}/${cosmosAssignments}/${name}`, cosmosApiVersion, {
      properties: { principalId, scope, roleDefinitionId: `${scope}/sqlRoleDefinitions/${roleDefinitionId}` },
    })
    return
  }
  await services.roleAssignments.create({
    name,
    scope,
    principalId,
    roleDefinitionId,
    principalType: 'group' in assignment.principal ? 'Group' : 'ServicePrincipal',
    description: assignmentDescription(role, principalName),
  })
}

const unassign = (
  { plane, id }: ActualAssignment,
  { resources, roleAssignments }: AccessServices,
): Promise<void> => (plane === 'cosmos' ? resources.remove(id, cosmosApiVersion) : roleAssignments.remove(id))
