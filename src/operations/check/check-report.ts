import type { Right } from '../../azure/granted-rights.ts'
import { combinedError } from '../../diagnostics/fault.ts'
import { type Location, UserError } from '../../diagnostics/user-error.ts'
import { cell, table } from '../../plan/markdown.ts'
import type { Report } from '../../plan/report.ts'
import { fitting } from '../../plan/summary.ts'
import { lastSegment } from '../../resource-id.ts'
import type { DeliveryRole } from './delivery-roles.ts'
import type { Finding, Severity } from './finding.ts'

/** What one check found. */
export interface SubjectFindings {
  /** What it looked at, as a heading. */
  readonly subject: string
  readonly findings: readonly Finding[]
}

/** The custom roles that a delivery takes, and the commands that give them to the identity. */
export interface RolesToGive {
  readonly roles: readonly DeliveryRole[]
  readonly commands: readonly string[]
}

/** What is checked. */
export interface Checked {
  /** E.g. `Project 001 in dev`. */
  readonly title: string
  /** As the beginning of a sentence, e.g. `The delivery of project 001 to dev`. */
  readonly delivery: string
  /** About its documents, sentences. */
  readonly warnings: readonly string[]
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

/** What to do, with the commands for it. */
const suggestion = ({ fix, commands = [] }: Finding): string | undefined =>
  [fix, ...commands].filter((part) => part !== undefined).join(' ') || undefined

const sentence = ({ what, where, why, fix }: Finding): string =>
  new UserError({ what, ...(where && { where }), ...(why && { why }), ...(fix && { fix }) }).message

/** The faults as one error, each in full. Undefined when there is none. */
export function refusalOf(
  { delivery }: Pick<Checked, 'delivery'>,
  subjects: readonly SubjectFindings[],
): UserError | undefined {
  const faults = rowsOf(subjects, 'fault')
  if (faults.length === 0) return undefined
  const explained = faults.map((fault) => {
    const fix = suggestion(fault)
    return { ...fault, ...(fix !== undefined && { fix }) }
  })
  return combinedError(`Nothing was changed. ${delivery} has`, explained)
}

/** The faults as a plan warns of them. */
export const faultSentences = (subjects: readonly SubjectFindings[]): readonly string[] =>
  rowsOf(subjects, 'fault').map(sentence)

/** What nobody looked at, and why: for the log. */
export const uncheckedLines = (subjects: readonly SubjectFindings[]): readonly string[] =>
  rowsOf(subjects, 'unchecked').map((row) => `Not checked: ${sentence(row)}`)

/** All findings, but for the faults, which the failure lists: each with its place and its fix, what is well folded away. */
export function checkReport(
  checked: Checked,
  subjects: readonly SubjectFindings[],
  needed: readonly Right[],
  roles: RolesToGive,
): Report {
  const title = `${checked.title}: check`
  const count = (severity: Severity): number => rowsOf(subjects, severity).length
  const counted = (severity: Severity, noun: string): string =>
    `${count(severity)} ${noun}${count(severity) === 1 ? '' : 's'}`
  const counts = `${counted('fault', 'fault')}, ${counted('warning', 'warning')}, ${count('unchecked')} not checked`
  const warnings = [...checked.warnings, ...rowsOf(subjects, 'warning').map(sentence)]
  return {
    outcome: count('fault') === 0 ? 'planned' : 'refused',
    outputs: {
      findings: JSON.stringify(order.flatMap((severity) => rowsOf(subjects, severity))),
      rights: JSON.stringify(needed),
      'custom-roles': JSON.stringify(roles.roles),
      'role-commands': roles.commands.join('\n'),
    },
    warnings,
    summary: fitting([
      `## ${cell(title)}`,
      `${counts}.`,
      findingsTable(subjects),
      commandList(subjects),
      rightsList(needed, roles),
      wellList(subjects),
    ]),
    ...(count('fault') === 0 && { notice: `${title}: ${counts}.` }),
  }
}

function findingsTable(subjects: readonly SubjectFindings[]): string {
  const rows = order
    .filter((severity) => severity !== 'good' && severity !== 'fault')
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

/** Commands, each of which somebody with more rights can run as it is. Backticks would end the block: no command has any. */
function commandList(subjects: readonly SubjectFindings[]): string {
  const commands = rowsOf(subjects, 'fault').flatMap((row) => row.commands ?? [])
  if (commands.length === 0) return ''
  return `Commands that fix it, for somebody who may do what they do:\n\n${bashBlock(commands)}`
}

function bashBlock(commands: readonly string[]): string {
  const lines = [...new Set(commands)].map((command) => command.replaceAll(/[`\r\n]/g, ''))
  return `\`\`\`bash\n${lines.join('\n')}\n\`\`\``
}

/** What to give an identity that is to deliver this and may do nothing else: each right, and the roles that give exactly these. */
function rightsList(needed: readonly Right[], { commands }: RolesToGive): string {
  const rows = needed.map(({ scope, action, plane }) => [
    action,
    plane === 'data' ? 'data action' : 'action',
    lastSegment(scope),
  ])
  return [
    `<details><summary>Rights this delivery needs: ${rows.length}</summary>`,
    table(['Right', 'Kind', 'On'], rows),
    'Custom roles that give exactly these, for an Owner:',
    bashBlock(commands),
    '</details>',
  ].join('\n\n')
}

function wellList(subjects: readonly SubjectFindings[]): string {
  const rows = rowsOf(subjects, 'good').map(({ subject, what }) => [subject, what])
  return rows.length === 0
    ? ''
    : `<details><summary>${rows.length} well</summary>\n\n${table(['Check', 'What was found'], rows)}\n\n</details>`
}
