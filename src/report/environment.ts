import { accessSection } from './access.ts'
import { changesSection } from './changes.ts'
import { costSection } from './cost.ts'
import type { Origin } from './delivery.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { lakeSection } from './lake.ts'
import { networkSection } from './network.ts'
import { mark } from './overview.ts'
import { bounded, moreLine } from './parts.ts'
import { resourcesSection } from './resources.ts'
import { usageSection } from './usage.ts'

const mostMessages = 40

/** Warnings of an environment, before all else. Why a step failed stands at the top of the page. */
function messages({ steps }: EnvironmentFacts): Markup | undefined {
  const lines = steps.flatMap(({ action, warnings }) => warnings.map((text) => ({ action, text })))
  if (lines.length === 0) return undefined
  const { shown, more } = bounded(lines, mostMessages)
  return html`<section class="messages"><h3 class="hidden">Warnings</h3>${shown.map(
    ({ action, text }) =>
      html`<div class="message warning"><p><strong>Warning</strong> of ${action}</p><p class="text">${text}</p></div>\n`,
  )}${moreLine(more)}</section>`
}

function noticeList({ steps }: EnvironmentFacts): Markup | undefined {
  const lines = steps.flatMap(({ state, notices }) => notices.map((text) => ({ state, text })))
  if (lines.length === 0) return undefined
  const { shown, more } = bounded(lines, mostMessages)
  return html`<ul class="plain said">${shown.map(({ state, text }) => html`<li>${mark(state)} <span>${text}</span></li>\n`)}</ul>${moreLine(more)}`
}

/** All that is known about one environment. */
export function environmentPanel(facts: EnvironmentFacts, index: number, origin: Origin): Markup {
  const sections = [
    changesSection(facts),
    costSection(facts),
    usageSection(facts),
    networkSection(facts),
    resourcesSection(facts, origin),
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
