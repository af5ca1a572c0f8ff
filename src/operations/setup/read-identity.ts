import type { Application } from '../../azure/applications.ts'
import { unlessForbidden } from '../../azure/failure.ts'
import type { PrincipalRole } from '../../azure/principal-roles.ts'
import type { ServicePrincipal } from '../../azure/service-principals.ts'
import { setupRoles } from '../../catalog/facts/setup-roles.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import type {
  ActualIdentity,
  CredentialHolder,
  GrantedPermission,
  HeldRole,
  IdentityId,
} from '../../setup/actual-setup.ts'
import type { DesiredIdentity, DesiredSetup } from '../../setup/desired-setup.ts'
import { isRightCondition } from '../delivery-condition.ts'
import type { SetupServices } from './setup-services.ts'
import type { SetupTarget } from './setup-target.ts'

/** What there is of an identity: what factory.yml names, else an application of its name that a run left behind. */
export async function readIdentity(
  desired: DesiredIdentity,
  target: SetupTarget,
  { identities }: DesiredSetup,
  services: SetupServices,
): Promise<(ActualIdentity & IdentityId) | undefined> {
  const application = await findApplication(desired, services)
  const clientId = desired.clientId ?? application?.clientId
  if (clientId === undefined) return undefined
  const principal = await services.principals.withClientId(clientId)
  const holder = holderOf(application, principal)
  if (holder === undefined) throw unknownIdentity(desired, target)
  const scopes = placesOf(target, identities)
  const [credentials, permissions, roles] = await Promise.all([
    readCredentials(holder, services),
    principal === undefined ? [] : readPermissions(principal, services),
    principal === undefined ? [] : readRoles(principal, scopes, services),
  ])
  return {
    environment: desired.environment,
    kind: desired.kind,
    clientId,
    displayName: application?.displayName ?? principal?.displayName ?? clientId,
    holder,
    credentials,
    owners: application?.owners ?? [],
    secrets: application?.secrets ?? 0,
    objectId: principal?.objectId,
    permissions,
    roles,
  }
}

/** Where identities may hold roles: in every subscription of the factory, and wherever else they should. */
function placesOf({ environments }: SetupTarget, identities: readonly DesiredIdentity[]): readonly string[] {
  const own = environments.map(({ factory }) => `/subscriptions/${factory.subscriptionId}`)
  const wanted = identities.flatMap(({ roles }) => roles.map(({ scope }) => scope))
  const outside = wanted.filter((scope) => !own.some((subscription) => isWithin(scope, subscription)))
  return [...new Set([...own, ...outside])]
}

/** The application that factory.yml names; else the only one of the name, when nothing is strange about it. */
async function findApplication(
  { clientId, name, credential }: DesiredIdentity,
  { applications, principals, self }: SetupServices,
): Promise<Application | undefined> {
  if (clientId !== undefined) return applications.withClientId(clientId)
  const found = await applications.named(name)
  const [first, second] = found
  if (first === undefined) return undefined
  const credentials = await applications.credentials(first.objectId)
  const isOurs =
    second === undefined &&
    first.secrets === 0 &&
    first.owners.every((owner) => sameText(owner, self ?? '')) &&
    credentials.every(({ issuer, subject }) => issuer === credential.issuer && subject === credential.subject)
  // Nobody owns what an Application Administrator registers. Whoever owns its service principal could sign in with it, too.
  const isOwned = first.owners.length > 0
  if (isOurs && (isOwned || (await principals.withClientId(first.clientId)) === undefined)) return first
  throw strangeApplication(name, found)
}

const strangeApplication = (name: string, found: readonly Application[]): UserError =>
  new UserError({
    what: `There is already an application of the name '${name}': ${found.map(({ clientId }) => clientId).join(', ')}.`,
    why: 'Anybody may register an application under any name. This one has other owners, secrets, or credentials than set-up gives it, so somebody else could sign in with it.',
    fix: 'If it is yours, write its client id into factory.yml, and run set-up again. If it is not, have it deleted.',
  })

const holderOf = (
  application: Application | undefined,
  principal: ServicePrincipal | undefined,
): CredentialHolder | undefined => {
  if (application !== undefined) return { kind: 'application', objectId: application.objectId }
  const resourceId = principal?.managedIdentityId
  return resourceId === undefined ? undefined : { kind: 'managedIdentity', resourceId }
}

function unknownIdentity(
  { environment, kind, clientId }: DesiredIdentity,
  { manifest }: SetupTarget,
): UserError {
  const key = kind === 'deliver' ? 'clientId' : `identities.${kind}.clientId`
  return new UserError({
    what: `The tenant has neither an application nor a managed identity with the client id ${clientId}.`,
    where: manifest.at(`environments.${environment}.${key}`),
    why: 'It was deleted, or it is an object id, or of another tenant.',
    fix: 'Correct it; or remove the line, and set-up registers a new application.',
  })
}

const readCredentials = (
  holder: CredentialHolder,
  { applications, managedCredentials }: SetupServices,
): Promise<ActualIdentity['credentials']> =>
  holder.kind === 'application'
    ? applications.credentials(holder.objectId)
    : unlessForbidden(() => managedCredentials.list(holder.resourceId), [])

/** Permissions of Microsoft Graph. Those of other services are nothing of a factory's. */
async function readPermissions(
  { objectId }: ServicePrincipal,
  { principals, graph }: SetupServices,
): Promise<readonly GrantedPermission[]> {
  const names = new Map([...graph.permissionIds].map(([name, id]) => [id, name]))
  const grants = await principals.grants(objectId)
  return grants
    .filter(({ resourceId }) => sameText(resourceId, graph.objectId))
    .map(({ id, appRoleId }) => ({ id, name: names.get(appRoleId) ?? appRoleId }))
}

/** What it holds in the subscriptions of all environments. */
async function readRoles(
  { objectId }: ServicePrincipal,
  scopes: readonly string[],
  { roles }: SetupServices,
): Promise<readonly HeldRole[]> {
  const found = await Promise.all(
    scopes.map((scope) => unlessForbidden(() => roles.heldBy(objectId, scope), [])),
  )
  const distinct = new Map(
    found.flat().map((role) => [`${role.scope} ${role.assignment}`.toLowerCase(), role]),
  )
  return [...distinct.values()].map((role) => ({ ...role, condition: conditionOf(role) }))
}

function conditionOf({ condition, roleId }: PrincipalRole): HeldRole['condition'] {
  if (condition === '') return 'none'
  const isAdministrator = sameText(roleId, setupRoles['Role Based Access Control Administrator'])
  return isAdministrator && isRightCondition(condition) ? 'right' : 'other'
}
