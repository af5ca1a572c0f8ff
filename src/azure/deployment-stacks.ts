import { z } from 'zod'
import { isJsonObject, type JsonObject } from '../json.ts'
import { openArm } from './arm.ts'
import { azureError, explaining } from './errors.ts'
import { AzureError, failureOf, isMissing } from './failure.ts'
import type { Session } from './session.ts'
import { stackDeployer } from './stack-deployer.ts'
import { type StackRequest, stackProperties } from './stack-request.ts'
import { type OnUnmanage, openStackWhatIfs, type StackWhatIfs } from './stack-what-if.ts'
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
  /**
   * The stack, or undefined when there is none. When it is being deployed, waits until that has ended, and shows what
   * Azure does meanwhile. What has these tags is the run's own deployment, begun by an earlier one.
   */
  readonly readSettled: (name: string, own?: StackRequest['tags']) => Promise<ExistingStack | undefined>
  /** The template that the stack was deployed from last; undefined when there is no stack. */
  readonly deployedTemplate: (name: string) => Promise<JsonObject | undefined>
  /** Asks Azure whether it would accept the template. @throws UserError with the innermost refusals */
  readonly validate: (request: StackRequest) => Promise<void>
  /** Asks Azure what an update of the stack would change. */
  readonly stackWhatIf: StackWhatIfs['run']
  /** Asks Azure what deploying the template would change. Says nothing of what the stack would remove. */
  readonly whatIf: (request: StackRequest) => Promise<readonly WhatIfChange[]>
  /** Deploys; what the stack managed and the template no longer holds is deleted, unless it is to be detached. */
  readonly apply: (request: StackRequest, onUnmanage?: OnUnmanage) => Promise<ExistingStack>
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
      deploymentId: z.string().nullish(),
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
    deploymentId: properties.deploymentId ?? undefined,
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

/** A deployment of a stack, and what becomes of what it lets go. */
interface StackDeployment extends StackRequest {
  readonly onUnmanage: OnUnmanage
}

const stackBody = ({ onUnmanage, ...request }: StackDeployment): JsonObject => ({
  location: request.location,
  tags: request.tags,
  properties: stackProperties(request, onUnmanage),
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

  const { readSettled, deploy } = stackDeployer<ExistingStack, StackDeployment>({
    arm,
    session,
    read: async (name) => {
      try {
        return await arm.get(stack(name), stackSchema)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw azureError(error, `Reading deployment stack '${name}'`)
      }
    },
    put: async (request, watch) => {
      const waitingFor = 'the deployment'
      return arm.put({ ...stack(request.name), body: stackBody(request), waitingFor, watch }, stackSchema)
    },
  })

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
    apply: (request, onUnmanage = 'delete') =>
      explaining(`Deploying '${request.name}'`, () => deploy({ ...request, onUnmanage })),
  }
}
