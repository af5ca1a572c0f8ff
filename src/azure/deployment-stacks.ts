import type { WhatIfChange } from '@azure/arm-resourcesdeployments'
import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { explaining } from './errors.ts'
import { isMissing, readFailure } from './failure.ts'
import { managementOptions, type Session } from './session.ts'
import { waitFor } from './waiting.ts'

/** A deployment stack as it is in Azure. */
export interface ExistingStack {
  readonly provisioningState: string
  /** Ids of the resources the stack manages. */
  readonly resourceIds: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** What is to be deployed under one name at subscription scope. */
export interface StackRequest {
  readonly name: string
  readonly location: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  /** An ARM template for subscription scope. */
  readonly template: JsonObject
}

/** Deployment stacks of one subscription. https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks */
export interface DeploymentStacks {
  readonly read: (name: string) => Promise<ExistingStack | undefined>
  /** Asks Azure whether it would accept the template. @throws UserError with the innermost refusals */
  readonly validate: (request: StackRequest) => Promise<void>
  /** Asks Azure what deploying the template would change. Says nothing of what the stack would remove. */
  readonly whatIf: (request: StackRequest) => Promise<readonly WhatIfChange[]>
  /** Deploys; what the stack managed and the template no longer holds is deleted. */
  readonly apply: (request: StackRequest) => Promise<ExistingStack>
  /** Deletes the stack with all it manages. */
  readonly destroy: (name: string) => Promise<void>
}

interface StackLike {
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: {
    readonly provisioningState?: string
    readonly resources?: readonly { readonly id?: string }[]
  }
}

const existingStack = (stack: StackLike): ExistingStack => ({
  provisioningState: stack.properties?.provisioningState ?? 'unknown',
  resourceIds: (stack.properties?.resources ?? []).flatMap(({ id }) => id ?? []),
  tags: stack.tags ?? {},
})

const stackBody = ({ location, description, tags, template }: StackRequest) => ({
  location,
  tags: { ...tags },
  properties: {
    description,
    template: { ...template },
    parameters: {},
    actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete', managementGroups: 'detach' },
    denySettings: { mode: 'none' },
  },
})

const deploymentBody = ({ location, template }: StackRequest) => ({
  location,
  properties: { mode: 'Incremental' as const, template: { ...template }, parameters: {} },
})

interface FailedStack {
  readonly properties?: { readonly error?: object; readonly correlationId?: string }
}

/** Why a stack's last deployment failed, in the shape of the errors that Microsoft's clients throw. */
function stackFailure({ properties }: FailedStack): Error | undefined {
  const { error, correlationId } = properties ?? {}
  if (error === undefined) return undefined
  return Object.assign(new Error('The deployment failed.'), { details: error, requestId: correlationId })
}

const refusalSchema = z.object({ error: z.looseObject({ message: z.string() }) })

/** The reasons in the body of an answer, in the shape of the errors that Microsoft's clients throw. */
function refusal(body: string): Error | undefined {
  if (body === '') return undefined
  const { success, data } = refusalSchema.safeParse(JSON.parse(body))
  return success ? Object.assign(new Error(data.error.message), { details: data.error }) : undefined
}

/** Opens the deployment stacks of a subscription. */
export async function openDeploymentStacks(
  session: Session,
  subscriptionId: string,
): Promise<DeploymentStacks> {
  const [{ DeploymentStacksClient }, { DeploymentsClient }] = await Promise.all([
    import('@azure/arm-resourcesdeploymentstacks'),
    import('@azure/arm-resourcesdeployments'),
  ])
  const options = managementOptions(session)
  const stacks = new DeploymentStacksClient(session.credential, subscriptionId, {
    ...options,
    $host: session.cloud.resourceManager,
    credentialScopes: options.credentials.scopes,
  }).deploymentStacks
  const deployments = new DeploymentsClient(session.credential, subscriptionId, options).deployments

  return {
    read: async (name) => {
      try {
        return existingStack(await stacks.getAtSubscription(name))
      } catch (error) {
        if (isMissing(error)) return undefined
        return explaining(`Reading deployment stack '${name}'`, () => Promise.reject(error))
      }
    },
    validate: (request) =>
      explaining(`Validating '${request.name}'`, async () => {
        let answer = ''
        // The client takes a refusal for a failed operation and drops its body, which holds the reasons.
        const poller = deployments.validateAtSubscriptionScope(request.name, deploymentBody(request), {
          onResponse: ({ bodyAsText }) => {
            answer = bodyAsText ?? ''
          },
        })
        try {
          await waitFor(poller, 'the validation of the template', session)
        } catch (error) {
          throw refusal(answer) ?? error
        }
        const refused = refusal(answer)
        if (refused !== undefined) throw refused
      }),
    whatIf: (request) =>
      explaining(`Asking what '${request.name}' would change`, async () => {
        const { location, properties } = deploymentBody(request)
        const poller = deployments.whatIfAtSubscriptionScope(request.name, {
          location,
          properties: { ...properties, whatIfSettings: { resultFormat: 'FullResourcePayloads' } },
        })
        await waitFor(poller, "Azure's answer what would change", session)
        const { changes, error } = await poller
        if (isJsonObject(error)) throw Object.assign(new Error('What-if failed'), { details: error })
        return changes ?? []
      }),
    apply: (request) =>
      explaining(`Deploying '${request.name}'`, async () => {
        try {
          const poller = await stacks.beginCreateOrUpdateAtSubscription(request.name, stackBody(request))
          await waitFor(poller, 'the deployment', session)
          poller.getResult()
        } catch (error) {
          const { status, code } = readFailure(error)
          // A refused request says why. A deployment that failed says only that it did; the stack keeps the reasons.
          if (status !== undefined || code !== '') throw error
          throw stackFailure(await stacks.getAtSubscription(request.name)) ?? error
        }
        return existingStack(await stacks.getAtSubscription(request.name))
      }),
    destroy: (name) =>
      explaining(`Deleting deployment stack '${name}'`, async () => {
        try {
          const poller = await stacks.beginDeleteAtSubscription(name, {
            unmanageActionResources: 'delete',
            unmanageActionResourceGroups: 'delete',
            unmanageActionManagementGroups: 'detach',
          })
          await waitFor(poller, 'the removal', session)
        } catch (error) {
          if (!isMissing(error)) throw error
        }
      }),
  }
}
