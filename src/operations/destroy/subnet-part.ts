import type { Lock } from '../../azure/locks.ts'
import { catalogue } from '../../catalog/index.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { planRelease, type ReleasePlan } from '../../network/release.ts'
import type { Kept } from '../../network/release-kept.ts'
import { candidatesIn } from '../../network/release-search.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change } from '../../plan/model.ts'
import { lastSegment } from '../../resource-id.ts'
import { type Deleted, releaseSteps } from '../network/release-steps.ts'
import { listSecurityGroups, readSecurityGroups } from '../network/security-groups.ts'
import { ownerOf } from '../owner.ts'
import type { Left, Removal } from '../removal/left.ts'
import type { DestroyClients } from './destroy-clients.ts'
import { asSentence, leftOfRelease, type Releasing, strangersIn } from './left-subnets.ts'
import { withoutLocked } from './locked-subnets.ts'
import { howToUnlock, lockOver, lockWarning } from './locks.ts'
import { emptyPart, type Part } from './part.ts'
import type { NumberedProject } from './project-by-number.ts'
import { waitForServices } from './wait-for-services.ts'

/** The project's own subnets with their network security groups, which go last: only when they are empty. */
export async function subnetPart(releasing: Releasing, clients: DestroyClients): Promise<Part> {
  const { target } = releasing
  const network = await clients.networks.find(target.ids.virtualNetwork)
  if (network === undefined) return emptyPart
  const subnets = network.subnets.map((subnet) => ({ ...subnet, occupants: strangersIn(subnet, releasing) }))
  const all = await readRelease({ ...network, subnets }, target, clients)
  const { plan, locked } = withoutLocked(all, releasing.locks)
  const changes = [...plan.changes, ...plan.kept.map(keptChange)]
  const { warnings } = plan
  const lock = lockOver(network.id, releasing.locks)
  if (lock !== undefined) return lockedPart({ ...plan, changes }, lock)
  if (!changes.some(({ change }) => change === 'delete'))
    return {
      ...emptyPart,
      changes,
      warnings,
      kept: [...locked, ...leftOfRelease(plan, nothingDeleted(plan), releasing)],
    }
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
    declared: catalogue.subnets,
    only: undefined,
    unneededOnly: false,
    byo,
    needed: [],
  }
  const listed = await listSecurityGroups(network.id, resources)
  const groups = await readSecurityGroups(listed, candidatesIn(search), resources)
  return planRelease({ ...search, groups })
}

/** It may not be empty yet. */
const withoutReason = ({ reason, ...change }: Change): Change =>
  change.change === 'delete' ? change : { ...change, ...(reason !== undefined && { reason }) }

const nothingDeleted = ({ inUse }: ReleasePlan): Deleted => ({
  subnets: [],
  groups: [],
  inUse: [...inUse],
  refused: new Map(),
})

const keptChange = ({ kind, name, id, reason }: Kept): Change => ({
  change: 'keep',
  kind,
  name,
  scope: id,
  reason: `${asSentence(reason)}.`,
})

/** Waits for services to leave, then deletes what is empty. */
async function release(releasing: Releasing, clients: DestroyClients): Promise<readonly Left[]> {
  const { target, info, holding, waitMinutes } = releasing
  const read = async (): Promise<ReleasePlan> => {
    const network = await clients.networks.read(target.ids.virtualNetwork)
    return readRelease(network, target, clients)
  }
  const minutes = holding.length === 0 ? waitMinutes : 0
  const all = await waitForServices(read, minutes, clients.session)
  const { plan, locked } = withoutLocked(all, releasing.locks)
  const deleted = nothingDeleted(plan)
  const failed: Left[] = []
  for (const { name, apply, isNeeded } of releaseSteps(plan, deleted, clients.resources, info)) {
    if (isNeeded?.() === false) continue
    info(name)
    try {
      await apply()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const { what, fix = 'Run again.' } = error.parts
      const [, kind = name, which = name] = /^Delete (.+) (\S+)$/.exec(name) ?? []
      failed.push({ why: 'failed', kind, name: which, reason: what, fix })
    }
  }
  return [...failed, ...locked, ...leftOfRelease(plan, deleted, releasing)]
}
