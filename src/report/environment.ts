import { accessSection } from './access.ts'
import { changesSection } from './changes.ts'
import { commonAreaSection } from './common-area.ts'
import { costSection } from './cost.ts'
import type { Origin } from './delivery.ts'
import type { EnvironmentFacts } from './facts.ts'
import { html, type Markup } from './html.ts'
import { lakeSection } from './lake.ts'
import { networkSection } from './network.ts'
import { mark } from './overview.ts'
import { bounded, listed, moreLine } from './parts.ts'
import { resourcesSection } from './resources.ts'
import { usageSection } from './usage.ts'

const mostMessages = 40

/** Warnings of an environment, before all else. Why a step failed stands at the top of the page. */
function messages({ common, steps }: EnvironmentFacts): Markup | undefined {
  const lines = [...common, ...steps].flatMap(({ action, warnings }) =>
    warnings.map((text) => ({ action, text })),
  )
  if (lines.length === 0) return undefined
  // Several steps may have the same to say.
  const distinct = [...Map.groupBy(lines, ({ text }) => text)].map(([text, same]) => ({
    text,
    actions: listed([...new Set(same.map(({ action }) => action))]),
  }))
  const { shown, more } = bounded(distinct, mostMessages)
  return html`<section class="messages"><h3 class="hidden">Warnings</h3>${shown.map(
    ({ actions, text }) =>
      html`<div class="message warning"><p><strong>Warning</strong> of ${actions}</p><p class="text">${text}</p></div>\n`,
  )}${moreLine(more)}</section>`
}

function noticeList({ common, steps }: EnvironmentFacts): Markup | undefined {
  const lines = [...common, ...steps].flatMap(({ state, notices }) =>
    notices.map((text) => ({ state, text })),
  )
  if (lines.length === 0) return undefined
  const distinct = new Map(lines.map((line) => [JSON.stringify(line), line]))
  const { shown, more } = bounded([...distinct.values()], mostMessages)
  return html`<ul class="plain said">${shown.map(({ state, text }) => html`<li>${mark(state)} <span>${text}</span></li>\n`)}</ul>${moreLine(more)}`
}

/** Steps that were refused have not looked at what is there. */
const nothingShown = ({ steps }: EnvironmentFacts): string =>
  steps.some(({ state }) => state === 'refused')
    ? 'What is here was not read.'
    : 'Nothing was created here yet.'

/** All that is known about one environment. */
export function environmentPanel(facts: EnvironmentFacts, index: number, origin: Origin): Markup {
  const sections = [
    commonAreaSection(facts),
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
${sections.length === 0 ? html`<p class="note">${nothingShown(facts)}</p>` : sections}
</section>`
}
