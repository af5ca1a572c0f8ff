import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Arm, openArm } from './arm.ts'
import { explaining } from './errors.ts'
import { hasCode, isForbidden } from './failure.ts'
import type { Session } from './session.ts'
import { type StackRequest, stackProperties } from './stack-request.ts'
import type { WhatIfChange, WhatIfProperty } from './what-if.ts'

/** What deploying a template as a stack would change, as Azure sees it. */
export interface StackWhatIf {
  readonly changes: readonly WhatIfChange[]
  /** What would change in the stack's deny settings. */
  readonly denySettings: readonly WhatIfProperty[]
  /** What Azure has to say about its answer, e.g. that it could not look into a nested template. */
  readonly remarks: readonly string[]
  /** When the stack that it compared with was changed last; undefined when there is none. */
  readonly stackModified: string | undefined
}

/** Azure has no answer of this kind for this identity, here or now; the plain what-if has one. */
export interface Unavailable {
  /** Half a sentence that follows "because". */
  readonly unavailable: string
}

/** What becomes of what the stack manages and the template no longer holds. */
export type OnUnmanage = 'delete' | 'detach'

/**
 * The what-if of deployment stacks of one subscription. Azure keeps what it was asked as a resource; it is deleted
 * after that, also when something fails. https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks-what-if
 */
export interface StackWhatIfs {
  /** The stack need not exist. @throws UserError with the innermost refusals */
  readonly run: (request: StackRequest, onUnmanage?: OnUnmanage) => Promise<StackWhatIf | Unavailable>
}

/** https://learn.microsoft.com/azure/templates/microsoft.resources/2025-07-01/deploymentstackswhatifresults */
const apiVersion = '2025-07-01'
/** Azure removes a result by itself after that, but not when it is to be kept for longer. */
const retentionInterval = 'PT3H'
/** A name has at most 90 characters, of which a GUID and a hyphen take 37. */
const longestStackName = 53

const property: z.ZodType<WhatIfProperty> = z
  .object({
    path: z.string(),
    changeType: z.string(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    get children() {
      return z.array(property).nullish()
    },
  })
  .transform(({ children, ...rest }) => ({ ...rest, children: children ?? [] }))

const delta = z
  .array(property)
  .nullish()
  .transform((list) => list ?? [])

/** The examples of the documentation say `notManaged`, its specification says `unmanaged`. */
const isUnmanaged = (status: string | null | undefined): boolean =>
  ['unmanaged', 'notmanaged'].includes((status ?? '').toLowerCase())

const status = z.string().nullish()

const resourceChange = z
  .object({
    id: z.string().nullish(),
    changeType: z.string(),
    changeCertainty: z.string().nullish(),
    managementStatusChange: z.object({ before: status, after: status }).nullish(),
    unsupportedReason: z.string().nullish(),
    resourceConfigurationChanges: z.object({ delta }).nullish(),
  })
  .transform(
    ({ id, changeType, changeCertainty, unsupportedReason, ...rest }): WhatIfChange => ({
      ...(id && { id }),
      changeType,
      isCertain: changeCertainty !== 'potential',
      takesOver:
        isUnmanaged(rest.managementStatusChange?.before) && rest.managementStatusChange?.after === 'managed',
      delta: rest.resourceConfigurationChanges?.delta ?? [],
      ...(unsupportedReason && { unsupportedReason }),
    }),
  )

const resultSchema = z.object({
  properties: z.object({
    changes: z.object({
      resourceChanges: z.array(resourceChange),
      denySettingsChange: z.object({ delta }).nullish(),
    }),
    diagnostics: z.array(z.object({ level: z.string(), message: z.string() })).nullish(),
    deploymentStackLastModified: z.string().nullish(),
  }),
})

const answerOf = ({ properties }: z.output<typeof resultSchema>): StackWhatIf => ({
  changes: properties.changes.resourceChanges,
  denySettings: properties.changes.denySettingsChange?.delta ?? [],
  remarks: (properties.diagnostics ?? [])
    .filter(({ level }) => level.toLowerCase() !== 'info')
    .map(({ message }) => message),
  stackModified: properties.deploymentStackLastModified ?? undefined,
})

/** Why Azure keeps no result; undefined for what is wrong with the template or the connection. */
function unavailability(error: unknown): string | undefined {
  if (hasCode(error, 'ScopeLocked'))
    return 'a lock forbids to keep the result of a what-if in the subscription'
  if (hasCode(error, 'InvalidResourceType', 'NoRegisteredProviderFound', 'ResourceTypeNotSupported'))
    return 'this cloud does not offer the what-if of deployment stacks'
  if (hasCode(error, 'DeploymentStacksWhatIfResultQuotaExceeded'))
    return 'the subscription keeps as many what-if results as it may'
  return isForbidden(error)
    ? "the identity lacks 'Microsoft.Resources/deploymentStacksWhatIfResults/*' on the subscription"
    : undefined
}

/** Opens it. */
export async function openStackWhatIfs(session: Session, subscriptionId: string): Promise<StackWhatIfs> {
  const arm = await openArm(session)
  const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.Resources`
  return {
    run: (request, onUnmanage = 'delete') =>
      explaining(`Running what-if for '${request.name}'`, async () => {
        const result = `${request.name.slice(0, longestStackName)}-${randomUUID()}`
        const path = `${provider}/deploymentStacksWhatIfResults/${result}`
        const stack = `${provider}/deploymentStacks/${request.name}`
        try {
          return await ask(arm, path, { request, stack, onUnmanage })
        } catch (error) {
          const unavailable = unavailability(error)
          if (unavailable === undefined) throw error
          return { unavailable }
        } finally {
          await forget(arm, path, session)
        }
      }),
  }
}

interface Question {
  readonly request: StackRequest
  /** Id of the stack. */
  readonly stack: string
  readonly onUnmanage: OnUnmanage
}

async function ask(arm: Arm, path: string, { request, stack, onUnmanage }: Question): Promise<StackWhatIf> {
  const { location, validationLevel } = request
  const properties = {
    ...stackProperties(request, onUnmanage),
    deploymentStackResourceId: stack,
    retentionInterval,
    ...(validationLevel && { validationLevel }),
  }
  const waitingFor = 'the what-if result'
  await arm.put({ path, apiVersion, body: { location, properties }, waitingFor }, z.unknown())
  // Reading the result shows resources only; this shows their properties.
  const detailed = { path: `${path}/whatIf`, apiVersion, body: {}, waitingFor }
  return answerOf(await arm.post(detailed, resultSchema))
}

/** Azure forgets it by itself later: what the run was about goes on. */
async function forget(arm: Arm, path: string, session: Session): Promise<void> {
  try {
    await arm.delete({ path, apiVersion, waitingFor: 'the removal of the what-if result' })
  } catch (error) {
    if (isForbidden(error) || hasCode(error, 'ScopeLocked')) return
    session.progress('The result of the what-if could not be deleted. Azure removes it within three hours')
  }
}
