import { allParts } from '../catalog/all-parts.ts'
import { type Catalogue, catalogue } from '../catalog/index.ts'
import { type ListPrice, type PriceDeclaration, priceRegion } from '../catalog/prices.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { CostEstimate, CostItem } from '../plan/cost.ts'
import type { TemplateBodies } from './template-summary.ts'

/** Azure's own number for a month. */
const hoursPerMonth = 730

/** What the parts of a catalogue say of the prices of their types; types have no case. */
function declaredPrices(from: Catalogue): PriceDeclaration {
  const all = allParts(from).flatMap(({ prices }) => Object.entries(prices))
  return Object.fromEntries(all.map(([type, price]) => [type.toLowerCase(), price]))
}

/** What costs nothing and belongs to no part. */
const alwaysFree = ['microsoft.resources/resourcegroups']

/** What one resource costs; undefined when nobody says. */
type Costs = Pick<CostItem, 'meter' | 'plus' | 'source'> & {
  readonly monthly: number
  readonly asOf?: string
}

const unitsOf = (resource: JsonObject, { times = [], factor = 1 }: ListPrice): number =>
  times.reduce((product, path) => product * Number(valueAt(resource, path) ?? 1), factor)

/** A resource, and how many of its type come before it. */
interface Priced {
  readonly resource: JsonObject
  readonly rank: number
}

function ranked(bodies: TemplateBodies): ReadonlyMap<string, Priced> {
  const counts = new Map<string, number>()
  return new Map(
    [...bodies].map(([id, resource]) => {
      const type = String(resource['type']).toLowerCase()
      const rank = counts.get(type) ?? 0
      counts.set(type, rank + 1)
      return [id, { resource, rank }]
    }),
  )
}

function listed({ resource, rank }: Priced, price: ListPrice): Costs | undefined {
  const value = valueAt(resource, price.by)
  const rest = {
    ...(price.plus !== undefined && { plus: price.plus }),
    source: price.source,
    asOf: price.asOf,
  }
  if (value === undefined) return { monthly: 0, meter: '', ...rest }
  const first = Object.entries(price.perHour).find(
    ([known]) => known.toLowerCase() === String(value).toLowerCase(),
  )?.[1]
  if (first === undefined) return undefined
  const perHour = price.beyond !== undefined && rank >= price.beyond.first ? price.beyond.perHour : first
  const units = unitsOf(resource, price)
  const which = price.by === 'type' ? '' : ` (${String(value)})`
  return { monthly: perHour * units * hoursPerMonth, meter: `${units} ${price.unit}${which}`, ...rest }
}

function costsOf(priced: Priced, prices: PriceDeclaration): Costs | undefined {
  const type = String(priced.resource['type']).toLowerCase()
  if (alwaysFree.includes(type)) return { monthly: 0, meter: '' }
  const price = prices[type]
  switch (price?.kind) {
    case undefined:
      return undefined
    case 'free':
      return { monthly: 0, meter: '' }
    case 'usage':
      return { monthly: 0, meter: '', plus: price.of }
    case 'list':
      return listed(priced, price)
  }
}

/**
 * What the resources of a template cost per month by the list prices that the catalogue declares, and what they cost as
 * they were deployed last.
 * @param before the resources of the template that was deployed last, empty when there is none; undefined when it is not known
 */
export function estimateCost(
  before: TemplateBodies | undefined,
  after: TemplateBodies,
  from: Catalogue = catalogue,
): CostEstimate {
  const prices = declaredPrices(from)
  const [olds, nexts] = [ranked(before ?? new Map()), ranked(after)]
  const ids = [...new Set([...after.keys(), ...(before?.keys() ?? [])])]
  const priced = ids.flatMap((id) => {
    const [old, next] = [olds.get(id), nexts.get(id)]
    const either = next ?? old
    if (either === undefined) return []
    const costs = { old: old && costsOf(old, prices), next: next && costsOf(next, prices) }
    return [{ resource: either.resource, isKnown: costsOf(either, prices) !== undefined, ...costs }]
  })
  const unknown = priced.filter(({ isKnown }) => !isKnown)
  const sum = (which: 'old' | 'next'): number =>
    priced.reduce((total, row) => total + (row[which]?.monthly ?? 0), 0)
  const dates = priced.flatMap(({ next, old }) => (next ?? old)?.asOf ?? [])
  return {
    currency: 'USD',
    pricesOf: dates.toSorted()[0] ?? '',
    region: priceRegion,
    ...(before !== undefined && { before: sum('old') }),
    after: sum('next'),
    items: priced.flatMap(({ resource, old, next }) => itemOf(resource, old, next)),
    notEstimated: [...new Set(unknown.map(({ resource }) => String(resource['type'])))],
  }
}

/** What costs nothing has no item. */
function itemOf(resource: JsonObject, old: Costs | undefined, next: Costs | undefined): readonly CostItem[] {
  const shown = next ?? old
  if (shown === undefined || (shown.plus === undefined && !old?.monthly && !next?.monthly)) return []
  return [
    {
      kind: String(resource['type']),
      name: String(resource['name']),
      meter: shown.meter,
      ...(old !== undefined && old.monthly > 0 && { before: old.monthly }),
      ...(next !== undefined && next.monthly > 0 && { after: next.monthly }),
      ...(shown.plus !== undefined && { plus: shown.plus }),
      ...(shown.monthly > 0 && shown.source !== undefined && { source: shown.source }),
    },
  ]
}

/** The value at a dotted path. */
function valueAt(resource: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = resource
  for (const step of path.split('.')) value = isJsonObject(value) ? value[step] : undefined
  return value
}
