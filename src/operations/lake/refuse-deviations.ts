import { UserError } from '../../diagnostics/user-error.ts'
import { diffLake } from '../../lake/difference.ts'
import { deviations, type EffectiveAccess, effectiveAccessReport } from '../../lake/report.ts'
import { FailureWithReport, type Report } from '../../plan/report.ts'
import type { ProjectLake } from './project-lake.ts'
import type { ActualLake } from './read-folders.ts'

/**
 * After a change, and in mode `verify`, access to the lake has to be exactly what the manifest says.
 * @throws FailureWithReport that names what differs
 */
export function refuseDeviations(
  { desired, principals }: ProjectLake,
  folders: ActualLake,
  report: Report,
): void {
  const changed = diffLake(desired, folders, principals)
    .changes.filter(({ change }) => change !== 'keep')
    .map(({ name }) => `'${name}' differs`)
  const access = effectiveAccessReport(desired, folders, principals)
  const wrong = [...deviations(access).map(inWords), ...changed]
  if (wrong.length === 0) return
  const more = wrong.length > mostNamed ? `; and ${wrong.length - mostNamed} more` : ''
  const error = new UserError({
    what: `Access to the data lake is not what the manifest says: ${wrong.slice(0, mostNamed).join('; ')}${more}.`,
    ...(report.outcome === 'applied' ? changedAgain : changedByHand),
  })
  throw new FailureWithReport(error, report)
}

const mostNamed = 5

const inWords = ({ path, who, rights, wanted, blockedAt }: EffectiveAccess): string => {
  const where = blockedAt === undefined ? '' : ` (stopped at '${blockedAt === '' ? '/' : blockedAt}')`
  return `${who} has ${rights} instead of ${wanted} in '${path}'${where}`
}

const changedByHand = {
  why: 'Somebody changed an access control list by hand, or an earlier run did not end.',
  fix: 'Run this action with mode apply.',
}
const changedAgain = {
  why: 'Something else changes the same folders while this run does, or somebody owns one of them and can do more than its list says.',
  fix: 'Run the job again. If it fails again, look at who else changes these folders, and who owns them.',
}
