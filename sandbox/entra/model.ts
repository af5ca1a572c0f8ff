import type { JWK } from 'jose'
import type { AdministrativeUnit, RoleAssignment, RoleSchedule, RoleScheduleRequest } from './role-model.ts'

/** A person in the directory. Guests have `userType` Guest and a user principal name with `#EXT#`. */
export interface User {
  readonly id: string
  readonly displayName: string
  readonly userPrincipalName: string
  readonly mail?: string | null
  readonly otherMails?: readonly string[]
  /** The addresses of the mailbox: `SMTP:` the one that it sends from, `smtp:` the others. */
  readonly proxyAddresses?: readonly string[]
  readonly userType?: 'Member' | 'Guest'
  readonly accountEnabled?: boolean
  readonly createdDateTime?: string
  /** What a guest that was invited has done with it. */
  readonly externalUserState?: 'PendingAcceptance' | 'Accepted' | null
  /** Fictitious, like all of the sandbox's secrets. */
  readonly password?: string
  /** What else Graph keeps of a person: `jobTitle`, `givenName` and the like. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** A security group. `members` and `owners` hold object ids. */
export interface Group {
  readonly id: string
  displayName: string
  description: string | null
  mailNickname: string
  readonly mailEnabled: boolean
  readonly securityEnabled: boolean
  readonly groupTypes: readonly string[]
  /** Alternate key, given when the group is made by an upsert; never changes. */
  readonly uniqueName: string | null
  /** Whether directory roles can be given to it; never changes. */
  readonly isAssignableToRole?: boolean | null
  readonly createdDateTime: string
  members: string[]
  owners: string[]
}

/**
 * A trust in an outside token issuer. All three are compared exactly, case included.
 * An issuer on the sandbox itself is written `{sandbox}/…`, because its port is known only when it runs.
 * https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 */
export interface FederatedCredential {
  /** Given when it is created; a seed's have their name for it. */
  readonly id?: string
  readonly name: string
  readonly description?: string | null
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** A client secret, without the secret. https://learn.microsoft.com/graph/api/resources/passwordcredential */
export interface PasswordCredential {
  readonly keyId: string
  readonly displayName: string | null
  readonly hint: string
  readonly startDateTime: string
  readonly endDateTime: string
  /** Shown once, when it is added. */
  readonly secretText: string
}

/** An application registration. `id` is the object id, `appId` the client id. */
export interface Application {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  /** Client secrets, fictitious ones, for a person's Azure CLI. */
  readonly secrets?: readonly string[]
  readonly federatedCredentials?: readonly FederatedCredential[]
  readonly passwords?: readonly PasswordCredential[]
  /** Object ids. */
  readonly owners?: readonly string[]
  readonly createdDateTime?: string
  /** What else Graph keeps of an application: `identifierUris`, `requiredResourceAccess` and the like. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** An application permission, or another app role, that a principal was granted. */
export interface AppRoleAssignment {
  readonly id: string
  readonly appRoleId: string
  /** Object id of the service principal whose role it is. */
  readonly resourceId: string
  readonly createdDateTime: string
}

/** What an application or a managed identity is in this tenant. `id` is the object id that roles are given to. */
export interface ServicePrincipal {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  readonly servicePrincipalType: 'Application' | 'ManagedIdentity'
  /** For a managed identity: how it was made, and the id of its resource. */
  readonly alternativeNames?: readonly string[]
  /** Microsoft Graph application permissions granted, e.g. `Group.ReadWrite.All`. */
  readonly graphRoles?: readonly string[]
  /** The same as Graph keeps them, for those that were granted through it. */
  readonly appRoleAssignments?: readonly AppRoleAssignment[]
  readonly passwords?: readonly PasswordCredential[]
  readonly owners?: readonly string[]
  readonly accountEnabled?: boolean
  readonly createdDateTime?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** What was deleted and can be restored for 30 days, with the groups it was in. */
export type DeletedObject = (
  | { readonly kind: 'User'; readonly value: User }
  | { readonly kind: 'Group'; readonly value: Group }
  | { readonly kind: 'Application'; readonly value: Application }
  | { readonly kind: 'ServicePrincipal'; readonly value: ServicePrincipal }
) & {
  readonly deletedDateTime: string
  readonly memberOf: readonly string[]
  readonly ownerOf: readonly string[]
}

/** The directory of the one tenant, as the state file holds it. What may be missing is made when it is opened. */
export interface DirectoryState {
  readonly tenantId: string
  /** Verified domain, e.g. `contoso.example`. */
  readonly domain: string
  readonly users: User[]
  readonly groups: Group[]
  readonly applications: Application[]
  readonly servicePrincipals: ServicePrincipal[]
  readonly deleted?: DeletedObject[]
  readonly units?: AdministrativeUnit[]
  readonly roleAssignments?: RoleAssignment[]
  readonly roleSchedules?: RoleSchedule[]
  readonly roleRequests?: RoleScheduleRequest[]
  /** Private key the access tokens are signed with; made at the first start. Worth nothing outside the sandbox. */
  signingKey?: JWK
}

/** A directory with all its lists. */
export interface OpenDirectoryState extends DirectoryState {
  deleted: DeletedObject[]
  readonly units: AdministrativeUnit[]
  roleAssignments: RoleAssignment[]
  roleSchedules: RoleSchedule[]
  readonly roleRequests: RoleScheduleRequest[]
}

/** Gives a state the lists that it may be without. It stays the same object. */
export function withAllLists(state: DirectoryState): OpenDirectoryState {
  const { deleted = [], units = [], roleAssignments = [], roleSchedules = [], roleRequests = [] } = state
  return Object.assign(state, { deleted, units, roleAssignments, roleSchedules, roleRequests })
}

/** A directory nobody is in. */
export function emptyDirectory(tenantId: string, domain = 'sandbox.example'): DirectoryState {
  return { tenantId, domain, users: [], groups: [], applications: [], servicePrincipals: [] }
}
