import type { Lock } from '../../azure/locks.ts'
import { removeStack } from '../../azure/stack-removal.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { readInside } from '../removal/inside.ts'
import type { Left, Removal } from '../removal/left.ts'
import { namedIds } from '../removal/named-ids.ts'
import { type Piece, pieceOf, pieceRow } from '../removal/piece.ts'
import { purging, type Retirement, retirementRemovals, retirementsOf } from '../removal/retirement.ts'
import { isPurgeable, readSoftDeleted, type SoftDeleted, wasOwn } from '../removal/soft-deleted.ts'
import { usesOfOthers } from '../removal/uses-of-others.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { groupRemoval } from './group-removal.ts'
import {
  lockedGroup,
  lockedInGroup,
  lockKeeping,
  lockOfStack,
  lockOver,
  lockReason,
  lockWarning,
} from './locks.ts'
import type { Part } from './part.ts'
import type { NumberedProject } from './project-by-number.ts'
import type { GroupContents } from './read-group.ts'
import { groupRow, stackRow } from './rows.ts'

/** What is to be deleted, and with which permissions. */
interface Doom {
  readonly target: NumberedProject
  readonly found: GroupContents
  readonly allowed: readonly Allowance[]
}

/** The deployment stack of a project with its resources, its resource group, and what Azure keeps of deleted ones. */
export async function resourcePart(doom: Doom, clients: DestroyClients): Promise<Part> {
  const { target, found, allowed } = doom
  const { subscriptionId } = target.project.factory
  const purge = allowed.includes('purge')
  const groupLock = lockOver(target.ids.resourceGroup, found.locks)
  const free = found.ours.filter(({ id }) => lockKeeping(id, found.locks) === undefined)
  const [retirements, inside, uses, softDeleted] = await Promise.all([
    retirementsOf(free, purge, clients.resources),
    readInside(
      free.filter(({ id }) => isKnown(id, target, found)),
      clients.resources,
    ),
    usesOfOthers({ pieces: free, subscriptionId, isGoing: goes(target, found) }, clients.resources),
    readSoftDeleted(subscriptionId, target.ids.resourceGroup, clients.resources),
  ])
  const own = ownIds(target, found)
  const purges = purge ? softDeleted.filter((one) => isPurgeable(one.piece.type) && wasOwn(one, own)) : []
  return {
    changes: [
      ...resourceChanges(doom, retirements, inside.changes),
      ...softDeleted.map((one) => keptChange(one, purges, own)),
    ],
    warnings: [
      ...found.warnings,
      ...found.locks.map(lockWarning),
      ...inside.unseen,
      ...uses.warnings,
      ...uses.unseen,
    ],
    removals: [
      ...retirements.flatMap((retirement) => retirementRemovals(retirement, purge, clients)),
      ...purges.map(({ piece }) => purging(piece, clients)),
      ...(groupLock === undefined ? stackAndGroup(doom, clients) : []),
    ],
    kept:
      groupLock === undefined
        ? lockedInGroup(target, found)
        : isThere(found)
          ? [lockedGroup(target, groupLock)]
          : [],
  }
}

const isThere = ({ group, stack }: GroupContents): boolean => group !== undefined || stack !== undefined

/** Ids of all that is or was the project's, by its stack and by the catalogue. */
export const ownIds = (target: NumberedProject, { ours, stack }: GroupContents): readonly string[] => [
  ...namedIds(target),
  ...(stack?.resourceIds ?? []),
  ...ours.map(({ id }) => id),
]

/** Is it of the manifests? What others have made inside such a resource is listed with the group, too. */
const isKnown = (id: string, target: NumberedProject, { stack }: GroupContents): boolean =>
  [...namedIds(target), ...(stack?.resourceIds ?? [])].some((known) => sameText(known, id))

function resourceChanges(
  { target, found }: Doom,
  retirements: readonly Retirement[],
  inside: readonly Change[],
): readonly Change[] {
  const { group, stack, ours, foreign, isOurs, locks } = found
  const parts = retirements.flatMap((retirement) => retirement.parts)
  const isInside = ({ id }: Piece): boolean => inside.some(({ scope = '' }) => sameText(scope, id))
  const others = parts.filter(({ id }) => !ours.some((piece) => sameText(piece.id, id)))
  const all = [...others, ...ours].filter((piece) => !isInside(piece))
  const stays = groupStays(found, target.ids.resourceGroup)
  return [
    ...(stack === undefined ? [] : [changeUnder(lockOfStack(found), stackRow(target))]),
    ...all.map((piece) => changeUnder(lockKeeping(piece.id, locks), pieceRow(piece))),
    ...inside,
    ...(group === undefined
      ? []
      : [
          {
            change: stays === undefined ? 'delete' : 'keep',
            ...groupRow(target),
            ...(stays && { reason: stays }),
          } as const,
        ]),
    ...foreign.map((piece): Change => {
      const reason = isOurs
        ? 'Others made it, so it stays.'
        : "Nothing shows that it is the project's, so it stays."
      return { change: 'keep', ...pieceRow(piece), reason }
    }),
  ]
}

/** It goes, unless a lock keeps it. */
const changeUnder = (lock: Lock | undefined, row: Pick<Change, 'kind' | 'name' | 'scope'>): Change => ({
  change: lock === undefined ? 'delete' : 'keep',
  ...row,
  ...(lock && { reason: lockReason(lock) }),
})

/** Does a resource of the group go in this run? With the group whatever is in it, otherwise only what is the project's. */
export const goes =
  ({ ids }: Pick<NumberedProject, 'ids'>, found: GroupContents) =>
  (id: string): boolean =>
    isWithin(id, ids.resourceGroup) &&
    lockKeeping(id, found.locks) === undefined &&
    (groupStays(found, ids.resourceGroup) === undefined || found.ours.some((piece) => isWithin(id, piece.id)))

/** Why the resource group is not deleted; undefined when it is. */
function groupStays({ foreign, isOurs, locks }: GroupContents, groupId: string): string | undefined {
  const lock = lockOver(groupId, locks) ?? locks[0]
  if (!isOurs) return 'Neither a deployment stack nor its tags show that this factory made it.'
  if (lock !== undefined) return lockReason(lock)
  if (foreign.length === 0) return undefined
  return `Others have put ${foreign.length === 1 ? 'a resource' : `${foreign.length} resources`} into it.`
}

function keptChange(one: SoftDeleted, purges: readonly SoftDeleted[], own: readonly string[]): Change {
  const { piece, until } = one
  const row = { kind: `softly deleted ${piece.type}`, name: piece.name, scope: piece.id }
  if (!wasOwn(one, own)) return { change: 'keep', ...row, reason: "It was others', and theirs to purge." }
  return purges.some((one) => one.piece === piece)
    ? { change: 'delete', ...row, reason: 'It is purged, and cannot be recovered after that.' }
    : { change: 'keep', ...row, reason: `Azure keeps it${until === '' ? '' : ` until ${until}`}.` }
}

/** The stack goes with its resources; then the group, when nothing of others is in it. */
function stackAndGroup(doom: Doom, clients: DestroyClients): readonly Removal[] {
  const { target, found } = doom
  if (found.detaches) return groupAndStack(doom, clients)
  const state: { stackLeft: readonly Left[] | undefined } = { stackLeft: undefined }
  const stack = stackRemoval(doom, clients)
  const noted: Removal = {
    ...stack,
    apply: async () => {
      state.stackLeft = []
      const kept = await stack.apply()
      state.stackLeft = kept.length > 0 ? kept : undefined
      return kept
    },
  }
  return [
    ...(found.stack === undefined ? [] : [noted]),
    ...(found.group === undefined ? [] : [groupRemoval(target, found, clients, () => state.stackLeft)]),
  ]
}

/**
 * The group with all that is the project's; then the stack, which lets go. A stack says what the project has, and a run that is
 * cut off in between needs that to go on.
 */
function groupAndStack(doom: Doom, clients: DestroyClients): readonly Removal[] {
  const state = { isGroupLeft: false }
  const stack = stackRemoval(doom, clients)
  const group = groupRemoval(doom.target, doom.found, clients, () => undefined)
  const noted: Removal = {
    ...group,
    alsoLeft: async () => {
      state.isGroupLeft = true
      return (await group.alsoLeft?.()) ?? []
    },
  }
  const waiting: Removal = {
    ...stack,
    apply: async () => (state.isGroupLeft ? [{ ...stack.doomed, ...waitingStack }] : stack.apply()),
  }
  return [...(doom.found.group === undefined ? [] : [noted]), waiting]
}

const waitingStack = {
  why: 'failed',
  reason: "It says which resources are the project's, and these could not be deleted.",
  fix: 'It goes with the next run, after them.',
} as const

function stackRemoval({ target, found, allowed }: Doom, { session }: DestroyClients): Removal {
  const { names, project } = target
  const name = names.project.deploymentStack
  return {
    step: `Delete deployment stack ${name}${found.detaches ? ', whose resources go with their group' : ' with its resources'}`,
    doomed: stackRow(target),
    apply: async () => {
      const left = await removeStack(session, {
        subscriptionId: project.factory.subscriptionId,
        name,
        bypassOutOfSync: allowed.includes('out-of-sync'),
        resources: found.detaches ? 'detach' : 'delete',
      })
      // What a lock keeps was known before, and is named already.
      return left.filter(({ id }) => lockKeeping(id, found.locks) === undefined).map(stillManaged)
    },
  }
}

function stillManaged({ id, reason }: { readonly id: string; readonly reason: string }): Left {
  return { why: 'failed', ...pieceRow(pieceOf(id)), reason, fix: 'Remove what keeps it, then run again.' }
}
