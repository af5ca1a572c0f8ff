import type { RepositoryRole } from '../catalog/facts/registry-roles.ts'
import type { RoleCondition } from './model.ts'

const repositories = 'Microsoft.ContainerRegistry/registries/repositories'

/**
 * Limits a role on a shared registry to the repositories of one project. Actions that have nothing to do with repositories
 * pass: the role has none. https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions#assign-acr-permissions
 * @param project three digits
 */
export function repositoryCondition({ actions }: RepositoryRole, project: string): RoleCondition {
  const prefix = `prj${project}/`
  const others = actions.map((action) => `!(ActionMatches{'${repositories}/${action}'})`).join(' AND ')
  return {
    expression: `((${others}) OR (@Request[${repositories}:name] StringStartsWithIgnoreCase '${prefix}'))`,
    limit: `repositories ${prefix}*`,
  }
}
