import type { ListedResource, Resources } from '../../azure/resources.ts'
import type { VirtualNetworks } from '../../azure/virtual-networks.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { projectNameIn } from '../../compose/project-name-tag.ts'
import { projectOfSubnet } from '../../naming/names.ts'
import { sameText } from '../../resource-id.ts'
import { tagIn } from '../../tags.ts'
import { listSecurityGroups } from '../network/security-groups.ts'
import { listStacks } from '../stacks.ts'

/** A project that is in an environment. */
export interface ProjectThere {
  readonly number: string
  /** When a tag names it. */
  readonly name: string | undefined
  /** Is there more of it than what `ip-calc` has reserved? */
  readonly isDelivered: boolean
}

/** A project as a sentence names it, e.g. `project 003 (quality-lab)`. */
export function nameOf({ number, name, isDelivered }: ProjectThere): string {
  const known = [...(name === undefined ? [] : [name]), ...(isDelivered ? [] : ['only its subnets'])]
  return `project ${number}${known.length === 0 ? '' : ` (${known.join(', ')})`}`
}

type Place = Pick<CommonArea, 'factory' | 'ids'>

/** What finds them. */
export interface ProjectClients {
  readonly resources: Resources
  readonly networks: Pick<VirtualNetworks, 'find'>
}

/**
 * The projects of a factory that are in an environment, in order. A delivery begins with the subnets and their network
 * security groups, and a destroyed project may have left one: a project with no more than that is there too.
 */
export async function projectsIn(
  place: Place,
  { resources, networks }: ProjectClients,
): Promise<readonly ProjectThere[]> {
  const { subscriptionId } = place.factory
  const [stacks, groups, securityGroups, network] = await Promise.all([
    listStacks(subscriptionId, resources),
    resources.list(
      `/subscriptions/${subscriptionId}/resourceGroups`,
      apiVersions['Microsoft.Resources/resourceGroups'],
    ),
    listSecurityGroups(place.ids.virtualNetwork, resources),
    networks.find(place.ids.virtualNetwork),
  ])
  const projects = new Map<string, ProjectThere>()
  const add = (number: string, name: string | undefined, isDelivered: boolean): void => {
    const known = projects.get(number)
    projects.set(number, {
      number,
      name: name ?? known?.name,
      isDelivered: isDelivered || known?.isDelivered === true,
    })
  }
  const addTagged = ({ tags }: ListedResource, isDelivered: boolean): void => {
    const number = tagIn(tags, 'project') ?? ''
    if (isOf(tags, place) && /^\d{3}$/.test(number)) add(number, projectNameIn(tags), isDelivered)
  }
  for (const listed of [...groups, ...stacks]) addTagged(listed, true)
  for (const listed of securityGroups) addTagged(listed, false)
  for (const { name, networkSecurityGroupId } of network?.subnets ?? []) {
    const number = projectOfSubnet(name)
    const group = securityGroups.find(({ id }) => sameText(id, networkSecurityGroupId ?? ''))
    if (number !== undefined && !isOfOther(group?.tags ?? {}, place)) add(number, undefined, false)
  }
  return [...projects.values()].toSorted((one, other) => one.number.localeCompare(other.number))
}

type Tags = ListedResource['tags']

const factoryTag = ({ name, instance }: Place['factory']): string => `${name}-${instance}`

const isOf = (tags: Tags, { factory }: Place): boolean =>
  tagIn(tags, 'factory') === factoryTag(factory) && tagIn(tags, 'environment') === factory.environment

/** Do tags name another factory or environment? Several may share a VNet that none of them made. */
const isOfOther = (tags: Tags, { factory }: Place): boolean =>
  (tagIn(tags, 'factory') ?? factoryTag(factory)) !== factoryTag(factory) ||
  (tagIn(tags, 'environment') ?? factory.environment) !== factory.environment
