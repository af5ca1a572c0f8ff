import { openDeploymentStacks } from '../../azure/deployment-stacks.ts'
import { isForbidden, readFailure } from '../../azure/failure.ts'
import type { AssignedPolicy } from '../../azure/policies.ts'
import { apiVersions } from '../../catalog/facts/api-versions.ts'
import { nestedDeployment } from '../../compose/nested-deployment.ts'
import type { SubscriptionTemplate } from '../../compose/subscription-template.ts'
import type { CreateStep } from '../../network/reserve.ts'
import { parseResourceId } from '../../resource-id.ts'
import { stackRequest } from '../provision/plan-stack.ts'
import type { Situation } from './situation.ts'

/** What Azure says of a template before it is deployed, as far as policies are concerned. */
export interface Validated {
  /** The refusals by policies. */
  readonly refusals: readonly Refusal[]
  /** Why Azure did not get as far as asking all policies; undefined when it did. */
  readonly incomplete: string | undefined
}

interface Refusal {
  /** Names the policy and its assignment. */
  readonly message: string
  /** The resource: its id, or its name. */
  readonly target: string
}

/**
 * Lets Azure validate all that a delivery writes at once, the subnets to come included, so that what refers to them is
 * judged as it will be. Without asking for rights: whoever only reads may ask too.
 * https://learn.microsoft.com/rest/api/resources/deployments/validate-at-subscription-scope#validationlevel
 */
export async function validateWhole(
  { session, target, template }: Situation,
  steps: readonly CreateStep[],
): Promise<Validated> {
  const { subscriptionId } = target.project.factory
  const { validate } = await openDeploymentStacks(session, subscriptionId)
  const request = stackRequest(target, {
    template: withNetwork(template, steps, subscriptionId),
  })
  try {
    await validate({ ...request, validationLevel: 'ProviderNoRbac' })
    return { refusals: [], incomplete: undefined }
  } catch (error) {
    return validatedBy(error)
  }
}

const isByPolicy = ({ code }: { readonly code: string }): boolean => code === 'RequestDisallowedByPolicy'

function validatedBy(error: unknown): Validated {
  const { details, code, message } = readFailure(error)
  if (isForbidden(error) && !details.some(isByPolicy)) {
    return {
      refusals: [],
      incomplete:
        "The identity that checks may not let Azure validate it ('Microsoft.Resources/deployments/validate/action' on the subscription, and to read what is in it).",
    }
  }
  const others = details.filter((detail) => !isByPolicy(detail))
  const [first] = details.length === 0 ? [{ code, message }] : others
  return {
    refusals: details.filter(isByPolicy).map((one) => ({ message: one.message, target: one.target ?? '' })),
    incomplete:
      first === undefined
        ? undefined
        : `Azure refuses to validate it for another reason: ${first.code}: ${first.message.slice(0, 300)}`,
  }
}

/** Is a refusal about this policy? Azure names both it and its assignment. */
export const isAbout = ({ message }: Refusal, { policy, assignment }: AssignedPolicy): boolean =>
  message.includes(policy) && message.includes(assignment)

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
  const resources = steps.map((step) => ({ ...typed(step), name: nameIn(step), dependsOn: [], ...step.body }))
  const scope = { subscriptionId, resourceGroup }
  const network = nestedDeployment(
    { name: 'subnets-to-come', scope, homeSubscriptionId, dependsOn: [] },
    resources,
  )
  return { ...template, resources: [...template.resources, network] }
}

const typed = ({ kind }: CreateStep) => {
  const type =
    kind === 'subnet'
      ? 'Microsoft.Network/virtualNetworks/subnets'
      : 'Microsoft.Network/networkSecurityGroups'
  return { type, apiVersion: apiVersions[type] } as const
}

/** A subnet is a part of its VNet. */
const nameIn = ({ id }: CreateStep): string =>
  /\/virtualNetworks\/([^/]+)\/subnets\/([^/]+)$/i.exec(id)?.slice(1).join('/') ?? id.split('/').at(-1) ?? ''
