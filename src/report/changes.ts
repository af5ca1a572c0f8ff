import type { Json } from '../json.ts'
import type { Change, ChangeKind, PropertyChange } from '../plan/model.ts'
import { placeOf, type Row, rowsOf } from '../plan/rows.ts'
import { shownValue } from '../plan/shown-value.ts'
import type { EnvironmentFacts } from './facts.ts'
import { type Content, html, type Markup } from './html.ts'
import { namesOf, type PrincipalNames } from './lake.ts'
import { changesIn, comparedIn, type LedgerRow, ledgerOf, madeBy, type Tally, total } from './ledger.ts'
import { badge, bounded, code, counted, folded, matrix, moreLine } from './parts.ts'
import { kindOf } from './resource-kinds.ts'

const mostRows = 200
const mostNames = 60
const mostProperties = 40
/** More reasons in one row are each of another thing. */
const mostReasons = 2

const badges: Readonly<Record<ChangeKind, Markup>> = {
  delete: badge('deleted', 'bad'),
  detach: badge('detached', 'bad'),
  create: badge('created', 'good'),
  modify: badge('changed', 'warn'),
  keep: badge('unchanged', 'calm'),
}

/** What changed in an environment: what was lost, what differs with before and after, what is new, and the sums. */
export function changesSection(facts: EnvironmentFacts): Markup | undefined {
  const { steps, title } = facts
  const ledger = ledgerOf(steps)
  const names = namesOf(facts)
  if (ledger.length === 0) return undefined
  const rows = rowsOf(madeBy(steps))
  const created = rows.filter(({ change }) => change === 'create')
  const others = rows.filter(({ change }) => change !== 'create')
  const { create } = total(ledger.map(({ tally }) => tally))
  return html`<section class="block">
<h3>What changed</h3>
<p class="lead">${summary(ledger)}</p>
${others.length === 0 ? undefined : changeTable(others, names, `Changes in ${title}, with before and after`)}
${created.length === 0 ? undefined : folded(`${counted(create, 'thing')} created, one by one`, changeTable(created, names, `What was created in ${title}`), false)}
<h4>In numbers</h4>
${tallyTable(ledger, `Everything that was compared in ${title}`, 'Of')}
<p class="note">Each thing is counted once, in one row. All rows add up to the last.</p>
</section>`
}

function summary(ledger: readonly LedgerRow[]): string {
  const sum = total(ledger.map(({ tally }) => tally))
  if (comparedIn(sum) === sum.keep)
    return `Nothing. All ${comparedIn(sum).toLocaleString('en')} things that were compared are as the manifest says.`
  const words = [
    [sum.create, 'created'],
    [sum.modify, 'changed'],
    [sum.delete, 'deleted'],
    [sum.detach, 'detached: still in Azure, no longer managed'],
    [sum.keep, 'unchanged'],
    [sum.uncertain, 'not certain: planned by the step that failed'],
  ] as const
  const listed = words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  return `Of ${counted(comparedIn(sum), 'thing')} that were compared: ${listed.join(', ')}.`
}

const columns = [
  ['create', 'Created'],
  ['modify', 'Changed'],
  ['delete', 'Deleted'],
  ['detach', 'Detached'],
  ['keep', 'Unchanged'],
  ['uncertain', 'Not certain'],
] as const

/** Rows of numbers with their sum. A column in which nothing is counted is left out. */
export function tallyTable(rows: readonly LedgerRow[], caption: string, of: string): Markup {
  const sum = total(rows.map(({ tally }) => tally))
  const shown = columns.filter(([key]) => sum[key] > 0)
  const cells = (tally: Tally): readonly Content[] => [
    ...shown.map(
      ([key]) => html`<span class="number${tally[key] === 0 ? ' zero' : ''}">${tally[key]}</span>`,
    ),
    html`<strong class="number">${comparedIn(tally)}</strong>`,
  ]
  return matrix({
    caption,
    style: 'list tally',
    headings: [of, ...shown.map(([, heading]) => heading), 'Total'],
    rows: rows.map(({ title, explanation, tally }) => ({
      heading: html`${title}<span class="explained">${explanation}</span>`,
      cells: cells(tally),
    })),
    foot: { heading: 'Sum', cells: cells(sum) },
  })
}

function changeTable(rows: readonly Row[], names: PrincipalNames, caption: string): Markup {
  const { shown, more } = bounded(rows, mostRows)
  const table = matrix({
    caption,
    style: 'list changes',
    headings: ['What', '', 'Name', 'Details'],
    rows: shown.map((row) => ({
      heading: whatOf(row),
      cells: [badges[row.change], thingsOf(row), detailsOf(row, names)],
    })),
  })
  return html`${table}${moreLine(more)}`
}

const titleOf = (kind: string): string =>
  kind.includes('/') ? kindOf(kind).title : `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`

function whatOf({ things }: Row): string {
  const kinds = [...new Set(things.map(({ kind }) => titleOf(kind)))]
  const [only = ''] = kinds
  if (kinds.length > 1) return counted(things.length, 'resource')
  return things.length === 1 ? only : `${things.length} × ${only}`
}

function thingsOf({ things }: Row): Content {
  const { shown, more } = bounded(things, mostNames)
  const places = [...new Set(things.map(placeOf))].filter((place) => place !== '')
  const inside = (place: string): Content =>
    place === '' ? undefined : html`<span class="soft">in ${code(place)}</span>`
  const items = shown.map(
    (thing) =>
      html`<li>${code(thing.name)}${places.length > 1 ? html` ${inside(placeOf(thing))}` : undefined}</li>`,
  )
  const where = places.length === 1 ? inside(places.join()) : undefined
  return html`<ul class="plain">${items}</ul>${where}${moreLine(more)}`
}

function detailsOf({ things, properties, change }: Row, names: PrincipalNames): Content {
  const { shown, more } = bounded(properties, mostProperties)
  const said = things.flatMap(({ reason, uncertainty }) => [reason ?? [], uncertainty?.reason ?? []]).flat()
  const reasons = [...new Set(said)]
  return html`${reasons.length > mostReasons ? undefined : reasons.map((reason) => html`<p>${reason}</p>`)}${
    shown.length === 0
      ? undefined
      : html`<ul class="plain properties">${shown.map((property) => html`<li>${propertyLine(property, change, names)}</li>`)}</ul>${moreLine(more)}`
  }`
}

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi

/** Texts as they are, everything else as JSON. */
const shownText = (value: Json | undefined): string =>
  typeof value === 'string' && value.length <= 300 && value !== '' ? value : shownValue(value)

function propertyLine(
  { path, before, after, loses }: PropertyChange,
  change: ChangeKind,
  names: PrincipalNames,
): Markup {
  const named = path.replaceAll(guid, (id) => names.get(id.toLowerCase()) ?? id)
  const old =
    change === 'create' || before === undefined
      ? undefined
      : html`<del>${shownText(before)}</del> <span aria-hidden="true">→</span><span class="hidden">, now</span> `
  const now =
    after === undefined ? html`<span class="soft">gone</span>` : html`<ins>${shownText(after)}</ins>`
  const lost = loses === undefined ? undefined : html` <strong>Lost: ${loses}.</strong>`
  return html`<span class="path">${named}</span> ${old}${now}${lost}`
}

/** Changes as the overview counts them. */
export const changesOf = (steps: EnvironmentFacts['steps']): number =>
  changesIn(total(ledgerOf(steps).map(({ tally }) => tally)))

/** A change of a resource, by its lower-case id; roles have the id of what they are on. */
export const changesById = ({ steps }: EnvironmentFacts): ReadonlyMap<string, Change> =>
  new Map(
    madeBy(steps)
      .filter(({ kind }) => kind !== 'role assignment')
      .map((change) => [(change.scope ?? '').toLowerCase(), change]),
  )
