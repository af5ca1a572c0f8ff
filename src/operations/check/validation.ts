import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { azureError } from '../../azure/errors.ts'
import { AzureError, isForbidden, readFailure } from '../../azure/failure.ts'
import type { Session } from '../../azure/session.ts'
import { ofType } from '../../catalog/facts/api-versions.ts'
import { nestedDeployment } from '../../compose/nested-deployment.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import type { CreateStep } from '../../network/reserve.ts'
import { parseResourceId } from '../../resource-id.ts'
import { projectStack } from '../provision/project-stack.ts'
import { isKeptConflict } from '../stack/kept-softly.ts'
import { stackRequest } from '../stack/plan-stack.ts'
import { type Finding, unchecked } from './finding.ts'
import { type SubnetSource, subnetSteps, typeOfStep } from './subnets-to-come.ts'

/** What Azure says of all that a delivery writes, before it is written. */
export interface Validation {
  /** What it refuses, resource by resource. */
  readonly refusals: readonly Refusal[]
  /** Why Azure was not asked, or did not answer; undefined when it did. */
  readonly notAsked: string | undefined
  /** Are subnets to come, which whoever validates may miss? */
  readonly lacksSubnets: boolean
}

/** One refusal of a validation. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** The resource: its id, or its name; empty when Azure does not say. */
  readonly target: string
}

/** What is validated. */
export interface ValidationSource extends SubnetSource {
  readonly session: Session
  readonly template: SubscriptionTemplate
}

/**
 * Lets Azure validate all that a delivery writes at once, the subnets to come included, so that what refers to them is
 * judged as it will be. Without asking for rights: whoever only reads may ask too.
 * https://learn.microsoft.com/rest/api/resources/deployments/validate-at-subscription-scope#validationlevel
 */
export async function validateWhole(source: ValidationSource): Promise<Validation> {
  const { session, target, template } = source
  const { subscriptionId } = target.project.factory
  const [{ validate }, steps] = await Promise.all([
    openDeploymentStacks(session, subscriptionId),
    subnetSteps(source),
  ])
  const request = stackRequest(projectStack(target), {
    template: withNetwork(template, steps ?? [], subscriptionId),
  })
  const lacksSubnets = steps === undefined || steps.length > 0
  try {
    await validate({ ...request, validationLevel: 'ProviderNoRbac' })
    return { refusals: [], notAsked: undefined, lacksSubnets }
  } catch (error) {
    return { ...validationBy(error), lacksSubnets }
  }
}

function validationBy(error: unknown): Omit<Validation, 'lacksSubnets'> {
  const { details, code, message, status } = readFailure(error)
  if (!isRefusal(status, details.length > 0)) {
    return { refusals: [], notAsked: azureError(error, 'Letting Azure validate the delivery').parts.what }
  }
  const refusals = (details.length === 0 ? [{ code, message }] : details).map((one) => ({
    target: '',
    ...one,
  }))
  if (!isForbidden(error) || refusals.some(isByPolicy)) return { refusals, notAsked: undefined }
  return {
    refusals: [],
    notAsked:
      "The identity that checks may not let Azure validate it: that takes 'Microsoft.Resources/deployments/validate/action' on the subscription, and to read what is in it.",
  }
}

/** A validation that is accepted and fails later has no status. One that is not answered refuses nothing. */
const isRefusal = (status: number | undefined, hasDetails: boolean): boolean =>
  status === undefined ? hasDetails : status >= 400 && status < 500 && status !== 408 && status !== 429

/** Does Azure refuse the template as it is, whatever its policies and what it keeps of deleted resources? */
export async function checkTemplate({
  validation,
}: {
  readonly validation: () => Promise<Validation>
}): Promise<readonly Finding[]> {
  const answer = await validation()
  const { refusals, notAsked } = answer
  if (notAsked !== undefined) {
    return [unchecked('Whether Azure accepts the template of the delivery.', notAsked)]
  }
  const others = refusals.filter((one) => !isByPolicy(one) && !isKeptConflict(asError([one])))
  if (others.length === 0) {
    return [{ severity: 'good', what: 'Azure validates the template, and refuses nothing but what is said.' }]
  }
  const early = others.filter((one) => answer.lacksSubnets && isAboutNetwork(one))
  return [
    ...refusalFindings(others.filter((one) => !early.includes(one))),
    ...early.map((one) =>
      unchecked(
        `Azure refuses it, perhaps only because the subnets are still to come: ${sentenceOf(one)}`,
        'What stands in a subnet can be validated fully when the subnet is there.',
      ),
    ),
  ]
}

const isAboutNetwork = ({ code, message }: Refusal): boolean =>
  /subnet|virtual ?network/i.test(`${code} ${message}`)

/** Refusals as Azure's errors are reported anywhere: once each, with what helps. */
export function refusalFindings(refusals: readonly Refusal[]): readonly Finding[] {
  if (refusals.length === 0) return []
  const { what, why, fix, faults } = azureError(asError(refusals), 'Validating the delivery').parts
  return (faults ?? [{ what, why, fix }]).map((one) => ({
    severity: 'fault',
    what: one.what,
    ...(one.why && { why: one.why }),
    ...(one.fix && { fix: one.fix }),
  }))
}

const asError = (details: readonly Refusal[]): AzureError =>
  new AzureError({
    status: undefined,
    code: 'InvalidTemplateDeployment',
    message: '',
    correlationId: undefined,
    retryAfter: undefined,
    details,
  })

const longest = 300

const sentenceOf = ({ code, message }: Refusal): string => {
  const line = message.replace(/\s+/g, ' ')
  return `${code}: ${line.slice(0, longest)}${line.length > longest ? ' …' : ''}`
}

/** Why Azure may not have got as far as a question: it was not asked, or it refuses because of something else. */
export function incompleteness(
  { refusals, notAsked }: Validation,
  isAnswer: (refusal: Refusal) => boolean,
): string | undefined {
  const other = refusals.find((one) => !isAnswer(one))
  return other === undefined
    ? notAsked
    : `Azure refuses to validate it for another reason: ${sentenceOf(other)}`
}

/** Did a policy refuse it? */
export const isByPolicy = ({ code }: Pick<Refusal, 'code'>): boolean => code === 'RequestDisallowedByPolicy'

/** The template together with the subnets and network security groups that ip-calc creates before. */
function withNetwork(
  template: SubscriptionTemplate,
  steps: readonly CreateStep[],
  homeSubscriptionId: string,
): SubscriptionTemplate {
  const [first] = steps
  const place = first && parseResourceId(first.id)
  if (place === undefined) return template
  const { subscriptionId, resourceGroup } = place
  const resources = steps.map((step) => ({
    ...ofType(typeOfStep(step)),
    name: nameIn(step),
    dependsOn: [],
    ...step.body,
  }))
  const scope = { subscriptionId, resourceGroup }
  const network = nestedDeployment(
    { name: 'subnets-to-come', scope, homeSubscriptionId, dependsOn: [] },
    resources,
  )
  return { ...template, resources: [...template.resources, network] }
}

/** A subnet is a part of its VNet. */
const nameIn = ({ id }: CreateStep): string =>
  /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(id)?.slice(1).join('/') ?? id.split('/').at(-1) ?? ''
