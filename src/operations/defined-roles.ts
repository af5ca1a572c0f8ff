import { type CustomRole, customRolesOf } from '../access/custom-roles.ts'
import type { RoleDefinitions } from '../azure/role-definitions.ts'
import { enumeration } from '../diagnostics/enumeration.ts'
import { printable } from '../diagnostics/escape.ts'
import { permissionDifference, type RolePermissions } from '../role-permissions.ts'
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

/** What is to be said of the factory's own roles that were made for another catalogue than this one: one sentence, or none. */
export function definedRolesWarnings({
  project: { factory },
  names,
}: ProjectInEnvironment): readonly string[] {
  const { roles, definedRoles } = factory
  if (roles === 'builtin' || definedRoles === undefined) return []
  const others = customRolesOf(factory, names.common).flatMap((role) => otherRole(role, definedRoles))
  if (others.length === 0) return []
  const parts = [...Map.groupBy(others, ({ text }) => text)].map(
    ([text, all]) => `${all.map(({ name }) => `'${name}'`).join(', ')} ${text}`,
  )
  return [
    `Roles of the factory's own are not as this version of AI Factory Actions defines them: ${parts.join('; ')}. ${setUpRoles} to update them; until then everybody who holds them has what they say now.`,
  ]
}

/** More patterns than these are counted only: Azure's answers are as long as somebody made them. */
const mostPatterns = 12
const longestPattern = 120
const listed = (patterns: readonly string[]): string =>
  enumeration(
    patterns.map((pattern) => printable(pattern, longestPattern)),
    mostPatterns,
  )

/** What one of the factory's own roles lets do beyond what it is meant to; undefined for nothing. */
export function beyondMeant(
  { id, permissions }: Pick<CustomRole, 'id' | 'permissions'>,
  defined: ReadonlyMap<string, RolePermissions>,
): string | undefined {
  const actual = defined.get(id)
  const { beyond } = actual === undefined ? { beyond: [] } : permissionDifference(permissions, actual)
  return beyond.length === 0 ? undefined : listed(beyond)
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
    ...(missing.length === 0 ? [] : [`without ${listed(missing)}`]),
    ...(beyond.length === 0 ? [] : [`with ${listed(beyond)} beyond it`]),
  ]
  return [{ name, text: parts.join(' and ') }]
}
