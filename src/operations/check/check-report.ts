import { combinedError } from '../../diagnostics/fault.ts'
import { type Location, UserError } from '../../diagnostics/user-error.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Report } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import type { DescribedProject } from '../project.ts'
import type { Finding, Severity } from './finding.ts'

/** What one check found. */
export interface SubjectFindings {
  /** What it looked at, as a heading. */
  readonly subject: string
  readonly findings: readonly Finding[]
}

/** A fix is never cut. */
const longestSentence = 4_000

const symbols: Readonly<Record<Severity, string>> = {
  fault: '❌ fault',
  warning: '⚠️ warning',
  unchecked: '❔ not checked',
  good: '✔️ well',
}

const order: readonly Severity[] = ['fault', 'warning', 'unchecked', 'good']

interface Row extends Finding {
  readonly subject: string
}

const rowsOf = (subjects: readonly SubjectFindings[], severity: Severity): readonly Row[] =>
  subjects.flatMap(({ subject, findings }) =>
    findings.filter((finding) => finding.severity === severity).map((finding) => ({ subject, ...finding })),
  )

const place = (where: Location | undefined): string =>
  where === undefined ? '' : `${where.file}:${where.line}:${where.column}`

const sentence = ({ what, where, why, fix }: Finding): string =>
  new UserError({ what, ...(where && { where }), ...(why && { why }), ...(fix && { fix }) }).message

/** The faults as one error, each in full. Undefined when there is none. */
export function refusalOf(
  { project }: DescribedProject,
  subjects: readonly SubjectFindings[],
): UserError | undefined {
  const faults = rowsOf(subjects, 'fault')
  if (faults.length === 0) return undefined
  return combinedError(
    `Nothing was changed. The delivery of project ${project.number} to ${project.environment} has`,
    faults,
  )
}

/** All findings: faults first, each with its place and its fix, what is well folded away. */
export function checkReport(target: DescribedProject, subjects: readonly SubjectFindings[]): Report {
  const { number, environment } = target.project
  const title = `Project ${number} in ${environment}: check`
  const count = (severity: Severity): number => rowsOf(subjects, severity).length
  const counts = `${count('fault')} faults, ${count('warning')} warnings, ${count('unchecked')} not checked`
  const warnings = [
    ...target.warnings,
    ...rowsOf(subjects, 'warning').map(sentence),
    ...rowsOf(subjects, 'unchecked').map(sentence),
  ]
  return {
    outcome: count('fault') === 0 ? 'planned' : 'refused',
    outputs: { findings: JSON.stringify(order.flatMap((severity) => rowsOf(subjects, severity))) },
    warnings,
    summary: fitting([`## ${cell(title)}`, `${counts}.`, findingsTable(subjects), wellList(subjects)]),
    ...(count('fault') === 0 && { notice: `${title}: ${counts}.` }),
  }
}

function findingsTable(subjects: readonly SubjectFindings[]): string {
  const rows = order
    .filter((severity) => severity !== 'good')
    .flatMap((severity) => rowsOf(subjects, severity))
    .map(({ severity, subject, what, where, why = '', fix = '' }) => [
      symbols[severity],
      fix,
      what,
      place(where),
      why,
      subject,
    ])
  return rows.length === 0 ? '' : table(['', 'Fix', 'What', 'Where', 'Why', 'Check'], rows, longestSentence)
}

function wellList(subjects: readonly SubjectFindings[]): string {
  const rows = rowsOf(subjects, 'good').map(({ subject, what }) => [subject, what])
  return rows.length === 0
    ? ''
    : `<details><summary>${rows.length} well</summary>\n\n${table(['Check', 'What was found'], rows)}\n\n</details>`
}
