import type { AccessSource } from '../../access/access-source.ts'
import { type CustomRole, customRolesOf } from '../../access/custom-roles.ts'
import { grantsIn } from '../../access/persona-grants.ts'
import { commonIdsOf } from '../../compose/compose-common.ts'
import { contentsOf } from '../../compose/project-context.ts'
import { hasRegistryForWorkspaces } from '../../manifest/registries.ts'
import type { ProjectInEnvironment } from '../project.ts'

/** Everything that access to a project depends on. */
export const accessSource = (target: ProjectInEnvironment): AccessSource => ({
  ...rolesOf(target),
  project: target.project,
  names: target.names.project,
  common: target.names.common,
  ids: target.ids,
  commonRegistries: sharedRegistries(target),
  grants: grantsIn(target.project.factory, contentsOf(target.project)),
})

/** The factory's registries, where roles may have been left when projects got registries of their own. */
function sharedRegistries({ project: { factory }, names }: ProjectInEnvironment): readonly string[] {
  const { containerRegistry, machineLearningRegistry } = commonIdsOf(factory, names.common)
  return hasRegistryForWorkspaces(factory)
    ? [containerRegistry, machineLearningRegistry]
    : [containerRegistry]
}

function rolesOf({
  project: { factory },
  names,
}: ProjectInEnvironment): Pick<AccessSource, 'customRoles' | 'definedRoles'> {
  const customRoles = customRolesOf(factory, names.common)
  const { roles, definedRoles } = factory
  if (roles === 'builtin') return { customRoles, definedRoles: new Map() }
  return { customRoles, definedRoles: definedRoles ?? asMeant(customRoles) }
}

const asMeant = (customRoles: readonly CustomRole[]): AccessSource['definedRoles'] =>
  new Map(customRoles.map(({ id, permissions }) => [id, permissions]))
