import type { RoleName } from './roles.ts'

/**
 * How a container registry decides who may do what: by roles on the whole of it, or by roles on its repositories, which a
 * condition can limit to some. https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
 */
export type RegistryMode = 'AbacRepositoryPermissions' | 'LegacyRegistryPermissions'

/** The role that stands in for one that a registry in the mode of repositories does not honour, with the actions it has there. */
export interface RepositoryRole {
  readonly role: RoleName
  readonly actions: readonly string[]
}

const read = ['content/read', 'metadata/read'] as const

/** By the roles that only the older mode honours. https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-directory-reference */
export const repositoryRoles: Readonly<Partial<Record<RoleName, RepositoryRole>>> = {
  AcrPull: { role: 'Container Registry Repository Reader', actions: read },
  AcrPush: {
    role: 'Container Registry Repository Writer',
    actions: [...read, 'content/write', 'metadata/write'],
  },
}

/** The role that holds all that another one does, on the same registry. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers#acrpush */
export const widerRole: Readonly<Partial<Record<RoleName, RoleName>>> = { AcrPull: 'AcrPush' }
