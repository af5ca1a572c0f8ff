import { setupRoles } from '../catalog/facts/setup-roles.ts'
import type { Environment } from '../vocabulary.ts'

/** The identities that each environment has. */
export const identityKinds = ['deliver', 'plan', 'people'] as const
/** One of them. */
export type IdentityKind = (typeof identityKinds)[number]

/**
 * Where a role is assigned: the subscription of the environment, the same where a persona is eligible there, its common
 * resource group, or that of a hub's DNS zones.
 */
export type RolePlace = 'subscription' | 'subscriptionOfEligible' | 'commonGroup' | 'dnsHub'

/** A role of the factory's own: where Azure has none, or only wider ones. */
export interface OwnRole {
  /** What it is for, in its name. */
  readonly title: string
  readonly description: string
  readonly actions: readonly string[]
  /** The only place where it is assigned. */
  readonly at: RolePlace
  /** Whose name it carries. */
  readonly of: IdentityKind
}

/** What making somebody eligible takes. https://learn.microsoft.com/azure/role-based-access-control/permissions/management-and-governance#microsoftauthorization */
export const eligibilityRequests = 'Microsoft.Authorization/roleEligibilityScheduleRequests/write'

/** The roles that each environment has of its own. */
export const ownRoles = {
  plan: {
    title: 'plan',
    description: 'Validates templates and asks what they would change. Changes nothing.',
    // Questions that Azure counts as actions, and records of a what-if.
    // https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#permissions
    actions: [
      'Microsoft.CognitiveServices/checkDomainAvailability/action',
      'Microsoft.Resources/deploymentStacks/exportTemplate/action',
      'Microsoft.Resources/deploymentStacksWhatIfResults/*',
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
      'Microsoft.Search/checkNameAvailability/action',
    ],
    at: 'subscription',
    of: 'plan',
  },
  eligible: {
    title: 'make eligible',
    description:
      'Makes groups eligible for roles in Privileged Identity Management. No condition can limit for which.',
    // No built-in role but Owner and User Access Administrator has it.
    actions: [eligibilityRequests],
    at: 'subscriptionOfEligible',
    of: 'deliver',
  },
  hubZones: {
    title: 'join zones',
    description:
      'Lets private endpoints register themselves in private DNS zones. Changes no zone, record or link.',
    // The zones of a hub are those of all environments, so nobody may write in them: a private endpoint's zone group
    // takes the right to join. https://learn.microsoft.com/azure/private-link/rbac-permissions#private-endpoint
    actions: [
      'Microsoft.Network/privateDnsZones/A/read',
      'Microsoft.Network/privateDnsZones/join/action',
      'Microsoft.Network/privateDnsZones/read',
      'Microsoft.Network/privateDnsZones/virtualNetworkLinks/read',
    ],
    at: 'dnsHub',
    of: 'deliver',
  },
} as const satisfies Readonly<Record<string, OwnRole>>

/** A role that an identity holds: one of Azure's, or one of the factory's own. */
export interface KindRole {
  readonly role: { readonly name: string; readonly id: string } | { readonly own: keyof typeof ownRoles }
  readonly at: RolePlace
  /** Only for roles that AI Factory Actions assign, and only to groups and identities. */
  readonly underCondition?: true
}

/** What an identity is for, and what it may do. */
export interface IdentityKindDefinition {
  /** For sentences that begin with it. */
  readonly title: string
  /** The GitHub environment in which jobs are this identity. */
  readonly githubEnvironment: (environment: Environment) => string
  /** Jobs of every branch may be it; others belong to the default branch. */
  readonly anyBranch?: true
  /** Application permissions of Microsoft Graph. https://learn.microsoft.com/graph/permissions-reference */
  readonly graphPermissions: readonly string[]
  readonly roles: readonly KindRole[]
}

const own = (key: keyof typeof ownRoles): KindRole => ({ role: { own: key }, at: ownRoles[key].at })

const builtIn = (name: keyof typeof setupRoles, at: RolePlace): KindRole => ({
  role: { name, id: setupRoles[name] },
  at,
})

/** The kinds. What each may do, it may do in its own environment and in no other. */
export const identityKindDefinitions: Readonly<Record<IdentityKind, IdentityKindDefinition>> = {
  deliver: {
    title: 'The identity that delivers',
    githubEnvironment: (environment) => environment,
    // With Group.Create it owns what it creates, and changes no other group.
    graphPermissions: ['Group.Create', 'GroupMember.Read.All', 'User.Read.All'],
    roles: [
      builtIn('Contributor', 'subscription'),
      { ...builtIn('Role Based Access Control Administrator', 'subscription'), underCondition: true },
      builtIn('Storage Blob Data Owner', 'commonGroup'),
      own('hubZones'),
      own('eligible'),
    ],
  },
  plan: {
    title: 'The identity that plans',
    githubEnvironment: (environment) => `plan-${environment}`,
    anyBranch: true,
    // Any branch can be it, so it reads how things are set up, and nothing of what is in them: no data of the lake.
    // Application.Read.All finds the identity whose rights a check is about.
    graphPermissions: ['Application.Read.All', 'GroupMember.Read.All', 'User.Read.All'],
    roles: [builtIn('Reader', 'subscription'), own('plan'), builtIn('Reader', 'dnsHub')],
  },
  people: {
    title: 'The identity that changes memberships',
    githubEnvironment: (environment) => `people-${environment}`,
    graphPermissions: ['GroupMember.Read.All', 'User.Read.All'],
    roles: [],
  },
}

/** Permissions that earlier versions asked for, and that reach the groups of every environment. */
export const formerPermissions: readonly string[] = ['Group.ReadWrite.All']
