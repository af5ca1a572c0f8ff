import { unlessForbidden } from '../../azure/failure.ts'
import type { Resources } from '../../azure/resources.ts'
import { networkAccess } from '../../catalog/access-modes.ts'
import { partsOf } from '../../catalog/contents.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { catalogue, isResourceKey, isSubnetKey } from '../../catalog/index.ts'
import { contentsOf, tagsOf } from '../../compose/project-context.ts'
import { privateEndpointsOf } from '../../network/subnet-sizes.ts'
import { requestedSubnets } from '../../network/subnets-from-input.ts'
import { ownerOf } from '../owner.ts'
import type { ProjectInEnvironment } from '../project.ts'
import { together } from '../together.ts'
import type { SubnetTarget } from './subnet-target.ts'

/** The subnets of a project. */
export function projectTarget(target: ProjectInEnvironment): SubnetTarget {
  const { project, names, ids } = target
  const { factory } = project
  return {
    factory,
    owner: ownerOf(project),
    tags: tagsOf(project),
    names: names.project,
    declared: catalogue.subnets,
    requested: (specs) => requestedSubnets(specs, target),
    virtualNetworkId: ids.virtualNetwork,
    resourceGroupId: ids.resourceGroup,
    privateEndpoints: networkAccess(factory.accessMode, factory.allowedIps).privateEndpoints
      ? privateEndpointsOf(contentsOf(project))
      : 0,
    settingAt: (key, setting) => {
      if (!isSubnetKey(key)) throw new Error(`The documents set nothing of the subnet '${key}'.`)
      return project.subnetSettingAt(key, setting)
    },
    isMadeBefore: () => false,
    injectedSubnets: (resources) => injectedSubnets(target, resources),
  }
}

async function injectedSubnets(
  { project, ids }: ProjectInEnvironment,
  resources: Resources,
): Promise<readonly string[] | undefined> {
  const injections = partsOf(contentsOf(project))
    .flatMap(({ subnets }) => Object.values(subnets))
    .flatMap(({ injected }) =>
      injected !== undefined && isResourceKey(injected.resource)
        ? [{ ...injected, resource: injected.resource }]
        : [],
    )
  return unlessForbidden(async () => {
    const found = await together(
      ...injections.map(async ({ resource, subnetIds }) => {
        const existing = await resources.read(ids[resource], apiVersions[catalogue.resources[resource].type])
        return subnetIds(existing?.properties ?? {})
      }),
    )
    return found.flat()
  }, undefined)
}
