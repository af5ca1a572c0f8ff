import type { DeliveryFacts, EnvironmentFacts, StepFacts, StepState } from './facts.ts'
import { type Content, html, Markup } from './html.ts'
import { badge, counted, duration } from './parts.ts'
import { countResources } from './resources.ts'

const symbols: Readonly<Record<StepState, string>> = {
  changed: '<path d="M4.5 8.5 7 11l4.5-5.5"/>',
  unchanged: '<path d="M5 6.5h6M5 9.5h6"/>',
  failed: '<path d="m5.5 5.5 5 5m0-5-5 5"/>',
  waiting: '',
}
const stateWords: Readonly<Record<StepState, string>> = {
  changed: 'done',
  unchanged: 'nothing to change',
  failed: 'failed',
  waiting: 'not reached',
}

/** A sign for how a step ended, with words for those who do not see it. */
export const mark = (state: StepState): Markup =>
  html`<span class="mark ${state}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">${new Markup(symbols[state])}</svg><span class="hidden">${stateWords[state]}:</span></span>`

/** How an environment stands, by its steps. */
function stateOf({ steps }: EnvironmentFacts): StepState | 'partly' {
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  if (steps.every(({ state }) => state === 'waiting')) return 'waiting'
  if (steps.some(({ state }) => state === 'waiting')) return 'partly'
  return steps.some(({ state }) => state === 'changed') ? 'changed' : 'unchanged'
}

const stateBadges: Readonly<Record<ReturnType<typeof stateOf>, Markup>> = {
  changed: badge('delivered', 'good'),
  unchanged: badge('nothing to change', 'good'),
  failed: badge('failed', 'bad'),
  partly: badge('not complete', 'warn'),
  waiting: badge('not reached', 'calm'),
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

const failedIn = ({ environments }: DeliveryFacts): EnvironmentFacts | undefined =>
  environments.find((environment) => stateOf(environment) === 'failed')

/** What the report is about. */
export const titleOf = ({ project = '', name }: DeliveryFacts): string =>
  [project === '' ? 'New project' : `Project ${project}`, ...(name === undefined ? [] : [name])].join(' · ')

/** The delivery in one sentence. */
function headline(facts: DeliveryFacts): string {
  const { request, environments } = facts
  if (request?.state === 'failed') return 'The request could not be accepted. Nothing was created.'
  const failed = failedIn(facts)
  if (failed !== undefined) {
    const step = failed.steps.find(({ state }) => state === 'failed')
    return `Stopped in ${failed.title} at ${step?.action ?? 'a step'}. What was done before is kept; run it again to continue.`
  }
  if (environments.length === 0) return 'Nothing was delivered.'
  const names = list(environments.map(({ title }) => title))
  if (environments.some((environment) => ['waiting', 'partly'].includes(stateOf(environment))))
    return `The delivery to ${names} is not complete.`
  return environments.every((environment) => stateOf(environment) === 'unchanged')
    ? `Everything in ${names} was already as the manifest says. Nothing was changed.`
    : `Delivered to ${names}.`
}

/** A step that failed has made some of its changes, and nobody knows how many. */
const changesMade = ({ state, counts }: StepFacts): number =>
  state === 'changed' && counts !== undefined
    ? counts.create + counts.modify + counts.delete + counts.detach
    : 0

const figure = (value: Content, label: string): Markup =>
  html`<div class="figure"><dt>${label}</dt><dd>${value}</dd></div>`

/** Title, outcome and figures of the whole delivery, and a column for each environment. */
export function overview(facts: DeliveryFacts): Markup {
  const { traits, environments, request, milliseconds, calls } = facts
  const changed = environments.flatMap(({ steps }) => steps).reduce((sum, step) => sum + changesMade(step), 0)
  const failed = request?.state === 'failed' || failedIn(facts) !== undefined
  return html`<header class="top">
<p class="eyebrow">AI Factory · delivery report</p>
<h1>${titleOf(facts)}</h1>
<p class="headline ${failed ? 'failed' : 'good'}">${headline(facts)}</p>
${traits.length === 0 ? undefined : html`<dl class="traits">${traits.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>`}
<dl class="figures">
${environments.length === 0 ? undefined : figure(environments.length, environments.length === 1 ? 'environment' : 'environments')}
${figure(duration(milliseconds), 'from request to last step')}
${figure(calls, 'calls to Azure and GitHub')}
${environments.length === 0 ? undefined : figure(changed, 'changes made')}
</dl>
</header>
${request && requestLine(request)}
<section class="cards" aria-label="Environments">${environments.map(card)}</section>`
}

const requestLine = ({
  state,
  does,
  milliseconds,
  calls,
  errors,
}: StepFacts): Markup => html`<section class="request" aria-label="Request">
<p>${mark(state)} <strong>Request</strong> ${does} <span class="soft number">${duration(milliseconds)} · ${counted(calls, 'call')}</span></p>
${errors.map((error) => html`<p class="failure">${error}</p>`)}
</section>`

function card(environment: EnvironmentFacts): Markup {
  const { title, steps } = environment
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0)
  const calls = steps.reduce((sum, step) => sum + step.calls, 0)
  const holdings = holdingsOf(environment)
  return html`<article class="card">
<h2>${title} ${stateBadges[stateOf(environment)]}</h2>
<ol class="steps">${steps.map(stepItem)}</ol>
${
  holdings.length === 0
    ? undefined
    : html`<dl class="holdings">${holdings.map(([label, count]) => html`<div><dt>${label}</dt><dd>${count}</dd></div>`)}</dl>`
}
${calls === 0 ? undefined : html`<p class="soft number">${duration(milliseconds)} · ${counted(calls, 'call')}</p>`}
</article>`
}

/** What a step changed, in a few words. */
function outcome({ state, counts }: StepFacts): string {
  if (state === 'failed' || state === 'waiting' || counts === undefined) return stateWords[state]
  const verbs = [
    [counts.create, 'created'],
    [counts.modify, 'changed'],
    [counts.delete, 'deleted'],
    [counts.detach, 'detached'],
  ] as const
  const done = verbs.filter(([count]) => count > 0).map(([count, verb]) => `${count} ${verb}`)
  return done.length === 0 ? stateWords.unchanged : done.join(', ')
}

const stepItem = (step: StepFacts): Markup => html`<li class="step ${step.state}">
${mark(step.state)}
<div><span class="does">${step.does}</span>
<span class="soft number">${outcome(step)}${step.state === 'waiting' ? '' : ` · ${duration(step.milliseconds)} · ${counted(step.calls, 'call')}`}</span></div></li>\n`

/** What the project has in an environment, by number. */
function holdingsOf(environment: EnvironmentFacts): readonly (readonly [string, number])[] {
  const { subnets, resources, groups, assignments, effectiveAccess } = environment
  const stock = countResources(resources ?? [])
  const folders = new Set(effectiveAccess?.map(({ path }) => path))
  const holdings = [
    ['subnets', Object.keys(subnets ?? {}).length],
    ['resources', stock.resources],
    ['private endpoints', stock.endpoints],
    ['groups', groups?.length ?? 0],
    ['roles', assignments?.length ?? 0],
    ['folders', folders.size],
  ] as const
  return holdings.filter(([, count]) => count > 0)
}
