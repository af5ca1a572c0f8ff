import type {
  Area,
  Authorization,
  Clock,
  DenyAssignments,
  DeployTemplate,
  Directory,
  Identifiers,
  LakeAccounts,
  ManagementLocks,
  Operations,
  ResourceActions,
  ResourceEngine,
} from '../contracts.ts'
import { type Conflict, createLocks, usualConflicts } from './conflicts.ts'
import { createEngine } from './engine.ts'
import { gated } from './gate/gated-area.ts'
import { checkLocks } from './governance/locks.ts'
import type { PolicyNames } from './governance/policy/violation.ts'
import { callAction } from './http/actions.ts'
import { createArea } from './http/area.ts'
import { azureLimits, type Limits } from './limits.ts'
import { createOperations } from './operations.ts'
import { withSchedules } from './pim/schedules.ts'
import { knownModels, type Model } from './providers/models.ts'
import { createAuthorization } from './rbac/authorization.ts'
import { createDenyAssignments } from './rbac/deny-assignments.ts'
import type { KeepsAgentLinks, World } from './rules.ts'
import type { ArmState } from './state.ts'
import { createStore, type Store } from './store.ts'

export type { Conflict } from './conflicts.ts'
export { gated } from './gate/gated-area.ts'
export type { PolicyNames } from './governance/policy/violation.ts'
export type { Limits } from './limits.ts'
export type { Model } from './providers/models.ts'
export type { KeepsAgentLinks } from './rules.ts'
export type { ArmState } from './state.ts'
export { addManagementGroup, addRoleAssignment, addSubscription, emptyArmState } from './state.ts'

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
  /** Limits lower than Azure's own. */
  readonly limits?: Partial<Limits>
  /** What becomes of operations that meet another one under way, in turn. Default: two 409, then a 429. */
  readonly conflicts?: readonly Conflict[]
  /**
   * Keeps the link of a deleted AI Foundry account in the subnet of its agents until the account is purged, and for some
   * seconds more where they are given, as Azure does. Default: it goes with the account.
   */
  readonly keepsAgentLinks?: KeepsAgentLinks
  /** Models that can be deployed besides those the sandbox knows; of the same name and publisher, instead of them. */
  readonly models?: readonly Model[]
  /** Where a refusal names the policies. Default: in its details only, as Azure does by now; `message`: there too. */
  readonly policyNames?: PolicyNames
  /** Resource providers that a subscription asks for in vain: registering ends, and it is not registered. Default: none. */
  readonly failingRegistrations?: readonly string[]
  /** What policies deploy with. Without it they deploy nothing. */
  readonly deployTemplate?: DeployTemplate
}

/** Azure Resource Manager of the sandbox. */
export interface Arm {
  readonly area: Area
  readonly engine: ResourceEngine
  readonly authorization: Authorization
  readonly operations: Operations
  readonly actions: ResourceActions
  readonly denyAssignments: DenyAssignments
  readonly managementLocks: ManagementLocks
  /** The display name of a subscription, when there is one of this id. */
  readonly subscriptionName: (subscriptionId: string) => string | undefined
}

const defaultScale = 1 / 5_000

/**
 * Azure Resource Manager over a state: the HTTP area, and what the other areas use of it. What is added to the state
 * by hand (subscriptions, first role assignments) must be there before.
 */
export function createArm(state: ArmState, deps: ArmDependencies): Arm {
  const store = createStore(state, deps.tenantId)
  const { directory, lake, clock, identifiers, base, tenantId } = deps
  const authorization = withSchedules(createAuthorization(store, directory), store, clock)
  const scale = deps.durationScale ?? defaultScale
  const world: World = {
    store,
    authorization,
    directory,
    lake,
    clock,
    tenantId,
    get base() {
      return base()
    },
    principalReplicationDelay: deps.principalReplicationDelay ?? 0,
    limits: { ...azureLimits, ...deps.limits },
    keepsAgentLinks: deps.keepsAgentLinks ?? false,
    models: offered(deps.models ?? []),
    registrations: { scale, failing: deps.failingRegistrations ?? [] },
    firstNamed: new Map(),
    assumesReferences: false,
    isPlanned: () => false,
    mayPlan: () => false,
  }
  settle(store)
  const operations = createOperations(state, { clock, identifiers, base })
  const locks = createLocks({ base, identifiers, conflicts: deps.conflicts ?? usualConflicts })
  const engine = createEngine(world, {
    identifiers,
    scale,
    locks,
    policyNames: deps.policyNames ?? 'details',
    deploy: deps.deployTemplate,
  })
  const area = gated(createArea({ world, engine, operations, authorization, directory }))
  return {
    area,
    engine,
    authorization,
    operations,
    denyAssignments: createDenyAssignments(state),
    managementLocks: { check: (id, type, operation) => checkLocks(store, id, type, operation) },
    actions: { call: (id, action, caller) => callAction(id, action, caller, { engine, authorization }) },
    subscriptionName: (id) => state.subscriptions[id.toLowerCase()]?.displayName,
  }
}

function offered(added: readonly Model[]): readonly Model[] {
  const isReplaced = (model: Model) =>
    added.some(({ name, format }) => name === model.name && format === model.format)
  return [...added, ...knownModels.filter((model) => !isReplaced(model))]
}

/** What a stopped sandbox left under way is taken as done. */
function settle(store: Store): void {
  for (const resource of Object.values(store.state.resources)) {
    const { properties } = resource
    if (
      properties !== undefined &&
      /^(Creating|Updating|Deleting)$/.test(String(properties['provisioningState']))
    )
      store.set({ ...resource, properties: { ...properties, provisioningState: 'Succeeded' } })
  }
}
