import type { ExistingStack } from '../../azure/deployment-stacks.ts'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import { ownerOf } from '../owner.ts'
import type { Left } from '../removal/left.ts'
import { namedIds } from '../removal/named-ids.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import type { NumberedProject } from './project-by-number.ts'

/**
 * A salt is in the name of every resource, of every group of people and of the data lake, but not in that of the stack. With
 * another one than the project was delivered with, only what the stack manages would be found.
 * @throws UserError when no resource of the stack has the name that it has by factory.yml
 */
export function refuseOtherSalt(stack: ExistingStack | undefined, target: NumberedProject): void {
  const named = namedIds(target)
  const managed = (stack?.resourceIds ?? [])
    .filter((id) => isWithin(id, target.ids.resourceGroup) && id.includes('/providers/'))
    .map(pieceOf)
  if (managed.some(({ id }) => named.some((own) => isWithin(id, own)))) return
  const renamed = managed.flatMap((piece) => counterpartOf(piece, named))
  const [first] = renamed
  if (first === undefined) return
  const { number, environment, factory } = target.project
  throw new UserError({
    what: `Project ${number} in ${environment} was delivered with another salt than '${factory.salt}': its deployment stack manages ${first.found.type} '${first.found.name}', which factory.yml calls '${first.wanted.name}'. Nothing was changed.`,
    where: target.at('salt'),
    why: 'Its groups, roles and folder of the data lake would not be found under other names, and would stay.',
    fix: "Set 'salt' in factory.yml back to what it was when the project was delivered, then run again.",
  })
}

const counterpartOf = (found: Piece, named: readonly string[]) => {
  const wanted = named.map(pieceOf).find(({ type }) => sameText(type, found.type))
  return wanted === undefined ? [] : [{ found, wanted }]
}

// https://learn.microsoft.com/rest/api/resources/deployment-stacks/list-at-subscription
const stacksVersion = '2024-03-01'

/**
 * Stacks whose tags say that they are of a project with this number, under another name than it has by factory.yml: with
 * another name, instance or locationCode in it, nothing of a project is found.
 */
export async function deliveredElsewhere(
  target: NumberedProject,
  resources: Resources,
): Promise<readonly Left[]> {
  const { project, names } = target
  const { project: number, environment } = ownerOf(project)
  const collection = `/subscriptions/${project.factory.subscriptionId}/providers/Microsoft.Resources/deploymentStacks`
  const stacks = await resources.list(collection, stacksVersion)
  return stacks
    .filter(
      ({ name, tags }) =>
        !sameText(name, names.project.deploymentStack) &&
        tagOf(tags, 'project') === number &&
        tagOf(tags, 'environment') === environment,
    )
    .map((stack) => leftElsewhere(stack, target))
}

const tagOf = (tags: ListedResource['tags'], name: string): string | undefined =>
  Object.entries(tags).find(([tag]) => sameText(tag, name))?.[1]

/** In a subscription that factories share, each has projects with the same numbers. */
function leftElsewhere({ id, name, tags }: ListedResource, { project, names }: NumberedProject): Left {
  const { factory, project: number, environment } = ownerOf(project)
  const found = tagOf(tags, 'factory') ?? ''
  const isSameFactory = found === factory
  return {
    why: isSameFactory ? 'failed' : 'others',
    kind: 'deployment stack',
    name,
    scope: id,
    reason: `Its tags say that it is project ${number} of factory ${found} in ${environment}; factory.yml is that of ${factory}, and calls the stack '${names.project.deploymentStack}'.`,
    fix: `If this is the project to destroy, set name, instance and locationCode in factory.yml back to what they were when it was delivered, then run again.${isSameFactory ? '' : ' Otherwise it belongs to the other factory.'}`,
  }
}
