import { networkAccess } from '../catalog/access-modes.ts'
import type { AzureCloudName } from '../catalog/facts/private-dns.ts'
import type { ProjectContents } from '../catalog/index.ts'
import { resourceIds } from '../catalog/resource-ids.ts'
import type { ResourceIds, ServiceContext } from '../catalog/types.ts'
import type { ResolvedFactory, ResolvedProject } from '../manifest/resolved.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import { serviceKeys } from '../vocabulary.ts'
import type { AssignedSubnets } from './types.ts'

/** The names of a project and of the common area of the same environment. */
export interface Names {
  readonly project: ProjectNames
  readonly common: CommonNames
}

/** What a project is made of in this environment. */
export const contentsOf = ({ services, factory }: ResolvedProject): ProjectContents => ({
  services: serviceKeys.filter((key) => services[key].enabled),
  ownContainerRegistry: !factory.sharedContainerRegistry,
})

/** Ids of all resources a project has or refers to in this environment. */
export const projectResourceIds = ({ factory }: ResolvedProject, { project, common }: Names): ResourceIds =>
  resourceIds({
    subscriptionId: factory.subscriptionId,
    names: project,
    common,
    ownContainerRegistry: !factory.sharedContainerRegistry,
    ...(factory.network.source.kind === 'existing' && { virtualNetworkId: factory.network.source.id }),
  })

/**
 * The tags of everything a project has. What the project says stands before what the factory says for all; tag names are
 * compared without regard to case, as Azure does.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function tagsOf(project: ResolvedProject): Readonly<Record<string, string>> {
  const own = {
    costCenter: project.costCenter,
    environment: project.environment,
    factory: `${project.factory.name}-${project.factory.instance}`,
    owner: project.owner,
    project: project.number,
  }
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const inherited = Object.entries(project.factory.tags).filter(([name]) => !taken.has(name.toLowerCase()))
  return Object.fromEntries([...inherited, ...Object.entries(own)].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** All that the parts of a project depend on, decided once. Options are each service's own and added later. */
export function projectContext(
  project: ResolvedProject,
  names: Names,
  subnets: AssignedSubnets,
  cloud: AzureCloudName,
): ServiceContext {
  const { factory } = project
  const ids = projectResourceIds(project, names)
  return {
    names: names.project,
    common: names.common,
    ids,
    location: factory.location,
    tags: tagsOf(project),
    tenantId: factory.tenantId,
    environment: project.environment,
    project: { number: project.number, name: project.name, description: project.description },
    access: networkAccess(factory.accessMode, factory.allowedIps),
    cloud,
    options: {},
    has: (service) => project.services[service].enabled,
    subnetId: (key) => {
      const subnet = subnets[key]
      if (subnet === undefined)
        throw new Error(`The project needs the subnet '${key}', which has not been assigned.`)
      return subnet.id === '' ? `${ids.virtualNetwork}/subnets/${subnet.name}` : subnet.id
    },
  }
}

/** Where the private DNS zones are: in the common area, or in the hub. */
export const zonesOf = (factory: ResolvedFactory, common: CommonNames) =>
  factory.dns.mode === 'hub'
    ? { subscriptionId: factory.dns.subscriptionId, resourceGroup: factory.dns.resourceGroup }
    : { subscriptionId: factory.subscriptionId, resourceGroup: common.resourceGroup }
