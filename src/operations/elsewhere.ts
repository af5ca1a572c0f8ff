import type { ListedResource, Resources } from '../azure/resources.ts'
import { sameText } from '../resource-id.ts'
import { stacksOf, stacksVersion } from './orphan.ts'
import { ownerOf } from './owner.ts'
import type { ProjectInEnvironment } from './project.ts'

/**
 * Stacks whose tags say that they are of a project with this number, under another name than it has by factory.yml: with
 * another name, instance or locationCode in it, nothing of a project is found. In a subscription that factories share, each
 * has projects with the same numbers.
 */
export async function stacksElsewhere(
  { project, names }: Pick<ProjectInEnvironment, 'project' | 'names'>,
  resources: Pick<Resources, 'list'>,
): Promise<readonly ListedResource[]> {
  const { project: number, environment } = ownerOf(project)
  const stacks = await resources.list(stacksOf(project.factory.subscriptionId), stacksVersion)
  return stacks.filter(
    (stack) =>
      !sameText(stack.name, names.project.deploymentStack) &&
      tagOf(stack, 'project') === number &&
      tagOf(stack, 'environment') === environment,
  )
}

/** The value of a tag, whose name has no case. */
export const tagOf = ({ tags }: ListedResource, name: string): string | undefined =>
  Object.entries(tags).find(([tag]) => sameText(tag, name))?.[1]
