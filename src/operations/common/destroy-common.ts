import { UserError } from '../../diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../../plan/report.ts'
import { resourceGroupIdOf } from '../../resource-id.ts'
import type { Allowance } from '../../vocabulary.ts'
import { nameOf } from '../area/projects-in.ts'
import { refuseHiddenRecords } from '../area/things-in-zones.ts'
import { readCommonArea } from '../common-area.ts'
import { connect } from '../connect.ts'
import { failureOfLeft } from '../destroy/destroy-guards.ts'
import { type Destroyed, reportDestroy } from '../destroy/destroy-report.ts'
import { type Lacking, lackingRights, refuseLacking } from '../destroy/lacking-rights.ts'
import type { Operation } from '../operation.ts'
import type { FactoryTarget } from '../project.ts'
import { type Left, type Removal, removeAll } from '../removal/left.ts'
import { isLoss, named } from '../removal/loss.ts'
import { lossOf } from '../removal/piece.ts'
import { readSoftDeleted } from '../removal/soft-deleted.ts'
import { areaRemovals } from './area-removals.ts'
import { type CommonServices, openCommonServices } from './common-services.ts'
import { detachedLeft, refuseDetached } from './detached.ts'
import { type DoomedArea, doomedChanges, readDoomedArea } from './doomed-area.ts'
import { hubsLeft } from './hub-left.ts'

/** What {@link destroyCommonArea} is asked to do. */
export interface DestroyCommonOptions extends FactoryTarget {
  /** `common-` and the environment; undefined to see only what would go. */
  readonly confirm: string | undefined
  /** What may be lost. */
  readonly allowed: readonly Allowance[]
}

/** What was read and decided before the first deletion. */
interface Deciding {
  readonly doomed: DoomedArea
  readonly removals: readonly Removal[]
  readonly lacking: Lacking
}

/**
 * Removes the common area of an environment, when no project is in it any more. What others made stays, and running again goes
 * on where a run has ended.
 */
export const destroyCommonArea: Operation<DestroyCommonOptions> = async (options, context) => {
  refuseWrongConfirm(options)
  const area = readCommonArea(options)
  const session = await connect(area.factory, options, context)
  const services = await openCommonServices(session, area, context.info)
  context.info(`Reading what the common area of ${options.environment} has`)
  const doomed = await readDoomedArea(area, services, options.allowed.includes('purge'))
  const removals = areaRemovals(doomed, services, options.allowed)
  const changes = doomedChanges(doomed)
  const managed = [doomed.network, doomed.common].flatMap(({ stack }) => stack?.resourceIds ?? [])
  const { subscriptionId } = area.factory
  const lacking = await lackingRights({ changes, subscriptionId, managed, removals }, session)
  const report: Reporter = (rest) =>
    reportDestroy({
      action: context.action,
      title: `Common area of ${options.environment}: destroy`,
      subject: { environment: options.environment },
      changes,
      warnings: warningsOf(doomed, lacking),
      steps: removals.map((removal) => removal.doomed),
      ...rest,
    })

  if (options.confirm === undefined)
    return report({ outcome: 'planned', left: detachedLeft(doomed), next: howToGoOn(options, doomed) })
  const refusal = refusalOf(options, { doomed, removals, lacking })
  if (refusal !== undefined)
    throw new FailureWithReport(refusal, report({ outcome: 'refused', left: [], next: undefined }))
  const left = [
    ...(await removeAll(removals, context.info)),
    ...hubsLeft(doomed.hubs, area.ids.virtualNetwork),
    ...(await keptSoftly(doomed, services)),
  ]
  const failure = failureOfLeft(`the common area of ${options.environment}`, left)
  if (failure === undefined) return report({ outcome: 'applied', left, next: undefined })
  throw new FailureWithReport(failure, report({ outcome: 'failed', left, next: undefined }))
}

type Reporter = (rest: Pick<Destroyed, 'outcome' | 'left' | 'next'>) => Report

const confirmation = (environment: string): string => `common-${environment}`

/** @throws UserError when what was given is not this common area */
function refuseWrongConfirm({ confirm, environment }: DestroyCommonOptions): void {
  const wanted = confirmation(environment)
  if (confirm === undefined || confirm === wanted) return
  throw new UserError({
    what: `Input 'confirm' is ${JSON.stringify(confirm.slice(0, 80))}, and the common area to destroy is that of ${environment}. Nothing was changed.`,
    why: 'Whoever destroys a common area names it once more, so that no other goes by mistake.',
    fix: `Look at the plan first (leave the input out), then set confirm: "${wanted}".`,
  })
}

function warningsOf(doomed: DoomedArea, lacking: Lacking): readonly string[] {
  const { inside, uses, subnets, area, detached } = doomed
  const blocked = [
    refuseProjects(doomed),
    refuseDetached(doomed),
    refuseLocks(doomed),
    refuseOthers(doomed),
  ].flatMap((error) => error?.parts.what ?? [])
  const roles =
    doomed.group !== undefined && doomed.isOurs && [...detached, ...doomed.foreign].length === 0
      ? [
          `With the resource group go the roles that are assigned on it: before the common area of ${area.factory.environment} is delivered again, run set-up again.`,
        ]
      : []
  return [...blocked, ...inside.unseen, ...uses, ...(subnets?.warnings ?? []), ...roles, ...lacking.warnings]
}

/** Why nothing may be deleted; what cannot be allowed comes first. */
const refusalOf = (options: DestroyCommonOptions, { doomed, lacking }: Deciding): UserError | undefined =>
  refuseProjects(doomed) ??
  refuseDetached(doomed) ??
  refuseLocks(doomed) ??
  refuseOthers(doomed) ??
  refuseLacking(`the common area of ${options.environment}`, lacking) ??
  refuseLoss(options, doomed)

function refuseProjects({ projects, area }: DoomedArea): UserError | undefined {
  if (projects.length === 0) return undefined
  const { environment } = area.factory
  const list = named(projects.map(nameOf))
  const reserved = projects.filter(({ isDelivered }) => !isDelivered).map(({ number }) => number)
  return new UserError({
    what: `The common area of ${environment} cannot go while there are projects in it: ${list}. Nothing was changed.`,
    why: 'They are in its network, and their data is in its data lake.',
    fix: [
      `Destroy each of them first (Actions > Destroy > Run workflow with its number and environment ${environment}, or provision-project with mode destroy), then run again.`,
      ...(reserved.length === 0
        ? []
        : [`Where there are only subnets (${named(reserved)}), ip-calc with mode release is enough.`]),
    ].join(' '),
  })
}

function refuseLocks({ locks, area }: DoomedArea): UserError | undefined {
  const [lock] = locks
  if (lock === undefined) return undefined
  const list = named(locks.map(({ name, level, scope }) => `'${name}' (${level}) on '${scope}'`))
  return new UserError({
    what: `The common area of ${area.factory.environment} cannot go while there are locks on it: ${list}. Nothing was changed.`,
    why: 'Azure would refuse to delete what they keep, after the rest was deleted.',
    fix: `Ask who has set them to remove them (az lock delete --ids ${lock.id}), then run again.`,
  })
}

/** Only what this factory has made goes: what others have in it they take out themselves. */
function refuseOthers({ ofOthers, projects, area }: DoomedArea): UserError | undefined {
  const [first] = ofOthers.found
  // The subnets and records of projects go with these.
  if (projects.length > 0) return undefined
  if (first === undefined)
    return refuseHiddenRecords(`the common area of ${area.factory.environment}`, ofOthers.hiddenZones)
  return new UserError({
    what: `The common area of ${area.factory.environment} cannot go while others have something in it: ${named(ofOthers.found.map(({ what }) => what))}. Nothing was changed.`,
    why: 'It would go too, or Azure would refuse to delete what it is in, after the rest was deleted.',
    fix: `Ask who made it whether it is still needed, and to remove it (az resource delete --ids ${first.id}), then run again.`,
  })
}

/** Data goes only when somebody says so. */
function refuseLoss(options: DestroyCommonOptions, doomed: DoomedArea): UserError | undefined {
  const lost = doomedChanges(doomed).filter(isLoss)
  if (lost.length === 0 || options.allowed.includes('deletion')) return undefined
  return new UserError({
    what: `The common area of ${options.environment} would lose data: ${named(lost.map(({ kind, name }) => `${kind} '${name}'`))}. Nothing was changed.`,
    why: "Mode destroy deletes what holds data only when the input 'allow' contains 'deletion'.",
    fix: `If all of it may be lost, set the inputs ${inputs(options)}.`,
  })
}

const inputs = ({ environment, allowed }: DestroyCommonOptions): string =>
  `confirm: "${confirmation(environment)}" and allow: ${[...new Set(['deletion', ...allowed])].join(', ')}`

function howToGoOn(options: DestroyCommonOptions, doomed: DoomedArea): string {
  const { projects, detached } = doomed
  if (projects.length > 0) return 'Nothing was changed. Its projects have to be destroyed first.'
  if (detached.length > 0) return 'Nothing was changed. It has to be delivered once more first.'
  return (refuseLocks(doomed) ?? refuseOthers(doomed)) === undefined
    ? `Nothing was changed. To destroy it, run again with the inputs ${inputs(options)}.`
    : 'Nothing was changed. What the warnings say keeps it has to go first.'
}

/** What Azure keeps of what was deleted. */
async function keptSoftly({ area }: DoomedArea, { resources }: CommonServices): Promise<readonly Left[]> {
  const { ids, factory } = area
  const listed = await readSoftDeleted(
    factory.subscriptionId,
    resourceGroupIdOf(ids.resourceGroup),
    resources,
  )
  return listed.map(({ piece, until }) => ({
    why: 'azure',
    kind: `softly deleted ${piece.type}`,
    name: piece.name,
    scope: piece.id,
    reason: [
      until === '' ? '' : `Azure keeps it until ${until.slice(0, 10)}.`,
      lossOf(piece)?.softDelete?.sentence ?? '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    fix: 'Nothing is to be done. Delivered again, the common area gets it back.',
  }))
}
