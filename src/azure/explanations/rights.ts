import type { Explained } from './explanation.ts'

const rbac = 'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting'
const delegation =
  'https://learn.microsoft.com/azure/role-based-access-control/delegate-role-assignments-overview'
const policies =
  'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy'

/** Who may do what: roles, conditions, policies, locks, permissions of Microsoft Graph. */
export const rightExplanations: readonly Explained[] = [
  {
    codes: ['AuthorizationFailed'],
    says: /condition that is not fulfilled/i,
    why: 'The identity that is signed in may assign roles only under a condition, and this role or kind of principal is not in it.',
    fix: 'Ask whoever set the environment up to add the role to the condition of its role assignment (Role Based Access Control Administrator), then run the job again. The setup guide (workflows-templates/README.md) has the condition with all roles.',
    more: delegation,
  },
  {
    codes: ['AuthorizationFailed'],
    says: /deny assignment/i,
    why: 'The identity has the right, and a deny assignment takes it away: a deployment stack of somebody else protects the resource.',
    fix: 'Ask the owner of the stack in the message to exclude this identity, or to change the resource themselves.',
    more: 'https://learn.microsoft.com/azure/role-based-access-control/deny-assignments',
  },
  {
    codes: ['AuthorizationFailed'],
    why: 'No role of the identity that is signed in, which the message names, allows it, or the role was assigned a few minutes ago.',
    fix: 'Assign a role to the identity that includes the action in the message, at the scope in the message, or wait some minutes.',
    more: rbac,
  },
  {
    codes: ['LinkedAuthorizationFailed'],
    why: 'The identity may change the resource, but not join the other one the message names.',
    fix: 'Assign a role to the identity that includes the missing action on the linked resource, e.g. Network Contributor on the subnet, or on the VNet of the hub.',
    more: rbac,
  },
  {
    codes: ['DenyAssignmentAuthorizationFailed'],
    why: 'A deployment stack protects the resource from everybody whom it does not exclude.',
    fix: 'Ask the owner of the stack in the message to exclude this identity, or to change the resource themselves.',
    more: 'https://learn.microsoft.com/azure/role-based-access-control/deny-assignments',
  },
  {
    codes: ['ExpiredAuthenticationToken'],
    why: 'The token of the run ended under way, and Azure did not take a new one either.',
    fix: 'Run the job again: it goes on where this one stopped. If it fails again at once, set the clock of the runner.',
    more: 'https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes',
  },
  {
    codes: ['InvalidAuthenticationTokenTenant'],
    why: 'The subscription belongs to another tenant than the identity.',
    fix: 'Check tenantId and subscriptionId of this environment in factory.yml.',
  },
  {
    codes: ['ScopeLocked'],
    why: 'A management lock forbids it. Locks hold for everybody, whatever role they have, and a lock on a group or subscription for all that is in it.',
    fix: 'Ask whoever set the lock that the message names to remove it, run the job again, and have it set again.',
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources',
  },
  {
    codes: ['RequestDisallowedByPolicy'],
    says: /Polic(?:y|ies): '|by policy '|Policy identifiers: '/,
    why: 'The Azure Policy assignment that the message names forbids it.',
    fix: "Comply with it in factory.yml or the manifest (tags, location, accessMode, options of the services; what a subnet has attached is under 'network.subnets' of its environment), or ask the owner of the assignment for an exemption of the resource group.",
    more: policies,
  },
  {
    codes: ['RequestDisallowedByPolicy'],
    why: 'An Azure Policy assignment forbids it. Azure did not say which one.',
    fix: 'Look for it in the portal: the activity log of the resource group shows the denied operation with its policy, Policy > Assignments those of the subscription. Comply with it, or ask its owner for an exemption.',
    more: policies,
  },
  {
    codes: ['Authorization_RequestDenied'],
    why: 'The identity that is signed in lacks a permission of Microsoft Graph, or does not own the group.',
    fix: 'Grant its service principal, with admin consent: Group.Create, GroupMember.Read.All and User.Read.All if it delivers, GroupMember.Read.All and User.Read.All if it only checks and plans.',
    more: 'https://learn.microsoft.com/graph/permissions-reference',
  },
  {
    codes: ['PrincipalNotFound'],
    why: 'The principal is new and has not replicated yet, or it was deleted.',
    fix: 'Run the job again in some minutes.',
    more: rbac,
  },
  {
    codes: ['AadPremiumLicenseRequired'],
    why: 'Privileged Identity Management takes Microsoft Entra ID P2 or Microsoft Entra ID Governance, and the tenant has neither.',
    fix: "Buy the licence, or take 'eligible' out of the personas in factory.yml: people then have their roles all the time.",
    more: 'https://learn.microsoft.com/entra/id-governance/licensing-fundamentals',
  },
  {
    codes: ['RoleAssignmentRequestPolicyValidationFailed'],
    why: "The settings of the role on the resource group, in Privileged Identity Management, refuse it. ExpirationRule: it is for longer than they allow, a year at first, and never for good. JustificationRule or TicketingRule: they ask for more than 'justification'.",
    fix: "Shorten 'eligible: { duration }' of the persona in factory.yml, or have an Owner change the settings of the role there.",
    more: 'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-configure-role-settings',
  },
  {
    codes: ['ActiveDurationTooShort'],
    why: 'Privileged Identity Management ends nothing that is not five minutes old.',
    fix: 'Run the job again in five minutes.',
    more: 'https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles',
  },
  {
    codes: ['RoleDefinitionWithSameNameExists'],
    why: 'Names of custom roles are unique in a tenant, and somebody has made another role of this name.',
    fix: "Ask whoever owns the other role to rename or delete it (az role definition list --custom-role-only --name NAME), and run it again; or say 'roles: builtin' in factory.yml.",
    more: 'https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-properties',
  },
  {
    codes: ['RoleDefinitionLimitExceeded'],
    why: 'A tenant can have at most 5,000 custom roles.',
    fix: "Delete roles that nobody is assigned, and run it again; or say 'roles: builtin' in factory.yml.",
    more: 'https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits',
  },
  {
    codes: ['RoleAssignmentLimitExceeded'],
    why: 'A subscription can have at most 4,000 role assignments.',
    fix: 'Remove assignments of deleted principals, or use another subscription.',
    more: 'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits',
  },
]
