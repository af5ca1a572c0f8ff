import { projectNameIn } from '../../compose/project-name-tag.ts'
import { hasChanges, projectPlan } from '../../plan/model.ts'
import { FailureWithReport, type Report } from '../../plan/report.ts'
import { connect } from '../connect.ts'
import type { Operation, OperationContext } from '../operation.ts'
import { type Left, removeAll } from '../removal/left.ts'
import { type DestroyClients, openDestroyClients } from './destroy-clients.ts'
import { failureOfLeft, howToGoOn, refuseLoss, refuseWrongNumber } from './destroy-guards.ts'
import type { DestroyOptions } from './destroy-options.ts'
import { type Destroyed, reportDestroy } from './destroy-report.ts'
import { leftInGroup } from './group-removal.ts'
import { keptSoftly } from './kept-softly.ts'
import { type Lacking, lackingRights, refuseLacking } from './lacking-rights.ts'
import { deliveredElsewhere, elsewhereWarning } from './other-names.ts'
import { type NumberedProject, projectByNumber } from './project-by-number.ts'
import { attempts, type Doomed, readDoomed, unreadWarning } from './read-doomed.ts'

/**
 * Removes a project from an environment, by its number: also one whose manifest is gone, or whose delivery was never finished. What
 * others made stays, and running again goes on where a run has ended.
 */
export const destroyProject: Operation<DestroyOptions> = async (options, context) => {
  refuseWrongNumber(options)
  const target = projectByNumber(options)
  const session = await connect(target.project.factory, options, context)
  const clients = await openDestroyClients(session, target.project.factory)
  context.info(`Reading what project ${options.project} has in ${options.environment}`)
  const { doomed, lacking } = await readProjectToDestroy(target, options, clients, context)
  const { changes } = doomed
  const warnings = [...target.warnings, ...doomed.warnings]
  const steps = doomed.removals.map((removal) => removal.doomed)
  const report: Reporter = (rest) =>
    reportDestroy({
      action: context.action,
      title: titleOf(doomed),
      subject: { project: target.project.number, environment: target.project.environment },
      changes,
      warnings,
      steps,
      ...rest,
    })

  const isEmpty = !hasChanges(projectPlan(context.action, target.project, { changes, warnings }))
  if (options.confirm === undefined || isEmpty) {
    const left = isEmpty ? await leftOfNothing(doomed, clients) : []
    const next = isEmpty ? undefined : howToGoOn(options, doomed)
    if (options.confirm === undefined) return report({ outcome: 'planned', left, next })
    return ended(options, left, report)
  }
  const of = `project ${options.project} in ${options.environment}`
  const refusal = refuseLacking(of, lacking) ?? refuseLoss(options, doomed)
  if (refusal !== undefined)
    throw new FailureWithReport(refusal, report({ outcome: 'refused', left: [], next: undefined }))
  const left = [...doomed.kept, ...(await destroy(doomed, clients, context))]
  return ended(options, left, report)
}

/** All that the project has, what the identity may not delete of it and, when neither its stack nor its group is there, what seems to be it under another name. */
async function readProjectToDestroy(
  target: NumberedProject,
  options: DestroyOptions,
  clients: DestroyClients,
  { info }: OperationContext,
): Promise<{ readonly doomed: Doomed; readonly lacking: Lacking }> {
  const doomed = await readDoomed(target, options, clients, info)
  const { stack, group } = doomed.found
  const isGone = stack === undefined && group === undefined
  const { attempt, unread } = attempts()
  const [elsewhere, lacking] = await Promise.all([
    isGone
      ? attempt(
          'deployment stacks',
          options.environment,
          () => deliveredElsewhere(target, clients.resources),
          [],
        )
      : [],
    lackingRights(
      { ...doomed, subscriptionId: target.project.factory.subscriptionId, managed: stack?.resourceIds ?? [] },
      clients.session,
    ),
  ])
  const kept = [...doomed.kept, ...elsewhere, ...unread]
  const warnings = [
    ...doomed.warnings,
    ...elsewhere.map(elsewhereWarning),
    ...unread.map(unreadWarning),
    ...lacking.warnings,
  ]
  return { doomed: { ...doomed, kept, warnings }, lacking }
}

type Reporter = (rest: Pick<Destroyed, 'outcome' | 'left' | 'next'>) => Report

/** What could not be read may still be there: a run that has seen no more of the project has not ended it. */
function ended(options: DestroyOptions, left: readonly Left[], report: Reporter): Report {
  const failure = failureOfLeft(`project ${options.project} in ${options.environment}`, left)
  if (failure === undefined) return report({ outcome: 'applied', left, next: undefined })
  throw new FailureWithReport(failure, report({ outcome: 'failed', left, next: undefined }))
}

/** What is left when there is nothing to destroy. */
const leftOfNothing = async (doomed: Doomed, clients: DestroyClients): Promise<readonly Left[]> => [
  ...doomed.kept,
  ...(lockedIn(doomed) ? [] : leftInGroup(doomed.target, doomed.found)),
  ...(await keptSoftly(doomed, clients.resources)).left,
]

/** A lock on the resource group is named as what keeps it. */
const lockedIn = ({ kept }: Doomed): boolean => kept.some(({ kind }) => kind === 'resource group')

/** With the name that the project was deployed under last. */
function titleOf({ found, target }: Doomed): string {
  const { number, environment } = target.project
  const name = projectNameIn(found.stack?.tags ?? {})
  return `Project ${number}${name === undefined ? '' : ` (${name})`} in ${environment}: destroy`
}

/** Subnets come last: what Azure takes its time to let go of keeps nothing else waiting. */
async function destroy(
  doomed: Doomed,
  clients: DestroyClients,
  { info }: OperationContext,
): Promise<readonly Left[]> {
  const before = await removeAll(doomed.removals, info)
  const kept = await keptSoftly(doomed, clients.resources)
  doomed.holding.push(...kept.holding)
  return [...before, ...(await removeAll(doomed.last, info)), ...kept.left]
}
