import type { Resources } from '../../azure/resources.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { sameText } from '../../resource-id.ts'
import type { Left, Removal } from '../removal/left.ts'
import { namedIds } from '../removal/named-ids.ts'
import { apiVersionOf, isBesideOthers, type Piece, pieceRow, rootOf } from '../removal/piece.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { lockKeeping } from './locks.ts'
import type { NumberedProject } from './project-by-number.ts'
import { type GroupContents, listGroup, ownIn } from './read-group.ts'
import { groupRow } from './rows.ts'

/**
 * Deletes the resource group of a project, which is read once more before that: with resources of others in it, only what is the
 * project's goes, and the group stays.
 * @param stackLeft what the stack could not delete, when it is still there: then the group waits for it
 */
export function groupRemoval(
  target: NumberedProject,
  found: GroupContents,
  { resources }: DestroyClients,
  stackLeft: () => readonly Left[] | undefined,
): Removal {
  const { ids } = target
  const doomed = groupRow(target)
  const managed = found.stack?.resourceIds ?? []
  return {
    step: `Delete resource group ${doomed.name}`,
    doomed,
    // What has gone before it failed, and what not, is known only from another look.
    alsoLeft: async () =>
      stillThere(found, await membersOr(found.ours, ids.resourceGroup, resources), [], refusedGroup),
    apply: async () => {
      const inside = await listGroup(ids.resourceGroup, resources)
      const named = stackLeft()
      if (named !== undefined) {
        const reason = 'Resources of the project in it could not be deleted.'
        const group = {
          ...doomed,
          why: 'failed',
          reason,
          fix: 'It goes with the next run, after them.',
        } as const
        return [group, ...stillThere(found, inside, named, refusedStack)]
      }
      const own = ownIn(inside, { isOurs: found.isOurs, managed }, namedIds(target))
      const foreign = inside.filter((piece) => !own.includes(piece))
      if (found.isOurs && foreign.length === 0 && found.locks.length === 0) {
        await resources.remove(ids.resourceGroup, apiVersions['Microsoft.Resources/resourceGroups'])
        return []
      }
      const free = own.filter(({ id }) => lockKeeping(id, found.locks) === undefined)
      // What Azure makes beside others, as interfaces of private endpoints, goes with them.
      const inOrder = free.toSorted((a, b) => Number(isBesideOthers(a.type)) - Number(isBesideOthers(b.type)))
      const [lock] = found.locks
      const waiting = lock === undefined ? [] : inOrder.filter(({ type }) => isBesideOthers(type))
      for (const piece of inOrder)
        if (!waiting.includes(piece)) await resources.remove(piece.id, apiVersionOf(piece.type))
      return [...leftInGroup(target, { ...found, foreign }), ...waiting.map(waitingPiece)]
    },
  }
}

/** With a lock in the group what Azure made beside others is left to Azure: it may be beside what the lock keeps. */
const waitingPiece = (piece: Piece): Left => ({
  why: 'others',
  ...pieceRow(piece),
  reason: 'Azure made it beside a resource, and its resource group stays for a lock.',
  fix: 'It goes with the group, once the lock is removed.',
})

/** What is in the group, or all that was when that cannot be read: better named as left than as gone. */
async function membersOr(
  known: readonly Piece[],
  groupId: string,
  resources: Resources,
): Promise<readonly Piece[]> {
  try {
    return await listGroup(groupId, resources)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return known
  }
}

const refusedStack = {
  reason: 'It is still there: its deployment stack could not be deleted.',
  fix: 'It goes with the stack.',
} as const
const refusedGroup = {
  reason: 'It is still there: its resource group could not be deleted.',
  fix: 'It goes with the group.',
} as const

/** What is still there because what it was to go with is, besides what is named already. */
const stillThere = (
  { ours, locks }: GroupContents,
  inside: readonly Piece[],
  named: readonly Left[],
  refused: Pick<Left, 'reason' | 'fix'>,
): readonly Left[] =>
  ours
    .filter(
      ({ id }) =>
        inside.some((piece) => sameText(piece.id, rootOf(id))) &&
        lockKeeping(rootOf(id), locks) === undefined &&
        !named.some(({ scope = '' }) => sameText(scope, id)),
    )
    .map((piece) => ({ why: 'failed', ...pieceRow(piece), ...refused }))

/** The resource group, when it stays for what others made, and what that is. */
export function leftInGroup(
  target: NumberedProject,
  { group, isOurs, foreign }: Pick<GroupContents, 'group' | 'isOurs' | 'foreign'>,
): readonly Left[] {
  if (group === undefined || (isOurs && foreign.length === 0)) return []
  const row = groupRow(target)
  return isOurs
    ? [{ ...row, ...keptFor(foreign) }, ...foreign.map(foreignLeft)]
    : [{ ...row, ...unproven }, ...foreign.map((piece) => ({ ...foreignLeft(piece), ...unprovenPiece }))]
}

const unprovenPiece = { reason: "Nothing shows that it is the project's, so it stays." }

const unproven = {
  why: 'others',
  reason: 'Neither a deployment stack nor its tags show that this factory made it.',
  fix: 'If nobody needs it, delete it by hand.',
} as const

const keptFor = (foreign: readonly Piece[]) =>
  ({
    why: 'others',
    reason: `Others have put into it: ${enumeration(
      foreign.map(({ type, name }) => `${type} '${name}'`),
      10,
    )}.`,
    fix: 'Ask who made it whether it can go, or let them move it to a group of their own. Then run again.',
  }) as const

const foreignLeft = (piece: Piece): Left => ({
  why: 'others',
  ...pieceRow(piece),
  reason: 'Others made it, so it stays.',
  fix: "It is not the project's: whoever made it decides.",
})
