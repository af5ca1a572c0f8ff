import { UserError } from '../../diagnostics/user-error.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { connect } from '../connect.ts'
import type { Operation } from '../operation.ts'
import { type ProjectTarget, readProject } from '../project.ts'
import { checkReport, refusalOf, type SubjectFindings } from './check-report.ts'
import { type Finding, unchecked } from './finding.ts'
import { checkPeople } from './people.ts'
import { openSituation, type Situation } from './situation.ts'

/** What is checked, and by whom. */
interface Check {
  /** As a heading. */
  readonly subject: string
  readonly findings: (situation: Situation) => Promise<readonly Finding[]>
}

/** All checks, in the order in which their findings are reported. They are independent of each other. */
const checks: readonly Check[] = [{ subject: 'People and groups', findings: checkPeople }]

/**
 * Looks for everything that would stop the delivery of a project in an environment, from its subnets to the data lake,
 * before anything is written. All findings are reported together. Changes nothing.
 */
export const checkDelivery: Operation<ProjectTarget> = async (options, context) => {
  const target = readProject(options)
  const session = await connect(target.project.factory, options.azureCloud, context)
  session.credential.prepare(session.cloud.graphScope)
  // Who cannot sign in cannot look: that is no finding, but the end.
  await session.credential.token(session.cloud.resourceManagerScope)
  context.info(`Checking the delivery of project ${options.project} to ${options.environment}`)
  const situation = await openSituation(session, target)
  const subjects = await Promise.all(checks.map((check) => lookedAt(check, situation)))
  const report = checkReport(target, subjects)
  const refusal = refusalOf(target, subjects)
  if (refusal !== undefined) throw new FailureWithReport(refusal, report)
  return report
}

/** What a check finds. What it may not read, or what does not answer, is not known, and no reason to hide the rest. */
async function lookedAt({ subject, findings }: Check, situation: Situation): Promise<SubjectFindings> {
  try {
    return { subject, findings: await findings(situation) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { what, why, fix } = error.parts
    const reason = [what, why].filter((part) => part !== undefined).join(' ')
    return { subject, findings: [unchecked(`${subject}: not checked.`, reason, fix)] }
  }
}
