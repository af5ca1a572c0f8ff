import type { ListedResource } from '../azure/resources.ts'
import { sameText } from '../resource-id.ts'
import { tagIn } from '../tags.ts'
import { ownerOf } from './owner.ts'
import type { ProjectInEnvironment } from './project.ts'

/**
 * Of the stacks of a subscription, those whose tags say that they are of a project with this number, under another name than
 * it has by factory.yml: with another name, instance or locationCode in it, nothing of a project is found. In a subscription
 * that factories share, each has projects with the same numbers. Pure.
 */
export function stacksElsewhere(
  { project, names }: Pick<ProjectInEnvironment, 'project' | 'names'>,
  stacks: readonly ListedResource[],
): readonly ListedResource[] {
  const { project: number, environment } = ownerOf(project)
  return stacks.filter(
    ({ name, tags }) =>
      !sameText(name, names.project.deploymentStack) &&
      tagIn(tags, 'project') === number &&
      tagIn(tags, 'environment') === environment,
  )
}
