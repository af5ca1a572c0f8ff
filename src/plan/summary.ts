import { costDetails, costReasons, costSentence } from './cost.ts'
import { cell, table } from './markdown.ts'
import { countChanges, hasChanges, type Outcome, type Plan } from './model.ts'
import {
  brief,
  cellsOf,
  full,
  isCut,
  isLossy,
  placeOf,
  type Row,
  rowHeader,
  rowsOf,
  uncertainties,
} from './rows.ts'
import { usageDetails } from './usage.ts'

/** Bytes; GitHub refuses a step's summary above 1 MiB. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#job-summaries */
const longestSummary = 1_000_000
/** Rows that are shown at once; what is lost is never folded. */
const mostRows = 10
const mostWarnings = 30
const mostReasons = 10
/** Characters of a line: values are cut before, where that does no harm. */
const longestLine = 20_000

/** What a plan says: what is to come, or what was done; `partly` is what a run did that failed, no more and no less. */
export type PlanState = Outcome | 'partly'

/**
 * The counts of a plan as Terraform gives them: `12 to add, 3 to change, 0 to destroy`, or `12 added, …` when applied.
 * What is detached is counted where there is some.
 */
export function countSentence(plan: Plan, state: PlanState): string {
  if (!hasChanges(plan)) return 'no changes'
  const { create, modify, delete: remove, detach } = countChanges(plan)
  return state === 'applied' || state === 'partly'
    ? `${create} added, ${modify} changed, ${remove} destroyed${detach > 0 ? `, ${detach} detached` : ''}`
    : `${create} to add, ${modify} to change, ${remove} to destroy${detach > 0 ? `, ${detach} to detach` : ''}`
}

const headings: Readonly<Record<PlanState, string>> = {
  planned: 'Plan',
  applied: 'Apply complete',
  refused: 'Nothing was applied. Plan',
  failed: 'Apply failed. Plan',
  partly: 'Apply failed. Until then',
}

function sentenceOf(plan: Plan, state: PlanState, unchanged: string): string {
  const { keep } = countChanges(plan)
  const changes = hasChanges(plan)
    ? `**${headings[state]}: ${countSentence(plan, state)}.**${keep > 0 ? ` ${keep} unchanged.` : ''}`
    : unchanged
  if (plan.cost === undefined) return changes
  return `${changes} ${cell([costSentence(plan.cost), costReasons(plan.cost)].join(' '), 1_000)}`
}

const rowTable = (rows: readonly Row[], detail: typeof full): string =>
  rows.length === 0
    ? ''
    : table(
        rowHeader,
        rows.map((row) => cellsOf(row, detail)),
        longestLine,
      )

/** What is lost, and as much of the rest as fits a screen. */
const shownRows = (rows: readonly Row[]): readonly Row[] => [
  ...rows.filter(isLossy),
  ...rows.filter((row) => !isLossy(row)).slice(0, mostRows),
]

/** The rows that are open, as many as fit beside the rest of a summary: of thousands the first are better than none. */
function openTable(rows: readonly Row[]): string {
  let size = 0
  const most = rows.findIndex((row) => {
    size += Buffer.byteLength(rowTable([row], brief))
    return size > longestSummary / 2
  })
  if (most === -1) return rowTable(rows, brief)
  return `${rowTable(rows.slice(0, most), brief)}\n\n> … and ${rows.length - most} more rows, in the plan file.`
}

/** What was left out: all rows in full, or those that are only cut. */
function foldedRows(rows: readonly Row[]): string {
  const hidden = rows.length - shownRows(rows).length
  const cut = rows.filter(isCut)
  if (hidden === 0 && cut.length === 0) return ''
  const [what, folded] =
    hidden === 0
      ? [`${cut.length === 1 ? 'One row' : `${cut.length} rows`} in full`, cut]
      : [`All changes in full, ${hidden} more than above`, rows]
  return `<details><summary>${what}</summary>\n\n${rowTable(folded, full)}\n\n</details>`
}

function keptList({ changes }: Plan): string {
  const kept = changes.filter(({ change }) => change === 'keep')
  if (kept.length === 0) return ''
  const rows = kept.map((change) => [change.kind, change.name, placeOf(change)])
  return `<details><summary>${kept.length} unchanged</summary>\n\n${table(['What', 'Name', 'Where'], rows)}\n\n</details>`
}

function warningList({ warnings }: Plan): string {
  const shown = warnings.slice(0, mostWarnings).map((warning) => `> ⚠️ ${cell(warning, 1_000)}`)
  const rest = warnings.length - shown.length
  return [...shown, ...(rest === 0 ? [] : [`> … and ${rest} more warnings, in the plan file.`])].join('\n>\n')
}

/** A job summary of what fits, in the order of importance; a part that does not fit is left out as a whole, and that is said. */
export function fitting(parts: readonly string[]): string {
  const note = 'Some of this summary is left out, because GitHub shows no more than 1 MiB.'
  let text = ''
  let isCut = false
  for (const part of parts.filter((candidate) => candidate !== '')) {
    const next = text === '' ? part : `${text}\n\n${part}`
    if (Buffer.byteLength(next) + note.length > longestSummary) isCut = true
    else text = next
  }
  return isCut ? `${text}\n\n${note}\n` : `${text}\n`
}

/** What an operation has to say itself. */
export interface SummaryWords {
  /** Markdown of its own, already escaped: above the changes, and below them. */
  readonly lead?: string | undefined
  readonly details?: string | undefined
  /** Said when there are no changes. */
  readonly unchanged?: string | undefined
}

/**
 * A plan as a job summary in Markdown that fits a screen: one sentence, the changes as a table with what is lost first;
 * folded away the changes in full, the cost, what is used of what there is, and what stays.
 * @param title a heading in plain words, escaped here
 */
export function planSummary(
  title: string,
  plan: Plan,
  state: PlanState,
  {
    lead = '',
    details = '',
    unchanged = 'No changes. Everything is as the manifests say.',
  }: SummaryWords = {},
): string {
  const rows = rowsOf(plan.changes)
  return fitting([
    `## ${cell(title)}`,
    sentenceOf(plan, state, unchanged),
    warningList(plan),
    lead,
    openTable(shownRows(rows)),
    uncertainties(plan.changes)
      .slice(0, mostReasons)
      .map((reason) => `❔ ${cell(reason, 1_000)}`)
      .join('\n\n'),
    foldedRows(rows),
    details,
    plan.cost === undefined ? '' : costDetails(plan.cost),
    usageDetails(plan.usage ?? []),
    keptList(plan),
  ])
}
