import type { ExistingStack } from '../../azure/deployment-stacks.ts'
import type { Resources } from '../../azure/resources.ts'
import { commonCatalogue, commonPartKeys } from '../../catalog/common/index.ts'
import type { CommonArea } from '../../compose/compose-common.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { sameText } from '../../resource-id.ts'
import { hasOwnTags } from '../group-owner.ts'
import type { Left } from '../removal/left.ts'
import { named } from '../removal/loss.ts'
import { type Piece, pieceOf } from '../removal/piece.ts'
import { stillThere } from '../removal/still-there.ts'
import type { StackTarget } from '../stack-target.ts'

/** A deployment stack of a common area; undefined when there is none. */
interface StackThere {
  readonly target: StackTarget
  readonly stack: ExistingStack | undefined
}

/** What stacks have left. */
interface Detached {
  readonly area: Pick<CommonArea, 'factory'>
  readonly network: StackThere
  readonly common: StackThere
  readonly detached: readonly Piece[]
}

/** The types of what the parts of a common area make. */
const ownTypes = commonPartKeys.flatMap((key) => Object.keys(commonCatalogue.parts[key].data))

/**
 * What this factory has made and no deployment stack has any more: somebody deleted a stack and kept its resources. What
 * others have put into the group may have the tags of the group by a policy, and is of other types.
 */
export async function detachedIn(
  { ids }: CommonArea,
  stacks: readonly StackThere[],
  resources: Pick<Resources, 'read' | 'listGroup'>,
): Promise<readonly Piece[]> {
  if (stacks.every(({ stack }) => stack !== undefined)) return []
  const managed = stacks.flatMap(({ stack }) => stack?.resourceIds ?? [])
  const named = stacks.flatMap(({ target }) => target.namedIds)
  const members = await resources.listGroup(ids.resourceGroup)
  const lost = members.filter((member) => {
    const { id } = member
    const isIn = (list: readonly string[], text: string) => list.some((one) => sameText(one, text))
    return (
      !isIn(managed, id) &&
      (isIn(named, id) || isIn(ownTypes, pieceOf(id).type)) &&
      stacks.some(({ target }) => hasOwnTags(member, target.owner))
    )
  })
  const there = await stillThere(
    lost.map(({ id }) => id),
    resources,
  )
  return there.map(pieceOf)
}

const lostStacks = ({ network, common }: Detached): string =>
  named([common, network].flatMap(({ stack, target }) => (stack === undefined ? [`'${target.name}'`] : [])))

const reason = ({ detached }: Detached): string =>
  `It is gone, and ${detached.length === 1 ? 'a resource' : `${detached.length} resources`} that it made ${detached.length === 1 ? 'is' : 'are'} still there.`

const fix =
  'Deliver the common area once more (mode apply), which takes all of it back under its deployment stacks, then destroy it.'

/** What is left by it. */
export const detachedLeft = (doomed: Detached): readonly Left[] =>
  doomed.detached.length === 0
    ? []
    : [
        {
          why: 'failed',
          kind: 'deployment stack',
          name: lostStacks(doomed).replaceAll("'", ''),
          reason: reason(doomed),
          fix,
        },
      ]

/** Azure deletes with a stack what it made, in the order in which it can be deleted. */
export function refuseDetached(doomed: Detached): UserError | undefined {
  const { detached, area } = doomed
  if (detached.length === 0) return undefined
  const list = named(detached.map(({ type, name }) => `${type} '${name}'`))
  return new UserError({
    what: `The common area of ${area.factory.environment} cannot be destroyed without deployment stack ${lostStacks(doomed)}, which is gone while what it made is still there: ${list}. Nothing was changed.`,
    why: 'Somebody deleted the stack and kept its resources (az stack sub delete --action-on-unmanage detachAll).',
    fix,
  })
}
