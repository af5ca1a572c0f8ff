/** Why Azure refuses something, and what to do about it. Both are plain sentences. */
export interface Explanation {
  readonly why: string
  readonly fix: string
  readonly more?: string
}

const rbac = 'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting'
const federation = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust'
const deployment =
  'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors'
const aclModel = 'https://learn.microsoft.com/azure/storage/blobs/data-lake-storage-access-control-model'

const federatedSubject: Explanation = {
  why: "No federated credential of the application matches this job's subject. The subject is compared exactly, case included, and repositories created since July 2026 use the form repo:OWNER@ID/REPO@ID:environment:NAME.",
  fix: 'Add a federated credential with exactly the subject in the message to the application of this environment.',
  more: federation,
}

const unreachable: Explanation = {
  why: 'The address cannot be reached from this runner. Private services need a runner inside the network.',
  fix: 'Run the job on a runner that is connected to the VNet (runs-on), and check name resolution of the private endpoint.',
}

const brokenOff: Explanation = {
  why: 'The connection broke off on the way, again and again.',
  fix: 'Run the job again. If it comes back, check the network and the proxy between this runner and Azure.',
}

const untrusted: Explanation = {
  why: 'The certificate of the server is not trusted by this runner.',
  fix: 'Point NODE_EXTRA_CA_CERTS to the certificate authority of your proxy or sandbox.',
}

/** By Azure's error code. The sources are the links; codes of Entra start with AADSTS. */
export const explanations: Readonly<Record<string, Explanation>> = {
  AADSTS700213: federatedSubject,
  AADSTS70021: federatedSubject,
  AADSTS7002138: federatedSubject,
  AADSTS700211: {
    why: "No federated credential of the application has GitHub's address as its issuer.",
    fix: 'Set the issuer of the federated credential to https://token.actions.githubusercontent.com (on Enterprise Server: to its own issuer).',
    more: federation,
  },
  AADSTS700212: {
    why: "The federated credential expects an audience other than this cloud's.",
    fix: 'Set the audience of the federated credential to api://AzureADTokenExchange (or the one of your cloud).',
    more: federation,
  },
  AADSTS700024: {
    why: "GitHub's token was too old when Entra saw it.",
    fix: 'Run the job again; if it fails again, check the clock of the runner.',
  },
  AADSTS700016: {
    why: 'The application (clientId) does not exist in this tenant.',
    fix: 'Check tenantId and clientId of this environment in factory.yml.',
  },
  endpoints_resolution_error: {
    why: 'The tenant does not exist, or the sign-in address cannot be reached from this runner.',
    fix: 'Check tenantId in factory.yml, and that the runner may reach the sign-in address of the cloud.',
  },
  network_error: unreachable,
  AADSTS90002: { why: 'The tenant does not exist.', fix: 'Check tenantId in factory.yml.' },
  AuthorizationFailed: {
    why: 'No role of the identity of this environment allows it, or the role was assigned a few minutes ago.',
    fix: 'Assign a role to the identity that includes the action in the message, at the scope in the message, or wait some minutes.',
    more: rbac,
  },
  LinkedAuthorizationFailed: {
    why: 'The identity may change the resource, but not join the other one the message names.',
    fix: 'Assign a role to the identity that includes the missing action on the linked resource, e.g. Network Contributor on the subnet.',
    more: rbac,
  },
  Authorization_RequestDenied: {
    why: 'The identity of this environment lacks a Microsoft Graph permission.',
    fix: 'Grant its service principal Group.ReadWrite.All (or Group.Create and ownership of the groups) and User.Read.All, with admin consent.',
    more: 'https://learn.microsoft.com/graph/permissions-reference',
  },
  PrincipalNotFound: {
    why: 'The principal is new and has not replicated yet, or it was deleted.',
    fix: 'Run the job again in some minutes.',
    more: rbac,
  },
  RoleAssignmentLimitExceeded: {
    why: 'A subscription can have at most 4,000 role assignments.',
    fix: 'Remove assignments of deleted principals, or use another subscription.',
    more: 'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits',
  },
  SubscriptionNotFound: {
    why: 'The subscription does not exist, or the identity has no role in it.',
    fix: 'Check subscriptionId in factory.yml, and the role assignments of the identity.',
  },
  ResourceGroupNotFound: {
    why: 'The resource group does not exist in this subscription.',
    fix: 'Deploy the common area first, and check name, instance and locationCode in factory.yml.',
  },
  ResourceNotFound: {
    why: 'The resource does not exist.',
    fix: 'Deploy the common area first, and check name, instance, locationCode and salt in factory.yml, or the id where one was given.',
  },
  MissingSubscriptionRegistration: {
    why: 'A resource provider is not registered in the subscription, so that none of its resources can be created there.',
    fix: 'Register the resource provider that the message names, as somebody who is Contributor of the subscription: az provider register --namespace NAME --subscription ID. It takes some minutes.',
    more: 'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-register-resource-provider',
  },
  InvalidTemplate: {
    why: 'Azure does not accept the template.',
    fix: 'The message names the location in it. If the template came from this action unchanged, please report it.',
    more: deployment,
  },
  RequestDisallowedByPolicy: {
    why: 'An Azure Policy assignment forbids it.',
    fix: 'The message names the policy: comply with it, or request an exemption.',
    more: deployment,
  },
  QuotaExceeded: {
    why: 'A quota of the subscription is used up.',
    fix: 'Request more quota, or choose a smaller size.',
  },
  InsufficientQuota: {
    why: 'A quota of the subscription is used up.',
    fix: 'Request more quota, or set a smaller capacity in the manifest.',
  },
  NetcfgSubnetRangesOverlap: {
    why: 'Another run has taken the address range in the meantime.',
    fix: 'Run the job again: it plans again.',
  },
  NetcfgSubnetRangeOutsideVnet: {
    why: 'Somebody has removed an address prefix from the VNet in the meantime.',
    fix: 'Run the job again: it plans again.',
  },
  AnotherOperationInProgress: {
    why: 'Another operation is changing the VNet and took longer than this run waits.',
    fix: 'Run the job again.',
  },
  InUseSubnetCannotBeDeleted: {
    why: 'Something is still in the subnet; the message names it.',
    fix: 'Remove it first, then run the job again.',
  },
  InUseNetworkSecurityGroupCannotBeDeleted: {
    why: 'A subnet or a network interface has started to use it since this run read it.',
    fix: 'Run the job again: it checks again.',
  },
  SubnetIsFull: {
    why: 'The subnet has no free address left for what the project needs.',
    fix: "Remove from it what is not needed, or make the subnet larger (network.subnets in the project's manifest) while it is empty.",
  },
  StorageAccountAlreadyTaken: {
    why: 'Another storage account has this name. Names are unique across all of Azure.',
    fix: "Change 'salt' in factory.yml before the first deployment.",
  },
  VaultAlreadyExists: {
    why: 'A vault with this name exists, or a soft-deleted one still has the name.',
    fix: "Recover or purge the deleted vault, or change 'salt' in factory.yml before the first deployment.",
  },
  FlagMustBeSetForRestore: {
    why: 'A soft-deleted resource still has the name.',
    fix: 'Purge or restore it, then run the job again.',
  },
  AuthorizationPermissionMismatch: {
    why: 'The identity of this environment may not change ACLs in the data lake.',
    fix: "Assign it the role 'Storage Blob Data Owner' on the storage account or the container, and wait some minutes.",
    more: aclModel,
  },
  AuthorizationFailure: {
    why: "The storage account's firewall refuses this runner.",
    fix: 'Run the job on a runner that is connected to the VNet.',
  },
  ConditionNotMet: {
    why: 'Somebody changed it after this run had read it. Nothing was overwritten.',
    fix: 'Run the job again: it reads again.',
  },
  FilesystemNotFound: {
    why: 'The container does not exist in the data lake.',
    fix: "Check 'lake.container' in factory.yml, and deploy the common area first.",
  },
  DeploymentStackInNonTerminalState: {
    why: 'Another run is deploying this project.',
    fix: 'Wait until it has finished and run the job again.',
  },
  ENOTFOUND: unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ETIMEDOUT: {
    why: 'The service, or something between it and this runner, did not answer in time.',
    fix: 'Run the job again. If it fails again, check whether the runner can reach the address: private services need a runner inside the network.',
  },
  EAI_AGAIN: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  REQUEST_SEND_ERROR: unreachable,
  EPIPE: brokenOff,
  PARSE_ERROR: brokenOff,
  UND_ERR_CONNECT_TIMEOUT: unreachable,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  CERT_HAS_EXPIRED: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
}
