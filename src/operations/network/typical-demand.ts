import { networkAccess } from '../../catalog/access-modes.ts'
import { contentsOf } from '../../compose/project-context.ts'
import { demandOf, type ProjectDemand } from '../../network/capacity/forecast.ts'
import type { SubnetProfile } from '../../vocabulary.ts'
import { assignmentCount } from '../access/assignment-count.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** What a project takes in its environment, its subnets sized by a profile. */
export function typicalDemand(target: ProjectInEnvironment, profile: SubnetProfile): ProjectDemand {
  const { factory, type } = target.project
  return demandOf({
    type,
    profile,
    contents: contentsOf(target.project),
    privateEndpoints: networkAccess(factory.accessMode, factory.allowedIps).privateEndpoints,
    roleAssignments: assignmentCount(target),
  })
}
