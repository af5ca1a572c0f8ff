import { z } from 'zod'
import { resourceLabel } from '../resource-id.ts'
import type { Arm } from './arm.ts'

/** What Azure is doing, or has done, with one resource of a deployment. */
export interface ResourceOperation {
  /** Id of the resource. */
  readonly id: string
  /** E.g. `Microsoft.KeyVault/vaults 'kv-1' in resource group 'rg'`. */
  readonly label: string
  readonly state: 'running' | 'succeeded' | 'failed'
  /** When Azure began, in milliseconds since 1970. */
  readonly began: number
  /** When it ended, or was looked at last. */
  readonly seen: number
  /** Azure's code of why it failed; empty when it did not, or Azure does not say. */
  readonly code: string
}

const nested = 'microsoft.resources/deployments'

/** `PT1H2M3.5S`, in milliseconds. */
function milliseconds(duration: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$/.exec(duration) ?? []
  return (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
}

const stateOf = (provisioningState: string): ResourceOperation['state'] => {
  const state = provisioningState.toLowerCase()
  if (state === 'succeeded') return 'succeeded'
  return state === 'failed' || state === 'canceled' ? 'failed' : 'running'
}

/** https://learn.microsoft.com/rest/api/resources/deployment-operations/list-at-scope */
const operationSchema = z
  .object({
    properties: z.object({
      provisioningOperation: z.string().nullish(),
      provisioningState: z.string().nullish(),
      timestamp: z.string().nullish(),
      duration: z.string().nullish(),
      statusMessage: z
        .looseObject({ error: z.looseObject({ code: z.string().nullish() }).nullish() })
        .nullish()
        .catch(undefined),
      targetResource: z.object({ id: z.string(), resourceType: z.string().nullish() }).nullish(),
    }),
  })
  .transform(({ properties }) => {
    const { provisioningOperation, targetResource } = properties
    // Others read, wait or evaluate outputs.
    if (!targetResource || !['create', 'action'].includes(provisioningOperation?.toLowerCase() ?? '')) {
      return undefined
    }
    const seen = Date.parse(properties.timestamp ?? '') || 0
    return {
      id: targetResource.id,
      label: resourceLabel(targetResource.id),
      state: stateOf(properties.provisioningState ?? ''),
      began: seen - milliseconds(properties.duration ?? ''),
      seen,
      code: properties.statusMessage?.error?.code ?? '',
      isDeployment: targetResource.resourceType?.toLowerCase() === nested,
    }
  })

const apiVersion = '2025-04-01'

/** Deployments within deployments are at most this deep; Azure's own limit is higher than any template here. */
const deepest = 4

/**
 * Lists what Azure does with the resources of a deployment and of those inside it. A deployment inside that has ended is
 * listed once more and then never again: listing costs one call each.
 */
export function operationsOf(arm: Arm): (deploymentId: string) => Promise<readonly ResourceOperation[]> {
  const ended = new Map<string, readonly ResourceOperation[]>()

  const list = async (deploymentId: string, depth: number): Promise<readonly ResourceOperation[]> => {
    const found = await arm.list({ path: `${deploymentId}/operations`, apiVersion }, operationSchema)
    const lists = found.map(async (one): Promise<readonly ResourceOperation[]> => {
      if (one === undefined) return []
      const { isDeployment, ...operation } = one
      if (!isDeployment) return [operation]
      if (depth >= deepest) return []
      const known = ended.get(operation.id)
      const inside = known ?? (await list(operation.id, depth + 1))
      if (operation.state !== 'running') ended.set(operation.id, inside)
      return inside
    })
    return (await Promise.all(lists)).flat()
  }
  return (deploymentId) => list(deploymentId, 0)
}
