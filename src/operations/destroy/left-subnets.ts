import type { Lock } from '../../azure/locks.ts'
import { describeOccupants } from '../../network/occupants.ts'
import type { ReleasePlan, SubnetInUse } from '../../network/release.ts'
import type { Kept } from '../../network/release-kept.ts'
import type { ActualSubnet } from '../../network/vnet.ts'
import { sameText } from '../../resource-id.ts'
import type { Deleted } from '../network/release-steps.ts'
import type { Left } from '../removal/left.ts'
import type { NumberedProject } from './project-by-number.ts'

/** What releasing the subnets of a project depends on. */
export interface Releasing {
  readonly target: NumberedProject
  /** Does a resource of the project's group go? */
  readonly goes: (id: string) => boolean
  /** All locks of the subscription. */
  readonly locks: readonly Lock[]
  /** Is a resource the project's? */
  readonly isOwn: (id: string) => boolean
  /** Why Azure will not let go of subnets in this run, half sentences, known when they are released; none when it will. */
  readonly holding: readonly string[]
  /** Minutes to wait for Azure to let go. */
  readonly waitMinutes: number
  readonly info: (line: string) => void
}

/** What is left of a project's subnets and their network security groups after a release, and why. */
export function leftOfRelease(plan: ReleasePlan, deleted: Deleted, releasing: Releasing): readonly Left[] {
  const subnets = deleted.inUse.map((one) => leftSubnet(one, releasing))
  const still = plan.groups.filter(({ id }) => !deleted.groups.some((group) => sameText(group.id, id)))
  return [
    ...subnets,
    ...plan.kept.map((kept) => leftKept(kept, subnets)),
    ...still.flatMap(({ id, name, subnetIds }) => {
      const row = { kind: 'network security group', name, scope: id }
      const refusal = deleted.refused.get(id)
      if (refusal !== undefined)
        return [{ ...row, why: 'failed' as const, reason: refusal, fix: 'Run again.' }]
      const user = userAmong(subnets, subnetIds)
      return user === undefined ? [] : [{ ...row, ...usedBy(user) }]
    }),
  ]
}

const userAmong = (subnets: readonly Left[], ids: readonly string[]): Left | undefined =>
  subnets.find(({ scope = '' }) => ids.some((id) => sameText(id, scope)))

const usedBy = ({ why, name }: Left): Pick<Left, 'why' | 'reason' | 'fix'> => ({
  why,
  reason: `Subnet '${name}' still uses it.`,
  fix: 'It goes with the subnet.',
})

function leftKept({ kind, name, id, why, reason, ownSubnetIds }: Kept, subnets: readonly Left[]): Left {
  const row = { kind, name, scope: id }
  const user = userAmong(subnets, ownSubnetIds)
  if (why === 'needed' && user !== undefined) return { ...row, ...usedBy(user) }
  return { ...row, why: 'others', reason: `${asSentence(reason)}.`, fix: howToFree[why] }
}

const howToFree = {
  unproven: "If it is the project's and nobody needs it, delete it by hand.",
  shared: 'Ask them to use one of their own, then run again.',
  needed: 'It goes once that subnet is gone.',
} as const satisfies Record<Kept['why'], string>

/** As the beginning of a sentence. */
export const asSentence = (half: string): string => `${half.slice(0, 1).toUpperCase()}${half.slice(1)}`

/** What is in a subnet that does not go with the project. The resource behind a service's link is not known. */
export const strangersIn = ({ occupants = [] }: ActualSubnet, { goes }: Pick<Releasing, 'goes'>) =>
  occupants.filter(({ kind, id }) => kind !== 'service' && !goes(id))

function leftSubnet({ subnet, usedBy }: SubnetInUse, releasing: Releasing): Left {
  const { holding, waitMinutes, isOwn } = releasing
  const row = { kind: 'subnet', name: subnet.name, scope: subnet.id }
  const strangers = strangersIn(subnet, releasing)
  if (strangers.length > 0) {
    const isLocked = strangers.every(({ id }) => isOwn(id))
    const reason = `In use by ${describeOccupants(strangers)}, which ${isLocked ? 'a lock keeps' : 'others made'}.`
    const fix = isLocked ? 'It goes once the lock is removed.' : 'Ask them to move it, then run again.'
    return { ...row, why: 'others', reason, fix }
  }
  const still = (subnet.occupants ?? []).filter(({ kind }) => kind !== 'service')
  if (still.length > 0) {
    const reason = `In use by ${describeOccupants(still)}, which could not be deleted.`
    return { ...row, why: 'failed', reason, fix: 'It goes with the next run, after them.' }
  }
  const waited = waitMinutes === 0 ? '' : ` This run waited ${waitMinutes} minutes for it.`
  return holding.length === 0
    ? {
        ...row,
        why: 'azure',
        reason: `In use by ${usedBy}. Azure lets go of it some minutes after the purge, in some cases only after two days.${waited}`,
        fix: 'Run again later: nothing else is to be done.',
      }
    : { ...row, why: 'azure', reason: `In use by ${usedBy}: ${holding.join('; ')}.`, fix: howToLetGo }
}

const howToLetGo = 'Run again with "purge" in the input allow, or after that time.'
