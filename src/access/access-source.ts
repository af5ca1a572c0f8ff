import type { CommonResourceKey } from '../catalog/common/index.ts'
import type { ProjectGrant } from '../catalog/contents.ts'
import { repositoryRoles, widerRole } from '../catalog/facts/registry-roles.ts'
import { type RoleName, roles } from '../catalog/facts/roles.ts'
import type { ResourceKey } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import { registryModeOf } from '../manifest/registries.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import { lastSegment } from '../resource-id.ts'
import type { DesiredAssignment, Principal } from './model.ts'
import { repositoryCondition } from './repository-condition.ts'
import { tupleOf } from './role-assignment.ts'

/** Everything that access depends on. */
export interface AccessSource {
  readonly project: ResolvedProject
  readonly names: ProjectNames<ResourceKey>
  readonly common: CommonNames<CommonResourceKey>
  readonly ids: ResourceIds
  /** Resource ids of the factory's container registries, whether the project uses them or has its own. */
  readonly commonRegistries: readonly string[]
  /** The grants of the baseline and of the services that are switched on. */
  readonly grants: readonly ProjectGrant[]
}

/** Where a project's roles are assigned, now or in the past: inside of these, stale ones are removed. */
export const managedScopesOf = ({ ids, commonRegistries }: AccessSource): readonly string[] => [
  ...new Set([ids.resourceGroup, ids.containerRegistry, ...commonRegistries]),
]

/**
 * The role assignments that follow from the grants of the catalogue in this environment.
 * @param concerns which grants: those of people, or those of identities
 */
export function assignmentsOf(
  source: AccessSource,
  concerns: (grant: ProjectGrant) => boolean,
): readonly DesiredAssignment[] {
  const { environment } = source.project
  const byTuple = new Map<string, DesiredAssignment>()
  for (const grant of source.grants) {
    if (grant.in?.includes(environment) === false || !concerns(grant)) continue
    const assignment = assignmentOf(grant, source)
    byTuple.set(keyOf(assignment, assignment.roleDefinitionId), assignment)
  }
  // Two registries may be one: who pushes there pulls there too.
  return [...byTuple.values()].filter((assignment) => {
    const wider = widerRole[assignment.role]
    return wider === undefined || !byTuple.has(keyOf(assignment, roles[wider].id))
  })
}

const keyOf = ({ scope, principal }: DesiredAssignment, roleDefinitionId: string): string =>
  tupleOf({ scope, principalId: JSON.stringify(principal), roleDefinitionId })

function assignmentOf({ to, role, on }: ProjectGrant, source: AccessSource): DesiredAssignment {
  const { names, ids } = source
  const principal: Principal = 'persona' in to ? { group: `persona:${to.persona}` } : to
  const principalName = 'persona' in to ? names.personaGroup(to.persona) : lastSegment(ids[to.identity])
  const scope = ids[on]
  return { scope, principal, principalName, ...roleOn(scope, role, source) }
}

/** The role as the scope understands it: a shared registry that knows repositories has roles of its own, for the project's ones. */
function roleOn(
  scope: string,
  role: RoleName,
  { project, ids }: AccessSource,
): Pick<DesiredAssignment, 'role' | 'roleDefinitionId' | 'plane' | 'condition'> {
  const isLimited =
    registryModeOf(project.factory) === 'AbacRepositoryPermissions' && scope === ids.containerRegistry
  const standIn = isLimited ? repositoryRoles[role] : undefined
  const { id, plane } = roles[standIn?.role ?? role]
  return {
    role: standIn?.role ?? role,
    roleDefinitionId: id,
    plane,
    ...(standIn && { condition: repositoryCondition(standIn, project.number) }),
  }
}
