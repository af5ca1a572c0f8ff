import { UserError } from '../../diagnostics/user-error.ts'
import type { Change } from '../../plan/model.ts'
import { isWithin } from '../../resource-id.ts'
import { type Left, leftBy, type Removal } from '../removal/left.ts'
import { withLoss } from '../removal/loss.ts'
import { isBesideOthers } from '../removal/piece.ts'
import { rolesOfOthers } from '../removal/roles-of-others.ts'
import type { DestroyClients } from './destroy-clients.ts'
import type { DestroyOptions } from './destroy-options.ts'
import { lakePart } from './lake-part.ts'
import { lockOver } from './locks.ts'
import { emptyPart } from './part.ts'
import { peoplePart } from './people-part.ts'
import { principalIds, principalNames, readGroups, readIdentities } from './principals.ts'
import type { NumberedProject } from './project-by-number.ts'
import { type GroupContents, readGroup } from './read-group.ts'
import { goes, resourcePart } from './resource-part.ts'
import { readAssignments, rolePart } from './role-part.ts'
import { subnetPart } from './subnet-part.ts'

/** Everything of a project that goes, and what stays. */
export interface Doomed {
  readonly target: NumberedProject
  readonly found: GroupContents
  readonly options: DestroyOptions
  readonly changes: readonly Change[]
  readonly warnings: readonly string[]
  /** In their order. */
  readonly removals: readonly Removal[]
  /** After all others. */
  readonly last: readonly Removal[]
  /** What is known beforehand to be left. */
  readonly kept: readonly Left[]
  /** Are there files in the project's folder of the data lake? */
  readonly lakeHoldsData: boolean
  /** Why Azure holds on to subnets, half sentences; filled before the last removals. */
  readonly holding: string[]
}

/**
 * Reads all that a project has. What cannot be read, for want of a right or of a way to it, is left, with the reason; the rest goes
 * all the same. Without its resource group and its stack nothing is known, so reading them has to succeed.
 */
export async function readDoomed(
  target: NumberedProject,
  options: DestroyOptions,
  clients: DestroyClients,
  info: (line: string) => void,
): Promise<Doomed> {
  const found = await readGroup(target, clients)
  const { attempt, unread } = attempts()
  const { ids, names, project } = target
  const holding: string[] = []
  const [resources, groups, identities, subnets] = await Promise.all([
    resourcePart({ target, found, allowed: options.allowed }, clients),
    attempt('groups', `groups of project ${project.number}`, () => readGroups(target, clients), []),
    attempt(
      'identities',
      names.project.resourceGroup,
      () => readIdentities(target, found.ours, clients),
      new Map<string, string>(),
    ),
    attempt(
      'subnets',
      `subnets of project ${project.number}`,
      () =>
        subnetPart(
          {
            target,
            goes: goes(target, found),
            locks: found.allLocks,
            isOwn: (id) => found.ours.some((piece) => isWithin(id, piece.id)),
            holding,
            waitMinutes: options.waitMinutes,
            info,
          },
          clients,
        ),
      emptyPart,
    ),
  ])
  const principals = { groups, identities, names: principalNames(target, groups) }
  const [assignments, lake] = await Promise.all([
    attempt('role assignments', project.environment, () => readAssignments(target, principals, clients), {
      own: [],
      foreign: [],
      rest: [],
    }),
    attempt('data lake', names.common.lake, () => lakePart(target, principalIds(principals), clients), {
      ...emptyPart,
      holdsData: false,
    }),
  ])
  const staysUnlocked =
    found.group !== undefined &&
    (found.foreign.length > 0 || !found.isOurs || found.locks.length > 0) &&
    lockOver(ids.resourceGroup, found.locks) === undefined
  const roles = rolePart(
    target,
    assignments,
    principals,
    { groupStays: staysUnlocked, locks: found.allLocks },
    clients,
  )
  const people = await attempt(
    'groups',
    `groups of project ${project.number}`,
    () => peoplePart(target, principals, assignments, clients),
    emptyPart,
  )
  const parts = [resources, roles, people, lake]
  const all = [...parts, subnets]
  return {
    target,
    found,
    options,
    changes: all.flatMap(({ changes }) => changes).map(withLossOfResource),
    warnings: [
      ...unread.map(unreadWarning),
      ...new Set(all.flatMap(({ warnings }) => warnings)),
      ...rolesOfOthers(assignments.rest, goes(target, found)),
    ],
    removals: parts.flatMap(({ removals }) => removals),
    last: subnets.removals,
    kept: [...unread, ...all.flatMap(({ kept }) => kept)],
    lakeHoldsData: lake.holdsData,
    holding,
  }
}

const withLossOfResource = (change: Change): Change =>
  change.kind.includes('/') && !change.kind.startsWith('softly deleted') && !isBesideOthers(change.kind)
    ? withLoss(change)
    : change

/** That something could not be read. */
export const unreadWarning = ({ reason, fix }: Left): string => `${reason} ${fix}`

/** Reads one thing after the other, and remembers what could not be read. */
export function attempts() {
  const unread: Left[] = []
  return {
    unread,
    attempt: async <T>(kind: string, name: string, read: () => Promise<T>, otherwise: T): Promise<T> => {
      try {
        return await read()
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        unread.push(leftBy(error, { kind, name }))
        return otherwise
      }
    },
  }
}
