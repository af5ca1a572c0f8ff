import type { AuditKind } from '../../access/audit-finding.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { FailureWithReport } from '../../plan/report.ts'
import { openAccessServices } from '../access/access-services.ts'
import { connect } from '../connect.ts'
import { newestOnly } from '../newest/newest-only.ts'
import type { NewestCommonArea } from '../newest/standing.ts'
import { readFactory } from '../project.ts'
import { auditReport, countsOf } from './audit-report.ts'
import { type AuditTarget, readAudit } from './read-audit.ts'

/** What {@link auditAccess} is asked to do. */
export interface AuditOptions extends AuditTarget, Omit<NewestCommonArea, 'project'> {
  readonly mode: 'audit'
  /** What makes the run fail. */
  readonly failOn: readonly AuditKind[]
}

/** Looks for access that should not be. Changes nothing, and fails when it finds some that counts. */
export const auditAccess = newestOnly<AuditOptions>(
  ({ project: _, ...target }) => ({ target, changing: false }),
  async (options, context) => {
    const { factory } = readFactory(options)
    const clientId = options.clientId ?? factory.identities.plan?.clientId
    const session = await connect(factory, { ...options, clientId }, context)
    session.credential.prepare(session.cloud.graphScope)
    const services = await openAccessServices(session, factory)
    const audited = await readAudit(options, session, services, context.info)
    const findings = uniqueIn(audited.flatMap((one) => one.findings))
    const report = auditReport({ ...options, titles: audited.flatMap(({ title }) => title ?? []), findings })
    const counting = findings.filter(({ kind }) => options.failOn.includes(kind))
    if (counting.length === 0) return report
    throw new FailureWithReport(
      new UserError({
        what: `The audit of ${options.environment} found access that should not be: ${countsOf(counting)}.`,
        why: "Nothing was changed: an audit only looks. The input 'fail-on' says what counts.",
        fix: 'The table of the summary and the output findings say of each what it is and how to put it right.',
      }),
      report,
    )
  },
)

/** What several projects share is found in each of them. */
function uniqueIn<
  Finding extends {
    readonly kind: string
    readonly whoId?: string
    readonly where: string
    readonly what: string
  },
>(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...new Map(findings.map((one) => [[one.kind, one.whoId, one.where, one.what].join('\n'), one])).values(),
  ]
}
