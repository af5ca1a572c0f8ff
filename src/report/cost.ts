import { type CostEstimate, type CostItem, costSentence } from '../plan/cost.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { link } from './links.ts'
import { bounded, code, listed, matrix, moreLine } from './parts.ts'
import { kindOf } from './resource-kinds.ts'

const mostLines = 60

/** The estimate that the deployment's plan carries. */
export const costOf = ({ steps }: Pick<EnvironmentFacts, 'steps'>): CostEstimate | undefined =>
  steps.flatMap(({ plan }) => plan?.cost ?? [])[0]

/** A round amount: cents would promise more than an estimate holds. */
export const dollars = (amount: number): string => `$${Math.round(amount).toLocaleString('en')}`

const cents = (amount: number | undefined): string =>
  amount === undefined
    ? '–'
    : `$${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

/** Items of the same kind, billed in the same way, as one line. */
interface CostLine {
  readonly items: readonly CostItem[]
  readonly first: CostItem
  readonly before: number | undefined
  readonly after: number | undefined
}

const sumOf = (amounts: readonly (number | undefined)[]): number | undefined => {
  const known = amounts.filter((amount) => amount !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, amount) => sum + amount, 0)
}

/** What has a price, as lines, what costs most first. */
function costLines(items: readonly CostItem[]): readonly CostLine[] {
  const groups = Map.groupBy(items, ({ kind, meter, plus }) => JSON.stringify([kind, meter, plus]))
  return [...groups.values()]
    .flatMap((same): readonly CostLine[] => {
      const [first] = same
      if (first === undefined) return []
      const [before, after] = [sumOf(same.map((item) => item.before)), sumOf(same.map((item) => item.after))]
      return before === undefined && after === undefined ? [] : [{ items: same, first, before, after }]
    })
    .toSorted((a, b) => (b.after ?? 0) - (a.after ?? 0))
}

const nameOf = ({ items, first }: CostLine): Markup =>
  items.length === 1 ? code(first.name) : html`<span class="soft">each of them ${cents(first.after)}</span>`

const kindOfLine = ({ items, first }: CostLine): string =>
  `${items.length === 1 ? '' : `${items.length} × `}${kindOf(first.kind).title}`

const billed = ({ meter, plus, source }: CostItem): Markup =>
  html`${link(source, meter)}${plus && html`<span class="soft"> plus ${plus}</span>`}`

function costTable(cost: CostEstimate, title: string): Markup {
  const { shown, more } = bounded(costLines(cost.items), mostLines)
  const hasBefore = cost.before !== undefined && cost.before > 0 && cents(cost.before) !== cents(cost.after)
  const amounts = (before: number | undefined, after: number | undefined): readonly Markup[] => [
    ...(hasBefore ? [html`<span class="number">${cents(before)}</span>`] : []),
    html`<span class="number">${cents(after)}</span>`,
  ]
  const table = matrix({
    caption: `Cost in ${title}`,
    style: 'list costs',
    headings: ['For', 'Name', 'Billed', ...(hasBefore ? ['Before'] : []), 'Per month'],
    rows: shown.map((each) => ({
      heading: kindOfLine(each),
      cells: [nameOf(each), billed(each.first), ...amounts(each.before, each.after)],
    })),
    foot: { heading: 'Sum', cells: ['', '', ...amounts(cost.before, cost.after)] },
  })
  return html`${table}${moreLine(more)}`
}

/** What costs only what is used of it, one sentence. */
function byUse(items: readonly CostItem[]): string {
  const names = items.flatMap(({ kind, before, after, plus }) =>
    before === undefined && after === undefined && plus !== undefined
      ? `${kindOf(kind).title} (${plus})`
      : [],
  )
  const { shown, more } = bounded([...new Set(names)], mostLines)
  return names.length === 0
    ? ''
    : `Billed by use alone: ${listed(shown)}${more === 0 ? '' : ` and ${more} more`}. `
}

/** What the resources cost per month, by list prices. */
export function costSection(facts: EnvironmentFacts): Markup | undefined {
  const cost = costOf(facts)
  if (cost === undefined) return undefined
  const { items, pricesOf, region, notEstimated } = cost
  const unknown = notEstimated.map((type) => kindOf(type).title)
  return html`<section class="block">
<h3>Cost</h3>
<p class="lead">${costSentence(cost)}</p>
${costTable(cost, facts.title)}
<p class="note">${byUse(items)}An estimate, not a quotation: list prices in US dollars for ${region} of ${pricesOf}, 730 hours a month, without taxes, agreements of yours, and what is billed by use.${unknown.length === 0 ? '' : ` Not estimated: ${listed(unknown)}.`}</p>
</section>`
}
