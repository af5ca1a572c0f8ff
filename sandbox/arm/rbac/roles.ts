import { aiRoles } from './ai-roles.ts'
import { dataRoles } from './data-roles.ts'
import { generalRoles } from './general-roles.ts'
import { moreDataRoles } from './more-data-roles.ts'
import { platformRoles } from './platform-roles.ts'
import type { RoleDefinition } from './role.ts'

export type { RoleDefinition } from './role.ts'

/**
 * The built-in roles that the sandbox knows: general ones, and those of the services of an AI project.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles: readonly RoleDefinition[] = [
  ...generalRoles,
  ...platformRoles,
  ...dataRoles,
  ...moreDataRoles,
  ...aiRoles,
]
