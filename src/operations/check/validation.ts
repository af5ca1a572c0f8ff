import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { isForbidden, readFailure } from '../../azure/failure.ts'
import type { Session } from '../../azure/session.ts'
import { ofType } from '../../catalog/facts/api-versions.ts'
import { nestedDeployment } from '../../compose/nested-deployment.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import type { CreateStep } from '../../network/reserve.ts'
import { parseResourceId } from '../../resource-id.ts'
import { stackRequest } from '../provision/plan-stack.ts'
import { type SubnetSource, subnetSteps, typeOfStep } from './subnets-to-come.ts'

/** What Azure says of all that a delivery writes, before it is written. */
export interface Validation {
  /** What it refuses, resource by resource. */
  readonly refusals: readonly Refusal[]
  /** Why Azure was not asked; undefined when it was. */
  readonly notAsked: string | undefined
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
  const request = stackRequest(target, { template: withNetwork(template, steps ?? [], subscriptionId) })
  try {
    await validate({ ...request, validationLevel: 'ProviderNoRbac' })
    return { refusals: [], notAsked: undefined }
  } catch (error) {
    return validationBy(error)
  }
}

function validationBy(error: unknown): Validation {
  const { details, code, message } = readFailure(error)
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
