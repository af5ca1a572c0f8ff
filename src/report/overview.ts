import type { CostEstimate } from '../plan/cost.ts'
import { changesOf, tallyTable } from './changes.ts'
import { costOf, dollars } from './cost.ts'
import type { Named } from './delivery.ts'
import type { DeliveryFacts, EnvironmentFacts, StepFacts, StepState } from './facts.ts'
import { type Content, html, Markup } from './html.ts'
import { changesIn, comparedIn, type LedgerRow, ledgerOf, presentOf, total } from './ledger.ts'
import { link, portalLink } from './links.ts'
import { badge, code, counted, duration, listed, moment } from './parts.ts'

const tick = '<path d="M4.5 8.5 7 11l4.5-5.5"/>'
const symbols: Readonly<Record<StepState, string>> = {
  passed: tick,
  changed: tick,
  unchanged: '<path d="M5 6.5h6M5 9.5h6"/>',
  refused: '<path d="M8 4.5v4M8 11v.5"/>',
  failed: '<path d="m5.5 5.5 5 5m0-5-5 5"/>',
  waiting: '',
}
const stateWords: Readonly<Record<StepState, string>> = {
  passed: 'passed',
  changed: 'done',
  unchanged: 'nothing to change',
  refused: 'not applied, documents are older',
  failed: 'failed',
  waiting: 'not reached',
}

/** A sign for how a step ended, with words for those who do not see it. */
export const mark = (state: StepState): Markup =>
  html`<span class="mark ${state}"><svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">${new Markup(symbols[state])}</svg><span class="hidden">${stateWords[state]}:</span></span>`

/** How an environment stands, by its steps. */
function stateOf({ common, steps: own }: EnvironmentFacts): Exclude<StepState, 'passed'> | 'partly' {
  const steps = [...common, ...own]
  if (steps.some(({ state }) => state === 'failed')) return 'failed'
  if (steps.some(({ state }) => state === 'refused')) return 'refused'
  if (steps.every(({ state }) => state === 'waiting')) return 'waiting'
  if (steps.some(({ state }) => state === 'waiting')) return 'partly'
  return steps.some(({ state }) => state === 'changed') ? 'changed' : 'unchanged'
}

const stateBadges: Readonly<Record<ReturnType<typeof stateOf>, Markup>> = {
  changed: badge('delivered', 'good'),
  unchanged: badge('nothing to change', 'good'),
  refused: badge('documents are older', 'warn'),
  failed: badge('failed', 'bad'),
  partly: badge('not complete', 'warn'),
  waiting: badge('not reached', 'calm'),
}

const failedIn = ({ environments }: DeliveryFacts): EnvironmentFacts | undefined =>
  environments.find((environment) => stateOf(environment) === 'failed')

/** What the report is about. */
export const titleOf = ({ project = '', name }: DeliveryFacts): string =>
  [project === '' ? 'New project' : `Project ${project}`, ...(name === undefined ? [] : [name])].join(' · ')

/** The delivery in one sentence. */
function headline(facts: DeliveryFacts): string {
  const { request, environments } = facts
  if (facts.setup?.state === 'failed') return 'The factory could not be set up.'
  if (request?.state === 'failed')
    return `The request could not be accepted. ${facts.setup === undefined ? 'Nothing was created.' : 'No project was created.'}`
  const failed = failedIn(facts)
  if (failed !== undefined) {
    const step = [...failed.common, ...failed.steps].find(({ state }) => state === 'failed')
    return step?.mode === 'check'
      ? `Stopped in ${failed.title} before its first change: a check found what would have stopped it later.`
      : `Stopped in ${failed.title}: could not ${step?.does ?? 'go on'}.`
  }
  if (environments.length === 0) return 'Nothing was delivered.'
  const refused = environments.filter((environment) => stateOf(environment) === 'refused')
  if (refused.length > 0) return refusal(refused)
  const names = listed(environments.map(({ title }) => title))
  if (environments.some((environment) => ['waiting', 'partly'].includes(stateOf(environment))))
    return `The delivery to ${names} is not complete.`
  return environments.every((environment) => stateOf(environment) === 'unchanged')
    ? `Everything in ${names} was already as the manifest says. Nothing was changed.`
    : `Delivered to ${names}.`
}

/** The default branch may have got newer documents while the steps ran. */
function refusal(refused: readonly EnvironmentFacts[]): string {
  const names = listed(refused.map(({ title }) => title))
  const newer = 'the default branch has newer documents of this project'
  return refused.some(({ steps }) => steps.some(({ state }) => state === 'changed'))
    ? `The delivery to ${names} was not finished, because by now ${newer}.`
    : `Nothing was changed in ${names}, because ${newer}.`
}

const figure = (value: Content, label: Content): Markup =>
  html`<div class="figure"><dt>${label}</dt><dd>${value}</dd></div>`

const trait = (label: string, value: Content): Markup => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

const named = ({ name, url }: Named): Markup => link(url, name)

/** Whose it is, where it is, and where it comes from. */
function traits({ described, origin, started }: DeliveryFacts): Markup {
  const { run, actor, manifest, commit } = origin
  const when = started === undefined ? undefined : moment(started)
  const project = described?.project
  return html`<dl class="traits">
${
  project && [
    trait('Owner', project.owner),
    project.costCenter === '' ? undefined : trait('Cost centre', project.costCenter),
    trait('Factory', `${project.factory.name}-${project.factory.instance}`),
    trait('Region', project.factory.location),
    trait('Access', project.factory.accessMode),
  ]
}
${when && trait('When', html`<time datetime="${started}">${when.day}, ${when.clock} UTC</time>`)}
${run && trait('By', html`${named(run)}${actor === undefined ? '' : `, started by ${actor}`}`)}
${manifest && trait('Manifest', html`${named(manifest)}${commit && html` at ${named(commit)}`}`)}
</dl>`
}

/** Title, outcome and origin of the whole delivery. */
export function header(facts: DeliveryFacts): Markup {
  const failed =
    [facts.setup, facts.request].some((step) => step?.state === 'failed') || failedIn(facts) !== undefined
  return html`<header class="top">
<p class="eyebrow">AI Factory · delivery report</p>
<h1>${titleOf(facts)}</h1>
<p class="headline ${failed ? 'failed' : 'good'}">${headline(facts)}</p>
${traits(facts)}
${facts.origin.note && html`<p class="note">${facts.origin.note}</p>`}
</header>`
}

/** The steps of all environments, as they are counted. */
const allSteps = ({ setup, request, environments }: DeliveryFacts): readonly (readonly StepFacts[])[] => [
  ...[setup, request].flatMap((step) => (step === undefined ? [] : [[step]])),
  ...environments.flatMap(({ common, steps }) => [common, steps]),
]

function figures(facts: DeliveryFacts): Markup | undefined {
  const { environments, milliseconds, calls } = facts
  if (environments.length === 0) return undefined
  const changed = allSteps(facts).reduce((sum, steps) => sum + changesOf(steps), 0)
  const costs = environments.flatMap(costsOf)
  const perMonth = costs.reduce((sum, { after }) => sum + after, 0)
  return html`<dl class="figures">
${figure(environments.length, environments.length === 1 ? 'environment' : 'environments')}
${figure(changed, changed === 1 ? 'change made' : 'changes made')}
${costs.length === 0 ? undefined : figure(`≈ ${dollars(perMonth)}`, environments.length === 1 ? 'a month, by list prices' : `a month in ${environments.length} environments, by list prices`)}
${figure(duration(milliseconds), 'in all steps')}
${calls === undefined ? undefined : figure(calls, 'calls to Azure and GitHub')}
</dl>`
}

/** Figures of the whole delivery, a column for each environment, and the sums. */
export function overview(facts: DeliveryFacts): Markup {
  const { environments, setup, request } = facts
  return html`${figures(facts)}
${setup && onceLine('Set-up', setup)}
${request && onceLine('Request', request)}
<section class="cards" aria-label="Environments">${environments.map((environment) => card(environment, facts))}</section>`
}

/** How the changes of all environments add up. */
export function sums({ setup, request, environments }: DeliveryFacts): Markup | undefined {
  const parts = [
    ...(setup === undefined ? [] : [{ title: 'Set-up', steps: [setup] }]),
    ...(request === undefined ? [] : [{ title: 'Request', steps: [request] }]),
    ...environments.flatMap(({ title, common, steps }) => [
      { title: `Common area of ${title}`, steps: common },
      { title, steps },
    ]),
  ]
  const all = parts.map(({ title, steps }): LedgerRow & { readonly changes: number } => {
    const tally = total(ledgerOf(steps).map((row) => row.tally))
    return { title, explanation: '', tally, changes: changesIn(tally) }
  })
  const rows = all.filter(({ tally }) => comparedIn(tally) > 0)
  if (rows.length < 2 || rows.every(({ changes }) => changes === 0)) return undefined
  return html`<section class="block sums" aria-labelledby="sums">
<h2 id="sums">How the changes add up</h2>
${tallyTable(rows, 'Changes in each environment', 'In')}
<p class="note">Counted are resources and their parts, subnets, groups, memberships, role assignments and folders, each once; under “What changed” each environment has its own table.</p>
</section>`
}

/** What is done once, for all environments. */
const onceLine = (title: string, { state, does, milliseconds, calls }: StepFacts): Markup =>
  html`<section class="request" aria-label="${title}">
<p>${mark(state)} <strong>${title}</strong> ${does} <span class="soft number">${timing(milliseconds, calls)}</span></p>
</section>`

const timing = (milliseconds: number, calls: number | undefined): string =>
  [duration(milliseconds), ...(calls === undefined ? [] : [counted(calls, 'call')])].join(' · ')

function card(environment: EnvironmentFacts, { origin }: DeliveryFacts): Markup {
  const { title, common, steps: own, described, resourceGroup } = environment
  const steps = [...common, ...own]
  const milliseconds = steps.reduce((sum, step) => sum + step.milliseconds, 0)
  const calls = steps.map((step) => step.calls).filter((count) => count !== undefined)
  const reached = steps.filter(({ state }) => state !== 'waiting')
  const holdings = holdingsOf(environment)
  const costs = costsOf(environment)
  const portal =
    described && portalLink(origin.portal, described.project.factory.tenantId, described.ids.resourceGroup)
  return html`<article class="card">
<h2>${title} ${stateBadges[stateOf(environment)]}</h2>
${reached.length === 0 ? html`<p class="soft unreached">None of its ${steps.length} steps was reached.</p>` : html`${stepList('Common area', common)}${stepList(common.length === 0 ? undefined : 'Project', own)}`}
${
  holdings.length === 0
    ? undefined
    : html`<dl class="holdings">${holdings.map(([label, count]) => html`<div><dt>${label}</dt><dd>${count}</dd></div>`)}</dl>`
}
${reached.length === 0 ? undefined : html`<p class="soft number">${timing(milliseconds, calls.length === reached.length ? calls.reduce((sum, count) => sum + count, 0) : undefined)}${costs.length === 0 ? '' : ` · ≈ ${dollars(costs.reduce((sum, { after }) => sum + after, 0))} a month`}</p>`}
${resourceGroup && html`<p class="soft place">${link(portal, code(resourceGroup))}</p>`}
</article>`
}

/** Steps in their order, under a heading where there is more than one list. */
const stepList = (heading: string | undefined, steps: readonly StepFacts[]): Markup | undefined =>
  steps.length === 0
    ? undefined
    : html`${heading && html`<h3 class="steps-of">${heading}</h3>`}<ol class="steps">${steps.map(stepItem)}</ol>`

/** What the common area costs, where it was delivered too, and what the project costs. */
const costsOf = (environment: EnvironmentFacts): readonly CostEstimate[] =>
  [environment.common, environment.steps].flatMap((steps) => costOf({ steps }) ?? [])

/** What a step changed, in a few words. */
function outcome({ state, ...step }: StepFacts): string {
  if (!['changed', 'unchanged'].includes(state) || step.plan === undefined) return stateWords[state]
  const tally = total(ledgerOf([{ state, ...step }]).map((row) => row.tally))
  const verbs = [
    [tally.create, 'created'],
    [tally.modify, 'changed'],
    [tally.delete, 'deleted'],
    [tally.detach, 'detached'],
  ] as const
  const done = verbs.filter(([count]) => count > 0).map(([count, verb]) => `${count} ${verb}`)
  return done.length === 0 ? stateWords.unchanged : done.join(', ')
}

const stepItem = (step: StepFacts): Markup => html`<li class="step ${step.state}">
${mark(step.state)}
<div><span class="does">${step.does}</span>
<span class="soft number">${outcome(step)}${step.started === undefined ? '' : ` · ${timing(step.milliseconds, step.calls)}`}</span></div></li>\n`

/** What the project has in an environment, by number: as the table of what changed counts it. */
function holdingsOf({ steps }: EnvironmentFacts): readonly (readonly [string, number])[] {
  const rows = ledgerOf(steps)
  const holdings = [
    ['subnets', 'Subnets'],
    ['resources', 'Resources'],
    ['private endpoints', 'Private endpoints'],
    ['groups', 'Groups'],
    ['role assignments', 'Role assignments'],
    ['folders', 'Folders'],
  ] as const
  return holdings
    .map(([label, title]) => [label, presentOf(rows, title)] as const)
    .filter(([, count]) => count > 0)
}
