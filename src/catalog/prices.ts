/** A list price by the hour. It differs by region, agreement and day: what is made of it is an estimate. */
export interface ListPrice {
  readonly kind: 'list'
  /** What is billed, with its number before it, e.g. `search units`. */
  readonly unit: string
  /** The property of the resource that decides on the price, e.g. `sku.name`. Without a value nothing fixed is billed. */
  readonly by: string
  /** US dollars an hour for one unit, by the value of that property. */
  readonly perHour: Readonly<Record<string, number>>
  /** Numeric properties whose product is the number of units; one unit when absent. */
  readonly times?: readonly string[]
  /** What the product is multiplied by, where a unit is not one. */
  readonly factor?: number
  /** What one costs an hour behind the first so many of a subscription, where more are cheaper. */
  readonly beyond?: { readonly first: number; readonly perHour: number }
  /** What is billed by use on top. */
  readonly plus?: string
  /** The day on which the price was looked up. */
  readonly asOf: string
  readonly source: string
}

/** What a resource of one ARM type costs: nothing, only what is used, or a list price by the hour. */
export type Price = { readonly kind: 'free' } | { readonly kind: 'usage'; readonly of: string } | ListPrice

/** What the ARM types of a part cost. A type that nobody declares is named as not estimated. */
export type PriceDeclaration = Readonly<Record<string, Price>>

/** It costs nothing by itself. */
export const free: Price = { kind: 'free' }

/** It costs what is used of it, e.g. `stored data and operations`. */
export const byUsage = (of: string): Price => ({ kind: 'usage', of })

/** Where the list prices are from. */
export const priceRegion = 'US regions'
