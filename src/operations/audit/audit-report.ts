import { type AuditFinding, type AuditKind, auditKinds } from '../../access/audit-finding.ts'
import { keysOf } from '../../by-key.ts'
import { enumeration } from '../../diagnostics/enumeration.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Report } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import { lastSegment } from '../../resource-id.ts'
import type { Environment } from '../../vocabulary.ts'

/** What an audit has found. */
export interface AuditFindings {
  readonly environment: Environment
  readonly failOn: readonly AuditKind[]
  /** What was looked at. */
  readonly titles: readonly string[]
  readonly findings: readonly AuditFinding[]
}

/** How many there are of each kind, e.g. `2 direct-assignment, 1 foreign-member`. */
export const countsOf = (findings: readonly AuditFinding[]): string =>
  keysOf(auditKinds)
    .flatMap((kind) => {
      const count = findings.filter((one) => one.kind === kind).length
      return count === 0 ? [] : [`${count} ${kind}`]
    })
    .join(', ')

/** The findings as a table, worst first, and as JSON. */
export function auditReport({ environment, failOn, titles, findings }: AuditFindings): Report {
  const title = `Audit of ${environment}`
  const order = keysOf(auditKinds)
  const sorted = findings.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  const looked = `Looked at: ${enumeration(titles, 20)}.`
  const counts = findings.length === 0 ? 'nothing that should not be' : countsOf(findings)
  const rows = sorted.map(({ kind, of, who, where, what, fix }) => [
    failOn.includes(kind) ? `❌ ${kind}` : `⚠️ ${kind}`,
    who,
    of,
    lastSegment(where),
    what,
    fix,
  ])
  const kinds = order.filter((kind) => findings.some((one) => one.kind === kind))
  return {
    outcome: 'planned',
    outputs: { findings: JSON.stringify(sorted) },
    warnings: sorted.filter(({ kind }) => !failOn.includes(kind)).map(({ what }) => what),
    summary: fitting([
      `## ${cell(title)}`,
      `**${cell(counts, 500)}.** ${cell(looked, 1_000)}`,
      rows.length === 0 ? '' : table(['', 'Who', 'Of', 'Where', 'What', 'Fix'], rows, 400),
      kinds.map((kind) => `- \`${kind}\`: ${auditKinds[kind]}`).join('\n'),
    ]),
    notice: `${title}: ${counts}.`,
  }
}
