import type { RegistryMode } from '../catalog/facts/registry-roles.ts'
import type { ResolvedFactory } from './resolved.ts'

/** How the registry of a project decides who may do what. One of its own has workspaces attached to it, so it is in the older mode. */
export const registryModeOf = ({
  sharedContainerRegistry,
  sharedRegistryMode,
}: Pick<ResolvedFactory, 'sharedContainerRegistry' | 'sharedRegistryMode'>): RegistryMode =>
  sharedContainerRegistry ? sharedRegistryMode : 'LegacyRegistryPermissions'

/** Are workspaces attached to a registry of the common area that is not the project's: because that one is in the newer mode, or factory.yml names one? */
export const hasRegistryForWorkspaces = (factory: ResolvedFactory): boolean =>
  registryModeOf(factory) === 'AbacRepositoryPermissions' ||
  (factory.sharedContainerRegistry && factory.common.machineLearningRegistry.kind === 'existing')
