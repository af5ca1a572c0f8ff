import type { Lock } from '../../azure/locks.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { describeOccupants } from '../../network/occupants.ts'
import { candidatesIn, planRelease, type ReleasePlan, type SubnetInUse } from '../../network/release.ts'
import type { ActualNetwork, ActualSubnet } from '../../network/vnet.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment, sameText } from '../../resource-id.ts'
import { type Deleted, releaseSteps } from '../network/release-steps.ts'
import { listSecurityGroups, readSecurityGroups } from '../network/security-groups.ts'
import { ownerOf } from '../network/subnet-owners.ts'
import type { Left, Removal } from '../removal/left.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { emptyPart, type Part } from './part.ts'
import type { NumberedProject } from './project-by-number.ts'
import { howToUnlock, lockOver, lockWarning } from './resource-part.ts'
import { waitForServices } from './wait-for-services.ts'

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

/** The project's own subnets with their network security groups, which go last: only when they are empty. */
export async function subnetPart(releasing: Releasing, clients: DestroyClients): Promise<Part> {
  const { target } = releasing
  const network = await clients.networks.find(target.ids.virtualNetwork)
  if (network === undefined) return emptyPart
  const subnets = network.subnets.map((subnet) => ({ ...subnet, occupants: strangersIn(subnet, releasing) }))
  const plan = await readRelease({ ...network, subnets }, target, clients)
  const { changes, warnings, inUse } = plan
  const lock = lockOver(network.id, releasing.locks)
  if (lock !== undefined) return lockedPart(plan, lock)
  if (!changes.some(({ change }) => change === 'delete'))
    return { ...emptyPart, changes, warnings, kept: inUse.map((one) => leftSubnet(one, releasing)) }
  const name = `the subnets of project ${target.project.number}`
  const removal: Removal = {
    step: `Release ${name}`,
    doomed: { kind: 'subnets', name, scope: network.id },
    apply: () => release(releasing, clients),
  }
  return { ...emptyPart, changes: changes.map(withoutReason), warnings, removals: [removal] }
}

/** A lock on the VNet keeps its subnets, and with them the security groups that they have. */
function lockedPart({ changes, warnings }: ReleasePlan, lock: Lock): Part {
  const reason = `Lock '${lock.name}' (${lock.level}) on '${lastSegment(lock.scope)}' keeps the subnets and what they use.`
  const rows = changes.map((change): Change => ({ ...change, change: 'keep', reason }))
  const left = rows.map(({ kind, name, scope = '' }): Left => {
    return { why: 'others', kind, name, scope, reason, fix: howToUnlock(lock) }
  })
  return { ...emptyPart, changes: rows, warnings: [...warnings, lockWarning(lock)], kept: left }
}

async function readRelease(
  network: ActualNetwork,
  { project, names, byo }: NumberedProject,
  { resources }: DestroyClients,
): Promise<ReleasePlan> {
  const search = {
    network,
    owner: ownerOf(project),
    names: names.project,
    only: undefined,
    unneededOnly: false,
    byo,
    needed: [],
  }
  const listed = await listSecurityGroups(network.id, resources)
  const groups = await readSecurityGroups(listed, candidatesIn(search), resources)
  return planRelease({ ...search, groups })
}

/** What is in a subnet that does not go with the project. The resource behind a service's link is not known. */
const strangersIn = ({ occupants = [] }: ActualSubnet, { goes }: Pick<Releasing, 'goes'>) =>
  occupants.filter(({ kind, id }) => kind !== 'service' && !goes(id))

/** It may not be empty yet. */
const withoutReason = ({ reason, ...change }: Change): Change =>
  change.change === 'delete' ? change : { ...change, ...(reason !== undefined && { reason }) }

/** Waits for services to leave, then deletes what is empty. */
async function release(releasing: Releasing, clients: DestroyClients): Promise<readonly Left[]> {
  const { target, info, holding, waitMinutes } = releasing
  const read = async (): Promise<ReleasePlan> => {
    const network = await clients.networks.read(target.ids.virtualNetwork)
    return readRelease(network, target, clients)
  }
  const minutes = holding.length === 0 ? waitMinutes : 0
  const plan = await waitForServices(read, minutes, clients.session)
  const deleted: Deleted = { subnets: [], groups: [], inUse: [...plan.inUse], refused: new Map() }
  const failed: Left[] = []
  for (const { name, apply, isNeeded } of releaseSteps(plan, deleted, clients.resources, info)) {
    if (isNeeded?.() === false) continue
    info(name)
    try {
      await apply()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const { what, fix = 'Run again.' } = error.parts
      failed.push({ why: 'failed', kind: 'subnet', name: name.split(' ').at(-1) ?? name, reason: what, fix })
    }
  }
  return [...failed, ...deleted.inUse.map((one) => leftSubnet(one, releasing)), ...keptGroups(deleted, plan)]
}

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

const keptGroups = ({ refused }: Deleted, { groups }: ReleasePlan): readonly Left[] =>
  [...refused].map(([id, reason]) => ({
    why: 'failed' as const,
    kind: 'network security group',
    name: groups.find((group) => sameText(group.id, id))?.name ?? id,
    scope: id,
    reason,
    fix: 'Run again.',
  }))
