import { principalOf } from '../../access/diff-access.ts'
import type {
  AccessOperation,
  ActualAccess,
  ActualAssignment,
  ActualGroup,
  DesiredAssignment,
  GroupKey,
} from '../../access/model.ts'
import { assignmentDescription, assignmentName } from '../../access/role-assignment.ts'
import { type AccessServices, cosmosApiVersion, cosmosAssignments } from './read-access.ts'

/** What exists while the operations go on: groups come to be on the way. */
interface Progressing {
  readonly groups: Map<GroupKey, ActualGroup>
  readonly identities: ActualAccess['identities']
}

function idOf(key: GroupKey, { groups }: Progressing): string {
  const group = groups.get(key)
  if (group === undefined) throw new Error(`Group '${key}' should exist by now.`)
  return group.objectId
}

async function assign(
  assignment: DesiredAssignment,
  state: Progressing,
  services: AccessServices,
): Promise<void> {
  const principalId = principalOf(assignment.holder, state)
  if (principalId === undefined) throw new Error(`The holder '${assignment.holderName}' should exist by now.`)
  const { scope, roleDefinitionId, plane, role, holderName } = assignment
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
    principalType: 'group' in assignment.holder ? 'Group' : 'ServicePrincipal',
    description: assignmentDescription(role, holderName),
  })
}

const unassign = (
  { plane, id }: ActualAssignment,
  { resources, roleAssignments }: AccessServices,
): Promise<void> => (plane === 'cosmos' ? resources.remove(id, cosmosApiVersion) : roleAssignments.remove(id))

async function carryOutOne(
  operation: AccessOperation,
  state: Progressing,
  services: AccessServices,
): Promise<void> {
  const { directory } = services
  switch (operation.kind) {
    case 'create-group': {
      const { key, displayName, mailNickname, uniqueName, description } = operation.group
      state.groups.set(
        key,
        await directory.ensureGroup({ displayName, mailNickname, uniqueName, description }),
      )
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

/**
 * Does the operations in their order, and hands back the groups as they are then. Each can be done again, so a run that
 * dies is finished by the next.
 */
export async function carryOut(
  operations: readonly AccessOperation[],
  actual: ActualAccess,
  services: AccessServices,
  progress: (line: string) => void,
): Promise<ReadonlyMap<GroupKey, ActualGroup>> {
  const state: Progressing = { groups: new Map(actual.groups), identities: actual.identities }
  for (const [index, operation] of operations.entries()) {
    await carryOutOne(operation, state, services)
    if ((index + 1) % 10 === 0) progress(`${index + 1} of ${operations.length} steps done`)
  }
  return state.groups
}
