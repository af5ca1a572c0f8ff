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

/** A VNet as it was at one moment, where the project's subnets are or would be in it, and what is missing for that. */
export interface Snapshot {
  readonly network: ActualNetwork
  readonly allocation: Allocation<string>
  readonly steps: readonly CreateStep[]
}

/** What reserving takes of the world. */
interface World {
  readonly resources: Resources
  readonly session: Pick<Session, 'progress' | 'sleep' | 'random'>
  /** Reads the VNet and plans anew. */
  readonly refresh: () => Promise<Snapshot>
}

/**
 * How often a run plans anew at most. Each time another run has won a subnet, so a hundred is more than all projects of
 * a factory that are delivered at once take.
 */
const mostRounds = 100

/** The range was taken away from the VNet. `NetcfgInvalidSubnet` comes while a VNet is being resized. */
const placeIsGone = ['NetcfgSubnetRangeOutsideVnet', 'NetcfgInvalidSubnet']

/** A step that was carried out, and how the survey showed it before. */
interface Done {
  readonly step: CreateStep
  readonly change: Change | undefined
  /** Of a step that made a subnet: its key, and its place. */
  readonly subnet: (AssignedSubnet & { readonly key: string }) | undefined
  /** Azure cancelled it and made it all the same, perhaps for another run of this project. */
  readonly isUncertain: boolean
}

/** What a run has made, and what it is making. */
interface Work {
  readonly done: Done[]
  /** Sent to Azure, and not known to be made. */
  begun: CreateStep | undefined
}

/** Something came between the look and the step, so that the rest has to be planned anew. */
interface Conflict {
  /** A sentence. */
  readonly what: string
  /** What Azure refused because of it. */
  readonly cause?: UserError
}

/**
 * Creates what the survey says is missing, one after the other. What exists in the meantime is kept, and when another
 * run was faster, the rest is planned anew.
 * @returns the survey as it is after that, with what this run has made
 * @throws UserError that also says what was made, when there is no room any more or Azure refuses
 */
export async function reserve(first: Snapshot, world: World): Promise<Snapshot> {
  const work: Work = { done: [], begun: undefined }
  try {
    let snapshot = first
    for (let round = 1; ; round += 1) {
      const conflict = await claim(snapshot, work, world)
      if (conflict === undefined) {
        const isPooled = work.done.some(({ subnet }) => subnet?.addressPrefix === '')
        return withDone(isPooled ? await world.refresh() : snapshot, work.done, first)
      }
      if (round >= mostRounds) throw noEndError(conflict, round)
      const next = await world.refresh()
      const moved = placesOf(next) !== placesOf(snapshot)
      world.session.progress(
        `${conflict.what} Planned anew (${round}): ${placesOf(next) || 'nothing is missing'}`,
      )
      // The VNet may not show yet what was in the way.
      if (!moved) await world.session.sleep(1_000 + 4_000 * world.session.random())
      snapshot = next
    }
  } catch (error) {
    throw await withWhatExists(error, work, world)
  }
}

const noEndError = ({ what, cause }: Conflict, rounds: number): UserError =>
  new UserError({
    what: `${what} That happened ${rounds} times.${cause === undefined ? '' : ` The last time: ${cause.parts.what}`}`,
    fix: runAgain,
    ...(cause && { cause }),
  })

const runAgain = 'Run the job again: it keeps what exists.'

const placesOf = (snapshot: Snapshot): string =>
  snapshot.steps
    .flatMap((step) => subnetOf(step, snapshot) ?? [])
    .map(({ name, addressPrefix }) => `${name} ${addressPrefix}`.trimEnd())
    .join(', ')

/** The subnet that a step makes; undefined when it makes something else. */
function subnetOf({ kind, name }: CreateStep, { allocation: { subnets } }: Snapshot): Done['subnet'] {
  if (kind !== 'subnet') return undefined
  const [found] = Object.entries(subnets).filter(([, subnet]) => subnet?.name === name)
  return found?.[1] && { ...found[1], key: found[0] }
}

/** Creates one after the other. @returns what was unexpected, or undefined when all is there */
async function claim(snapshot: Snapshot, work: Work, world: World): Promise<Conflict | undefined> {
  for (const [index, step] of snapshot.steps.entries()) {
    const { kind, name } = step
    world.session.progress(`${index + 1}/${snapshot.steps.length} ${kind} ${name}`)
    work.begun = step
    const outcome = await create(step, world)
    work.begun = undefined
    if (typeof outcome === 'object') return outcome
    if (outcome === 'existed') return { what: `Another run has made ${kind} '${name}' in the meantime.` }
    const before = work.done.findIndex((one) => one.step.id === step.id)
    // It was made before, and somebody has deleted it since.
    if (before >= 0) work.done.splice(before, 1)
    work.done.push({
      step,
      change: snapshot.allocation.plan.changes.find((change) => isOf(change, step)),
      subnet: subnetOf(step, snapshot),
      isUncertain: outcome === 'uncertain',
    })
    if (outcome === 'uncertain') {
      return { what: `Azure cancelled the making of ${kind} '${name}', and it exists.` }
    }
  }
  return undefined
}

async function create(step: CreateStep, { resources }: World): Promise<Creation | Conflict> {
  const { id, apiVersion, body } = step
  try {
    return await resources.create(id, apiVersion, body)
  } catch (error) {
    const conflict = error instanceof UserError ? await conflictOf(error, step, resources) : undefined
    if (conflict === undefined) throw error
    return conflict
  }
}

/** What came between; undefined when Azure refused it for another reason. */
async function conflictOf(
  cause: UserError,
  { kind, name, securityGroupId }: CreateStep,
  resources: Resources,
): Promise<Conflict | undefined> {
  const { cause: answer } = cause.parts
  if (kind !== 'subnet') return undefined
  if (hasCode(answer, 'NetcfgSubnetRangesOverlap')) {
    return { what: `Another run was faster with the addresses of '${name}'.`, cause }
  }
  if (hasCode(answer, ...placeIsGone)) {
    return { what: `The VNet does not have the addresses of '${name}' any more.`, cause }
  }
  if (securityGroupId === undefined || !hasCode(answer, 'InvalidResourceReference')) return undefined
  const group = await resources.read(securityGroupId, groupVersion)
  if (group !== undefined) return undefined
  return { what: `Somebody has deleted the network security group of '${name}'.`, cause }
}

const groupVersion = apiVersions['Microsoft.Network/networkSecurityGroups']

const isOf = ({ kind, name }: Change, step: CreateStep): boolean => kind === step.kind && name === step.name

/** The last survey, in which what this run has made counts as made and not as found. */
function withDone(last: Snapshot, done: readonly Done[], first: Snapshot): Snapshot {
  const { subnets, plan } = last.allocation
  const made = done.filter((one) => isMade(one, last))
  const others = plan.changes.filter((change) => !made.some(({ step }) => isOf(change, step)))
  const reserved = made.flatMap(({ subnet }): readonly (readonly [string, AssignedSubnet])[] => {
    if (subnet === undefined) return []
    const { key, ...assigned } = subnet
    // What a pool has chosen is known only now.
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
      plan: { ...plan, changes: [...made.flatMap(({ change }) => change ?? []), ...others] },
    },
  }
}

const isMade = ({ isUncertain, subnet }: Done, { allocation }: Snapshot): boolean =>
  !isUncertain ||
  (subnet !== undefined && allocation.subnets[subnet.key]?.addressPrefix === subnet.addressPrefix)

/** The error, with what this run has made until then and is still there. */
async function withWhatExists(error: unknown, { done, begun }: Work, world: World): Promise<unknown> {
  if (done.length === 0 && begun === undefined) return error
  const [there, half] = await Promise.all([
    Promise.all(done.map(async (one) => ((await exists(one.step, world)) === 'no' ? [] : [one]))),
    begun && exists(begun, world),
  ])
  const made = there
    .flat()
    .map(({ step: { kind, name }, subnet }) => `${kind} ${name} ${subnet?.addressPrefix ?? ''}`.trimEnd())
  const sentences = [
    ...(begun === undefined || half === undefined || half === 'no' ? [] : [halfDone(begun, half)]),
    ...(made.length === 0 ? [] : [`Created before that, and still there: ${made.join(', ')}.`]),
  ]
  if (sentences.length === 0) return error
  if (!(error instanceof UserError)) {
    world.session.progress(sentences.join(' '))
    return error
  }
  const { parts } = error
  return new UserError({
    ...parts,
    what: [parts.what, ...sentences].join(' '),
    fix: [parts.fix, 'Running again creates only what is missing; mode release frees what was created.']
      .filter((part) => part !== undefined)
      .join(' '),
  })
}

const halfDone = ({ kind, name }: CreateStep, exists: 'yes' | 'unknown'): string =>
  exists === 'yes'
    ? `All the same, ${kind} ${name} exists now.`
    : `Whether ${kind} ${name} was created is not known.`

/** Is there what a step makes? */
async function exists(
  { id, apiVersion }: CreateStep,
  { resources }: World,
): Promise<'yes' | 'no' | 'unknown'> {
  try {
    return (await resources.read(id, apiVersion)) === undefined ? 'no' : 'yes'
  } catch (error) {
    if (error instanceof UserError) return 'unknown'
    throw error
  }
}
