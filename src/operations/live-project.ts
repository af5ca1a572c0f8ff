import type { Resources } from '../azure/resources.ts'
import { openRoleDefinitions } from '../azure/role-definitions.ts'
import type { Session } from '../azure/session.ts'
import { withDefinedRoles } from './defined-roles.ts'
import type { ProjectInEnvironment } from './project.ts'
import { withSharedRegistry } from './shared-registry.ts'
import { together } from './together.ts'

/** The same project, knowing what of the common area decides which roles its principals get. */
export async function liveProject<Target extends ProjectInEnvironment>(
  session: Session,
  target: Target,
  resources: Pick<Resources, 'read'>,
): Promise<Target> {
  const definitions = await openRoleDefinitions(session)
  const [registry, { project }] = await together(
    withSharedRegistry(target, resources),
    withDefinedRoles(target, definitions),
  )
  const { definedRoles } = project.factory
  if (definedRoles === undefined) return registry
  const factory = { ...registry.project.factory, definedRoles }
  return { ...registry, project: { ...registry.project, factory } }
}
