import { accessSection } from './access.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { lakeSection } from './lake.ts'
import { networkSection } from './network.ts'
import { mark } from './overview.ts'
import { bounded, moreLine } from './parts.ts'
import { resourcesSection } from './resources.ts'

const mostMessages = 40

/** Failures and warnings of an environment, before all else. */
function messages({ steps }: EnvironmentFacts): Markup | undefined {
  const lines = steps.flatMap(({ action, errors, warnings }) => [
    ...errors.map((text) => ({ action, text, kind: 'failure', title: 'Failed' })),
    ...warnings.map((text) => ({ action, text, kind: 'warning', title: 'Warning' })),
  ])
  if (lines.length === 0) return undefined
  const { shown, more } = bounded(lines, mostMessages)
  return html`<section class="messages"><h3 class="hidden">Failures and warnings</h3>${shown.map(
    ({ action, text, kind, title }) =>
      html`<div class="message ${kind}"><p><strong>${title}</strong> in ${action}</p><p class="text">${text}</p></div>\n`,
  )}${moreLine(more)}</section>`
}

function noticeList({ steps }: EnvironmentFacts): Markup | undefined {
  const lines = steps.flatMap(({ state, notices }) => notices.map((text) => ({ state, text })))
  if (lines.length === 0) return undefined
  const { shown, more } = bounded(lines, mostMessages)
  return html`<ul class="plain said">${shown.map(({ state, text }) => html`<li>${mark(state)} <span>${text}</span></li>\n`)}</ul>${moreLine(more)}`
}

/** All that is known about one environment. */
export function environmentPanel(facts: EnvironmentFacts, index: number): Markup {
  const sections = [
    networkSection(facts),
    resourcesSection(facts),
    accessSection(facts),
    lakeSection(facts),
  ].filter((section) => section !== undefined)
  return html`<section class="panel" id="panel-${index}" aria-labelledby="panel-title-${index}">
<h2 id="panel-title-${index}">${facts.title}</h2>
${messages(facts)}
${noticeList(facts)}
${sections.length === 0 ? html`<p class="note">Nothing was created here yet.</p>` : sections}
</section>`
}
