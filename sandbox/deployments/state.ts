import type { ArmErrorBody, ValidationLevel } from '../contracts.ts'
import type { Json, JsonObject } from './expressions/json.ts'
import type { Baseline } from './stacks/baseline.ts'

/** How far a deployment is. */
type DeploymentProgress = 'Accepted' | 'Running' | 'Succeeded' | 'Failed' | 'Canceled'

/** One step of a deployment, as `/operations` lists it. */
export interface DeploymentStep {
  readonly operationId: string
  readonly provisioningOperation: 'Create' | 'Delete' | 'EvaluateDeploymentOutput'
  provisioningState: 'Running' | 'Succeeded' | 'Failed'
  timestamp: string
  readonly started: string
  statusCode?: string
  error?: ArmErrorBody
  readonly target?: { readonly id: string; readonly resourceType: string; readonly resourceName: string }
}

/** A deployment, finished or not. */
export interface DeploymentRecord {
  readonly id: string
  readonly name: string
  /** The subscription or resource group it deploys to. */
  readonly scopeId: string
  readonly location?: string
  readonly tags?: JsonObject
  readonly template: Json
  readonly mode: DeploymentMode
  readonly level?: ValidationLevel
  readonly parameters: JsonObject
  readonly correlationId: string
  readonly started: string
  readonly dependencies: readonly JsonObject[]
  readonly providers: readonly JsonObject[]
  provisioningState: DeploymentProgress
  timestamp: string
  outputs?: JsonObject
  outputResources: string[]
  error?: ArmErrorBody
  readonly steps: DeploymentStep[]
}

/** Incremental leaves what the template does not name; Complete deletes it from the resource group. */
type DeploymentMode = 'Incremental' | 'Complete'

/** What a stack does with a resource that leaves it. */
export type UnmanageAction = 'delete' | 'detach'

/** What a stack does with the resources, resource groups and management groups that leave it. */
export interface ActionOnUnmanage {
  /** What becomes of those that should be deleted and cannot be. */
  readonly resourcesWithoutDeleteSupport: 'detach' | 'fail'
  readonly resources: UnmanageAction
  readonly resourceGroups: UnmanageAction
  readonly managementGroups: UnmanageAction
}

/** How far a stack is. */
type StackProgress =
  | 'creating'
  | 'validating'
  | 'deploying'
  | 'updatingDenyAssignments'
  | 'deletingResources'
  | 'deleting'
  | 'succeeded'
  | 'failed'

/** A resource that a stack manages; `deleteFailed`: it should be gone, and the next run tries again. */
interface ManagedResource {
  readonly id: string
  readonly status: 'managed' | 'deleteFailed'
}

/** A deployment stack. */
export interface StackRecord {
  readonly id: string
  readonly name: string
  /** The subscription or resource group the stack belongs to. */
  readonly scopeId: string
  readonly location?: string
  tags?: JsonObject
  /** What the last request asked for, as it is shown. */
  settings: JsonObject
  actionOnUnmanage: ActionOnUnmanage
  template: Json
  provisioningState: StackProgress
  correlationId: string
  readonly created: Stamp
  modified: Stamp
  started: string
  duration?: string
  deploymentId?: string
  resources: ManagedResource[]
  /** What its resources were when they were last deployed, by id in lower case. */
  baselines?: Record<string, Baseline>
  /** Set when a run was cut off, so that its list of resources may be wrong. */
  outOfSync?: true
  detached: string[]
  deleted: string[]
  failed: { readonly id: string; readonly error: ArmErrorBody }[]
  parameters: JsonObject
  outputs?: JsonObject
  error?: ArmErrorBody
}

/** What an update of a stack would change, as somebody asked it. */
export interface WhatIfRecord {
  readonly id: string
  readonly name: string
  readonly scopeId: string
  readonly location?: string
  readonly tags?: JsonObject
  /** What the request asked for, as it is shown. */
  readonly settings: JsonObject
  readonly correlationId: string
  readonly created: Stamp
  readonly modified: Stamp
  /** When it is forgotten. */
  readonly expires: string
  provisioningState: 'initializing' | 'running' | 'succeeded' | 'failed'
  changes?: JsonObject
  diagnostics?: readonly JsonObject[]
  error?: ArmErrorBody
}

/** Who did something, and when. */
export interface Stamp {
  readonly by: string
  readonly byType: 'User' | 'Application'
  readonly at: string
}

/** All that deployments and stacks remember, as plain JSON; by id in lower case. */
export interface DeploymentsState {
  readonly deployments: Record<string, DeploymentRecord>
  readonly stacks: Record<string, StackRecord>
  readonly whatIfResults: Record<string, WhatIfRecord>
}

/** No deployment, no stack and no what-if result. */
export const emptyDeploymentsState = (): DeploymentsState => ({
  deployments: {},
  stacks: {},
  whatIfResults: {},
})

const interrupted: ArmErrorBody = {
  code: 'OperationInterrupted',
  message:
    'The sandbox was stopped during this operation. What had been deployed is there; repeat the request to go on.',
}

/** What a stopped sandbox left running counts as failed: it can be repeated. */
export function settleInterrupted(state: DeploymentsState): void {
  for (const deployment of Object.values(state.deployments))
    if (deployment.provisioningState === 'Accepted' || deployment.provisioningState === 'Running') {
      deployment.provisioningState = 'Failed'
      deployment.error = interrupted
    }
  for (const stack of Object.values(state.stacks))
    if (stack.provisioningState !== 'succeeded' && stack.provisioningState !== 'failed') {
      stack.provisioningState = 'failed'
      stack.error = interrupted
      stack.outOfSync = true
    }
  for (const result of Object.values(state.whatIfResults))
    if (result.provisioningState === 'initializing' || result.provisioningState === 'running') {
      result.provisioningState = 'failed'
      result.error = interrupted
    }
}

/** A time span in the form of ISO 8601. */
export const durationBetween = (from: string, to: string): string =>
  `PT${((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(3)}S`
