import { cell, table } from './markdown.ts'
import { grouped } from './numbers.ts'

/** What one resource costs for one thing that is billed. */
export interface CostItem {
  /** ARM type. */
  readonly kind: string
  readonly name: string
  /** What is billed, e.g. `2 search units of standard`; without a fixed price, why there is none. */
  readonly meter: string
  /** US dollars a month; absent when it is not there, or has no fixed price. */
  readonly before?: number
  readonly after?: number
  /** What is billed by use on top, e.g. `tokens`. */
  readonly plus?: string
  /** Where the price is written. */
  readonly source?: string
}

/** An estimate by list prices of what the resources of a plan cost per month, without what is billed by use. */
export interface CostEstimate {
  readonly currency: 'USD'
  /** The day of the oldest of the prices, e.g. `2026-11-29`. */
  readonly pricesOf: string
  /** The region whose list prices these are. */
  readonly region: string
  /** Absent when what was deployed before is not known. */
  readonly before?: number
  readonly after: number
  readonly items: readonly CostItem[]
  /** ARM types whose price nobody declared. */
  readonly notEstimated: readonly string[]
}

/** Several estimates as one; undefined when there is none. What one of them does not know of before, nobody knows of all. */
export function addCosts(estimates: readonly CostEstimate[]): CostEstimate | undefined {
  const [first, ...rest] = estimates
  if (first === undefined) return undefined
  return rest.reduce((sum, next) => {
    const isKnown = sum.before !== undefined && next.before !== undefined
    const { before: _, ...shared } = sum
    return {
      ...shared,
      pricesOf: [sum.pricesOf, next.pricesOf].filter((day) => day !== '').toSorted()[0] ?? '',
      ...(isKnown && { before: (sum.before ?? 0) + (next.before ?? 0) }),
      after: sum.after + next.after,
      items: [...sum.items, ...next.items],
      notEstimated: [...new Set([...sum.notEstimated, ...next.notEstimated])],
    }
  }, first)
}

/** In a sentence cents would promise more than an estimate holds. */
const dollars = (amount: number): string => `$${grouped(Math.round(amount))}`

const signed = (amount: number): string => `${amount < 0 ? '−' : '+'}${dollars(Math.abs(amount))}`

const isSame = (before: number, after: number): boolean => Math.abs(before - after) < 0.5

/** One sentence: `Estimated cost per month: $310 → $420 (+$110), plus usage.` */
export function costSentence({ before, after, items, notEstimated }: CostEstimate): string {
  const amounts =
    before === undefined || isSame(before, after)
      ? dollars(after)
      : `${dollars(before)} → ${dollars(after)} (${signed(Math.round(after) - Math.round(before))})`
  const plus = items.some((item) => item.plus !== undefined) ? ', plus usage' : ''
  const rest = notEstimated.length === 0 ? '' : `, without what has no price here (${notEstimated.length})`
  return `Estimated cost per month: ${amounts}${plus}${rest}.`
}

/** Kinds of resources that a sentence names. */
const mostKinds = 3

const shortType = (kind: string): string => kind.replace(/^Microsoft\./, '')

/**
 * What makes the price, e.g. `That is $101 for 2 × ContainerRegistry/registries, $37 for the rest.`; empty when one kind is
 * all of it.
 * @param title what to call an ARM type
 */
export function costReasons({ items, after }: CostEstimate, title = shortType): string {
  const kinds = [...Map.groupBy(items, ({ kind }) => kind)]
    .map(([kind, same]) => {
      const priced = same.flatMap((item) => item.after ?? [])
      const amount = priced.reduce((sum, one) => sum + one, 0)
      return { amount, what: `${priced.length} × ${title(kind)}` }
    })
    .filter(({ amount }) => amount >= 0.5)
    .toSorted((a, b) => b.amount - a.amount)
  if (kinds.length < 2) return ''
  const named = kinds.slice(0, mostKinds)
  const rest = Math.round(after) - named.reduce((sum, { amount }) => sum + Math.round(amount), 0)
  return `That is ${[
    ...named.map(({ amount, what }) => `${dollars(amount)} for ${what}`),
    ...(kinds.length > mostKinds ? [`${dollars(rest)} for the rest`] : []),
  ].join(', ')}.`
}

const shown = (amount: number | undefined): string => (amount === undefined ? '' : `$${amount.toFixed(2)}`)

/** What is made of what, folded: Markdown. */
export function costDetails(estimate: CostEstimate): string {
  const { items, notEstimated, pricesOf, region } = estimate
  const sorted = items.toSorted((a, b) => changeOf(b) - changeOf(a) || (b.after ?? 0) - (a.after ?? 0))
  const alike = Map.groupBy(sorted, ({ name: _name, ...rest }) => JSON.stringify(rest))
  const rows = [...alike.values()].map(rowOf)
  const sources = [...new Set(items.flatMap(({ source }) => (source === undefined ? [] : [source])))]
  const notes = [
    `An estimate, not a quotation: list prices in US dollars for ${region} of ${pricesOf}, 730 hours a month, without taxes, reservations and agreements of yours, and without what is billed by use.`,
    ...(notEstimated.length === 0 ? [] : [`Not estimated: ${notEstimated.join(', ')}.`]),
  ]
  const links = sources.filter((source) => plainLink.test(source)).map((source) => `<${source}>`)
  return [
    `<details><summary>${cell(costSentence(estimate))}</summary>`,
    table(['What', 'Name', 'Billed', 'Before', 'After', 'Plus usage'], rows),
    ...notes.map((note) => cell(note, 2_000)),
    ...(links.length === 0 ? [] : [`Prices: ${links.join(' ')}`]),
    '</details>',
  ].join('\n\n')
}

/** What is billed in the same way in one row. */
function rowOf(same: readonly CostItem[]): readonly string[] {
  const [first] = same
  if (first === undefined) return []
  const { kind, name, meter, before, after, plus = '' } = first
  const all = (amount: number | undefined): string => shown(amount && amount * same.length)
  return [
    kind,
    same.length === 1 ? name : `${same.length} of them`,
    meter === '' || same.length === 1 ? meter : `${same.length} × ${meter}`,
    all(before),
    all(after),
    plus,
  ]
}

const plainLink = /^https:\/\/[\w./#?=&%-]+$/

const changeOf = ({ before = 0, after = 0 }: CostItem): number => Math.abs(after - before)
