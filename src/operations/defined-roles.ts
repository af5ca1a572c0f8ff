import { type CustomRole, customRolesOf } from '../access/custom-roles.ts'
import type { RoleDefinitions } from '../azure/role-definitions.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { listedPatterns, permissionDifference, type RolePermissions } from '../role-permissions.ts'
import type { ProjectInEnvironment } from './project.ts'

/** The same project, knowing which of the factory's own roles exist: set-up creates them, and no delivery may. */
export async function withDefinedRoles<Target extends ProjectInEnvironment>(
  target: Target,
  { custom }: RoleDefinitions,
): Promise<Target> {
  const { factory } = target.project
  if (factory.roles === 'builtin') return target
  const defined = await custom(factory.subscriptionId)
  const own = customRolesOf(factory, target.names.common)
  const definedRoles = new Map(own.flatMap(({ id }) => pairOf(id, defined.get(id))))
  return { ...target, project: { ...target.project, factory: { ...factory, definedRoles } } }
}

const pairOf = <T>(key: string, value: T | undefined): readonly (readonly [string, T])[] =>
  value === undefined ? [] : [[key, value]]

/** How the factory's own roles come to be, and are updated. */
export const setUpRoles = "Run 'npm run setup -- aifactory/factory.yml' as an administrator of the factory"

/** What is to be said of the factory's own roles that a project meets. */
export const definedRolesWarnings = ({
  project: { factory },
  names,
}: ProjectInEnvironment): readonly string[] =>
  otherRolesWarnings(factory, customRolesOf(factory, names.common))

/** What is to be said of roles that were made for another catalogue than this one: one sentence, or none. */
export function otherRolesWarnings(
  { roles, definedRoles }: Pick<ResolvedFactory, 'roles' | 'definedRoles'>,
  own: readonly CustomRole[],
): readonly string[] {
  if (roles === 'builtin' || definedRoles === undefined) return []
  const others = own.flatMap((role) => otherRole(role, definedRoles))
  if (others.length === 0) return []
  const parts = [...Map.groupBy(others, ({ text }) => text)].map(
    ([text, all]) => `${all.map(({ name }) => `'${name}'`).join(', ')} ${text}`,
  )
  return [
    `Roles of the factory's own are not as this version of AI Factory Actions defines them: ${parts.join('; ')}. ${setUpRoles} to update them; until then everybody who holds them has what they say now.`,
  ]
}

/** What is to be said where the factory's own roles are meant and not there. */
export function missingRolesNote(
  { roles, definedRoles, environment }: Pick<ResolvedFactory, 'roles' | 'definedRoles' | 'environment'>,
  own: readonly CustomRole[],
): string | undefined {
  const missing = own.filter(({ id }) => roles === 'custom' && definedRoles?.has(id) === false)
  if (missing.length === 0) return undefined
  const names = missing.map(({ name }) => `'${name}'`).join(', ')
  return `${names} ${missing.length === 1 ? 'does' : 'do'} not exist in ${environment}, so several roles of Azure are assigned instead. ${setUpRoles}; where the tenant forbids custom roles, say 'roles: builtin' in factory.yml.`
}

/** What one of the factory's own roles lets do beyond what it is meant to; undefined for nothing. */
export function beyondMeant(
  { id, permissions }: Pick<CustomRole, 'id' | 'permissions'>,
  defined: ReadonlyMap<string, RolePermissions>,
): string | undefined {
  const actual = defined.get(id)
  const { beyond } = actual === undefined ? { beyond: [] } : permissionDifference(permissions, actual)
  return beyond.length === 0 ? undefined : listedPatterns(beyond)
}

/** A role that is not as it is meant, and in what. */
function otherRole(
  { id, name, permissions }: CustomRole,
  defined: ReadonlyMap<string, RolePermissions>,
): readonly { readonly name: string; readonly text: string }[] {
  const actual = defined.get(id)
  if (actual === undefined) return []
  const { missing, beyond } = permissionDifference(permissions, actual)
  if (missing.length + beyond.length === 0) return []
  const parts = [
    ...(missing.length === 0 ? [] : [`without ${listedPatterns(missing)}`]),
    ...(beyond.length === 0 ? [] : [`with ${listedPatterns(beyond)} beyond it`]),
  ]
  return [{ name, text: parts.join(' and ') }]
}
