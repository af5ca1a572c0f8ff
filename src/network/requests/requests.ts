import type { ProjectContents } from '../../catalog/index.ts'
import { subnets, subnetsNeeded } from '../../catalog/subnets.ts'
import type { ResolvedProject } from '../../manifest/resolved.ts'
import type { ProjectNames } from '../../naming/types.ts'
import { serviceKeys } from '../../vocabulary.ts'
import type { SubnetRequest } from '../network.ts'
import { refuseWrongSize } from './allowed-sizes.ts'
import { smallestSizeFor, subnetSize } from './sizes.ts'

/**
 * The subnets a project needs for the services that are switched on, in the sizes of its profile unless the manifest
 * says otherwise, or brought along.
 * @throws UserError when the manifest asks for less than the services take
 */
export function subnetRequests(project: ResolvedProject, names: ProjectNames): readonly SubnetRequest[] {
  const contents: ProjectContents = {
    services: serviceKeys.filter((key) => project.services[key].enabled),
    ownContainerRegistry: !project.factory.sharedContainerRegistry,
  }
  return subnetsNeeded(contents.services).map((key): SubnetRequest => {
    const definition = subnets[key]
    const { rule } = definition
    const setting = project.subnets[key]
    const where = setting === undefined ? {} : { where: project.at(`network.subnets.${key}`) }
    const purpose = { key, delegation: rule.delegation ?? '', rule, ...where }
    const smallest = smallestSizeFor(definition, contents)
    if (setting !== undefined && 'id' in setting) {
      return { kind: 'brought', id: setting.id, smallest, ...purpose }
    }
    const own = {
      ...purpose,
      kind: 'own' as const,
      name: names.subnet(key),
      smallestPrefixLength: smallest.prefixLength,
    }
    if (setting === undefined) {
      const { prefixLength, reason } = subnetSize(definition, project.subnetProfile)
      return { ...own, prefixLength, sizeReason: reason }
    }
    const { prefixLength } = setting
    refuseWrongSize({ what: `Subnet '${key}'`, prefixLength, rule, smallest, ...where })
    return { ...own, prefixLength }
  })
}
