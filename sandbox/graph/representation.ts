import { graphAppId, graphAppRoles } from '../entra/graph-service-principal.ts'
import type {
  Application,
  DirectoryState,
  FederatedCredential,
  Group,
  PasswordCredential,
  ServicePrincipal,
  User,
} from '../entra/model.ts'
import type { DirectoryObject } from '../entra/objects.ts'
import type { AdministrativeUnit } from '../entra/role-model.ts'

/** An object as Graph shows it. */
export type Representation = Readonly<Record<string, unknown>>

/** All properties of a user. */
export function showUser(user: User): Representation {
  const { id, displayName, userPrincipalName, details } = user
  return {
    businessPhones: [],
    givenName: null,
    jobTitle: null,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: null,
    ...details,
    id,
    displayName,
    userPrincipalName,
    mail: user.mail ?? null,
    otherMails: user.otherMails ?? [],
    proxyAddresses: user.proxyAddresses ?? [],
    userType: user.userType ?? 'Member',
    accountEnabled: user.accountEnabled ?? true,
    createdDateTime: user.createdDateTime ?? null,
    externalUserState: user.externalUserState ?? null,
  }
}

/** All properties of a group, without its members. */
export function showGroup(group: Group): Representation {
  const { members, owners, ...shown } = group
  return { ...shown, isAssignableToRole: group.isAssignableToRole ?? null }
}

/** All properties of a service principal; Microsoft Graph shows the permissions that it offers. */
export function showServicePrincipal(principal: ServicePrincipal, state: DirectoryState): Representation {
  const application = state.applications.find(({ appId }) => appId === principal.appId)
  return {
    appRoleAssignmentRequired: false,
    tags: [],
    ...principal.details,
    id: principal.id,
    appId: principal.appId,
    displayName: principal.displayName,
    appDisplayName: principal.servicePrincipalType === 'Application' ? principal.displayName : null,
    appOwnerOrganizationId: application === undefined ? null : state.tenantId,
    appRoles: principal.appId === graphAppId ? graphAppRoles : (application?.details?.['appRoles'] ?? []),
    servicePrincipalType: principal.servicePrincipalType,
    servicePrincipalNames: [principal.appId, ...urisOf(application)],
    alternativeNames: principal.alternativeNames ?? [],
    accountEnabled: principal.accountEnabled ?? true,
    createdDateTime: principal.createdDateTime ?? null,
    keyCredentials: [],
    passwordCredentials: (principal.passwords ?? []).map(showPassword),
  }
}

const urisOf = (application: Application | undefined): readonly unknown[] => {
  const uris = application?.details?.['identifierUris']
  return Array.isArray(uris) ? uris : []
}

/** All properties of an application, without its secrets. */
export function showApplication(application: Application): Representation {
  return {
    appRoles: [],
    identifierUris: [],
    keyCredentials: [],
    requiredResourceAccess: [],
    signInAudience: 'AzureADMyOrg',
    tags: [],
    ...application.details,
    id: application.id,
    appId: application.appId,
    displayName: application.displayName,
    createdDateTime: application.createdDateTime ?? null,
    passwordCredentials: (application.passwords ?? []).map(showPassword),
  }
}

/** A client secret, without the secret. */
export const showPassword = ({ secretText, ...shown }: PasswordCredential): Representation => ({
  customKeyIdentifier: null,
  ...shown,
  secretText: null,
})

/** A federated credential of an application. */
export const showFederatedCredential = (credential: FederatedCredential): Representation => ({
  id: credential.id ?? credential.name,
  name: credential.name,
  issuer: credential.issuer,
  subject: credential.subject,
  description: credential.description ?? null,
  audiences: credential.audiences,
})

/** An administrative unit, without its members. */
export const showUnit = ({ members, ...shown }: AdministrativeUnit): Representation => ({
  deletedDateTime: null,
  ...shown,
})

/** An object of any kind, saying which. */
export function showObject(object: DirectoryObject, state: DirectoryState): Representation {
  switch (object.kind) {
    case 'User':
      return { '@odata.type': '#microsoft.graph.user', ...showUser(object.value) }
    case 'Group':
      return { '@odata.type': '#microsoft.graph.group', ...showGroup(object.value) }
    case 'ServicePrincipal':
      return {
        '@odata.type': '#microsoft.graph.servicePrincipal',
        ...showServicePrincipal(object.value, state),
      }
  }
}
