import { partsOf } from '../catalog/contents.ts'
import { serviceKeys } from '../catalog/index.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'

/**
 * The ARM types whose providers the delivery of a common area registers: its own, network security groups, which are in no
 * template, and those of all that factory.yml lets projects be made of. Nobody else registers these, and a project's check
 * would stop at each. Which services a project will ask for is not known yet.
 * @param written the types in its templates
 */
export function registeredTypes(
  written: readonly string[],
  { servicesOff, sharedContainerRegistry }: Pick<ResolvedFactory, 'servicesOff' | 'sharedContainerRegistry'>,
): readonly string[] {
  const services = serviceKeys.filter((key) => !servicesOff.includes(key))
  const ownContainerRegistry = !sharedContainerRegistry
  const ofProjects = partsOf({ services, ownContainerRegistry }).flatMap(({ resources }) =>
    Object.values(resources).flatMap(({ type, shared }) =>
      shared === undefined || ownContainerRegistry ? [type] : [],
    ),
  )
  return [...written, 'Microsoft.Network/networkSecurityGroups', ...ofProjects]
}
