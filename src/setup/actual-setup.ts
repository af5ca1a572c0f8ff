import type { RolePermissions } from '../role-permissions.ts'
import type { Environment } from '../vocabulary.ts'
import type { Credential } from './desired-setup.ts'
import type { ActualGitHubEnvironment } from './github-environments.ts'
import type { IdentityKind } from './identity-kinds.ts'

/** A credential that exists; one of a managed identity has its name as the id. */
export interface ActualCredential extends Omit<Credential, 'audience'> {
  readonly id: string
  readonly audiences: readonly string[]
}

/** Where the federated credentials of an identity are kept. */
export type CredentialPrincipal =
  | { readonly kind: 'application' /** Object id of the app registration. */; readonly objectId: string }
  | { readonly kind: 'managedIdentity'; readonly resourceId: string }

/** A permission that an identity was granted. */
export interface GrantedPermission {
  readonly id: string
  /** E.g. `User.Read.All`; of another service than Microsoft Graph the id of its role. */
  readonly name: string
  /** Name of another service than Microsoft Graph, whose it is. */
  readonly service: string | undefined
}

/** A role that an identity holds, itself or by a group. */
export interface HeldRole {
  /** A GUID, under which the assignment is kept. */
  readonly assignment: string
  readonly roleId: string
  readonly scope: string
  /** Of a group that the identity is in, when it is not its own. */
  readonly principalId: string
  /** Does its condition allow what it has to, and nothing that it must not? True also when it has none. */
  readonly condition: 'none' | 'right' | 'other'
  /** What it lets an identity do at worst: give roles; change or see something of what is there; or see how it is set up. */
  readonly reach: 'gives' | 'changes' | 'reads'
  /** The places that set-up looks at, subscriptions and groups, in which it counts or below which it is. */
  readonly seenFrom: readonly string[]
}

/** A role in the directory, for the tenant or at an administrative unit. */
export interface DirectoryRole {
  readonly name: string
  /** `/` for the whole tenant. */
  readonly scope: string
}

/** Somebody who owns an identity. */
export interface IdentityOwner {
  readonly objectId: string
  readonly display: string
  readonly of: 'application' | 'servicePrincipal'
  /** Is it whoever runs set-up? */
  readonly isSelf: boolean
}

/** A secret or a certificate with which somebody can sign in as an identity. */
export interface IdentitySecret {
  readonly keyId: string
  readonly kind: 'password' | 'certificate'
  readonly of: 'application' | 'servicePrincipal'
}

/** An identity as it is. */
export interface ActualIdentity {
  readonly clientId: string
  readonly displayName: string
  readonly principal: CredentialPrincipal
  readonly credentials: readonly ActualCredential[]
  /** Whoever owns its app registration or its service principal, and could add a secret or a credential. */
  readonly owners: readonly IdentityOwner[]
  /** Secrets and certificates, which a factory's identities do without. */
  readonly secrets: readonly IdentitySecret[]
  /** Undefined before it has a service principal. */
  readonly objectId: string | undefined
  readonly permissions: readonly GrantedPermission[]
  readonly directoryRoles: readonly DirectoryRole[]
  readonly roles: readonly HeldRole[]
  /** What whoever runs set-up may not see of it, of which nothing is in the others. */
  readonly hidden: readonly string[]
}

/** An owner of a group. */
export interface GroupOwner {
  readonly objectId: string
  readonly display: string
  readonly isPerson: boolean
}

/** A group that has the name of one of the factory's. */
export interface ActualGroup {
  readonly environment: Environment
  readonly objectId: string
  readonly name: string
  readonly owners: readonly GroupOwner[]
  readonly memberCount: number
}

/** A role of the factory's own that nobody in factory.yml has any more. */
export interface FormerRole {
  readonly environment: Environment
  /** A GUID. */
  readonly id: string
  readonly name: string
  readonly scope: string
  /** How often it is assigned still. */
  readonly assignments: number
}

/** What is there of a set-up. */
export interface ActualSetup {
  readonly resourceGroups: readonly string[]
  /** What the roles that exist let do, by their ids. */
  readonly roleDefinitions: ReadonlyMap<string, RolePermissions>
  readonly formerRoles: readonly FormerRole[]
  readonly identities: readonly (ActualIdentity & IdentityId)[]
  readonly groups: readonly ActualGroup[]
  /** Those of identities that not every branch may be, by name. */
  readonly githubEnvironments: ReadonlyMap<string, ActualGitHubEnvironment>
  /** Has somebody to approve what comes into the default branch? Undefined where that is not asked, or not shown. */
  readonly mergesAreApproved: boolean | undefined
}

/** Which identity. */
export interface IdentityId {
  readonly environment: Environment
  readonly kind: IdentityKind
}
