import { type CostEstimate, type CostItem, costSentence } from '../plan/cost.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { link } from './links.ts'
import { bounded, code, matrix, moreLine } from './parts.ts'
import { kindOf } from './resource-kinds.ts'

const mostItems = 60

/** The estimate that the deployment's plan carries. */
export const costOf = ({ steps }: EnvironmentFacts): CostEstimate | undefined =>
  steps.flatMap(({ plan }) => plan?.cost ?? [])[0]

/** A round amount: cents would promise more than an estimate holds. */
export const dollars = (amount: number): string => `$${Math.round(amount).toLocaleString('en')}`

const cents = (amount: number | undefined): string =>
  amount === undefined
    ? '–'
    : `$${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`

/** What the resources cost per month, by list prices. */
export function costSection(facts: EnvironmentFacts): Markup | undefined {
  const cost = costOf(facts)
  if (cost === undefined) return undefined
  const { items, pricesOf, region, notEstimated } = cost
  const changed = ({ before = 0, after = 0 }: CostItem): number => Math.abs(after - before)
  const sorted = items.toSorted((a, b) => changed(b) - changed(a) || (b.after ?? 0) - (a.after ?? 0))
  const { shown, more } = bounded(sorted, mostItems)
  const hasBefore = cost.before !== undefined
  const table = matrix({
    caption: `Cost in ${facts.title}`,
    style: 'list costs',
    headings: ['For', 'Name', 'Billed', ...(hasBefore ? ['Before'] : []), 'Per month'],
    rows: shown.map(({ kind, name, meter, before, after, plus, source }) => ({
      heading: kindOf(kind).title,
      cells: [
        code(name),
        html`${link(source, meter)}${plus && html`<span class="soft"> plus ${plus}</span>`}`,
        ...(hasBefore ? [html`<span class="number">${cents(before)}</span>`] : []),
        html`<span class="number">${cents(after)}</span>`,
      ],
    })),
    foot: {
      heading: 'Sum',
      cells: [
        '',
        '',
        ...(hasBefore ? [html`<span class="number">${cents(cost.before)}</span>`] : []),
        html`<strong class="number">${cents(cost.after)}</strong>`,
      ],
    },
  })
  return html`<section class="block">
<h3>Cost</h3>
<p class="lead">${costSentence(cost)}</p>
${table}${moreLine(more)}
<p class="note">An estimate, not a quotation: list prices in US dollars for ${region} of ${pricesOf}, 730 hours a month, without taxes, agreements of yours, and what is billed by use.${notEstimated.length === 0 ? '' : ` Not estimated: ${notEstimated.map((type) => kindOf(type).title).join(', ')}.`}</p>
</section>`
}
