import type { WhatIfChange } from '@azure/arm-resourcesdeployments'
import type { DeploymentStack } from '@azure/arm-resourcesdeploymentstacks'
import { isJsonObject, type JsonObject } from '../json.ts'
import { azureError, explaining } from './errors.ts'
import { hasCode, isMissing, readFailure } from './failure.ts'
import { keepingReasons } from './raw-answer.ts'
import { managementOptions, type Session } from './session.ts'
import { type Poller, retryWhile, waitFor } from './waiting.ts'

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
  /** The stack, or undefined when there is none. When another run is deploying it, waits until that has ended. */
  readonly readSettled: (name: string) => Promise<ExistingStack | undefined>
  /** The template that the stack was deployed from last; undefined when there is no stack. */
  readonly deployedTemplate: (name: string) => Promise<JsonObject | undefined>
  /** Asks Azure whether it would accept the template. @throws UserError with the innermost refusals */
  readonly validate: (request: StackRequest) => Promise<void>
  /** Asks Azure what deploying the template would change. Says nothing of what the stack would remove. */
  readonly whatIf: (request: StackRequest) => Promise<readonly WhatIfChange[]>
  /** Deploys; what the stack managed and the template no longer holds is deleted. */
  readonly apply: (request: StackRequest) => Promise<ExistingStack>
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

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription#deploymentstackprovisioningstate */
const settledStates = ['succeeded', 'failed', 'canceled', 'unknown']

const isSettled = (stack: ExistingStack | undefined): boolean =>
  stack === undefined || settledStates.includes(stack.provisioningState.toLowerCase())

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

/** The reasons why a stack's run failed, which its poller does not tell; undefined when the stack knows none. */
function failureOf({ properties }: DeploymentStack): Error | undefined {
  if (properties?.error === undefined) return undefined
  const failed = (properties.failedResources ?? []).flatMap(({ id, error }) =>
    error === undefined ? [] : [{ ...(id !== undefined && { target: id }), ...error }],
  )
  const { code, message, details = [] } = properties.error
  return Object.assign(new Error(message ?? 'The deployment failed.'), {
    details: { code, message, details: [...failed, ...details] },
    requestId: properties.correlationId,
  })
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

  const read = async (name: string): Promise<ExistingStack | undefined> => {
    try {
      return existingStack(await stacks.getAtSubscription(name))
    } catch (error) {
      if (isMissing(error)) return undefined
      throw azureError(error, `Reading deployment stack '${name}'`)
    }
  }

  const readSettled = async (name: string): Promise<ExistingStack | undefined> => {
    let stack = await read(name)
    if (isSettled(stack)) return stack
    session.progress(`Another run is deploying '${name}'. Waiting until it has ended`)
    const reread = async (): Promise<void> => {
      stack = await read(name)
    }
    await waitFor({ poll: reread, isDone: () => isSettled(stack) }, 'the other deployment', session)
    return stack
  }

  /** What another run deploys since it was last looked at is waited for. A run that was cut off goes on in Azure too. */
  const whenFree = <T>(name: string, begin: () => Promise<T>): Promise<T> => {
    const isBusy = (error: unknown): boolean => hasCode(error, 'DeploymentStackInNonTerminalState')
    const once = async (): Promise<T> => {
      try {
        return await begin()
      } catch (error) {
        if (isBusy(error)) await readSettled(name)
        throw error
      }
    }
    const temporary = (error: unknown): string | undefined =>
      isBusy(error) ? 'another run was in the way' : undefined
    return retryWhile(once, temporary, `Deployment stack '${name}'`, session)
  }

  /** Begins, waits until it is done, and says why when it failed. */
  const run = async (name: string, begin: () => Promise<Poller<unknown>>, what: string): Promise<void> => {
    try {
      await waitFor(await whenFree(name, begin), what, session)
    } catch (error) {
      const { status, code } = readFailure(error)
      // A refused request says why. A run that failed says only that it did; the stack keeps the reasons.
      if (status !== undefined || code !== '') throw error
      throw failureOf(await stacks.getAtSubscription(name)) ?? error
    }
  }

  const deployedTemplate = async (name: string): Promise<JsonObject | undefined> => {
    try {
      const { template } = await stacks.exportTemplateAtSubscription(name)
      return isJsonObject(template) ? template : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw azureError(error, `Reading the template of deployment stack '${name}'`)
    }
  }

  return {
    readSettled,
    deployedTemplate,
    validate: (request) =>
      explaining(`Validating '${request.name}'`, () =>
        keepingReasons(async (options) => {
          const body = deploymentBody(request)
          const poller = deployments.validateAtSubscriptionScope(request.name, body, options)
          await waitFor(poller, 'the validation of the template', session)
        }),
      ),
    whatIf: (request) =>
      explaining(`Asking what '${request.name}' would change`, () =>
        keepingReasons(async (options) => {
          const { location, properties } = deploymentBody(request)
          const whatIfSettings = { resultFormat: 'FullResourcePayloads' as const }
          const body = { location, properties: { ...properties, whatIfSettings } }
          const poller = deployments.whatIfAtSubscriptionScope(request.name, body, options)
          await waitFor(poller, "Azure's answer what would change", session)
          const { changes, error } = await poller
          if (isJsonObject(error)) throw Object.assign(new Error('What-if failed'), { details: error })
          return changes ?? []
        }),
      ),
    apply: (request) =>
      explaining(`Deploying '${request.name}'`, async () => {
        const begin = () => stacks.beginCreateOrUpdateAtSubscription(request.name, stackBody(request))
        await run(request.name, begin, 'the deployment')
        return existingStack(await stacks.getAtSubscription(request.name))
      }),
  }
}
