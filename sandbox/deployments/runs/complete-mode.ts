import { ArmError, type Caller } from '../../contracts.ts'
import type { DeploymentsDependencies } from '../dependencies.ts'
import { isTopLevelIn } from '../ids.ts'
import { removeResources } from '../removal.ts'
import type { Compiled } from '../template/compile.ts'
import { isDeployed } from '../template/nodes.ts'

/** Resources of a resource group that a template does not deploy; children stay with their parents. */
export function unnamedResources(compiled: Compiled, deps: DeploymentsDependencies): readonly string[] {
  const named = new Set(compiled.nodes.filter(isDeployed).map((node) => node.id.toLowerCase()))
  return deps.engine
    .within(compiled.scopeId)
    .map(({ id }) => id)
    .filter((id) => isTopLevelIn(compiled.scopeId, id) && !named.has(id.toLowerCase()))
}

/**
 * Deletes from the resource group what the template does not name, as mode Complete says.
 * @throws ArmError when something cannot be deleted
 */
export async function removeUnnamed(
  compiled: Compiled,
  caller: Caller,
  deps: DeploymentsDependencies,
): Promise<void> {
  const { failed } = await removeResources(unnamedResources(compiled, deps), caller, deps)
  if (failed.length > 0)
    throw new ArmError(409, {
      code: 'DeploymentFailedCleanUp',
      message:
        'The deployment succeeded, but the resources that are not in the template could not all be deleted.',
      details: failed.map(({ id, error }) => ({ ...error, target: id })),
    })
}
