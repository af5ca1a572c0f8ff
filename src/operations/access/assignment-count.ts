import { desiredAccess } from '../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { accessSource } from './access-source.ts'

/** How many role assignments a project takes that Azure Resource Manager counts; those inside Cosmos DB are its own. */
export function assignmentCount(target: ProjectInEnvironment): number {
  const source = accessSource(target)
  const assignments = [desiredAccess(source), desiredIdentityRoles(source)].flatMap(
    (each) => each.assignments,
  )
  return assignments.filter(({ plane }) => plane === 'azure').length
}

/** How many it would take with all roles of the factory's own. */
export function fewestAssignments(target: ProjectInEnvironment): number {
  const { definedRoles: _, ...factory } = target.project.factory
  const project = { ...target.project, factory: { ...factory, roles: 'custom' as const } }
  return assignmentCount({ ...target, project })
}
