import { azureError } from '../../azure/errors.ts'
import { isForbidden } from '../../azure/failure.ts'
import type { Right } from '../../azure/granted-rights.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { connect } from '../connect.ts'
import { deliveryCondition } from '../delivery-condition.ts'
import type { Operation } from '../operation.ts'
import { askedFor } from '../orphan.ts'
import { isAnswer, unlessRefused } from './answers.ts'
import {
  checkReport,
  type RolesToGive,
  refusalOf,
  type SubjectFindings,
  uncheckedLines,
} from './check-report.ts'
import { checkCommonArea } from './common-area.ts'
import { objectIdOf } from './delivering-identity.ts'
import { deliveryRoles, roleCommands } from './delivery-roles.ts'
import { checkElsewhere } from './elsewhere.ts'
import { type Finding, unchecked } from './finding.ts'
import { checkGraphPermissions } from './graph-permissions.ts'
import { checkLake } from './lake.ts'
import { checkLimits } from './limits.ts'
import { checkLocks } from './locks.ts'
import { checkModels } from './models.ts'
import { checkNames } from './names.ts'
import { type Found, findPresent, neededRights } from './needed-rights.ts'
import { checkNetwork } from './network.ts'
import { checkOrphans } from './orphans.ts'
import { checkOwnRoles } from './own-roles.ts'
import { checkPeople } from './people.ts'
import { checkPolicies } from './policies.ts'
import { checkProject } from './project.ts'
import { checkProviders } from './providers.ts'
import { checkQuotas } from './quotas.ts'
import { type RefusedRead, refusedFindings } from './refused-reads.ts'
import { checkRights } from './rights.ts'
import { type CheckOptions, openSituation, type Situation } from './situation.ts'
import { checkDelivered } from './undelivered-area.ts'
import { checkTemplate } from './validation.ts'

/** What is checked, and by whom. */
interface Check {
  /** As a heading. */
  readonly subject: string
  readonly findings: (situation: Situation) => Promise<readonly Finding[]>
  /** Is it about what the common area makes? */
  readonly needsArea?: true
}

/** All checks, in the order in which their findings are reported. They are independent of each other. */
const checks: readonly Check[] = [
  { subject: 'Project', findings: checkProject },
  { subject: 'People and groups', findings: checkPeople },
  { subject: 'Rights', findings: checkRights },
  { subject: 'Roles of projects', findings: checkOwnRoles },
  { subject: 'Directory permissions', findings: checkGraphPermissions },
  { subject: 'Resource providers', findings: checkProviders, needsArea: true },
  { subject: 'Models', findings: checkModels, needsArea: true },
  { subject: 'Quotas', findings: checkQuotas, needsArea: true },
  { subject: 'Names', findings: checkNames },
  { subject: 'Template', findings: checkTemplate, needsArea: true },
  { subject: 'Policies', findings: checkPolicies, needsArea: true },
  { subject: 'Locks', findings: checkLocks },
  { subject: 'Common area', findings: checkCommonArea, needsArea: true },
  { subject: 'Network', findings: checkNetwork, needsArea: true },
  { subject: 'Limits', findings: checkLimits, needsArea: true },
  { subject: 'Orphans', findings: checkOrphans },
  { subject: 'Data lake', findings: checkLake, needsArea: true },
]

/**
 * Looks for everything that would stop the delivery of a project in an environment, from its subnets to the data lake,
 * before anything is written. All findings are reported together. Changes nothing.
 */
export const checkDelivery: Operation<CheckOptions> = async (options, context) => {
  const target = await askedFor(options, context)
  const { factory } = target.project
  const session = await connect(factory, options, context)
  const { graphScope, storageScope } = session.cloud
  for (const scope of [graphScope, storageScope]) session.credential.prepare(scope)
  // Who cannot sign in cannot look: that is no finding, but the end.
  await session.credential.token(session.cloud.resourceManagerScope)
  context.info(`Checking the delivery of project ${options.project} to ${options.environment}`)
  const situation = await openSituation(session, target, options)
  const looked = await lookedAtAll(situation)
  const found = await present(situation)
  const needed = neededRights(situation, found)
  const subjects = await withRefused(looked, situation, needed)
  for (const line of uncheckedLines(subjects)) context.info(line)
  const checked = {
    title: `Project ${options.project} in ${options.environment}`,
    delivery: `The delivery of project ${options.project} to ${options.environment}`,
    warnings: target.warnings,
  }
  const report = checkReport(checked, subjects, needed, await rolesToGive(situation, found, needed))
  const refusal = refusalOf(checked, subjects)
  if (refusal !== undefined) throw new FailureWithReport(refusal, report)
  return report
}

/** The roles that allow exactly what is needed. */
async function rolesToGive(
  { target: { project, ids }, identity }: Situation,
  { hasGroup }: Found,
  needed: readonly Right[],
): Promise<RolesToGive> {
  const objectId = await objectIdOf(identity)
  const roles = deliveryRoles(needed, {
    subject: `project ${project.number} of ${project.factory.name} in ${project.environment}`,
    subscription: `/subscriptions/${project.factory.subscriptionId}`,
    group: ids.resourceGroup,
    network: ids.virtualNetwork,
    condition: deliveryCondition(project.factory),
    hasGroup,
  })
  return { roles, commands: roleCommands(roles, objectId) }
}

/** When nobody may look, the resource group counts as one to create: that takes more rights, and they are listed. */
const present = (situation: Situation): Promise<Found> =>
  unlessRefused(
    () => findPresent(situation),
    () => ({ hasGroup: false, managed: [], pools: [] }),
  )

/**
 * What all checks find. A project that is there under another name is looked at no further, and without a common area what
 * stands on it is not looked at.
 */
async function lookedAtAll(situation: Situation): Promise<readonly (SubjectFindings | RefusedRead)[]> {
  const [project, area] = await Promise.all([
    lookedAt({ subject: 'Project', findings: checkElsewhere }, situation),
    lookedAt({ subject: 'Common area', findings: checkDelivered }, situation),
  ])
  if (hasFault(project)) return [project]
  const left = hasFault(area) ? checks.filter(({ needsArea }) => !needsArea) : checks
  return [project, area, ...(await Promise.all(left.map((check) => lookedAt(check, situation))))]
}

const hasFault = (looked: SubjectFindings | RefusedRead): boolean =>
  'findings' in looked && looked.findings.some(({ severity }) => severity === 'fault')

/** What a check finds. What it may not read, or what does not answer, is not known, and no reason to hide the rest. */
async function lookedAt(
  { subject, findings }: Check,
  situation: Situation,
): Promise<SubjectFindings | RefusedRead> {
  try {
    return { subject, findings: await findings(situation) }
  } catch (error) {
    // A defect of ours stays one; an answer of Azure that a check did not expect leaves the others their findings.
    if (!isAnswer(error)) throw error
    const explained = azureError(error, subject)
    if (isForbidden(error)) return { subject, error: explained }
    const { what, why, fix } = explained.parts
    const reason = [what, why].filter((part) => part !== undefined).join(' ')
    return { subject, findings: [unchecked(`${subject}: not checked.`, reason, fix)] }
  }
}

/** What was found, and what it means that something was refused. */
async function withRefused(
  looked: readonly (SubjectFindings | RefusedRead)[],
  situation: Situation,
  needed: readonly Right[],
): Promise<readonly SubjectFindings[]> {
  const refused = looked.flatMap((one) => ('error' in one ? [one] : []))
  const found = looked.flatMap((one) => ('error' in one ? [] : [one]))
  if (refused.length === 0) return found
  const { isSelf, objectId } = await situation.identity()
  const { subscriptionId } = situation.target.project.factory
  const { target } = situation
  const condition = deliveryCondition(target.project.factory)
  const checker = { isSelf, objectId, subscriptionId, lake: target.ids.lake, condition, needed }
  return [...refusedFindings(refused, found, checker), ...found]
}
