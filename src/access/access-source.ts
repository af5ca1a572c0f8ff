import type { CommonResourceKey } from '../catalog/common/index.ts'
import type { ProjectGrant } from '../catalog/contents.ts'
import { roles } from '../catalog/facts/roles.ts'
import type { ResourceKey } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import { lastSegment } from '../resource-id.ts'
import type { DesiredAssignment, Principal } from './model.ts'
import { tupleOf } from './role-assignment.ts'

/** Everything that access depends on. */
export interface AccessSource {
  readonly project: ResolvedProject
  readonly names: ProjectNames<ResourceKey>
  readonly common: CommonNames<CommonResourceKey>
  readonly ids: ResourceIds
  /** Resource id of the factory's shared container registry, whether the project uses it or has its own. */
  readonly commonRegistry: string
  /** The grants of the baseline and of the services that are switched on. */
  readonly grants: readonly ProjectGrant[]
}

/** Where a project's roles are assigned, now or in the past: inside of these, stale ones are removed. */
export const managedScopesOf = ({ ids, commonRegistry }: AccessSource): readonly string[] => [
  ...new Set([ids.resourceGroup, ids.containerRegistry, commonRegistry]),
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
    byTuple.set(tupleOf({ ...assignment, principalId: JSON.stringify(assignment.principal) }), assignment)
  }
  return [...byTuple.values()]
}

function assignmentOf({ to, role, on }: ProjectGrant, { names, ids }: AccessSource): DesiredAssignment {
  const { id, plane } = roles[role]
  const principal: Principal = 'persona' in to ? { group: `persona:${to.persona}` } : to
  const principalName = 'persona' in to ? names.personaGroup(to.persona) : lastSegment(ids[to.identity])
  return { plane, scope: ids[on], role, roleDefinitionId: id, principal, principalName }
}
