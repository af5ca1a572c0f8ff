import { azureError } from '../../../azure/errors.ts'
import { unlessForbidden } from '../../../azure/failure.ts'
import type { Right } from '../../../azure/granted-rights.ts'
import { openResources } from '../../../azure/resources.ts'
import type { Session } from '../../../azure/session.ts'
import type { CommonArea } from '../../../compose/compose-common.ts'
import type { UserError } from '../../../diagnostics/user-error.ts'
import { FailureWithReport, type Report } from '../../../plan/report.ts'
import { readCommonArea } from '../../common-area.ts'
import { connect } from '../../connect.ts'
import { liveArea } from '../../live-area.ts'
import { once } from '../../once.ts'
import type { Operation, OperationContext } from '../../operation.ts'
import { unlessRefused } from '../answers.ts'
import {
  checkReport,
  faultSentences,
  refusalOf,
  type SubjectFindings,
  uncheckedLines,
} from '../check-report.ts'
import { type Finding, unchecked } from '../finding.ts'
import { checkByo } from './byo.ts'
import { checkCommonLocks } from './locks.ts'
import { checkCommonLosses } from './losses.ts'
import { checkEarlierAreas } from './moved-area.ts'
import { checkCommonNames } from './names.ts'
import { type CommonNeeds, commonNeeds } from './needed-rights.ts'
import { checkCommonNetwork } from './network.ts'
import { checkCommonPolicies } from './policies.ts'
import { checkCommonProviders } from './providers.ts'
import { checkCommonQuotas } from './quotas.ts'
import { checkCommonGroup } from './resource-group.ts'
import { checkCommonRights, checkListOfRights, commonRolesToGive } from './rights.ts'
import { type CheckCommonOptions, type CommonSituation, openCommonSituation } from './situation.ts'
import { checkTakeOver } from './take-over.ts'
import { checkHubZones } from './zones.ts'

interface Check {
  /** As a heading. */
  readonly subject: string
  readonly findings: (
    situation: CommonSituation,
    rights: () => Promise<CommonNeeds>,
  ) => Promise<readonly Finding[]>
  /** Who else asks: a plan warns of the same, or says it in so much detail that not even a delivery asks here. */
  readonly elsewhere?: 'warned' | 'detailed'
}

/** Whose checks these are: a check's own, or those of a run that plans or applies. */
type Asking = 'check' | 'plan' | 'apply'

const isAsked = ({ elsewhere }: Check, asking: Asking): boolean =>
  elsewhere === undefined || asking === 'check' || (asking === 'apply' && elsewhere === 'warned')

/** All checks, in the order in which their findings are reported. They are independent of each other. */
const checks: readonly Check[] = [
  { subject: 'Network', findings: checkCommonNetwork },
  { subject: 'Resource group', findings: checkCommonGroup, elsewhere: 'warned' },
  { subject: 'Bring your own', findings: checkByo },
  { subject: 'Earlier deliveries', findings: checkEarlierAreas, elsewhere: 'warned' },
  { subject: 'Taken over', findings: checkTakeOver, elsewhere: 'warned' },
  { subject: 'Losses', findings: checkCommonLosses, elsewhere: 'detailed' },
  { subject: 'Private DNS zones', findings: checkHubZones },
  { subject: 'Resource providers', findings: checkCommonProviders },
  { subject: 'Quotas', findings: checkCommonQuotas },
  { subject: 'Names', findings: checkCommonNames },
  { subject: 'Policies', findings: checkCommonPolicies },
  { subject: 'Locks', findings: checkCommonLocks },
  { subject: 'Rights', findings: checkCommonRights },
  { subject: 'List of rights', findings: checkListOfRights },
]

/**
 * Looks for everything that would stop the delivery of a common area to an environment, before anything is written. All
 * findings are reported together. Changes nothing.
 */
export const checkCommonDelivery: Operation<CheckCommonOptions> = async (options, context) => {
  const written = readCommonArea(options)
  const session = await connect(written.factory, options, context)
  // Who cannot sign in cannot look: that is no finding, but the end.
  await session.credential.token(session.cloud.resourceManagerScope)
  // Whoever may not read what is there reads so in the checks.
  const area = await unlessForbidden(async () => liveArea(written, await openResources(session)), written)
  const { report, refusal } = await checkCommonArea(session, area, options, context, 'check')
  if (refusal !== undefined) throw new FailureWithReport(refusal, report)
  return report
}

/** What was found, and the faults among it as one error; undefined when there is none. */
export interface CheckedCommonArea {
  readonly report: Report
  readonly refusal: UserError | undefined
  /** The faults in sentences, with their place and their fix. */
  readonly faults: readonly string[]
  /** The rights that the delivery takes. */
  readonly needed: readonly Right[]
}

/** The same for a session that is signed in, and an area that is known as it is: what a plan warns of, and a delivery asks before its first write. */
export async function checkCommonArea(
  session: Session,
  area: CommonArea,
  options: CheckCommonOptions,
  { info }: Pick<OperationContext, 'info'>,
  asking: Asking,
): Promise<CheckedCommonArea> {
  const { environment } = area.factory
  info(`Checking the delivery of the common area to ${environment}`)
  const situation = await openCommonSituation(session, area, options, info)
  const rights = once(() => commonNeeds(situation))
  const subjects = await Promise.all(
    checks.filter((check) => isAsked(check, asking)).map((check) => lookedAt(check, situation, rights)),
  )
  const checked = {
    title: `Common area in ${environment}`,
    delivery: `The delivery of the common area to ${environment}`,
    warnings: [],
  }
  for (const line of uncheckedLines(subjects)) info(line)
  const needs = await rights()
  const { needed, later } = needs
  const roles = await commonRolesToGive(situation, needs)
  return {
    report: checkReport(checked, subjects, [...needed, ...later.flatMap((step) => step.rights)], roles),
    refusal: refusalOf(checked, subjects),
    faults: faultSentences(subjects),
    needed,
  }
}

/** What a check finds. What it may not read, or what does not answer, is not known, and no reason to hide the rest. */
async function lookedAt(
  { subject, findings }: Check,
  situation: CommonSituation,
  rights: () => Promise<CommonNeeds>,
): Promise<SubjectFindings> {
  const found = await unlessRefused(
    () => findings(situation, rights),
    (error) => {
      const { what, why, fix } = azureError(error, subject).parts
      const reason = [what, why].filter((part) => part !== undefined).join(' ')
      return [unchecked(`${subject}: not checked.`, reason, fix)]
    },
  )
  return { subject, findings: found }
}
