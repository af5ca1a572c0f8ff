import { services } from '../catalog/index.ts'
import { subnets, subnetsNeeded } from '../catalog/subnets.ts'
import type { SubnetDefinition } from '../catalog/types.ts'
import { quote, sizeOf } from '../cidr.ts'
import type { ResolvedProject } from '../manifest/resolved.ts'
import type { ProjectNames } from '../naming/types.ts'
import { type Location, UserError } from '../user-error.ts'
import { type ServiceKey, type SubnetKey, serviceKeys, subnetKeys } from '../vocabulary.ts'
import type { SubnetRequest } from './network.ts'
import type { SubnetWish } from './read-inputs.ts'
import { subnetSize } from './sizes.ts'

/**
 * The subnets a project needs for the services that are switched on, in the sizes of the catalogue unless the manifest
 * says otherwise, or brought along.
 * @throws UserError when the manifest asks for less than the service accepts
 */
export function subnetRequests(project: ResolvedProject, names: ProjectNames): readonly SubnetRequest[] {
  const enabled = serviceKeys.filter((key) => project.services[key].enabled)
  return subnetsNeeded(enabled).map((key): SubnetRequest => {
    const definition = subnets[key]
    const setting = project.subnets[key]
    const { rule } = definition
    const delegation = rule.delegation ?? ''
    const where = setting === undefined ? {} : { where: project.at(`network.subnets.${key}`) }
    if (setting !== undefined && 'id' in setting) {
      return { kind: 'brought', key, id: setting.id, delegation, rule, ...where }
    }
    const size =
      setting === undefined
        ? subnetSize(definition, project.subnetProfile)
        : { prefixLength: setting.prefixLength }
    refuseTooSmall(`Subnet '${key}'`, size.prefixLength, definition, where.where)
    return {
      kind: 'own',
      key,
      name: names.subnet(key),
      prefixLength: size.prefixLength,
      smallestPrefixLength: rule.smallest.prefixLength,
      delegation,
      rule,
      ...('reason' in size && { sizeReason: size.reason }),
      ...where,
    }
  })
}

/**
 * The subnets that the `subnets` input asks for, by name. A name that is a key of the catalogue brings its rules along,
 * and gets the project's full name for it when there is a project.
 * @throws UserError for an unknown service, or less than a service accepts
 */
export function requestsOfWishes(
  wishes: readonly SubnetWish[],
  names?: Pick<ProjectNames, 'subnet'>,
): readonly SubnetRequest<string>[] {
  return wishes.map((wish): SubnetRequest<string> => {
    const key = subnetKeys.find((candidate) => candidate === wish.name)
    const definition = definitionFor(wish, key)
    if (definition !== undefined) {
      refuseTooSmall(`Input 'subnets', line ${wish.line}: ${quote(wish.name)}`, wish.prefixLength, definition)
    }
    return {
      kind: 'own',
      key: wish.name,
      name: key === undefined || names === undefined ? wish.name : names.subnet(key),
      prefixLength: wish.prefixLength,
      ...(definition === undefined
        ? {}
        : { smallestPrefixLength: definition.rule.smallest.prefixLength, rule: definition.rule }),
      delegation: definition?.rule.delegation ?? '',
    }
  })
}

/** The rules for a wished subnet: those of the service it is for, else those of the catalogue's subnet of that name. */
function definitionFor(
  { service, line }: SubnetWish,
  key: SubnetKey | undefined,
): SubnetDefinition | undefined {
  if (service === undefined) return key === undefined ? undefined : subnets[key]
  const known = serviceKeys.find((candidate) => candidate === service)
  if (known === undefined) {
    throw new UserError({
      what: `Input 'subnets', line ${line}: there is no service ${quote(service)}.`,
      fix: `Use ${serviceKeys.join(', ')}, or leave the service out.`,
    })
  }
  return subnets[subnetOf(known)]
}

/** The subnet a service is put into; private endpoints share one. */
const subnetOf = (service: ServiceKey): SubnetKey => services[service].subnets[0] ?? 'genai'

function refuseTooSmall(
  what: string,
  prefixLength: number,
  { purpose, rule }: SubnetDefinition,
  where?: Location,
): void {
  const smallestPrefixLength = rule.smallest.prefixLength
  if (prefixLength <= smallestPrefixLength) return
  throw new UserError({
    what: `${what} asks for a /${prefixLength}, which is too small for: ${purpose}.`,
    ...(where === undefined ? {} : { where }),
    why: `The smallest subnet that works is a /${smallestPrefixLength} (${sizeOf(smallestPrefixLength)} addresses).`,
    fix: `Ask for /${smallestPrefixLength} or a smaller number.`,
    more: rule.documentation,
  })
}
