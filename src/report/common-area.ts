import { costReasons, costSentence } from '../plan/cost.ts'
import { changesSection } from './changes.ts'
import { costOf, costSection } from './cost.ts'
import type { EnvironmentFacts, StepFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import type { Overview } from './outputs.ts'
import { bounded, folded, matrix, moreLine } from './parts.ts'
import { kindOf } from './resource-kinds.ts'
import { usageSection } from './usage.ts'

const mostRows = 60

/** What it is made of, and from where each part can be reached. */
function partsTable({ parts }: Overview, title: string): Markup {
  const there = parts.filter(({ what }) => what !== 'not there')
  const { shown, more } = bounded(there, mostRows)
  const table = matrix({
    caption: `Parts of the common area of ${title}`,
    style: 'list',
    headings: ['Part', 'What it is', 'Reachable from'],
    rows: shown.map(({ title: heading, what, reach }) => ({
      heading,
      cells: [what, reach === '' ? html`<span class="soft nothing">–</span>` : reach],
    })),
  })
  return html`${table}${moreLine(more)}`
}

/** How many more projects fit beside it. */
function capacityTable({ capacity }: Overview, title: string): Markup | undefined {
  if (capacity.length === 0) return undefined
  return html`<h4>Capacity for projects</h4>${matrix({
    caption: `Capacity for projects in ${title}`,
    style: 'list',
    headings: ['Type of project', 'How many more fit', 'First limit', 'Next limit'],
    rows: capacity.slice(0, mostRows).map(({ type, more, first, next }) => ({
      heading: type,
      cells: [html`<span class="number">${more}</span>`, first, next],
    })),
  })}<p class="note">Each row is a forecast of its own, as if all new projects were of that type.</p>`
}

/** What it costs, and what makes the price. */
function costLine(facts: EnvironmentFacts): string {
  const cost = costOf(facts)
  if (cost === undefined) return ''
  return ` ${[costSentence(cost), costReasons(cost, (kind) => kindOf(kind).title)].join(' ')}`.trimEnd()
}

/** The common area of an environment, where it was delivered too: parts, capacity, cost, limits, and what changed, folded. */
export function commonAreaSection(facts: EnvironmentFacts): Markup | undefined {
  const { common, overview, title } = facts
  if (common.length === 0) return undefined
  const own: EnvironmentFacts = { ...facts, steps: common, title: `the common area of ${title}` }
  const details = [changesSection(own), costSection(own), usageSection(own)].filter(
    (section) => section !== undefined,
  )
  return html`<section class="block">
<h3>Common area</h3>
<p class="lead">What all projects of ${title} share.${costLine(own)}</p>
${overview && partsTable(overview, title)}
${overview && capacityTable(overview, title)}
${details.length === 0 ? undefined : folded('What changed in it, what it costs and its limits', details)}
</section>`
}

const mostDone = 300

/** What set-up did, one thing a line. */
export function setupSection(setup: StepFacts | undefined): Markup | undefined {
  const done = setup?.plan?.changes.map(({ name }) => name) ?? []
  if (done.length === 0) return undefined
  const { shown, more } = bounded(done, mostDone)
  return html`<section class="block" aria-labelledby="set-up">
<h2 id="set-up">Set-up</h2>
<p class="lead">Identities for each environment, what they may do, and how they sign in: ${done.length} things, done once by a person who owns the subscriptions.</p>
${folded('One by one', html`<ul class="plain">${shown.map((line) => html`<li>${line}</li>\n`)}</ul>${moreLine(more)}`, false)}
</section>`
}
