import { customRolesOf } from '../../access/custom-roles.ts'
import { desiredAccess } from '../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import { setUpRoles } from '../defined-roles.ts'
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
function fewestAssignments(target: ProjectInEnvironment): number {
  const { definedRoles: _, ...factory } = target.project.factory
  const project = { ...target.project, factory: { ...factory, roles: 'custom' as const } }
  return assignmentCount({ ...target, project })
}

/** What the choice of roles costs a project, where it is not the cheaper one; undefined where it is. */
export function assignmentsNote(target: ProjectInEnvironment, subject = 'This project'): string | undefined {
  const { roles, definedRoles, environment } = target.project.factory
  const [now, fewest] = [assignmentCount(target), fewestAssignments(target)]
  const price = `${subject} takes ${now} role assignments of the 4,000 that a subscription can have, and ${fewest} with the factory's own roles.`
  if (roles === 'builtin')
    return `factory.yml says 'roles: builtin', so several roles of Azure are assigned to each principal. ${price}`
  const own = customRolesOf(target.project.factory, target.names.common)
  const missing = definedRoles === undefined ? [] : own.filter(({ id }) => !definedRoles.has(id))
  if (missing.length === 0) return undefined
  return `${missing.length} of the ${own.length} roles of the factory's own do not exist in ${environment}, so several roles of Azure are assigned to each principal instead. ${price} ${setUpRoles}, and the next delivery moves over; where the tenant forbids custom roles, say 'roles: builtin' in factory.yml.`
}
