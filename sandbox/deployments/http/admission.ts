import { ArmError, type Caller } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { isResourceGroupId } from '../ids.ts'
import { requirePermission, type Target } from './request.ts'

/** Whose request it is, and about what. */
interface Asked {
  readonly target: Target
  readonly caller: Caller
}

/**
 * Lets a caller do something with a deployment, a stack or a what-if result, or with all of a scope: who has the right,
 * in a group that is there, where no lock forbids it. A lock sees any POST as a change.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 * @throws ArmError `AuthorizationFailed`, `ResourceGroupNotFound`, `ScopeLocked`
 */
export function admission(
  type: string,
  idOf: (target: Target, name: string) => string,
  deps: DeploymentsDependencies,
): (asked: Asked, name: string | undefined, verb: string) => void {
  return ({ caller, target }, name, verb) => {
    const scope = name === undefined ? target.scopeId : idOf(target, name)
    requirePermission(deps.authorization, caller, scope, `${type}/${verb}`)
    requireGroup(target, deps)
    if (verb !== 'read' && !verb.endsWith('/read'))
      deps.managementLocks.check(scope, type, verb === 'delete' ? 'delete' : 'write')
  }
}

/** A resource group that is gone has no deployments, nor stacks. */
function requireGroup(target: Target, deps: DeploymentsDependencies): void {
  if (!isResourceGroupId(target.scopeId) || deps.engine.get(target.scopeId) !== undefined) return
  throw new ArmError(404, {
    code: 'ResourceGroupNotFound',
    message: `Resource group '${target.scopeId.split('/').at(-1) ?? ''}' could not be found.`,
  })
}
