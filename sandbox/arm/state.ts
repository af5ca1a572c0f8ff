import type { ArmErrorBody, DenyAssignment, StoredResource } from '../contracts.ts'
import { managementGroupId, managementGroupType } from './governance/scopes.ts'

/** A subscription of the sandbox's tenant. */
export interface Subscription {
  readonly subscriptionId: string
  readonly displayName: string
  /** Registered resource provider namespaces, lower case. */
  registered: string[]
  /** Those that are being registered, lower case, with the time when that ends. */
  registering?: Readonly<Record<string, string>>
  /** Those that were registered once, lower case. */
  unregistered?: string[]
  /** Name of the management group it is in. Default: the tenant's root group. */
  managementGroup?: string
  tags?: Readonly<Record<string, string>>
}

/** A long-running operation, as the status address shows it. */
export interface OperationRecord {
  readonly id: string
  readonly subscriptionId: string
  /** Who began it: nobody else is shown it. */
  readonly objectId: string
  readonly startTime: string
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled'
  endTime?: string
  result?: unknown
  error?: ArmErrorBody
}

/** A deleted resource that its service keeps until it is purged, e.g. a key vault. */
export interface SoftDeleted {
  /** Id the resource had. */
  readonly id: string
  readonly type: string
  readonly name: string
  readonly location: string
  readonly deletedOn: string
  /** When it is gone for good. */
  readonly purgedOn: string
  readonly purgeProtected: boolean
  /** As it was. */
  readonly resource: StoredResource
}

/** A subnet that the agents of a purged account have not left yet. */
export interface AgentLink {
  /** Id the account had. */
  readonly account: string
  /** Id of the subnet. */
  readonly subnet: string
  /** When Azure lets go of it. */
  readonly until: string
}

/** All that Azure Resource Manager remembers, as plain JSON: it can be written to a file and read back. */
export interface ArmState {
  /** By subscription id, lower case. */
  readonly subscriptions: Record<string, Subscription>
  /** Every resource, resource groups, child resources and role assignments included, by id in lower case. */
  readonly resources: Record<string, StoredResource>
  /** By operation id. */
  readonly operations: Record<string, OperationRecord>
  readonly softDeleted: SoftDeleted[]
  /** Absent in states that were saved before there were any. */
  agentLinks?: readonly AgentLink[]
  /** By id in lower case. */
  readonly denyAssignments: Record<string, DenyAssignment>
}

/** A tenant with nothing in it. */
export function emptyArmState(): ArmState {
  return { subscriptions: {}, resources: {}, operations: {}, softDeleted: [], denyAssignments: {} }
}

/** Adds a subscription. All resource providers that the sandbox knows count as registered unless a list is given. */
export function addSubscription(
  state: ArmState,
  subscription: {
    subscriptionId: string
    displayName: string
    registered?: readonly string[]
    /** Default: the tenant's root group. */
    managementGroup?: string | undefined
  },
): void {
  state.subscriptions[subscription.subscriptionId.toLowerCase()] = {
    subscriptionId: subscription.subscriptionId,
    displayName: subscription.displayName,
    ...(subscription.managementGroup === undefined ? {} : { managementGroup: subscription.managementGroup }),
    registered: [...(subscription.registered ?? ['*'])].map((namespace) => namespace.toLowerCase()),
  }
}

/** Adds a management group, by default below the tenant's root group. */
export function addManagementGroup(
  state: ArmState,
  {
    name,
    displayName = name,
    parent,
  }: {
    readonly name: string
    readonly displayName?: string | undefined
    readonly parent?: string | undefined
  },
): void {
  const id = managementGroupId(name)
  state.resources[id.toLowerCase()] = {
    id,
    name,
    type: managementGroupType,
    displayName,
    ...(parent === undefined ? {} : { parent }),
  }
}

/** Adds a role assignment without asking who may: how the first Owner of a subscription comes to be. */
export function addRoleAssignment(
  state: ArmState,
  assignment: {
    /** GUID of the assignment. */
    name: string
    /** Resource id that the assignment covers, `/subscriptions/…`. */
    scope: string
    /** GUID of a built-in role. */
    roleId: string
    principalId: string
    principalType: 'User' | 'Group' | 'ServicePrincipal'
  },
): void {
  const scope = assignment.scope.replace(/\/$/, '')
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? ''
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`
  state.resources[id.toLowerCase()] = {
    id,
    name: assignment.name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${assignment.roleId}`,
      principalId: assignment.principalId,
      principalType: assignment.principalType,
      scope: scope || '/',
      condition: null,
      conditionVersion: null,
    },
  }
}
