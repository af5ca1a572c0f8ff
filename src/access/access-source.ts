import type { CommonResourceKey } from '../catalog/common/index.ts'
import type { ProjectGrant } from '../catalog/contents.ts'
import { repositoryRoles, widerRole } from '../catalog/facts/registry-roles.ts'
import { type RoleName, roleNamed, roles } from '../catalog/facts/roles.ts'
import type { ResourceKey } from '../catalog/index.ts'
import type { ResourceIds } from '../catalog/resource-ids.ts'
import { personaOf } from '../manifest/personas.ts'
import { registryModeOf } from '../manifest/registries.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import { isWithin, lastSegment } from '../resource-id.ts'
import type { RolePermissions } from '../role-permissions.ts'
import {
  type CustomRole,
  isLacking,
  ownRoleNames,
  permissionsOf,
  principalKind,
  storageAccounts,
} from './custom-roles.ts'
import type { DesiredAssignment, Principal } from './model.ts'
import { eligibilityOf } from './persona-grants.ts'
import { repositoryCondition } from './repository-condition.ts'
import { tupleOf } from './role-assignment.ts'
import { storageCondition } from './storage-condition.ts'

/** Everything that access depends on. */
export interface AccessSource {
  readonly project: ResolvedProject
  readonly names: ProjectNames<ResourceKey>
  readonly common: CommonNames<CommonResourceKey>
  readonly ids: ResourceIds
  /** Resource ids of the factory's container registries, whether the project uses them or has its own. */
  readonly commonRegistries: readonly string[]
  /** The factory's own roles in this environment. */
  readonly customRoles: readonly CustomRole[]
  /** What those of them let do that exist in Azure, by their ids: what the others are for is granted by roles of Azure. */
  readonly definedRoles: ReadonlyMap<string, RolePermissions>
  /** What the factory's personas and the project's identities are granted, on what the project has. */
  readonly grants: readonly ProjectGrant[]
}

/** Where a project's roles are assigned, now or in the past: inside of these, stale ones are removed. */
export const managedScopesOf = ({ ids, commonRegistries }: AccessSource): readonly string[] => [
  ...new Set([ids.resourceGroup, ids.containerRegistry, ...commonRegistries]),
]

/** The project's account of Cosmos DB, whether anybody is to have a role in it or not. */
export const cosmosAccountsOf = ({ project, ids }: AccessSource): readonly string[] =>
  project.services.cosmosDb.enabled ? [ids.cosmosDb] : []

/** Names of the factory's own roles, by their ids. */
export const customRoleNames = ({
  project: { factory },
  common,
}: Pick<AccessSource, 'project' | 'common'>): ReadonlyMap<string, string> => ownRoleNames(factory, common)

/**
 * The role assignments that follow from the grants of the catalogue in this environment.
 * @param concerns which grants: those of people, or those of identities
 */
export function assignmentsOf(
  source: AccessSource,
  concerns: (grant: ProjectGrant) => boolean,
): readonly DesiredAssignment[] {
  const byRole = Map.groupBy(grantsIn(source, concerns), (grant) => customRoleFor(grant, source))
  const active = [...byRole].flatMap(([role, own]) =>
    role === undefined
      ? own.map((grant) => assignmentOf(grant, source))
      : [customAssignment(role, own, source)],
  )
  const assignments = active.map((one) => ({ ...one, ...eligibilityIn(source, one) }))
  const byTuple = new Map(assignments.map((one) => [keyOf(one, one.roleDefinitionId), one]))
  // Two registries may be one: who pushes there pulls there too.
  return [...byTuple.values()].filter((assignment) => {
    const role = roleNamed(assignment.roleDefinitionId)
    const wider = role && widerRole[role]
    return wider === undefined || !byTuple.has(keyOf(assignment, roles[wider].id))
  })
}

/**
 * What is in the project's group waits for its activation where the persona asks for that. Shared registries are no place to
 * activate something, and roles inside Cosmos DB are its own.
 */
function eligibilityIn(
  { project: { factory }, ids }: AccessSource,
  { principal, plane, scope }: DesiredAssignment,
): Pick<DesiredAssignment, 'eligible'> {
  if (!('group' in principal) || plane !== 'azure' || !isWithin(scope, ids.resourceGroup)) return {}
  const persona = factory.personas.find(({ key }) => principal.group === `persona:${key}`)
  return persona === undefined ? {} : eligibilityOf(persona)
}

/**
 * The role assignments that the factory's own roles do not stand in for yet, since they were made for another version of the
 * catalogue: whoever has one of Azure's roles for it keeps it until set-up has updated them.
 * @param concerns which grants: those of people, or those of identities
 */
export const lackedAssignments = (
  source: AccessSource,
  concerns: (grant: ProjectGrant) => boolean,
): readonly DesiredAssignment[] =>
  grantsIn(source, concerns).flatMap((grant) => {
    const role = customRoleFor(grant, source)
    return role && isLacking(role, grant.role, source.definedRoles) ? [assignmentOf(grant, source)] : []
  })

const grantsIn = (
  { grants, project: { environment } }: AccessSource,
  concerns: (grant: ProjectGrant) => boolean,
): readonly ProjectGrant[] =>
  grants.filter((grant) => grant.in?.includes(environment) !== false && concerns(grant))

const keyOf = ({ scope, principal }: DesiredAssignment, roleDefinitionId: string): string =>
  tupleOf({ scope, principalId: JSON.stringify(principal), roleDefinitionId })

/** The factory's own role that a grant is part of; undefined where a role of Azure is assigned on what the grant is about. */
function customRoleFor(
  grant: ProjectGrant,
  { customRoles, definedRoles, ids }: AccessSource,
): CustomRole | undefined {
  if (permissionsOf(grant.role) === undefined || !isWithin(ids[grant.on], ids.resourceGroup)) return undefined
  const kind = principalKind(grant)
  return customRoles.find(({ principal, id }) => principal === kind && definedRoles.has(id))
}

/** One role for all that a principal is granted in a project. */
function customAssignment(
  { id, name }: CustomRole,
  grants: readonly ProjectGrant[],
  source: AccessSource,
): DesiredAssignment {
  const [first] = grants
  if (first === undefined) throw new Error(`Nothing is granted by '${name}'.`)
  const { ids } = source
  const condition = storageCondition(grants, storageAccounts(), ids)
  return {
    scope: ids.resourceGroup,
    ...principalOf(first, source),
    plane: 'azure',
    role: name,
    roleDefinitionId: id,
    ...(condition && { condition }),
  }
}

function principalOf(
  { to }: ProjectGrant,
  { project, names, ids }: AccessSource,
): Pick<DesiredAssignment, 'principal' | 'principalName'> {
  const principal: Principal = 'persona' in to ? { group: `persona:${to.persona}` } : to
  const principalName =
    'persona' in to
      ? names.personaGroup(personaOf(project.factory, to.persona))
      : lastSegment(ids[to.identity])
  return { principal, principalName }
}

function assignmentOf(grant: ProjectGrant, source: AccessSource): DesiredAssignment {
  const scope = source.ids[grant.on]
  return { scope, ...principalOf(grant, source), ...roleOn(scope, grant.role, source) }
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
