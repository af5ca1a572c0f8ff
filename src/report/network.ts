import { catalogue, isSubnetKey } from '../catalog/index.ts'
import { inlineDrawing } from './drawing.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { badge, bounded, code, matrix, moreLine, scrolling } from './parts.ts'

const mostSubnets = 50

/** What the subnet is for, by its key in the catalogue. */
const purposeOf = (key: string): string => (isSubnetKey(key) ? catalogue.subnets[key].purpose : key)

const states: Readonly<Record<string, string>> = {
  existing: 'existed',
  planned: 'planned',
  reserved: 'created',
}

/** The VNet as a picture, and the project's subnets in words. */
export function networkSection({ key, title, drawing, subnets }: EnvironmentFacts): Markup | undefined {
  const drawn = [drawing.wide, drawing.narrow].some((text) => text !== undefined)
  if (!drawn && subnets === undefined) return undefined
  const prefix = key.replace(/[^\w-]/g, '-')
  const wide = drawing.wide && inlineDrawing(drawing.wide, prefix)
  const narrow = drawing.narrow && inlineDrawing(drawing.narrow, `${prefix}-narrow`)
  return html`<section class="block">
<h3>Network</h3>
<p class="lead">The project’s subnets in the VNet of ${title} and the space around them.</p>
${wide && html`<figure class="wide">${scrolling(`Drawing of the VNet in ${title}`, wide)}</figure>`}
${narrow && html`<figure class="narrow">${narrow}</figure>`}
${drawn && !wide && !narrow ? html`<p class="note">The drawing of the VNet cannot be shown here.</p>` : undefined}
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
        purposeOf(key),
        delegation === '' ? html`<span class="soft nothing">–</span>` : code(delegation),
        badge(states[state] ?? state, state === 'planned' ? 'warn' : 'calm'),
      ],
    })),
  })
  return html`${table}${moreLine(more)}`
}
