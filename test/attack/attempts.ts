import type { Attempt } from './identity.ts'
import type { Target } from './targets.ts'

/** Who attacks: the identity of dev, and what is its own. */
export interface Attacker {
  readonly objectId: string
  readonly applicationId: string
  readonly clientId: string
  readonly subscription: string
  readonly network: string
  /** A group of its own. */
  readonly group: string
  /** A person whom it wants in. */
  readonly friend: string
  /** The address of Graph, for references. */
  readonly graph: string
  /** Object id of Microsoft Graph's service principal. */
  readonly graphApplication: string
}

/** Attempts by what they are for. */
export type Attempts = Readonly<Record<string, (at: Target, self: Attacker) => Attempt>>

const reference = ({ graph }: Attacker, id: string) => ({ '@odata.id': `${graph}/directoryObjects/${id}` })
const references = ({ graph }: Attacker, id: string) => [`${graph}/directoryObjects/${id}`]
const groupReadWriteAll = '62a82d76-70ea-41e2-9197-370581804d09'
const groupsAdministrator = 'fdd7a751-b60b-444a-984c-02652fe8fa1c'
const anyRepository = {
  name: 'another',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:mallory/factory:environment:prod',
  audiences: ['api://AzureADTokenExchange'],
}
const forAnHour = (principalId: string, roleDefinitionId: string, action: string) => ({
  action,
  principalId,
  roleDefinitionId,
  directoryScopeId: '/',
  justification: 'x',
  scheduleInfo: {
    startDateTime: '2026-01-01T00:00:00Z',
    expiration: { type: 'afterDuration', duration: 'PT1H' },
  },
})
const graph = (method: Attempt['method'], path: string, body?: object, headers?: Attempt['headers']) =>
  ({ service: 'graph', method, path, ...(body && { body }), ...(headers && { headers }) }) as const

/** What the directory refuses. */
export const inTheDirectory: Attempts = {
  'add a person to a group': (at, self) =>
    graph('POST', `/groups/${at.group}/members/$ref`, reference(self, self.friend)),
  'add a person to a group by changing it': (at, self) =>
    graph('PATCH', `/groups/${at.group}`, { 'members@odata.bind': references(self, self.friend) }),
  'add itself to a group': (at, self) =>
    graph('POST', `/groups/${at.group}/members/$ref`, reference(self, self.objectId)),
  'put a group of its own into a group': (at, self) =>
    graph('POST', `/groups/${at.group}/members/$ref`, reference(self, self.group)),
  'remove a person from a group': (at) => graph('DELETE', `/groups/${at.group}/members/${at.member}/$ref`),
  'become an owner of a group': (at, self) =>
    graph('POST', `/groups/${at.group}/owners/$ref`, reference(self, self.objectId)),
  'become an owner of a group by changing it': (at, self) =>
    graph('PATCH', `/groups/${at.group}`, { 'owners@odata.bind': references(self, self.objectId) }),
  'remove the owner of a group': (at) => graph('DELETE', `/groups/${at.group}/owners/${at.objectId}/$ref`),
  'rename a group': (at) => graph('PATCH', `/groups/${at.group}`, { mailNickname: 'mine' }),
  'delete a group': (at) => graph('DELETE', `/groups/${at.group}`),
  'create a group by the unique name of another': (at) =>
    graph(
      'PATCH',
      `/groups(uniqueName='${at.groupName}')`,
      { displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true },
      { Prefer: 'create-if-missing' },
    ),
  'create a group with the identity of another environment as owner': (at, self) =>
    graph('POST', '/groups', {
      ...{ displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true },
      'owners@odata.bind': [...references(self, self.objectId), ...references(self, at.objectId)],
    }),
  'create a group that directory roles can be given to': () =>
    graph('POST', '/groups', {
      ...{ displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true },
      isAssignableToRole: true,
    }),
  'grant itself a permission': (_at, self) =>
    graph('POST', `/servicePrincipals/${self.objectId}/appRoleAssignments`, {
      principalId: self.objectId,
      resourceId: self.graphApplication,
      appRoleId: groupReadWriteAll,
    }),
  'take the permissions of another identity away': (at) =>
    graph('DELETE', `/servicePrincipals/${at.objectId}/appRoleAssignments/x`),
  'give itself a directory role': (_at, self) =>
    graph('POST', '/roleManagement/directory/roleAssignments', {
      principalId: self.objectId,
      roleDefinitionId: groupsAdministrator,
      directoryScopeId: '/',
    }),
  'make itself eligible for a directory role': (_at, self) =>
    graph(
      'POST',
      '/roleManagement/directory/roleEligibilityScheduleRequests',
      forAnHour(self.objectId, groupsAdministrator, 'adminAssign'),
    ),
  'activate a directory role': (_at, self) =>
    graph(
      'POST',
      '/roleManagement/directory/roleAssignmentScheduleRequests',
      forAnHour(self.objectId, groupsAdministrator, 'adminAssign'),
    ),
  'give another identity a secret': (at) =>
    graph('POST', `/applications(appId='${at.clientId}')/addPassword`, { passwordCredential: {} }),
  'give the service principal of another identity a secret': (at) =>
    graph('POST', `/servicePrincipals/${at.objectId}/addPassword`, { passwordCredential: {} }),
  'let another repository sign in as another identity': (at) =>
    graph('POST', `/applications/${at.applicationId}/federatedIdentityCredentials`, anyRepository),
  'read the credentials of another identity': (at) =>
    graph('GET', `/applications/${at.applicationId}/federatedIdentityCredentials`),
  'let another repository sign in as itself': (_at, self) =>
    graph('POST', `/applications/${self.applicationId}/federatedIdentityCredentials`, anyRepository),
  'become an owner of the application of another identity': (at, self) =>
    graph('POST', `/applications/${at.applicationId}/owners/$ref`, reference(self, self.objectId)),
  'become an owner of the service principal of another identity': (at, self) =>
    graph('POST', `/servicePrincipals/${at.objectId}/owners/$ref`, reference(self, self.objectId)),
  'delete the application of another identity': (at) => graph('DELETE', `/applications/${at.applicationId}`),
  'create an application': () => graph('POST', '/applications', { displayName: 'mine' }),
  'create a person': () =>
    graph('POST', '/users', {
      ...{ displayName: 'Mallory', mailNickname: 'mallory', accountEnabled: true },
      userPrincipalName: 'mallory@contoso.example',
      passwordProfile: { password: 'Sandbox-1234' },
    }),
  'change the password of a person': (at) =>
    graph('PATCH', `/users/${at.member}`, { passwordProfile: { password: 'Sandbox-1234' } }),
  'invite a guest': () =>
    graph('POST', '/invitations', {
      invitedUserEmailAddress: 'mallory@partner.example',
      inviteRedirectUrl: 'https://example.com',
    }),
  'create an administrative unit': () =>
    graph('POST', '/directory/administrativeUnits', { displayName: 'mine' }),
}

const version = (type: string): string => versions[type] ?? '2022-04-01'
const versions: Readonly<Record<string, string>> = {
  locks: '2020-05-01',
  policyAssignments: '2023-04-01',
  roleEligibilityScheduleRequests: '2020-10-01',
  roleAssignmentScheduleRequests: '2020-10-01',
  stacks: '2024-03-01',
  deployments: '2024-11-01',
  groups: '2024-11-01',
  network: '2024-05-01',
  storage: '2024-01-01',
  identity: '2023-01-31',
}
const arm = (method: Attempt['method'], path: string, apiVersion: string, body?: object) =>
  ({
    service: 'arm',
    method,
    path: `${path}?api-version=${apiVersion}`,
    ...(body && { body }),
  }) as const
const authorization = 'providers/Microsoft.Authorization'
const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const name = 'dddddddd-0000-4000-8000-000000000001'
const emptyTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources: [],
}
const location = 'swedencentral'
const ownerFor = (scope: string, self: Attacker) => ({
  properties: {
    roleDefinitionId: `${scope}/${authorization}/roleDefinitions/${owner}`,
    principalId: self.objectId,
    principalType: 'ServicePrincipal',
  },
})
const scheduled = (scope: string, self: Attacker) => ({
  properties: {
    requestType: 'AdminAssign',
    principalId: self.objectId,
    roleDefinitionId: `${scope}/${authorization}/roleDefinitions/${owner}`,
    scheduleInfo: { expiration: { type: 'AfterDuration', duration: 'PT1H' } },
  },
})
const definition = (scopes: readonly string[]) => ({
  properties: {
    roleName: 'Mine',
    type: 'CustomRole',
    permissions: [{ actions: ['*'], notActions: [] }],
    assignableScopes: scopes,
  },
})
const subnet = { properties: { addressPrefix: '172.31.0.0/24' } }

/** What Azure Resource Manager refuses. */
export const inAzure: Attempts = {
  'read the subscription': (at) => arm('GET', at.subscription, '2022-12-01'),
  'list who has which role': (at) =>
    arm('GET', `${at.subscription}/${authorization}/roleAssignments`, '2022-04-01'),
  'make itself Owner of the subscription': (at, self) =>
    arm(
      'PUT',
      `${at.subscription}/${authorization}/roleAssignments/${name}`,
      '2022-04-01',
      ownerFor(at.subscription, self),
    ),
  'make itself Owner of a project': (at, self) =>
    arm(
      'PUT',
      `${at.project}/${authorization}/roleAssignments/${name}`,
      '2022-04-01',
      ownerFor(at.subscription, self),
    ),
  'make itself Owner of the tenant': (_at, self) =>
    arm('PUT', `/${authorization}/roleAssignments/${name}`, '2022-04-01', ownerFor('', self)),
  'take a role away': (at) => arm('DELETE', at.assignment, '2022-04-01'),
  'make itself eligible for a role': (at, self) =>
    arm(
      'PUT',
      `${at.subscription}/${authorization}/roleEligibilityScheduleRequests/${name}`,
      version('roleEligibilityScheduleRequests'),
      scheduled(at.subscription, self),
    ),
  'activate a role': (at, self) =>
    arm(
      'PUT',
      `${at.subscription}/${authorization}/roleAssignmentScheduleRequests/${name}`,
      version('roleAssignmentScheduleRequests'),
      scheduled(at.subscription, self),
    ),
  'define a role': (at) =>
    arm(
      'PUT',
      `${at.subscription}/${authorization}/roleDefinitions/${name}`,
      '2022-04-01',
      definition([at.subscription]),
    ),
  'define a role in its own subscription that can be assigned in another': (at, self) =>
    arm(
      'PUT',
      `${self.subscription}/${authorization}/roleDefinitions/${name}`,
      '2022-04-01',
      definition([self.subscription, at.subscription]),
    ),
  'define a role in its own subscription': (_at, self) =>
    arm(
      'PUT',
      `${self.subscription}/${authorization}/roleDefinitions/${name}`,
      '2022-04-01',
      definition([self.subscription]),
    ),
  'lock a project': (at) =>
    arm('PUT', `${at.project}/${authorization}/locks/mine`, version('locks'), {
      properties: { level: 'ReadOnly' },
    }),
  'assign a policy': (at) =>
    arm('PUT', `${at.subscription}/${authorization}/policyAssignments/mine`, version('policyAssignments'), {
      properties: {
        policyDefinitionId:
          '/providers/Microsoft.Authorization/policyDefinitions/6c112d4e-5bc7-47ae-a041-ea2d9dccd749',
      },
    }),
  'deploy to the subscription': (at) =>
    arm('PUT', `${at.subscription}/providers/Microsoft.Resources/deployments/mine`, version('deployments'), {
      location,
      properties: { mode: 'Incremental', template: emptyTemplate },
    }),
  'read a deployment stack': (at) => arm('GET', at.stack, version('stacks')),
  'overwrite a deployment stack': (at) =>
    arm('PUT', at.stack, version('stacks'), {
      location,
      properties: {
        template: emptyTemplate,
        actionOnUnmanage: { resources: 'delete', resourceGroups: 'delete' },
        denySettings: { mode: 'none' },
      },
    }),
  'delete a deployment stack with all that it manages': (at) =>
    arm('DELETE', `${at.stack}`, `${version('stacks')}&unmanageAction.Resources=delete`),
  'export the template of a deployment stack': (at) =>
    arm('POST', `${at.stack}/exportTemplate`, version('stacks')),
  'create a resource group': (at) =>
    arm('PUT', `${at.subscription}/resourceGroups/mine`, version('groups'), { location }),
  'delete a project': (at) => arm('DELETE', at.project, version('groups')),
  'delete the common area': (at) => arm('DELETE', at.common, version('groups')),
  'change the tags of a project': (at) =>
    arm('PATCH', at.project, version('groups'), { tags: { mine: 'yes' } }),
  'create a resource in a project': (at) =>
    arm(
      'PUT',
      `${at.project}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine`,
      version('identity'),
      { location },
    ),
  'read a resource': (at) => arm('GET', at.storage, version('storage')),
  'open the firewall of a resource': (at) =>
    arm('PATCH', at.storage, version('storage'), { properties: { publicNetworkAccess: 'Enabled' } }),
  'read the keys of a storage account': (at) => arm('POST', `${at.storage}/listKeys`, version('storage')),
  'delete a resource': (at) => arm('DELETE', at.storage, version('storage')),
  'delete the data lake': (at) =>
    arm('DELETE', `${at.common}/providers/Microsoft.Storage/storageAccounts/${at.lake}`, version('storage')),
  'let a repository sign in as the identity of a project': (at) =>
    arm('PUT', `${at.identity}/federatedIdentityCredentials/mine`, version('identity'), {
      properties: {
        issuer: anyRepository.issuer,
        subject: anyRepository.subject,
        audiences: anyRepository.audiences,
      },
    }),
  'use the identity of a project for a resource of its own': (at, self) =>
    arm(
      'PUT',
      `${self.network.replace(/\/providers\/.*/, '')}/providers/Microsoft.Storage/storageAccounts/minea1b2c`,
      version('storage'),
      {
        ...{ location, kind: 'StorageV2', sku: { name: 'Standard_LRS' }, properties: {} },
        identity: { type: 'UserAssigned', userAssignedIdentities: { [at.identity]: {} } },
      },
    ),
  'create a subnet in the VNet': (at) => arm('PUT', `${at.network}/subnets/mine`, version('network'), subnet),
  'delete a subnet': (at) => arm('DELETE', `${at.network}/subnets/snet-esml-cmn-001`, version('network')),
  'peer its VNet with that of another environment': (at, self) =>
    arm('PUT', `${self.network}/virtualNetworkPeerings/mine`, version('network'), {
      properties: { remoteVirtualNetwork: { id: at.network }, allowVirtualNetworkAccess: true },
    }),
  'peer the VNet of another environment with its own': (at, self) =>
    arm('PUT', `${at.network}/virtualNetworkPeerings/mine`, version('network'), {
      properties: { remoteVirtualNetwork: { id: self.network }, allowVirtualNetworkAccess: true },
    }),
  'write a record into a DNS zone': (at) =>
    arm(
      'PUT',
      `${at.common}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net/A/mine`,
      '2024-06-01',
      { properties: { ttl: 10, aRecords: [{ ipv4Address: '10.0.0.4' }] } },
    ),
  'register a resource provider': (at) =>
    arm('POST', `${at.subscription}/providers/Microsoft.Storage/register`, version('groups')),
}

const data = (method: Attempt['method'], path: string, headers?: Attempt['headers']) =>
  ({ service: 'lake', method, path, ...(headers && { headers }) }) as const
const folder = (at: Target): string => `/${at.lake}/lake3/projects`

/** What the data lake refuses. */
export const inTheLake: Attempts = {
  'list the folders of a data lake': (at) =>
    data('GET', `/${at.lake}/lake3?resource=filesystem&recursive=true`),
  'read the access control list of a folder': (at) => data('HEAD', `${folder(at)}?action=getAccessControl`),
  'create a folder': (at) => data('PUT', `${folder(at)}/mine?resource=directory`),
  'write a file': (at) => data('PUT', `${folder(at)}/mine.txt?resource=file`),
  'let everybody into a folder': (at) =>
    data('PATCH', `${folder(at)}?action=setAccessControl`, {
      'x-ms-acl': 'user::rwx,group::r-x,other::rwx',
    }),
  'let everybody into all that is below a folder': (at) =>
    data('PATCH', `${folder(at)}?action=setAccessControlRecursive&mode=modify`, {
      'x-ms-acl': 'other::rwx',
    }),
  'become the owner of a folder': (at) =>
    data('PATCH', `${folder(at)}?action=setAccessControl`, {
      'x-ms-owner': '33333333-3333-3333-3333-3333333333b1',
    }),
  'delete a folder with all that is in it': (at) => data('DELETE', `${folder(at)}?recursive=true`),
}
