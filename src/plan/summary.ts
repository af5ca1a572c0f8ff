import {
  type Change,
  type ChangeKind,
  countChanges,
  hasChanges,
  type Plan,
  type PropertyChange,
} from './model.ts'

/** GitHub cuts a step's summary at 1 MiB. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#job-summaries */
const longestSummary = 900_000
const mostRows = 200
const mostProperties = 6

const symbols: Readonly<Record<ChangeKind, string>> = { create: '➕', modify: '✏️', delete: '🗑️', keep: '✔️' }
const words: Readonly<Record<ChangeKind, string>> = {
  create: 'to create',
  modify: 'to change',
  delete: 'to delete',
  keep: 'unchanged',
}
const doneWords: Readonly<Record<ChangeKind, string>> = {
  create: 'created',
  modify: 'changed',
  delete: 'deleted',
  keep: 'unchanged',
}
const order: readonly ChangeKind[] = ['delete', 'create', 'modify', 'keep']

/**
 * Makes any text safe inside a Markdown table cell: no markup, no mention, no issue reference, no line break, and
 * at most `longest` characters.
 */
export function cell(text: string, longest = 200): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line
  return cut
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~@]/g, (character) => `&#${character.codePointAt(0)};`)
    .replace(/https?:/gi, (scheme) => `${scheme.slice(0, -1)}&#58;`)
}

/** A Markdown table; every cell is made safe. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((text) => cell(text)).join(' | ')} |`
  return [line(header), `|${header.map(() => ' --- ').join('|')}|`, ...rows.map(line)].join('\n')
}

/** The counts of a plan in one sentence, e.g. "3 created, 12 unchanged". */
export function countSentence(plan: Plan, done: boolean): string {
  const counts = countChanges(plan)
  const parts = order
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${(done ? doneWords : words)[kind]}`)
  return parts.length === 0 ? 'nothing to do' : parts.join(', ')
}

const shownValue = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value))

const shownProperty = ({ path, before, after }: PropertyChange): string =>
  `${path}: ${shownValue(before)} → ${shownValue(after)}`

function explanation({ properties = [], reason = '' }: Change): string {
  const shown = properties.slice(0, mostProperties).map(shownProperty)
  const more = properties.length > mostProperties ? [`and ${properties.length - mostProperties} more`] : []
  return [reason, ...shown, ...more].filter((part) => part !== '').join('; ')
}

function changeRows(changes: readonly Change[]): readonly (readonly string[])[] {
  return changes.map((change) => [
    `${symbols[change.change]} ${change.change}`,
    change.kind,
    change.name,
    explanation(change),
  ])
}

function changesTable(plan: Plan): string {
  const wanted = order
    .filter((kind) => kind !== 'keep')
    .flatMap((kind) => plan.changes.filter(({ change }) => change === kind))
  if (wanted.length === 0) return ''
  const rest = wanted.length > mostRows ? `\n\n… and ${wanted.length - mostRows} more, in the plan file.` : ''
  return `${table(['Change', 'What', 'Name', 'Details'], changeRows(wanted.slice(0, mostRows)))}${rest}`
}

function keptList(plan: Plan): string {
  const kept = plan.changes.filter(({ change }) => change === 'keep')
  if (kept.length === 0) return ''
  const rows = kept.slice(0, mostRows).map(({ kind, name }) => [kind, name])
  return `<details><summary>${kept.length} unchanged</summary>\n\n${table(['What', 'Name'], rows)}\n\n</details>`
}

/**
 * A plan as a job summary in Markdown: one sentence, the changes as a table with what is destructive first, what stays
 * folded away.
 * @param title a heading in plain words; made safe here
 * @param done were the changes carried out?
 * @param extra Markdown of the action's own, already safe
 */
export function planSummary(title: string, plan: Plan, done: boolean, extra = ''): string {
  const sentence = hasChanges(plan)
    ? `${done ? 'Done' : 'Plan'}: ${countSentence(plan, done)}.`
    : 'Everything is as the manifests say. Nothing to change.'
  const warnings = plan.warnings.map((warning) => `> ⚠️ ${cell(warning, 1_000)}`).join('\n>\n')
  const text = [`## ${cell(title)}`, sentence, warnings, changesTable(plan), extra, keptList(plan)]
    .filter((part) => part !== '')
    .join('\n\n')
  return text.length > longestSummary ? `${text.slice(0, longestSummary)}\n\n… cut here.\n` : `${text}\n`
}
