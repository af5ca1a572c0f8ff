import type { Resources } from '../azure/resources.ts'
import { apiVersions } from '../catalog/facts/api-versions.ts'
import type { RegistryMode } from '../catalog/facts/registry-roles.ts'
import type { CommonArea } from '../compose/compose-common.ts'
import { projectResourceIds } from '../compose/project-context.ts'
import type { ProjectInEnvironment } from './project.ts'

/**
 * The same project, knowing how the shared registry decides who may do what. The common area creates it in the mode of
 * repositories; one that somebody made before may be in the older mode, and then it keeps its roles and its workspaces.
 */
export async function withSharedRegistry<Target extends ProjectInEnvironment>(
  target: Target,
  resources: Pick<Resources, 'read'>,
): Promise<Target> {
  const { factory } = target.project
  if (!factory.sharedContainerRegistry) return target
  const sharedRegistryMode = await readRegistryMode(target.ids.containerRegistry, resources)
  if (sharedRegistryMode === undefined) return target
  const project = { ...target.project, factory: { ...factory, sharedRegistryMode } }
  return { ...target, project, ids: projectResourceIds(project, target.names) }
}

/** Undefined when there is no such registry yet. */
async function readRegistryMode(
  id: string,
  { read }: Pick<Resources, 'read'>,
): Promise<RegistryMode | undefined> {
  const registry = await read(id, apiVersions['Microsoft.ContainerRegistry/registries'])
  if (registry === undefined) return undefined
  return registry.properties['roleAssignmentMode'] === 'AbacRepositoryPermissions'
    ? 'AbacRepositoryPermissions'
    : 'LegacyRegistryPermissions'
}

/**
 * The common area with the mode that its shared registry has: another one would take the images away from those who have roles
 * in this one. Where it is the older mode, workspaces are attached to the shared registry, and need no second one.
 */
export async function withLiveRegistry(
  area: CommonArea,
  resources: Pick<Resources, 'read'>,
): Promise<CommonArea> {
  const { factory, ids } = area
  if (!factory.sharedContainerRegistry) return area
  const [sharedRegistryMode, second] = await Promise.all([
    readRegistryMode(ids.containerRegistry, resources),
    readRegistryMode(ids.machineLearningRegistry, resources),
  ])
  if (sharedRegistryMode === undefined) return area
  const { machineLearningRegistry } = factory.common
  const isSuperfluous =
    sharedRegistryMode === 'LegacyRegistryPermissions' &&
    machineLearningRegistry.kind === 'own' &&
    second === undefined
  const common = isSuperfluous
    ? { ...factory.common, machineLearningRegistry: { kind: 'off' as const } }
    : factory.common
  return { ...area, factory: { ...factory, sharedRegistryMode, common } }
}
