import { hasCode } from '../../azure/failure.ts'
import type { Creation, Resources } from '../../azure/resources.ts'
import type { Session } from '../../azure/session.ts'
import type { AssignedSubnet } from '../../catalog/assigned-subnets.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { Allocation } from '../../network/allocation.ts'
import type { CreateStep } from '../../network/reserve.ts'
import type { ActualNetwork } from '../../network/vnet.ts'
import type { Change } from '../../plan/model.ts'

/** A VNet as it was at one moment, where the project's subnets are or would be in it, and what has to be created. */
export interface Snapshot {
  readonly network: ActualNetwork
  readonly allocation: Allocation<string>
  readonly steps: readonly CreateStep[]
}

/** What reserving works with. */
interface Tools {
  readonly resources: Resources
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
  /** Reads the VNet and plans anew. */
  readonly refresh: () => Promise<Snapshot>
}

/**
 * How often a run plans again at most. Each time another run has won a subnet, so a hundred is more than all projects of
 * a factory that are delivered at once need.
 */
const mostRounds = 100

/** The range was removed from the VNet. `NetcfgInvalidSubnet` comes while a VNet is being resized. */
const rangeIsGone = ['NetcfgSubnetRangeOutsideVnet', 'NetcfgInvalidSubnet']

/** A step that was applied, and its change in the snapshot before. */
interface Done {
  readonly step: CreateStep
  readonly change: Change | undefined
  /** Of a step that created a subnet: its key, and the subnet. */
  readonly subnet: (AssignedSubnet & { readonly key: string }) | undefined
  /** Azure canceled the operation, but the resource exists, perhaps created by another run of this project. */
  readonly isUncertain: boolean
}

/** What a run has created, and what it is creating. */
interface Work {
  readonly done: Done[]
  /** Sent to Azure, and not known to be created. */
  begun: CreateStep | undefined
}

/** Something changed between the snapshot and the step, so that the rest has to be planned again. */
interface Conflict {
  /** A sentence. */
  readonly what: string
  /** What Azure refused because of it. */
  readonly cause?: UserError
}

/**
 * Creates what is missing in the snapshot, one after the other. What exists in the meantime is kept, and on a conflict
 * with another run the rest is planned again.
 * @returns the snapshot after that, with what this run has created
 * @throws UserError that also lists what was created, when the rest does not fit any more or Azure refuses
 */
export async function reserve(first: Snapshot, tools: Tools): Promise<Snapshot> {
  const work: Work = { done: [], begun: undefined }
  try {
    let snapshot = first
    for (let round = 1; ; round += 1) {
      const conflict = await claim(snapshot, work, tools)
      if (conflict === undefined) {
        const isPooled = work.done.some(({ subnet }) => subnet?.addressPrefix === '')
        return withDone(isPooled ? await tools.refresh() : snapshot, work.done, first)
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
    throw await withWhatExists(error, work, tools)
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

/** The subnet that a step creates; undefined when it creates something else. */
function subnetOf({ kind, name }: CreateStep, { allocation: { subnets } }: Snapshot): Done['subnet'] {
  if (kind !== 'subnet') return undefined
  const [found] = Object.entries(subnets).filter(([, subnet]) => subnet?.name === name)
  return found?.[1] && { ...found[1], key: found[0] }
}

/** Creates one after the other. @returns the conflict, or undefined when everything was created */
async function claim(snapshot: Snapshot, work: Work, tools: Tools): Promise<Conflict | undefined> {
  for (const [index, step] of snapshot.steps.entries()) {
    const { kind, name } = step
    tools.session.progress(`${index + 1}/${snapshot.steps.length} ${kind} ${name}`)
    work.begun = step
    const outcome = await create(step, tools)
    work.begun = undefined
    if (typeof outcome === 'object') return outcome
    if (outcome === 'existed') return { what: `Another run created ${kind} '${name}' in the meantime.` }
    const before = work.done.findIndex((one) => one.step.id === step.id)
    // It was created before, and has been deleted since.
    if (before >= 0) work.done.splice(before, 1)
    work.done.push({
      step,
      change: snapshot.allocation.plan.changes.find((change) => isOf(change, step)),
      subnet: subnetOf(step, snapshot),
      isUncertain: outcome === 'uncertain',
    })
    if (outcome === 'uncertain') {
      return { what: `Azure canceled the creation of ${kind} '${name}', but it exists.` }
    }
  }
  return undefined
}

async function create(step: CreateStep, { resources }: Tools): Promise<Creation | Conflict> {
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

const isOf = ({ kind, name }: Change, step: CreateStep): boolean => kind === step.kind && name === step.name

/** The last snapshot, in which what this run created is shown as created, not as existing. */
function withDone(last: Snapshot, done: readonly Done[], first: Snapshot): Snapshot {
  const { subnets, plan } = last.allocation
  const created = done.filter((one) => isCreated(one, last))
  const others = plan.changes.filter((change) => !created.some(({ step }) => isOf(change, step)))
  const reserved = created.flatMap(({ subnet }): readonly (readonly [string, AssignedSubnet])[] => {
    if (subnet === undefined) return []
    const { key, ...assigned } = subnet
    // What a pool allocated is known only now.
    const addressPrefix = assigned.addressPrefix || (subnets[key]?.addressPrefix ?? '')
    return [[key, { ...assigned, addressPrefix, state: 'reserved' }]]
  })
  const reasons = reserved.flatMap(([key]) => {
    const reason = first.allocation.sizeReasons[key]
    return reason === undefined ? [] : [[key, reason] as const]
  })
  const names = new Set(reserved.map(([, { name }]) => name.toLowerCase()))
  return {
    ...last,
    network: {
      ...last.network,
      subnets: last.network.subnets.filter(({ name }) => !names.has(name.toLowerCase())),
    },
    allocation: {
      ...last.allocation,
      subnets: { ...subnets, ...Object.fromEntries(reserved) },
      sizeReasons: Object.fromEntries(reasons),
      plan: { ...plan, changes: [...created.flatMap(({ change }) => change ?? []), ...others] },
    },
  }
}

const isCreated = ({ isUncertain, subnet }: Done, { allocation }: Snapshot): boolean =>
  !isUncertain ||
  (subnet !== undefined && allocation.subnets[subnet.key]?.addressPrefix === subnet.addressPrefix)

/** The error, with what this run had created until then and still exists. */
async function withWhatExists(error: unknown, { done, begun }: Work, tools: Tools): Promise<unknown> {
  if (done.length === 0 && begun === undefined) return error
  const [there, state] = await Promise.all([
    Promise.all(done.map(async (one) => ((await exists(one.step, tools)) === 'no' ? [] : [one]))),
    begun && exists(begun, tools),
  ])
  const created = there
    .flat()
    .map(({ step: { kind, name }, subnet }) => `${kind} ${name} ${subnet?.addressPrefix ?? ''}`.trimEnd())
  const sentences = [
    ...(begun === undefined || state === undefined || state === 'no' ? [] : [halfDone(begun, state)]),
    ...(created.length === 0 ? [] : [`Created before that, and still there: ${created.join(', ')}.`]),
  ]
  if (sentences.length === 0) return error
  if (!(error instanceof UserError)) {
    tools.session.progress(sentences.join(' '))
    return error
  }
  const { parts } = error
  return new UserError({
    ...parts,
    what: [parts.what, ...sentences].join(' '),
    fix: [parts.fix, 'Running again creates only what is missing; mode release deletes what was created.']
      .filter((part) => part !== undefined)
      .join(' '),
  })
}

const halfDone = ({ kind, name }: CreateStep, state: 'yes' | 'unknown'): string =>
  state === 'yes'
    ? `Even so, ${kind} ${name} exists now.`
    : `It is not known whether ${kind} ${name} was created.`

/** Does what a step creates exist? */
async function exists(
  { id, apiVersion }: CreateStep,
  { resources }: Tools,
): Promise<'yes' | 'no' | 'unknown'> {
  try {
    return (await resources.read(id, apiVersion)) === undefined ? 'no' : 'yes'
  } catch (error) {
    if (error instanceof UserError) return 'unknown'
    throw error
  }
}
