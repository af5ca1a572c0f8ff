import type {
  Area,
  Authorization,
  Clock,
  Directory,
  Identifiers,
  LakeAccounts,
  Operations,
  ResourceEngine,
} from '../contracts.ts'
import type { ArmState } from './state.ts'

export type { ArmState, OperationRecord, SoftDeleted, Subscription } from './state.ts'
export { addRoleAssignment, addSubscription, emptyArmState } from './state.ts'

/** What Azure Resource Manager needs of the rest of the sandbox. */
export interface ArmDependencies {
  readonly directory: Directory
  readonly lake: LakeAccounts
  readonly clock: Clock
  readonly identifiers: Identifiers
  /** Base address of the sandbox without a trailing slash, known once the server listens. */
  readonly base: () => string
  readonly tenantId: string
  /**
   * How long provisioning takes, as a fraction of Azure's own time: 1 is as slow as Azure, 0 is at once.
   * Default 1/5000, which makes seven minutes 84 ms.
   */
  readonly durationScale?: number
  /** Milliseconds that a new principal stays unknown to role assignments (`PrincipalNotFound`). Default 0. */
  readonly principalReplicationDelay?: number
}

/** Azure Resource Manager of the sandbox. */
export interface Arm {
  readonly area: Area
  readonly engine: ResourceEngine
  readonly authorization: Authorization
  readonly operations: Operations
}

/** Azure Resource Manager over a state: the HTTP area, and what the other areas use of it. */
export function createArm(state: ArmState, deps: ArmDependencies): Arm {
  throw new Error(`The resource engine is not connected yet: ${Object.keys(state).length}, ${deps.tenantId}.`)
}
