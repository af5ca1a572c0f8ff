import { desiredAccess } from '../../access/desired-access.ts'
import { desiredIdentityRoles } from '../../access/desired-identity-roles.ts'
import { networkAccess } from '../../catalog/access-modes.ts'
import { contentsOf } from '../../compose/project-context.ts'
import { demandOf, type ProjectDemand } from '../../network/capacity/forecast.ts'
import type { SubnetProfile } from '../../vocabulary.ts'
import { accessSource } from '../access/access-source.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** What a project takes in its environment, its subnets sized by a profile. */
export function typicalDemand(target: ProjectInEnvironment, profile: SubnetProfile): ProjectDemand {
  const { factory, type } = target.project
  return demandOf({
    type,
    profile,
    contents: contentsOf(target.project),
    privateEndpoints: networkAccess(factory.accessMode, factory.allowedIps).privateEndpoints,
    roleAssignments: roleAssignmentsOf(target),
  })
}

/** Those that Azure Resource Manager counts; roles inside Cosmos DB are its own. */
function roleAssignmentsOf(target: ProjectInEnvironment): number {
  const source = accessSource(target)
  const assignments = [desiredAccess(source), desiredIdentityRoles(source)].flatMap(
    (each) => each.assignments,
  )
  return assignments.filter(({ plane }) => plane === 'azure').length
}
