/** A kind of object: its name in Graph's errors, and which properties an answer has unless `$select` asks for others. */
export interface ResourceType {
  readonly name: string
  readonly properties: readonly string[]
  /** Properties that are shown only when selected. */
  readonly onRequest: readonly string[]
}

/** https://learn.microsoft.com/graph/api/resources/user */
export const userType: ResourceType = {
  name: 'User',
  properties: [
    'businessPhones',
    'displayName',
    'givenName',
    'id',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
  ],
  onRequest: [
    'accountEnabled',
    'city',
    'companyName',
    'country',
    'createdDateTime',
    'department',
    'employeeId',
    'externalUserState',
    'mailNickname',
    'otherMails',
    'proxyAddresses',
    'usageLocation',
    'userType',
  ],
}

/** https://learn.microsoft.com/graph/api/resources/group */
export const groupType: ResourceType = {
  name: 'Group',
  properties: [
    'id',
    'displayName',
    'description',
    'mailNickname',
    'mailEnabled',
    'securityEnabled',
    'groupTypes',
    'isAssignableToRole',
    'uniqueName',
    'createdDateTime',
  ],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal */
export const servicePrincipalType: ResourceType = {
  name: 'ServicePrincipal',
  properties: [
    'id',
    'appId',
    'displayName',
    'appDisplayName',
    'appOwnerOrganizationId',
    'appRoleAssignmentRequired',
    'appRoles',
    'createdDateTime',
    'keyCredentials',
    'passwordCredentials',
    'servicePrincipalType',
    'servicePrincipalNames',
    'alternativeNames',
    'accountEnabled',
    'tags',
  ],
  onRequest: ['description', 'homepage', 'notes', 'replyUrls'],
}

/** https://learn.microsoft.com/graph/api/resources/application */
export const applicationType: ResourceType = {
  name: 'Application',
  properties: [
    'id',
    'appId',
    'displayName',
    'identifierUris',
    'api',
    'appRoles',
    'createdDateTime',
    'description',
    'info',
    'isDeviceOnlyAuthSupported',
    'isFallbackPublicClient',
    'keyCredentials',
    'notes',
    'optionalClaims',
    'passwordCredentials',
    'publicClient',
    'requiredResourceAccess',
    'signInAudience',
    'spa',
    'tags',
    'web',
  ],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export const federatedCredentialType: ResourceType = {
  name: 'FederatedIdentityCredential',
  properties: ['id', 'name', 'issuer', 'subject', 'description', 'audiences'],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/approleassignment */
export const appRoleAssignmentType: ResourceType = {
  name: 'AppRoleAssignment',
  properties: [
    'id',
    'deletedDateTime',
    'appRoleId',
    'createdDateTime',
    'principalDisplayName',
    'principalId',
    'principalType',
    'resourceDisplayName',
    'resourceId',
  ],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/administrativeunit */
export const unitType: ResourceType = {
  name: 'AdministrativeUnit',
  properties: [
    'id',
    'deletedDateTime',
    'displayName',
    'description',
    'visibility',
    'isMemberManagementRestricted',
  ],
  onRequest: [],
}

const tuple = ['id', 'principalId', 'roleDefinitionId', 'directoryScopeId']

/** https://learn.microsoft.com/graph/api/resources/unifiedroleassignment */
export const roleAssignmentType: ResourceType = {
  name: 'UnifiedRoleAssignment',
  properties: tuple,
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/unifiedroledefinition */
export const roleDefinitionType: ResourceType = {
  name: 'UnifiedRoleDefinition',
  properties: ['id', 'displayName', 'isBuiltIn', 'isEnabled', 'resourceScopes', 'templateId', 'version'],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityschedule */
export const roleScheduleType: ResourceType = {
  name: 'UnifiedRoleSchedule',
  properties: [...tuple, 'assignmentType', 'startDateTime', 'endDateTime', 'memberType', 'status'],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/unifiedroleeligibilityschedulerequest */
export const roleRequestType: ResourceType = {
  name: 'UnifiedRoleScheduleRequest',
  properties: [
    ...tuple,
    'action',
    'completedDateTime',
    'createdBy',
    'createdDateTime',
    'isValidationOnly',
    'justification',
    'scheduleInfo',
    'status',
    'ticketInfo',
  ],
  onRequest: [],
}

/** What directory objects of every kind share. */
export const directoryObjectType: ResourceType = {
  name: 'DirectoryObject',
  properties: [
    '@odata.type',
    ...new Set([...userType.properties, ...groupType.properties, ...servicePrincipalType.properties]),
  ],
  onRequest: [],
}

/** The same, deleted. */
export const deletedType: ResourceType = {
  name: 'DirectoryObject',
  properties: ['deletedDateTime', ...directoryObjectType.properties, ...applicationType.properties],
  onRequest: [],
}
