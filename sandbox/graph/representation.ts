import type { DirectoryObject } from '../entra/directory.ts'
import type { Application, Group, ServicePrincipal, User } from '../entra/model.ts'

/** An object as Graph shows it. */
export type Representation = Readonly<Record<string, unknown>>

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
  properties: ['id', 'displayName', 'userPrincipalName', 'mail'],
  onRequest: ['otherMails', 'userType', 'accountEnabled'],
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
    'servicePrincipalType',
    'servicePrincipalNames',
    'alternativeNames',
    'accountEnabled',
  ],
  onRequest: [],
}

/** https://learn.microsoft.com/graph/api/resources/application */
export const applicationType: ResourceType = {
  name: 'Application',
  properties: ['id', 'appId', 'displayName', 'identifierUris'],
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

/** All properties of a user. */
export function showUser(user: User): Representation {
  return {
    id: user.id,
    displayName: user.displayName,
    userPrincipalName: user.userPrincipalName,
    mail: user.mail ?? null,
    otherMails: user.otherMails ?? [],
    userType: user.userType ?? 'Member',
    accountEnabled: user.accountEnabled ?? true,
  }
}

/** All properties of a group, without its members. */
export function showGroup(group: Group): Representation {
  const { members, owners, ...shown } = group
  return shown
}

/** All properties of a service principal. */
export function showServicePrincipal(principal: ServicePrincipal): Representation {
  return {
    id: principal.id,
    appId: principal.appId,
    displayName: principal.displayName,
    appDisplayName: principal.servicePrincipalType === 'Application' ? principal.displayName : null,
    servicePrincipalType: principal.servicePrincipalType,
    servicePrincipalNames: [principal.appId],
    alternativeNames: principal.alternativeNames ?? [],
    accountEnabled: true,
  }
}

/** All properties of an application, without its secrets. */
export function showApplication(application: Application): Representation {
  return {
    id: application.id,
    appId: application.appId,
    displayName: application.displayName,
    identifierUris: [],
  }
}

/** An object of any kind, saying which. */
export function showObject(object: DirectoryObject): Representation {
  switch (object.kind) {
    case 'User':
      return { '@odata.type': '#microsoft.graph.user', ...showUser(object.value) }
    case 'Group':
      return { '@odata.type': '#microsoft.graph.group', ...showGroup(object.value) }
    case 'ServicePrincipal':
      return { '@odata.type': '#microsoft.graph.servicePrincipal', ...showServicePrincipal(object.value) }
  }
}
