import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { StepRecord } from '../deliver.ts'
import { environmentPanel } from './environment.ts'
import { type DeliveryFacts, readDelivery } from './facts.ts'
import { html, Markup } from './html.ts'
import { overview, titleOf } from './overview.ts'

/** In this order: later sheets refine earlier ones. */
const sheets = ['base', 'overview', 'details', 'tables', 'media']
const styles = sheets
  .map((sheet) => readFileSync(path.join(import.meta.dirname, 'styles', `${sheet}.css`), 'utf8'))
  .join('\n')

/** Nothing is fetched and nothing is run, whatever the page should come to hold. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** Shows the panel whose tab is chosen; on paper all are shown. */
const tabRules = ({ environments }: DeliveryFacts): string =>
  environments
    .map(
      (_, index) =>
        `#show-${index}:checked~.panels #panel-${index}{display:block}` +
        `#show-${index}:checked~.tabs label[for=show-${index}]{background:var(--tab);color:var(--ink);box-shadow:var(--raised)}` +
        `#show-${index}:focus-visible~.tabs label[for=show-${index}]{outline:2px solid var(--accent);outline-offset:1px}`,
    )
    .join('\n')

function details(facts: DeliveryFacts): Markup | undefined {
  const { environments } = facts
  if (environments.length === 0) return undefined
  const failed = environments.findIndex(({ steps }) => steps.some(({ state }) => state === 'failed'))
  const chosen = Math.max(0, failed)
  return html`<div class="details" role="group" aria-label="Details of one environment">
${environments.map(
  (_, index) =>
    html`<input class="hidden" type="radio" name="environment" id="show-${index}"${new Markup(index === chosen ? ' checked' : '')}>\n`,
)}
<div class="tabs">${environments.map(({ title }, index) => html`<label for="show-${index}">${title}</label>`)}</div>
<div class="panels">${environments.map(environmentPanel)}</div>
</div>`
}

/**
 * The report of a delivery as one HTML page that needs nothing else: no network, no script. It can be written after a
 * failed run as well, and shows then how far it came.
 * @param records what has run, in its order; files that their outputs name are read
 */
export function renderReport(records: readonly StepRecord[]): string {
  const facts = readDelivery(records)
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
${overview(facts)}
${details(facts)}
</main>
</body>
</html>
`.text
}
