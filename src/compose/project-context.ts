import { byKey, keysOf } from '../by-key.ts'
import { networkAccess } from '../catalog/access-modes.ts'
import type { AssignedSubnet, AssignedSubnets } from '../catalog/assigned-subnets.ts'
import { isService } from '../catalog/catalogue.ts'
import { commonIds } from '../catalog/common/ids.ts'
import type { CommonResourceKey } from '../catalog/common/index.ts'
import type { ProjectContents } from '../catalog/contents.ts'
import type { AzureCloudName } from '../catalog/facts/private-dns.ts'
import { type Catalogue, catalogue, type ResourceKey } from '../catalog/index.ts'
import { type ResourceIds, resourceIds } from '../catalog/resource-ids.ts'
import type { PartContext, PartDefinition, ServiceDefinition } from '../catalog/types.ts'
import { hasRegistryForWorkspaces } from '../manifest/registries.ts'
import type { ResolvedFactory, ResolvedProject, ServiceSetting } from '../manifest/resolved.ts'
import type { CommonNames, ProjectNames } from '../naming/types.ts'
import type { ResourceGroupScope } from './identifiers.ts'

/** The names of a project and of the common area of the same environment. */
export interface Names {
  readonly project: ProjectNames<ResourceKey>
  readonly common: CommonNames<CommonResourceKey>
}

/** What a project is made of in this environment. */
export const contentsOf = ({ services, factory }: ResolvedProject): ProjectContents => ({
  services: keysOf(services).filter((key) => services[key].enabled),
  ownContainerRegistry: !factory.sharedContainerRegistry,
})

/** Ids of all resources a project has or refers to in this environment. */
export const projectResourceIds = (
  { factory }: ResolvedProject,
  { project, common }: Names,
  from: Catalogue = catalogue,
): ResourceIds =>
  resourceIds(
    {
      subscriptionId: factory.subscriptionId,
      names: project,
      common: commonIds({ subscriptionId: factory.subscriptionId, names: common, parts: factory.common }),
      ownContainerRegistry: !factory.sharedContainerRegistry,
      registryForWorkspaces: hasRegistryForWorkspaces(factory),
    },
    from,
  )

/**
 * The factory's tags, and those that everything of one owner has besides. These stand before what the factory says for
 * all; tag names are compared without regard to case, as Azure does.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export function factoryTags(
  { name, instance, environment, tags }: ResolvedFactory,
  owner: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = { environment, factory: `${name}-${instance}`, ...owner }
  const taken = new Set(Object.keys(own).map((key) => key.toLowerCase()))
  const inherited = Object.entries(tags).filter(([key]) => !taken.has(key.toLowerCase()))
  return Object.fromEntries([...inherited, ...Object.entries(own)].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The tags of everything a project has. */
export const tagsOf = ({ factory, costCenter, owner, number }: ResolvedProject) =>
  factoryTags(factory, { costCenter, owner, project: number })

/** All that the resources of a project depend on, decided once. */
export interface ProjectContext
  extends Omit<PartContext<string, unknown, string>, 'names' | 'ids' | 'common' | 'options'> {
  readonly names: ProjectNames<ResourceKey>
  readonly ids: ResourceIds
}

/** Decides it. */
export function projectContext(
  project: ResolvedProject,
  names: Names,
  subnets: AssignedSubnets,
  cloud: AzureCloudName,
  from: Catalogue = catalogue,
): ProjectContext {
  const { factory } = project
  const ids = projectResourceIds(project, names, from)
  const assigned: Readonly<Record<string, AssignedSubnet | undefined>> = subnets
  return {
    names: names.project,
    ids,
    location: factory.location,
    tags: tagsOf(project),
    tenantId: factory.tenantId,
    environment: project.environment,
    project: { number: project.number, name: project.name, description: project.description },
    access: networkAccess(factory.accessMode, factory.allowedIps),
    cloud,
    has: (part) => !isService(part) || settingOf(part, project)?.enabled === true,
    subnetId: (key) => {
      const subnet = assigned[key]
      if (subnet === undefined)
        throw new Error(`The project needs the subnet '${key}', which has not been assigned.`)
      return subnet.id === '' ? `${ids.virtualNetwork}/subnets/${subnet.name}` : subnet.id
    },
  }
}

/** What was decided about a service; undefined when the project's catalogue does not have it. */
function settingOf({ key }: ServiceDefinition, { services }: ResolvedProject): ServiceSetting | undefined {
  const known = keysOf(services).find((candidate) => candidate === key)
  return known === undefined ? undefined : services[known]
}

/** What one part sees of it, with the options that were decided for it. */
export function partContext(
  part: PartDefinition,
  { names, ids, ...context }: ProjectContext,
  project: ResolvedProject,
  from: Catalogue = catalogue,
): PartContext<string, unknown, string> {
  const resources = keysOf(from.resources)
  const setting = isService(part) ? settingOf(part, project) : undefined
  return {
    ...context,
    names: byKey(resources, (key) => names[key]),
    ids: byKey(resources, (key) => ids[key]),
    common: { logAnalytics: ids.logAnalytics, machineLearningRegistry: ids.machineLearningRegistry },
    options: setting?.enabled ? setting.options : {},
  }
}

/** Where the private DNS zones are: in the common area, or in the hub; undefined when a policy writes into them, wherever they are. */
export function zonesOf(
  { dns, subscriptionId }: ResolvedFactory,
  { resourceGroup }: Pick<CommonNames, 'resourceGroup'>,
): ResourceGroupScope | undefined {
  switch (dns.mode) {
    case 'hub':
      return { subscriptionId: dns.subscriptionId, resourceGroup: dns.resourceGroup }
    case 'standalone':
      return { subscriptionId, resourceGroup }
    case 'policy':
      return undefined
  }
}
