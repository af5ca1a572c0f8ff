import type { RunFailure } from '../plan/run-record.ts'
import { setupStep } from './chain.ts'
import type { Origin } from './delivery.ts'
import type { DeliveryFacts, StepFacts } from './facts.ts'
import { type Content, html, type Markup } from './html.ts'
import { link } from './links.ts'
import { bounded, code, moreLine } from './parts.ts'

const mostFaults = 40

/** A step that failed, and where. */
interface FailedStep {
  readonly step: StepFacts
  /** Absent for the request, which is of no environment. */
  readonly environment: string | undefined
}

/** The steps that failed; usually one, which ended the delivery. */
function failedSteps({ setup, request, environments }: DeliveryFacts): readonly FailedStep[] {
  const all: readonly FailedStep[] = [
    ...[setup, request].flatMap((step) => (step === undefined ? [] : [{ step, environment: undefined }])),
    ...environments.flatMap(({ title, common, steps }) =>
      [...common, ...steps].map((step) => ({ step, environment: title })),
    ),
  ]
  return all.filter(({ step }) => step.state === 'failed')
}

const row = (label: string, content: Content): Markup | undefined =>
  content === undefined || content === '' ? undefined : html`<div><dt>${label}</dt><dd>${content}</dd></div>`

/** The place to change; in the manifest with a link to the line, where the address has lines. */
function placeOf(where: RunFailure['where'], { manifest }: Origin): Markup | undefined {
  if (where === undefined) return undefined
  const { file, line, column } = where
  const url =
    file === manifest?.name && manifest.url?.startsWith('https:') ? `${manifest.url}#L${line}` : undefined
  return link(url, code(`${file}:${line}:${column}`))
}

/** What is wrong, in the order in which somebody who has to fix it reads: cause, what to do, where, why. */
const oneFault = (
  { what, fix, where, why, more, correlationId }: Omit<RunFailure, 'isDefect'>,
  origin: Origin,
): Markup =>
  html`<div class="fault"><p class="cause">${what}</p><dl>${row('Fix', fix)}${row('Place', placeOf(where, origin))}${row('Why', why)}${row('More', more && link(more, more))}${row('Correlation id for Azure support', correlationId && code(correlationId))}</dl></div>`

/** Each fault by itself, where they are known. */
function faultsOf({ failure }: StepFacts): readonly Omit<RunFailure, 'isDefect'>[] {
  if (failure === undefined) return []
  const { faults = [], correlationId } = failure
  if (faults.length === 0) return [failure]
  return faults.map((fault, index) => (index === 0 && correlationId ? { ...fault, correlationId } : fault))
}

/** Why a delivery failed: the cause first, then how to go on. */
export function failureSection(facts: DeliveryFacts): Markup | undefined {
  const failed = failedSteps(facts)
  if (failed.length === 0) return undefined
  return html`<section class="failed-run" aria-labelledby="cause">
<h2 id="cause">Why it stopped</h2>
${failed.map((each) => oneFailure(each, facts.origin))}
<p class="again"><strong>Then run it again.</strong> ${kept(failed)} ${code(facts.origin.again)}</p>
</section>`
}

const kept = (failed: readonly FailedStep[]): string =>
  failed.every(({ step }) => step.applied === 'nothing')
    ? 'This step changed nothing; what earlier ones did is kept.'
    : 'What was done is kept, and only what is missing is done.'

function oneFailure({ step, environment }: FailedStep, origin: Origin): Markup {
  const { shown, more } = bounded(faultsOf(step), mostFaults)
  const once = step.action === setupStep.action ? 'the set-up' : 'the request'
  const where = environment === undefined ? once : environment
  return html`${shown.map((fault) => oneFault(fault, origin))}${moreLine(more)}<p class="soft">At the step “${step.does}” (${step.action}) in ${where}.</p>`
}
