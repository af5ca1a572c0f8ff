import { keysOf } from '../by-key.ts'
import { everything, type ProjectGrant } from '../catalog/contents.ts'
import { rolePermissions } from '../catalog/facts/role-permissions.ts'
import type { RoleName } from '../catalog/facts/roles.ts'
import { type Catalogue, catalogue, type ResourceKey } from '../catalog/index.ts'
import { guidOf } from '../guid.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { sameText } from '../resource-id.ts'
import { joined, lacks, type RolePermissions } from '../role-permissions.ts'
import type { PersonaKey } from '../vocabulary.ts'
import { coreTeamGrants } from './core-team-grants.ts'
import { grantsIn } from './persona-grants.ts'

/** A kind of principal: a persona of projects or of the core team, or a managed identity that every project has. */
export type PrincipalKind = `persona:${PersonaKey}` | `coreTeam:${PersonaKey}` | `identity:${ResourceKey}`

/**
 * A role of the factory's own, in one environment: all that a kind of principal may do inside of a project, or the core team in the common area, so that one
 * assignment does instead of many. https://learn.microsoft.com/azure/role-based-access-control/custom-roles
 */
export interface CustomRole {
  readonly principal: PrincipalKind
  /** A GUID. */
  readonly id: string
  /** Unique in the tenant. */
  readonly name: string
  readonly description: string
  readonly permissions: RolePermissions
}

/** Whose kind a grant is for. */
export const principalKind = ({ to }: Pick<ProjectGrant, 'to'>): PrincipalKind =>
  'persona' in to ? `persona:${to.persona}` : `identity:${to.identity}`

const permissionsByRole: Readonly<Partial<Record<RoleName, RolePermissions>>> = rolePermissions

/** What a role lets do inside of a project; undefined where it is assigned by its name. */
export const permissionsOf = (role: RoleName): RolePermissions | undefined => permissionsByRole[role]

/** Does a role, as it exists in Azure, lack something of what it is to let do in the place of one of Azure's? */
export function isLacking(
  { id, permissions: wanted }: CustomRole,
  instead: RoleName,
  defined: ReadonlyMap<string, RolePermissions>,
): boolean {
  const [actual, part] = [defined.get(id), permissionsOf(instead)]
  return actual !== undefined && part !== undefined && lacks({ wanted, actual }, part)
}

/** The environment whose roles they are, with the personas that it has. */
export type RolesOfEnvironment = Pick<ResolvedFactory, 'environment' | 'subscriptionId' | 'personas'>

/** The roles of the factory's own in one environment, from all that its projects and its common area can have there. */
export const customRolesOf = (
  environment: RolesOfEnvironment,
  names: Pick<CommonNames, 'customRole'>,
  from: Catalogue = catalogue,
): readonly CustomRole[] => [
  ...projectRolesOf(environment, names, from),
  ...coreTeamRolesOf(environment, names),
]

/**
 * Names of the roles of the factory's own that there can be in one environment, by their ids. Whoever has too few rights today
 * for a role of their own may hold one from a time when they had more.
 */
export function ownRoleNames(
  environment: RolesOfEnvironment,
  { customRole }: Pick<CommonNames, 'customRole'>,
  { resources }: Catalogue = catalogue,
): ReadonlyMap<string, string> {
  const kinds: readonly PrincipalKind[] = [
    ...environment.personas.map(({ key }): PrincipalKind => `persona:${key}`),
    ...keysOf(resources)
      .filter((key) => resources[key].identity !== undefined)
      .map((key): PrincipalKind => `identity:${key}`),
  ]
  const names = kinds.map((kind) => customRole(titleOf(kind)))
  return new Map(names.map((name) => [idOf(name, environment), name]))
}

/** Is it a role that set-up has defined in this environment, whoever it was for? Its id follows from its name. */
export function isOwnRole(
  { id, name }: Pick<CustomRole, 'id' | 'name'>,
  environment: Pick<RolesOfEnvironment, 'subscriptionId'>,
  { customRole }: Pick<CommonNames, 'customRole'>,
): boolean {
  const [, title] = /^AI Factory ([^()]+) \(/.exec(name) ?? []
  return title !== undefined && name === customRole(title) && sameText(id, idOf(name, environment))
}

function projectRolesOf(
  factory: RolesOfEnvironment,
  { customRole }: Pick<CommonNames, 'customRole'>,
  from: Catalogue,
): readonly CustomRole[] {
  const { environment } = factory
  const grants = grantsIn(factory, everything(from), from).filter(
    (grant) => permissionsOf(grant.role) !== undefined,
  )
  return [...Map.groupBy(grants.filter(isInProject), principalKind)].flatMap(([principal, own]) => {
    // Of somebody who has one role on one thing, a role of its own would save nothing.
    if (own.filter(({ on }) => on !== 'containerRegistry').length < 2) return []
    const name = customRole(titleOf(principal))
    return {
      principal,
      id: idOf(name, factory),
      name,
      description: `All that ${nounOf(principal)} may do in a project in ${environment}, but for what services ask for by the name of a role.`,
      permissions: joined(own.map((grant) => permissionsWithin(grant, own, from))),
    }
  })
}

/** The GUID of a role, the same whenever it is defined. */
const idOf = (name: string, { subscriptionId }: Pick<RolesOfEnvironment, 'subscriptionId'>): string =>
  guidOf(`/subscriptions/${subscriptionId}|${name}`.toLowerCase())

function coreTeamRolesOf(
  factory: RolesOfEnvironment,
  { customRole }: Pick<CommonNames, 'customRole'>,
): readonly CustomRole[] {
  const byPersona = Map.groupBy(coreTeamGrants(factory), ({ persona }) => persona)
  return [...byPersona].flatMap(([persona, grants]) => {
    const permissions = grants.flatMap(({ role }) => permissionsOf(role) ?? [])
    if (permissions.length < 2) return []
    const principal: PrincipalKind = `coreTeam:${persona}`
    const name = customRole(titleOf(principal))
    return {
      principal,
      id: idOf(name, factory),
      name,
      description: `All that the ${titleOf(principal)} group of the core team may do in the common area in ${factory.environment}.`,
      permissions: joined(permissions),
    }
  })
}

const isInProject = ({ on }: ProjectGrant): boolean => on !== 'machineLearningRegistry'

const blobContainer = 'Microsoft.Storage/storageAccounts/blobServices/containers'

/**
 * What a grant lets do on the whole group. On which account blobs are read and written, a condition says; on which a
 * container is made, changed or deleted none can, so whoever does not have all accounts may not.
 * https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac-attributes
 */
function permissionsWithin(
  grant: ProjectGrant,
  all: readonly ProjectGrant[],
  from: Catalogue,
): RolePermissions {
  const permissions = permissionsOf(grant.role)
  if (permissions === undefined) throw new Error(`The role '${grant.role}' is assigned by its name.`)
  const has = (account: ResourceKey) => all.some(({ on, role }) => on === account && role === grant.role)
  if (storageAccounts(from).every(has)) return permissions
  const onAll = [`${blobContainer}/delete`, `${blobContainer}/write`]
  return { ...permissions, actions: permissions.actions.filter((one) => !onAll.includes(one)) }
}

/** The storage accounts that projects can have. */
export const storageAccounts = (from: Catalogue = catalogue): readonly ResourceKey[] =>
  keysOf(from.resources).filter((key) => from.resources[key].type === 'Microsoft.Storage/storageAccounts')

const titleOf = (principal: PrincipalKind): string => {
  const [, key = ''] = principal.split(':')
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const nounOf = (principal: PrincipalKind): string =>
  principal.startsWith('persona:')
    ? `a ${titleOf(principal)}`
    : `the managed identity '${titleOf(principal)}'`
