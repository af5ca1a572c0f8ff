import { inlineDrawing } from './drawing.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { badge, bounded, code, matrix, moreLine, scrolling } from './parts.ts'

const mostSubnets = 50

/** What the subnets of the catalogue are for, by their key. */
const purposes: Readonly<Record<string, string>> = {
  genai: 'Private endpoints and the team’s services',
  aca2: 'Agents of AI Foundry',
}

const states: Readonly<Record<string, string>> = {
  existing: 'existed',
  planned: 'planned',
  reserved: 'created',
}

/** The VNet as a picture, and the project's subnets in words. */
export function networkSection({ key, title, drawing, subnets }: EnvironmentFacts): Markup | undefined {
  if (drawing === undefined && subnets === undefined) return undefined
  const picture = drawing === undefined ? undefined : inlineDrawing(drawing, key.replace(/[^\w-]/g, '-'))
  return html`<section class="block">
<h3>Network</h3>
<p class="lead">The project’s subnets in the VNet of ${title} and the space around them.</p>
${picture && html`<figure>${scrolling(`Drawing of the VNet in ${title}`, picture)}</figure>`}
${drawing !== undefined && picture === undefined ? html`<p class="note">The drawing of the VNet cannot be shown here.</p>` : undefined}
${subnets && subnetsTable(subnets, title)}
</section>`
}

function subnetsTable(subnets: NonNullable<EnvironmentFacts['subnets']>, title: string): Markup {
  const { shown, more } = bounded(Object.entries(subnets), mostSubnets)
  const table = matrix({
    caption: `Subnets of the project in ${title}`,
    style: 'list',
    headings: ['Subnet', 'Addresses', 'For', 'Delegated to', 'State'],
    rows: shown.map(([key, { name, addressPrefix, delegation, state }]) => ({
      heading: code(name),
      cells: [
        html`<span class="number">${addressPrefix}</span>`,
        purposes[key] ?? key,
        delegation === '' ? html`<span class="soft">–</span>` : code(delegation),
        badge(states[state] ?? state, state === 'planned' ? 'warn' : 'calm'),
      ],
    })),
  })
  return html`${scrolling(`Subnets in ${title}`, table)}${moreLine(more)}`
}
