import type { JWK } from 'jose'

/** A person in the directory. Guests have `userType` Guest and a user principal name with `#EXT#`. */
export interface User {
  readonly id: string
  readonly displayName: string
  readonly userPrincipalName: string
  readonly mail?: string | null
  readonly otherMails?: readonly string[]
  readonly userType?: 'Member' | 'Guest'
  readonly accountEnabled?: boolean
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
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** An application registration. `id` is the object id, `appId` the client id. */
export interface Application {
  readonly id: string
  readonly appId: string
  readonly displayName: string
  /** Client secrets, fictitious ones, for a person's Azure CLI. */
  readonly secrets?: readonly string[]
  readonly federatedCredentials?: readonly FederatedCredential[]
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
}

/** The directory of the one tenant, as the state file holds it. */
export interface DirectoryState {
  readonly tenantId: string
  /** Verified domain, e.g. `contoso.example`. */
  readonly domain: string
  readonly users: User[]
  readonly groups: Group[]
  readonly applications: Application[]
  readonly servicePrincipals: ServicePrincipal[]
  /** Private key the access tokens are signed with; made at the first start. Worth nothing outside the sandbox. */
  signingKey?: JWK
}

/** A directory nobody is in. */
export function emptyDirectory(tenantId: string, domain = 'sandbox.example'): DirectoryState {
  return { tenantId, domain, users: [], groups: [], applications: [], servicePrincipals: [] }
}
