import type { Change } from '../../plan/model.ts'
import { hasChanges, projectPlan } from '../../plan/model.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { connect } from '../connect.ts'
import type { Operation, OperationContext } from '../operation.ts'
import { projectNameTag, withLoss } from '../provision/guards.ts'
import { type DestroyClients, openDestroyClients } from './destroy-clients.ts'
import { failureOfLeft, howToGoOn, refuseLoss, refuseWrongNumber } from './destroy-guards.ts'
import type { DestroyOptions } from './destroy-options.ts'
import { type Destroyed, reportDestroy } from './destroy-report.ts'
import { keptSoftly } from './kept-softly.ts'
import { type Left, removeAll } from './left.ts'
import { projectByNumber } from './project-by-number.ts'
import { type Doomed, readDoomed } from './read-doomed.ts'

/**
 * Removes a project from an environment, by its number: also one whose manifest is gone, or whose delivery was never finished. What
 * others made stays, and running again goes on where a run has ended.
 */
export const destroyProject: Operation<DestroyOptions> = async (options, context) => {
  refuseWrongNumber(options)
  const target = projectByNumber(options)
  const session = await connect(target.project.factory, options.azureCloud, context)
  const clients = await openDestroyClients(session, target.project.factory)
  context.info(`Reading what project ${options.project} has in ${options.environment}`)
  const doomed = await readDoomed(target, options, clients, context.info)
  const changes = doomed.changes.map(withLossOfResource)
  const warnings = [...target.warnings, ...doomed.warnings]
  const report = (rest: Pick<Destroyed, 'outcome' | 'left' | 'next'>) =>
    reportDestroy({ action: context.action, target, name: nameOf(doomed), changes, warnings, ...rest })

  const isEmpty = !hasChanges(projectPlan(context.action, target.project, { changes, warnings }))
  if (options.confirm === undefined || isEmpty) {
    const left = isEmpty ? [...doomed.kept, ...(await keptSoftly(doomed, clients.resources)).left] : []
    const next = isEmpty ? undefined : howToGoOn(options, doomed)
    return report({ outcome: options.confirm === undefined ? 'planned' : 'applied', left, next })
  }
  const refusal = refuseLoss(options, doomed)
  if (refusal !== undefined)
    throw new FailureWithReport(refusal, report({ outcome: 'refused', left: [], next: undefined }))
  const left = [...doomed.kept, ...(await destroy(doomed, clients, context))]
  const failure = failureOfLeft(options, left)
  if (failure === undefined) return report({ outcome: 'applied', left, next: undefined })
  throw new FailureWithReport(failure, report({ outcome: 'failed', left, next: undefined }))
}

/** The name that the project was deployed under last. */
const nameOf = ({ found }: Doomed): string | undefined =>
  Object.entries(found.stack?.tags ?? {}).find(([tag]) => tag.toLowerCase() === projectNameTag)?.[1]

const withLossOfResource = (change: Change): Change =>
  change.kind.includes('/') && !change.kind.startsWith('softly deleted') ? withLoss(change) : change

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
