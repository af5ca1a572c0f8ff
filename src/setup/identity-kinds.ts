import { setupRoles } from '../catalog/facts/setup-roles.ts'
import type { Environment } from '../vocabulary.ts'

/** The identities that each environment has. */
export const identityKinds = ['deliver', 'plan', 'people'] as const
/** One of them. */
export type IdentityKind = (typeof identityKinds)[number]

/** Where a role is assigned: the subscription of the environment, its common resource group, or that of a hub's DNS zones. */
export type RolePlace = 'subscription' | 'commonGroup' | 'dnsHub'

/** A role that an identity holds: one of Azure's, or one of the factory's own. */
export interface KindRole {
  readonly role: { readonly name: string; readonly id: string } | { readonly own: 'plan' }
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
  /** Application permissions of Microsoft Graph. https://learn.microsoft.com/graph/permissions-reference */
  readonly graphPermissions: readonly string[]
  readonly roles: readonly KindRole[]
}

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
      builtIn('Private DNS Zone Contributor', 'dnsHub'),
    ],
  },
  plan: {
    title: 'The identity that plans',
    githubEnvironment: (environment) => `plan-${environment}`,
    // Application.Read.All finds the identity whose rights a check is about.
    graphPermissions: ['Application.Read.All', 'GroupMember.Read.All', 'User.Read.All'],
    roles: [
      builtIn('Reader', 'subscription'),
      { role: { own: 'plan' }, at: 'subscription' },
      builtIn('Storage Blob Data Reader', 'commonGroup'),
      builtIn('Reader', 'dnsHub'),
    ],
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

/**
 * What the role of the identity that plans allows besides reading: questions that Azure counts as actions, and records
 * of a what-if. https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if#permissions
 */
export const planActions: readonly string[] = [
  'Microsoft.CognitiveServices/checkDomainAvailability/action',
  'Microsoft.Resources/deploymentStacks/exportTemplate/action',
  'Microsoft.Resources/deploymentStacksWhatIfResults/*',
  'Microsoft.Resources/deployments/validate/action',
  'Microsoft.Resources/deployments/whatIf/action',
  'Microsoft.Search/checkNameAvailability/action',
]
