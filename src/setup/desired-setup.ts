import { guidOf } from '../guid.ts'
import type { ResolvedFactory } from '../manifest/resolved.ts'
import { noPermissions, type RolePermissions } from '../role-permissions.ts'
import type { Environment } from '../vocabulary.ts'
import { type DesiredDirectoryRole, optionalDirectoryRights } from './directory-rights.ts'
import { type GitHubEnvironment, githubEnvironmentOf } from './github-environments.ts'
import {
  type IdentityKind,
  identityKindDefinitions,
  identityKinds,
  type KindRole,
  type OwnRole,
  ownRoles,
  type RolePlace,
} from './identity-kinds.ts'
import { ownSubjects, type SigningRepository, subjectOf } from './subject.ts'

/** A trust in the tokens of GitHub's jobs. https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export interface Credential {
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audience: string
}

/** A role that an identity should hold. */
export interface DesiredRole {
  readonly name: string
  /** A GUID. */
  readonly id: string
  readonly scope: string
  readonly condition?: string
}

/** An identity as it should be. */
export interface DesiredIdentity {
  readonly environment: Environment
  readonly kind: IdentityKind
  /** Display name of its app registration, when there is none yet. */
  readonly name: string
  /** What factory.yml says; absent before set-up. */
  readonly clientId: string | undefined
  /** Whose jobs are it. */
  readonly github: GitHubEnvironment
  readonly credential: Credential
  /** Other subjects of the same jobs, which are of no use any more. */
  readonly formerSubjects: readonly string[]
  readonly graphPermissions: readonly string[]
  readonly directoryRoles: readonly DesiredDirectoryRole[]
  readonly roles: readonly DesiredRole[]
}

/** A role of the factory's own. https://learn.microsoft.com/azure/role-based-access-control/custom-roles */
export interface DesiredRoleDefinition {
  readonly environment: Environment
  /** A GUID. */
  readonly id: string
  /** Unique in the tenant. */
  readonly name: string
  readonly description: string
  readonly permissions: RolePermissions
  readonly scope: string
}

/** The resource group of the common area, where rights are given before the data lake exists. */
export interface DesiredResourceGroup {
  readonly environment: Environment
  readonly id: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
}

/** All that set-up makes, in all environments. */
export interface DesiredSetup {
  readonly repository: string
  readonly defaultBranch: string
  readonly resourceGroups: readonly DesiredResourceGroup[]
  readonly roleDefinitions: readonly DesiredRoleDefinition[]
  readonly identities: readonly DesiredIdentity[]
  /** The resource groups of the private DNS zones, for environments that use those of a hub. */
  readonly dnsHubs: ReadonlyMap<Environment, string>
}

/** One environment, with the names that its identities and its common area have. */
export interface SetupEnvironment {
  readonly factory: ResolvedFactory
  readonly resourceGroup: Pick<DesiredResourceGroup, 'id' | 'tags'>
  readonly identityName: (kind: IdentityKind) => string
  /** The roles of the principals of its projects, which the identity that delivers assigns. */
  readonly projectRoles: readonly Pick<DesiredRoleDefinition, 'id' | 'name' | 'description' | 'permissions'>[]
  /** Is it one of those roles, whether anybody has it now or had it earlier? */
  readonly isProjectRole: (role: Pick<DesiredRoleDefinition, 'id' | 'name'>) => boolean
  /** Limits which roles the identity that delivers may assign, and to whom. */
  readonly condition: string
  /** Is a persona of its projects or of the core team eligible for its role, instead of having it all the time? */
  readonly hasEligible: boolean
}

/** What is the same in all environments. */
export interface SetupCircumstances {
  readonly repository: SigningRepository
  /** Who issues the tokens of GitHub's jobs. */
  readonly issuer: string
  /** The audience that Entra expects in them. */
  readonly audience: string
}

/** What set-up should have made. */
export const desiredSetup = (
  environments: readonly SetupEnvironment[],
  circumstances: SetupCircumstances,
): DesiredSetup => ({
  repository: circumstances.repository.fullName,
  defaultBranch: circumstances.repository.defaultBranch,
  resourceGroups: environments.map(({ factory, resourceGroup }) => ({
    environment: factory.environment,
    location: factory.location,
    ...resourceGroup,
  })),
  roleDefinitions: environments.flatMap(ownRolesOf),
  identities: environments.flatMap((one) => identityKinds.map((kind) => identity(one, kind, circumstances))),
  dnsHubs: new Map(
    environments.flatMap((one) => {
      const hub = scopeOf('dnsHub', one)
      return hub === undefined ? [] : [[one.factory.environment, hub] as const]
    }),
  ),
})

const subscriptionScope = ({ subscriptionId }: ResolvedFactory): string => `/subscriptions/${subscriptionId}`

const ownRolesOf = (environment: SetupEnvironment): readonly DesiredRoleDefinition[] => [
  ...Object.values(ownRoles).flatMap((role) => ownRole(role, environment) ?? []),
  ...environment.projectRoles.map((role) => ({
    ...role,
    environment: environment.factory.environment,
    scope: subscriptionScope(environment.factory),
  })),
]

/** Undefined where the environment has no such place. The names tell the factories and environments of a tenant apart. */
function ownRole(
  { title, description, actions, at, of }: OwnRole,
  environment: SetupEnvironment,
): DesiredRoleDefinition | undefined {
  const scope = scopeOf(at, environment)
  if (scope === undefined) return undefined
  const name = `AI Factory ${title} (${environment.identityName(of)})`
  return {
    environment: environment.factory.environment,
    id: guidOf(`${scope}|${name}`.toLowerCase()),
    name,
    description,
    permissions: { ...noPermissions, actions },
    scope,
  }
}

function identity(
  environment: SetupEnvironment,
  kind: IdentityKind,
  { repository, issuer, audience }: SetupCircumstances,
): DesiredIdentity {
  const { factory, identityName } = environment
  const { graphPermissions, roles } = identityKindDefinitions[kind]
  const more = optionalDirectoryRights(kind, factory)
  const github = githubEnvironmentOf(factory.environment, kind, repository.defaultBranch)
  return {
    environment: factory.environment,
    kind,
    name: identityName(kind),
    clientId: clientIdIn(factory, kind),
    github,
    credential: {
      ...{ name: `github-${github.name}`, issuer, audience },
      subject: subjectOf(repository, github.name),
    },
    formerSubjects: ownSubjects(repository, github.name),
    graphPermissions: [...graphPermissions, ...more.permissions],
    directoryRoles: more.roles,
    roles: roles.flatMap((role) => desiredRole(role, environment)),
  }
}

const clientIdIn = ({ clientId, identities }: ResolvedFactory, kind: IdentityKind): string | undefined =>
  kind === 'deliver' ? clientId : identities[kind]?.clientId

function desiredRole(
  { role, at, underCondition }: KindRole,
  environment: SetupEnvironment,
): readonly DesiredRole[] {
  const scope = scopeOf(at, environment)
  if (scope === undefined) return []
  const found = 'own' in role ? ownRole(ownRoles[role.own], environment) : role
  if (found === undefined) return []
  const { id, name } = found
  return [{ id, name, scope, ...(underCondition && { condition: environment.condition }) }]
}

/** Undefined where the environment has no such place. */
function scopeOf(
  at: RolePlace,
  { factory, resourceGroup, hasEligible }: SetupEnvironment,
): string | undefined {
  switch (at) {
    case 'subscription':
      return subscriptionScope(factory)
    case 'subscriptionOfEligible':
      return hasEligible ? subscriptionScope(factory) : undefined
    case 'commonGroup':
      return resourceGroup.id
    case 'dnsHub':
      return factory.dns.mode === 'hub'
        ? `/subscriptions/${factory.dns.subscriptionId}/resourceGroups/${factory.dns.resourceGroup}`
        : undefined
  }
}
