import { cell, table } from './markdown.ts'
import { grouped } from './numbers.ts'

/** How much is used of something of which Azure gives a limited number. */
export interface Usage {
  /** What is counted, in the plural, e.g. `role assignments`. */
  readonly what: string
  /** Of what, in words: `the subscription`, `VNet 'x'`. */
  readonly of: string
  /** How many there are now. */
  readonly used: number
  /** How many there are when the plan has been applied. */
  readonly after: number
  /** How many there may be. */
  readonly limit: number
}

/** From here on somebody should look. */
const almostAll = 0.8

const line = ({ what, of, used, after, limit }: Usage): readonly string[] => [
  what,
  of,
  grouped(used),
  grouped(after),
  grouped(limit),
  `${Math.round((100 * after) / limit)} %${after > limit ? ', too many' : after >= almostAll * limit ? ', almost all' : ''}`,
]

/** What is used of what there is, folded: Markdown. */
export function usageDetails(usage: readonly Usage[]): string {
  if (usage.length === 0) return ''
  const fullest = usage.reduce((a, b) => (b.after / b.limit > a.after / a.limit ? b : a))
  const summary = `Limits: most used are ${fullest.what}, ${grouped(fullest.after)} of ${grouped(fullest.limit)} in ${fullest.of}`
  return [
    `<details><summary>${cell(summary)}</summary>`,
    table(['What', 'Of', 'Now', 'After', 'Limit', 'Used'], usage.map(line)),
    '</details>',
  ].join('\n\n')
}
