import { administrationRoles } from './administration-roles.ts'
import { aiRoles } from './ai-roles.ts'
import { computeRoles } from './compute-roles.ts'
import { containerRoles } from './container-roles.ts'
import { databaseRoles } from './database-roles.ts'
import { integrationRoles } from './integration-roles.ts'
import { keyVaultRoles } from './key-vault-roles.ts'
import { machineLearningRoles } from './machine-learning-roles.ts'
import { monitoringRoles } from './monitoring-roles.ts'
import { networkRoles } from './network-roles.ts'
import type { RoleDefinition } from './role.ts'
import { storageRoles } from './storage-roles.ts'

export type { RoleDefinition } from './role.ts'

/**
 * The built-in roles that the sandbox knows: general ones, and those of the services of an AI project.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const builtInRoles: readonly RoleDefinition[] = [
  ...administrationRoles,
  ...networkRoles,
  ...monitoringRoles,
  ...computeRoles,
  ...containerRoles,
  ...storageRoles,
  ...keyVaultRoles,
  ...databaseRoles,
  ...integrationRoles,
  ...aiRoles,
  ...machineLearningRoles,
]
