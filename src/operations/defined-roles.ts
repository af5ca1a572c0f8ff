import { customRolesOf } from '../access/custom-roles.ts'
import type { RoleDefinitions } from '../azure/role-definitions.ts'
import { permissionDifference } from '../role-permissions.ts'
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

const setUp = "Run 'npm run setup -- aifactory/factory.yml' as an administrator of the factory"

/** What is to be said of the factory's own roles that were made for another catalogue than this one. */
export function definedRolesWarnings({
  project: { factory },
  names,
}: ProjectInEnvironment): readonly string[] {
  const { roles, definedRoles } = factory
  if (roles === 'builtin' || definedRoles === undefined) return []
  return customRolesOf(factory, names.common).flatMap((role) => olderWarning(role, definedRoles))
}

/** Where set-up has not created the factory's own roles, principals get several roles of Azure instead: how to change that. */
export function missingRolesNote({ project: { factory }, names }: ProjectInEnvironment): string | undefined {
  const { roles, definedRoles, environment } = factory
  if (roles === 'builtin' || definedRoles === undefined) return undefined
  const missing = customRolesOf(factory, names.common).filter(({ id }) => !definedRoles.has(id))
  if (missing.length === 0) return undefined
  return `${missing.length} of the factory's own roles do not exist in ${environment}, so roles of Azure are assigned instead, several for each principal. ${setUp}, and the next delivery assigns one for each.`
}

function olderWarning(
  { id, name, permissions }: ReturnType<typeof customRolesOf>[number],
  defined: NonNullable<ProjectInEnvironment['project']['factory']['definedRoles']>,
): readonly string[] {
  const actual = defined.get(id)
  if (actual === undefined) return []
  const { missing, beyond } = permissionDifference(permissions, actual)
  if (missing.length + beyond.length === 0) return []
  const parts = [
    ...(missing.length === 0 ? [] : [`lacks ${missing.join(', ')}`]),
    ...(beyond.length === 0 ? [] : [`has ${beyond.join(', ')} beyond it`]),
  ]
  return [
    `The role '${name}' is not as this version of AI Factory Actions defines it: it ${parts.join(' and ')}. ${setUp} to update it; until then everybody who holds it has what it says now.`,
  ]
}
