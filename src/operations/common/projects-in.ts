import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { projectNameIn } from '../../compose/project-name-tag.ts'
import { tagIn } from '../../tags.ts'
import { listStacks } from '../stacks.ts'

/**
 * The projects of a factory that are in an environment, as the tags of deployment stacks and resource groups say it: with
 * their names where these are known, e.g. `003 (quality-lab)`, in order.
 */
export async function projectsIn(
  { factory }: Pick<CommonArea, 'factory'>,
  { resources }: { readonly resources: Pick<Resources, 'list'> },
): Promise<readonly string[]> {
  const { subscriptionId, environment } = factory
  const [stacks, groups] = await Promise.all([
    listStacks(subscriptionId, resources),
    resources.list(
      `/subscriptions/${subscriptionId}/resourceGroups`,
      apiVersions['Microsoft.Resources/resourceGroups'],
    ),
  ])
  const names = new Map<string, string | undefined>()
  for (const { tags } of [...groups, ...stacks]) {
    const isOfFactory = tagIn(tags, 'factory') === `${factory.name}-${factory.instance}`
    const number = tagIn(tags, 'project') ?? ''
    if (!isOfFactory || tagIn(tags, 'environment') !== environment || !/^\d{3}$/.test(number)) continue
    names.set(number, projectNameIn(tags) ?? names.get(number))
  }
  return [...names]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([number, name]) => (name === undefined ? number : `${number} (${name})`))
}
