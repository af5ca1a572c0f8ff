import type { LakeContainer } from '../../azure/data-lake.ts'
import { openDirectory } from '../../azure/directory.ts'
import { openResources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { type DesiredPath, desiredLake, type LakePrincipals } from '../../lake/desired.ts'
import { groupOwners } from '../entra-group-owners.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import { openLake } from './open-lake.ts'
import { readPrincipals } from './read-principals.ts'

/** The lake of a factory, and what a project should have in it. */
export interface ProjectLake {
  readonly container: LakeContainer
  readonly desired: readonly DesiredPath[]
  readonly principals: LakePrincipals
}

/**
 * Opens the lake for a project.
 * @throws UserError when there is no lake, or a group or identity that the project's ACLs name does not exist
 */
export async function openProjectLake(session: Session, target: ProjectInEnvironment): Promise<ProjectLake> {
  session.credential.prepare(session.cloud.storageScope)
  const [directory, resources] = await Promise.all([
    openDirectory(session, groupOwners(target.project.factory)),
    openResources(session),
  ])
  const [principals, container] = await together(
    readPrincipals(target, directory, resources),
    openLake(session, resources, { factory: target.project.factory, ids: target.ids }),
  )
  return { container, desired: desiredLake(target.project, principals), principals }
}
