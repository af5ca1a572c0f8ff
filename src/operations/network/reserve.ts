import { hasCode } from '../../azure/failure.ts'
import type { Creation, Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { CreateStep } from '../../network/reserve.ts'
import type { UpdateStep } from '../../network/update-steps.ts'
import { runSteps, type Step } from '../apply-steps.ts'
import { isOf, type Progress, subnetOf, withApplied } from './applied-steps.ts'
import type { Snapshot } from './snapshot.ts'
import { withWhatExists } from './what-exists.ts'

/** What reserving works with. */
interface Tools {
  readonly resources: Resources
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
  /** Reads the VNet and plans again. */
  readonly refresh: () => Promise<Snapshot>
}

/** Something changed between the snapshot and the step, so that the rest has to be planned again. */
interface Conflict {
  /** A sentence. */
  readonly what: string
  /** What Azure refused because of it. */
  readonly cause?: UserError
}

/**
 * How often a run plans again at most. Each time another run has won a subnet, so a hundred is more than all projects of
 * a factory that are delivered at once need.
 */
const mostRounds = 100

/**
 * Creates what is missing in the snapshot, one after the other. What exists in the meantime is kept, and on a conflict
 * with another run the rest is planned again.
 * @returns the snapshot after that, with what this run has created
 * @throws UserError that also lists what was created, when the rest does not fit any more or Azure refuses
 */
export async function reserve(first: Snapshot, tools: Tools): Promise<Snapshot> {
  const progress: Progress = { done: [], begun: undefined }
  try {
    let snapshot = first
    for (let round = 1; ; round += 1) {
      const conflict = await apply(snapshot, progress, tools)
      if (conflict === undefined) {
        const isPooled = progress.done.some(({ subnet }) => subnet?.addressPrefix === '')
        return withApplied(isPooled ? await tools.refresh() : snapshot, progress.done, first)
      }
      if (round >= mostRounds) throw noEndError(conflict, round)
      const next = await tools.refresh()
      const moved = rangesOf(next) !== rangesOf(snapshot)
      tools.session.progress(
        `${conflict.what} Planned again (${round}): ${rangesOf(next) || 'nothing is missing'}`,
      )
      // Azure may not return yet what caused the conflict.
      if (!moved) await tools.session.sleep(1_000 + 4_000 * tools.session.random())
      snapshot = next
    }
  } catch (error) {
    throw await withWhatExists(error, progress, tools.resources, tools.session.progress)
  }
}

const noEndError = ({ what, cause }: Conflict, rounds: number): UserError =>
  new UserError({
    what: `${what} That happened ${rounds} times.${cause === undefined ? '' : ` The last time: ${cause.parts.what}`}`,
    fix: runAgain,
    ...(cause && { cause }),
  })

const runAgain = 'Run the job again: it keeps what exists.'

const rangesOf = (snapshot: Snapshot): string =>
  snapshot.steps
    .flatMap((step) => subnetOf(step, snapshot) ?? [])
    .map(({ name, addressPrefix }) => `${name} ${addressPrefix}`.trimEnd())
    .join(', ')

/** Creates one after the other. @returns the conflict, or undefined when everything was created */
const apply = (snapshot: Snapshot, progress: Progress, tools: Tools): Promise<Conflict | undefined> =>
  runSteps(
    snapshot.steps.map((step) =>
      'body' in step
        ? createStep(step, snapshot, progress, tools)
        : updateStep(step, snapshot, progress, tools),
    ),
    tools.session.progress,
  )

const createStep = (
  step: CreateStep,
  snapshot: Snapshot,
  progress: Progress,
  { resources }: Tools,
): Step<Conflict | undefined> => ({
  name: `Create ${step.kind} ${step.name}`,
  apply: async () => {
    const { kind, name } = step
    progress.begun = step
    const outcome = await createResource(step, resources)
    progress.begun = undefined
    if (typeof outcome === 'object') return outcome
    if (outcome === 'existed') return { what: `Another run created ${kind} '${name}' in the meantime.` }
    const before = progress.done.findIndex((one) => one.step.id === step.id)
    // It was created before, and has been deleted since.
    if (before >= 0) progress.done.splice(before, 1)
    progress.done.push({
      step,
      change: snapshot.allocation.plan.changes.find((change) => isOf(change, step)),
      subnet: subnetOf(step, snapshot),
      isUncertain: outcome === 'uncertain',
    })
    return outcome === 'uncertain'
      ? { what: `Azure canceled the creation of ${kind} '${name}', but it exists.` }
      : undefined
  },
})

/** What exists gets what it lacks. Somebody who changed it in the meantime is not in the way: it is read before it is written. */
const updateStep = (
  step: UpdateStep,
  snapshot: Snapshot,
  progress: Progress,
  { resources }: Tools,
): Step<Conflict | undefined> => ({
  name: `Change ${step.kind} ${step.name}`,
  apply: async () => {
    progress.begun = step
    await resources.update(step.id, step.apiVersion, step.merge)
    progress.begun = undefined
    progress.done.push({
      step,
      change: snapshot.allocation.plan.changes.find((change) => isOf(change, step)),
      subnet: undefined,
      isUncertain: false,
    })
    return undefined
  },
})

/** The range was removed from the VNet. `NetcfgInvalidSubnet` comes while a VNet is being resized. */
const rangeIsGone = ['NetcfgSubnetRangeOutsideVnet', 'NetcfgInvalidSubnet']

/** Creates a network security group or a subnet, unless it exists. */
async function createResource(step: CreateStep, resources: Resources): Promise<Creation | Conflict> {
  const { id, apiVersion, body } = step
  try {
    return await resources.create(id, apiVersion, body)
  } catch (error) {
    const conflict = error instanceof UserError ? await conflictOf(error, step, resources) : undefined
    if (conflict === undefined) throw error
    return conflict
  }
}

/** The conflict behind a refusal; undefined when Azure refused for another reason. */
async function conflictOf(
  cause: UserError,
  { kind, name, securityGroupId }: CreateStep,
  resources: Resources,
): Promise<Conflict | undefined> {
  const { cause: answer } = cause.parts
  if (kind !== 'subnet') return undefined
  if (hasCode(answer, 'NetcfgSubnetRangesOverlap')) {
    return { what: `Another run took the addresses of '${name}' first.`, cause }
  }
  if (hasCode(answer, ...rangeIsGone)) {
    return { what: `The addresses of '${name}' are no longer in the VNet's address space.`, cause }
  }
  if (securityGroupId === undefined || !hasCode(answer, 'InvalidResourceReference')) return undefined
  const group = await resources.read(securityGroupId, groupVersion)
  if (group !== undefined) return undefined
  return { what: `The network security group of '${name}' was deleted in the meantime.`, cause }
}

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']
