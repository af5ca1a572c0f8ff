import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { openArm } from './arm.ts'
import { azureError, explaining } from './errors.ts'
import { AzureError, failureOf, hasCode, isMissing } from './failure.ts'
import { poll } from './long-running.ts'
import { retryWhile } from './retry.ts'
import type { Session } from './session.ts'
import { type StackRequest, stackProperties } from './stack-request.ts'
import { openStackWhatIfs, type StackWhatIfs } from './stack-what-if.ts'
import type { WhatIfChange, WhatIfProperty } from './what-if.ts'

/** A deployment stack as it is in Azure. */
export interface ExistingStack {
  readonly provisioningState: string
  /** When it was changed last. */
  readonly modified: string | undefined
  /** Ids of the resources the stack manages. */
  readonly resourceIds: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** Deployment stacks of one subscription. https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks */
export interface DeploymentStacks {
  /** The stack, or undefined when there is none. When another run is deploying it, waits until that has ended. */
  readonly readSettled: (name: string) => Promise<ExistingStack | undefined>
  /** The template that the stack was deployed from last; undefined when there is no stack. */
  readonly deployedTemplate: (name: string) => Promise<JsonObject | undefined>
  /** Asks Azure whether it would accept the template. @throws UserError with the innermost refusals */
  readonly validate: (request: StackRequest) => Promise<void>
  /** Asks Azure what an update of the stack would change. */
  readonly stackWhatIf: StackWhatIfs['run']
  /** Asks Azure what deploying the template would change. Says nothing of what the stack would remove. */
  readonly whatIf: (request: StackRequest) => Promise<readonly WhatIfChange[]>
  /** Deploys; what the stack managed and the template no longer holds is deleted. */
  readonly apply: (request: StackRequest) => Promise<ExistingStack>
}

/** Types of changes begin with a capital letter here, unlike those of a stack's what-if. */
const changeType = z.string().transform((text) => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`)

const property: z.ZodType<WhatIfProperty> = z
  .object({
    path: z.string(),
    propertyChangeType: changeType,
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    get children() {
      return z.array(property).nullish()
    },
  })
  .transform(({ propertyChangeType, children, ...rest }) => ({
    ...rest,
    changeType: propertyChangeType,
    children: children ?? [],
  }))

const whatIfSchema = z.object({
  properties: z.object({
    changes: z.array(
      z
        .object({
          resourceId: z.string().nullish(),
          changeType,
          delta: z.array(property).nullish(),
          unsupportedReason: z.string().nullish(),
        })
        .transform(
          ({ resourceId, delta, unsupportedReason, ...rest }): WhatIfChange => ({
            ...rest,
            ...(resourceId && { id: resourceId }),
            isCertain: true,
            takesOver: false,
            delta: delta ?? [],
            ...(unsupportedReason && { unsupportedReason }),
          }),
        ),
    ),
  }),
})

/** What validation answers; a refusal is an error. https://learn.microsoft.com/rest/api/resources/deployments/validate-at-subscription-scope */
const validationSchema = z.object({ properties: z.looseObject({}) })

const templateSchema = z.object({ template: z.custom<JsonObject>(isJsonObject, 'is no object') })

/** How a stack's last run ended. */
const outcomeSchema = z.object({
  correlationId: z.string().nullish(),
  error: z.looseObject({ details: z.array(z.unknown()).nullish() }).nullish(),
  failedResources: z
    .array(z.object({ id: z.string().nullish(), error: z.looseObject({}).nullish() }))
    .nullish(),
})

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription */
const stackSchema = z
  .object({
    tags: z.record(z.string(), z.string()).nullish(),
    systemData: z.object({ lastModifiedAt: z.string().nullish() }).nullish(),
    properties: outcomeSchema.extend({
      provisioningState: z.string(),
      resources: z.array(z.object({ id: z.string() })).nullish(),
    }),
  })
  .transform(({ tags, systemData, properties }) => ({
    existing: {
      provisioningState: properties.provisioningState,
      modified: systemData?.lastModifiedAt ?? undefined,
      resourceIds: (properties.resources ?? []).map(({ id }) => id),
      tags: tags ?? {},
    },
    failure: failureOfStack(properties),
  }))

/** Why a stack's last run failed, with the resources it failed on; undefined when the stack knows of no reason. */
function failureOfStack(outcome: z.infer<typeof outcomeSchema>): AzureError | undefined {
  const { error, failedResources, correlationId } = outcome
  if (!error) return undefined
  const failed = (failedResources ?? []).flatMap((one) =>
    one.error ? [{ ...(one.id && { target: one.id }), ...one.error }] : [],
  )
  return new AzureError(
    failureOf({
      header: (name) => (name === 'x-ms-correlation-request-id' ? (correlationId ?? undefined) : undefined),
      body: { error: { ...error, details: [...failed, ...(error.details ?? [])] } },
    }),
  )
}

const settledStates = ['succeeded', 'failed', 'canceled', 'unknown']

/** https://learn.microsoft.com/rest/api/resources/deployment-stacks/get-at-subscription#deploymentstackprovisioningstate */
const isSettled = (stack: ExistingStack | undefined): boolean =>
  stack === undefined || settledStates.includes(stack.provisioningState.toLowerCase())

const stackBody = (request: StackRequest): JsonObject => ({
  location: request.location,
  tags: request.tags,
  properties: stackProperties(request),
})

const deploymentBody = (
  { location, template, validationLevel }: StackRequest,
  settings: JsonObject = {},
): JsonObject => ({
  location,
  properties: {
    mode: 'Incremental',
    template,
    parameters: {},
    ...(validationLevel && { validationLevel }),
    ...settings,
  },
})

const stacksVersion = '2024-03-01'
const deploymentsVersion = '2025-04-01'

/** Opens the deployment stacks of a subscription. */
export async function openDeploymentStacks(
  session: Session,
  subscriptionId: string,
): Promise<DeploymentStacks> {
  const arm = await openArm(session)
  const { run: stackWhatIf } = await openStackWhatIfs(session, subscriptionId)
  const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources`
  const stack = (name: string, action = '') => ({
    path: `${provider}/deploymentStacks/${name}${action}`,
    apiVersion: stacksVersion,
  })
  const deployment = (name: string, action: string) => ({
    path: `${provider}/deployments/${name}/${action}`,
    apiVersion: deploymentsVersion,
  })

  const read = async (name: string): Promise<ExistingStack | undefined> => {
    try {
      return (await arm.get(stack(name), stackSchema)).existing
    } catch (error) {
      if (isMissing(error)) return undefined
      throw azureError(error, `Reading deployment stack '${name}'`)
    }
  }

  const readSettled = async (name: string): Promise<ExistingStack | undefined> => {
    const first = await read(name)
    if (isSettled(first)) return first
    session.progress(`Another run is deploying '${name}'. Waiting for it to finish`)
    const reread = async () => {
      const found = await read(name)
      return isSettled(found) ? { found } : undefined
    }
    return (await poll(reread, 'the other deployment', session)).found
  }

  const isBusy = (error: unknown): boolean => hasCode(error, 'DeploymentStackInNonTerminalState')

  /** What another run deploys is waited for. A run that was cut off goes on in Azure too. */
  const deploy = async (request: StackRequest): Promise<ExistingStack> => {
    try {
      const change = { ...stack(request.name), body: stackBody(request), waitingFor: 'the deployment' }
      return (await arm.put(change, stackSchema)).existing
    } catch (error) {
      if (isBusy(error)) await readSettled(request.name)
      throw error
    }
  }

  /** An operation that failed says little; the stack keeps the reasons. A refused request says all there is. */
  const withReasons = async (error: unknown, name: string): Promise<unknown> => {
    if (!(error instanceof AzureError) || error.failure.status !== undefined) return error
    return (await arm.get(stack(name), stackSchema)).failure ?? error
  }

  return {
    readSettled,
    deployedTemplate: async (name) => {
      try {
        const change = { ...stack(name, '/exportTemplate'), body: {}, waitingFor: 'the template' }
        return (await arm.post(change, templateSchema)).template
      } catch (error) {
        if (isMissing(error)) return undefined
        throw azureError(error, `Reading the template of deployment stack '${name}'`)
      }
    },
    validate: (request) =>
      explaining(`Validating '${request.name}'`, async () => {
        const address = deployment(request.name, 'validate')
        const waitingFor = 'the validation of the template'
        await arm.post({ ...address, body: deploymentBody(request), waitingFor }, validationSchema)
      }),
    stackWhatIf,
    whatIf: (request) =>
      explaining(`Running what-if for '${request.name}'`, async () => {
        const body = deploymentBody(request, { whatIfSettings: { resultFormat: 'FullResourcePayloads' } })
        const change = { ...deployment(request.name, 'whatIf'), body, waitingFor: 'the what-if result' }
        return (await arm.post(change, whatIfSchema)).properties.changes
      }),
    apply: (request) =>
      explaining(`Deploying '${request.name}'`, async () => {
        const busy = (error: unknown): string | undefined =>
          isBusy(error) ? 'another run was deploying it' : undefined
        try {
          const what = `Deployment stack '${request.name}'`
          return await retryWhile(() => deploy(request), busy, what, session)
        } catch (error) {
          throw await withReasons(error, request.name)
        }
      }),
  }
}
