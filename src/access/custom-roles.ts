import { keysOf } from '../by-key.ts'
import { everything, type ProjectGrant } from '../catalog/contents.ts'
import { rolePermissions } from '../catalog/facts/role-permissions.ts'
import type { RoleName } from '../catalog/facts/roles.ts'
import { type Catalogue, catalogue, type ResourceKey } from '../catalog/index.ts'
import { guidOf } from '../guid.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import type { CommonNames } from '../naming/types.ts'
import { joined, type RolePermissions } from '../role-permissions.ts'
import type { PersonaKey } from '../vocabulary.ts'
import { grantsIn } from './persona-grants.ts'

/** A kind of principal that every project of an environment has: a persona, or a managed identity. */
export type PrincipalKind = `persona:${PersonaKey}` | `identity:${ResourceKey}`

/**
 * A role of the factory's own, in one environment: all that a kind of principal may do inside of a project, so that one
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

/** The environment whose roles they are, with the personas that it has. */
export type RolesOfEnvironment = Pick<ResolvedFactory, 'environment' | 'subscriptionId' | 'personas'>

/** The roles of the factory's own in one environment, from all that its projects can have there. */
export function customRolesOf(
  { environment, subscriptionId, personas }: RolesOfEnvironment,
  { customRole }: Pick<CommonNames, 'customRole'>,
  from: Catalogue = catalogue,
): readonly CustomRole[] {
  const grants = grantsIn({ personas, environment }, everything(from), from).filter(
    (grant) => permissionsOf(grant.role) !== undefined,
  )
  return [...Map.groupBy(grants.filter(isInProject), principalKind)].flatMap(([principal, own]) => {
    // Of somebody who has one role on one thing, a role of its own would save nothing.
    if (own.filter(({ on }) => on !== 'containerRegistry').length < 2) return []
    const name = customRole(titleOf(principal))
    return {
      principal,
      id: guidOf(`/subscriptions/${subscriptionId}|${name}`.toLowerCase()),
      name,
      description: `All that ${nounOf(principal)} may do in a project in ${environment}, but for what services ask for by the name of a role.`,
      permissions: joined(own.map((grant) => permissionsWithin(grant, own, from))),
    }
  })
}

const isInProject = ({ on }: ProjectGrant): boolean => on !== 'machineLearningRegistry'

const blobContainer = 'Microsoft.Storage/storageAccounts/blobServices/containers'

/**
 * What a grant lets do on the whole group. On which account blobs are read and written, a condition says; that a container is
 * deleted through Azure Resource Manager no condition can, so whoever does not have all accounts may not.
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
  return { ...permissions, actions: permissions.actions.filter((one) => one !== `${blobContainer}/delete`) }
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
