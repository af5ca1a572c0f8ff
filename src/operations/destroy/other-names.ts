import type { ExistingStack } from '../../azure/deployment-stacks.ts'
import type { ListedResource, Resources } from '../../azure/resources.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { textAt } from '../../manifest/reading.ts'
import { isWithin, lastSegment, sameText } from '../../resource-id.ts'
import { tagIn } from '../../tags.ts'
import { stacksElsewhere } from '../elsewhere.ts'
import { ownerOf } from '../owner.ts'
import type { Left } from '../removal/left.ts'
import { namedIds } from '../removal/named-ids.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import { listStacks } from '../stacks.ts'
import type { NumberedProject } from './project-by-number.ts'

/**
 * A salt is in the name of every resource, of every group of people and of the data lake, but not in that of the stack. With
 * another one than the project was delivered with, only what the stack manages would be found. What a run has left of an
 * earlier release's may have other names for other reasons.
 * @returns a warning when no resource of the stack has the name that it has by factory.yml
 * @throws UserError when names differ in nothing but the salt
 */
export function judgeNames(stack: ExistingStack | undefined, target: NumberedProject): readonly string[] {
  const named = namedIds(target)
  const managed = (stack?.resourceIds ?? [])
    .filter((id) => isWithin(id, target.ids.resourceGroup) && id.includes('/providers/'))
    .map(pieceOf)
  if (managed.some(({ id }) => named.some((own) => isWithin(id, own)))) return []
  const { number, environment, factory } = target.project
  const unlike = managed.flatMap((found) => counterpartsOf(found, named))
  const other = unlike.find(({ found, wanted }) => differInSalt(found.name, wanted.name, factory.salt))
  if (other !== undefined)
    throw new UserError({
      what: `Project ${number} in ${environment} was delivered with another salt than '${factory.salt}': its deployment stack manages ${other.found.type} '${other.found.name}', which factory.yml calls '${other.wanted.name}'. Nothing was changed.`,
      where: target.at('salt'),
      why: 'Its groups, roles and folder of the data lake would not be found under other names, and would stay.',
      fix: "Set 'salt' in factory.yml back to what it was when the project was delivered, then run again.",
    })
  const [first] = unlike
  if (first === undefined) return []
  return [
    `The deployment stack manages ${first.found.type} '${first.found.name}' and nothing under a name that factory.yml gives. If name, instance, locationCode or salt in it are others than when the project was delivered, its groups, roles and folder of the data lake are not found.`,
  ]
}

/** What factory.yml calls resources of the same type. */
const counterpartsOf = (found: Piece, named: readonly string[]) =>
  named
    .map(pieceOf)
    .filter(({ type }) => sameText(type, found.type))
    .map((wanted) => ({ found, wanted }))

function differInSalt(found: string, wanted: string, salt: string): boolean {
  const at = wanted.indexOf(salt)
  const other = found.slice(at, at + salt.length)
  return at >= 0 && other.length === salt.length && sameText(wanted.replaceAll(salt, other), found)
}

/** What seems to be the project under another name than it has by factory.yml. */
export const deliveredElsewhere = async (
  target: NumberedProject,
  resources: Resources,
): Promise<readonly Left[]> =>
  stacksElsewhere(target, await listStacks(target.project.factory.subscriptionId, resources)).map((stack) =>
    leftElsewhere(stack, target),
  )

/**
 * In a subscription that factories share, each has projects with the same numbers. One with this factory's salt in its names is
 * likely this factory's, from before its name or instance was changed: whoever asked to destroy it has to know that it is there.
 */
function leftElsewhere(stack: ListedResource, { project, names }: NumberedProject): Left {
  const { id, name, tags, properties } = stack
  const { factory, project: number, environment } = ownerOf(project)
  const found = tagIn(tags, 'factory') ?? ''
  const isSameFactory = found === factory
  const managed = textsOf(properties['resources'])
  const hasSalt = managed.some((one) => lastSegment(one).toLowerCase().includes(project.factory.salt))
  return {
    why: isSameFactory || hasSalt ? 'failed' : 'others',
    kind: 'deployment stack',
    name,
    scope: id,
    reason: `Its tags say that it is project ${number} of factory ${found} in ${environment}; factory.yml is that of ${factory}, and calls the stack '${names.project.deploymentStack}'.`,
    fix: `If this is the project to destroy, set name, instance and locationCode in factory.yml back to what they were when it was delivered, then run again.${isSameFactory ? '' : ' Otherwise it belongs to the other factory.'}`,
  }
}

const textsOf = (resources: unknown): readonly string[] =>
  Array.isArray(resources) ? resources.flatMap((one: unknown) => textAt(one, ['id']) ?? []) : []

/** What a plan says of them. */
export const elsewhereWarning = ({ kind, name, reason, fix }: Left): string =>
  `There is ${kind} '${name}', which this does not destroy. ${reason} ${fix}`
