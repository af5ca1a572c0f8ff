import type { AccessDifference } from '../../access/model.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ProjectInEnvironment } from '../project.ts'

/**
 * The guard of applying access: roles need the identities that they are assigned to.
 * @throws UserError that names those that do not exist
 */
export function refuseUnprovisioned(
  { missingIdentities }: AccessDifference,
  { project, names }: ProjectInEnvironment,
): void {
  if (missingIdentities.length === 0) return
  throw new UserError({
    what: `Project ${project.number} is not provisioned in ${project.environment}: ${missingIdentities.join(', ')} cannot be found in ${names.project.resourceGroup}.`,
    why: 'Roles are assigned to the identities of resources, so the resources have to exist.',
    fix: 'Run provision-project with mode apply first.',
  })
}
