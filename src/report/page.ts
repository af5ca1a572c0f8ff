import { setupSection } from './common-area.ts'
import type { Delivery } from './delivery.ts'
import { environmentPanel } from './environment.ts'
import { type DeliveryFacts, readDelivery } from './facts.ts'
import { failureSection } from './failure.ts'
import { html, Markup } from './html.ts'
import { nextSteps } from './next-steps.ts'
import { header, overview, sums, titleOf } from './overview.ts'
import { purposeSection } from './purpose.ts'
import { base } from './styles/base.ts'
import { details as detailStyles } from './styles/details.ts'
import { media } from './styles/media.ts'
import { overview as overviewStyles } from './styles/overview.ts'
import { tables } from './styles/tables.ts'

/** In this order: later sheets refine earlier ones. */
const styles = [base, overviewStyles, detailStyles, tables, media].join('\n')

/** Nothing is fetched and nothing is run, whatever the page should come to hold. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** Shows the panel whose tab is chosen; on paper all are shown. */
const tabRules = ({ environments }: DeliveryFacts): string =>
  environments
    .map(
      (_, index) =>
        `#show-${index}:checked~.panels:not(.single) #panel-${index}{display:block}` +
        `#show-${index}:checked~.tabs label[for=show-${index}]{background:var(--tab);color:var(--ink);box-shadow:var(--raised)}` +
        `#show-${index}:focus-visible~.tabs label[for=show-${index}]{outline:2px solid var(--accent);outline-offset:1px}`,
    )
    .join('\n')

function details(facts: DeliveryFacts): Markup | undefined {
  const { environments, origin } = facts
  if (environments.length === 0) return undefined
  const panels = environments.map((environment, index) => environmentPanel(environment, index, origin))
  if (environments.length === 1)
    return html`<div class="details"><div class="panels single">${panels}</div></div>`
  const failed = environments.findIndex(({ common, steps }) =>
    [...common, ...steps].some(({ state }) => state === 'failed'),
  )
  const chosen = Math.max(0, failed)
  return html`<div class="details" role="group" aria-label="Details of one environment">
${environments.map(
  (_, index) =>
    html`<input class="hidden" type="radio" name="environment" id="show-${index}"${new Markup(index === chosen ? ' checked' : '')}>\n`,
)}
<div class="tabs">${environments.map(({ title }, index) => html`<label for="show-${index}">${title}</label>`)}</div>
<div class="panels">${panels}</div>
</div>`
}

/**
 * The report of a delivery as one HTML page that needs nothing else: no network, no script. It can be written after a
 * failed run as well, and shows then how far it came.
 */
export function renderReport(delivery: Delivery): string {
  const facts = readDelivery(delivery)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(facts)}: delivery report</title>
<style>${new Markup(styles)}
@media screen{${new Markup(tabRules(facts))}}</style>
</head>
<body>
<main>
${header(facts)}
${failureSection(facts)}
${overview(facts)}
<div class="pair">${nextSteps(facts)}
${purposeSection(facts)}</div>
${setupSection(facts.setup)}
${sums(facts)}
${details(facts)}
</main>
</body>
</html>
`.text
}
