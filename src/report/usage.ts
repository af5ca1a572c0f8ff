import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { badge, bounded, folded, matrix, moreLine } from './parts.ts'

const mostLimits = 40
/** From here on somebody should look. */
const almostAll = 0.8

/** How much is used of what Azure gives a limited number of: folded, unless something is almost used up. */
export function usageSection({ steps, title }: EnvironmentFacts): Markup | undefined {
  const usage = steps.flatMap(({ plan }) => plan?.usage ?? [])
  if (usage.length === 0) return undefined
  const sorted = usage.toSorted((a, b) => b.after / b.limit - a.after / a.limit)
  const { shown, more } = bounded(sorted, mostLimits)
  const tight = sorted.filter(({ after, limit }) => after >= almostAll * limit)
  const table = matrix({
    caption: `Limits in ${title}`,
    style: 'list usage',
    headings: ['What', 'Of', 'Used', 'Limit', 'Share'],
    rows: shown.map(({ what, of, after, limit }) => ({
      heading: what,
      cells: [
        of,
        html`<span class="number">${after}</span>`,
        html`<span class="number">${limit}</span>`,
        html`<span class="number">${Math.round((100 * after) / limit)} %</span> ${after >= almostAll * limit ? badge('almost all', 'warn') : undefined}`,
      ],
    })),
  })
  const content = html`${table}${moreLine(more)}`
  return html`<section class="block">
<h3>Limits</h3>
<p class="lead">${tight.length === 0 ? 'Nothing of what Azure limits is almost used up.' : 'Some of what Azure limits is almost used up: ask for more before the next project.'}</p>
${tight.length === 0 ? folded('How much is used of what', content) : content}
</section>`
}
