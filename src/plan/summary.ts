import { lastSegment } from '../resource-id.ts'
import { cell, table } from './markdown.ts'
import {
  type Change,
  type ChangeKind,
  countChanges,
  hasChanges,
  type Outcome,
  type Plan,
  type PropertyChange,
} from './model.ts'

/** Bytes; GitHub refuses a step's summary above 1 MiB. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#job-summaries */
const longestSummary = 1_000_000
const mostProperties = 6
const mostWarnings = 30

const symbols: Readonly<Record<ChangeKind, string>> = { create: '➕', modify: '✏️', delete: '🗑️', keep: '✔️' }
const order: readonly ChangeKind[] = ['delete', 'create', 'modify', 'keep']

/** The counts of a plan as Terraform gives them: `12 to add, 3 to change, 0 to destroy`, or `12 added, …` when applied. */
export function countSentence(plan: Plan, outcome: Outcome): string {
  if (!hasChanges(plan)) return 'no changes'
  const { create, modify, delete: remove } = countChanges(plan)
  return outcome === 'applied'
    ? `${create} added, ${modify} changed, ${remove} destroyed`
    : `${create} to add, ${modify} to change, ${remove} to destroy`
}

const headings: Readonly<Record<Outcome, string>> = {
  planned: 'Plan',
  applied: 'Apply complete',
  refused: 'Nothing was applied. Plan',
  failed: 'Apply failed. Plan',
}

const shownValue = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))

const shownProperty = ({ path, before, after }: PropertyChange, change: ChangeKind): string =>
  change === 'create'
    ? `${path}: ${shownValue(after)}`
    : `${path}: ${shownValue(before)} → ${shownValue(after)}`

function explanation({ change, properties = [], reason = '' }: Change): string {
  const shown = properties.slice(0, mostProperties).map((property) => shownProperty(property, change))
  const more = properties.length > mostProperties ? [`and ${properties.length - mostProperties} more`] : []
  return [reason, [...shown, ...more].join('; ')].filter((part) => part !== '').join(' ')
}

/** Where a thing is, when its name does not say it already. */
function place({ scope = '', name }: Change): string {
  const last = lastSegment(scope)
  return last === lastSegment(name) ? '' : last
}

function changesTable({ changes }: Plan): string {
  const rows = order
    .filter((kind) => kind !== 'keep')
    .flatMap((kind) => changes.filter(({ change }) => change === kind))
    .map((change) => [
      `${symbols[change.change]} ${change.change}`,
      change.kind,
      change.name,
      place(change),
      explanation(change),
    ])
  return rows.length === 0 ? '' : table(['Change', 'What', 'Name', 'Where', 'Details'], rows)
}

function keptList({ changes }: Plan): string {
  const kept = changes.filter(({ change }) => change === 'keep')
  if (kept.length === 0) return ''
  const rows = kept.map((change) => [change.kind, change.name, place(change)])
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

/**
 * A plan as a job summary in Markdown: one sentence, the changes as a table with what is destroyed first, what stays
 * folded away.
 * @param title a heading in plain words, escaped here
 * @param extra Markdown of the operation's own, already escaped
 */
export function planSummary(title: string, plan: Plan, outcome: Outcome, extra = ''): string {
  const sentence = hasChanges(plan)
    ? `${headings[outcome]}: ${countSentence(plan, outcome)}.`
    : 'No changes. Everything is as the manifests say.'
  return fitting([
    `## ${cell(title)}`,
    sentence,
    warningList(plan),
    changesTable(plan),
    extra,
    keptList(plan),
  ])
}
