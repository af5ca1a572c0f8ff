import type {
  Authorization,
  Clock,
  DenyAssignments,
  Identifiers,
  ManagementLocks,
  Operations,
  ResourceActions,
  ResourceEngine,
} from '../contracts.ts'

/** What deployments need of the rest of the sandbox. */
export interface DeploymentsDependencies {
  readonly engine: ResourceEngine
  readonly operations: Operations
  readonly authorization: Authorization
  readonly denyAssignments: DenyAssignments
  readonly managementLocks: ManagementLocks
  /** What `list*()` functions call. */
  readonly actions: ResourceActions
  /** The display name of a subscription, for `subscription()`. */
  readonly subscriptionName: (subscriptionId: string) => string | undefined
  readonly clock: Clock
  readonly identifiers: Identifiers
  /** Base address of the sandbox without a trailing slash, known once the server listens. */
  readonly base: () => string
}
