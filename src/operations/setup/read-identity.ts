import type { Application } from '../../azure/applications.ts'
import type { DirectoryObject } from '../../azure/directory-objects.ts'
import { unlessForbidden } from '../../azure/failure.ts'
import type { PrincipalRole } from '../../azure/principal-roles.ts'
import type { ServicePrincipal } from '../../azure/principals.ts'
import { setupRoles } from '../../catalog/facts/setup-roles.ts'
import { UserError } from '../../diagnostics/user-error.ts'
import type { ResolvedFactory } from '../../manifest/resolved.ts'
import { isWithin, sameText } from '../../resource-id.ts'
import type {
  ActualIdentity,
  ActualSetup,
  CredentialPrincipal,
  GrantedPermission,
  HeldRole,
  IdentityId,
} from '../../setup/actual-setup.ts'
import type { DesiredIdentity, DesiredSetup } from '../../setup/desired-setup.ts'
import { isRightCondition } from '../delivery-condition.ts'
import type { SetupServices } from './setup-services.ts'
import type { SetupTarget } from './setup-target.ts'

/** What an identity is read in. */
interface Surroundings {
  readonly target: SetupTarget
  readonly desired: DesiredSetup
  readonly services: SetupServices
}

/** An application that may be ours. */
type Candidate =
  | { readonly kind: 'ours'; readonly application: Application }
  | { readonly kind: 'strange'; readonly clientIds: readonly string[] }

/**
 * The identities that are there: what factory.yml names, else an application of its name that a run left behind.
 * @throws UserError when factory.yml names one that is not there, or strange ones have the names of ours
 */
export async function readIdentities(
  target: SetupTarget,
  desired: DesiredSetup,
  services: SetupServices,
): Promise<ActualSetup['identities']> {
  const found = await Promise.all(
    desired.identities.map(async (one) => ({ one, candidate: await findApplication(one, services) })),
  )
  const strange = found.flatMap(({ one, candidate }) =>
    candidate?.kind === 'strange' ? [{ one, clientIds: candidate.clientIds }] : [],
  )
  if (strange.length > 0) throw strangeApplications(strange)
  const all = await Promise.all(
    found.map(({ one, candidate }) => {
      const application = candidate?.kind === 'ours' ? candidate.application : undefined
      return readIdentity(one, application, { target, desired, services })
    }),
  )
  return all.flatMap((one) => one ?? [])
}

async function readIdentity(
  desired: DesiredIdentity,
  application: Application | undefined,
  { target, desired: { identities }, services }: Surroundings,
): Promise<(ActualIdentity & IdentityId) | undefined> {
  const clientId = desired.clientId ?? application?.clientId
  if (clientId === undefined) return undefined
  const principal = await services.principals.withClientId(clientId)
  const signsIn = credentialPrincipal(application, principal)
  if (signsIn === undefined) throw unknownIdentity(desired, target)
  const scopes = placesOf(target, identities)
  const [credentials, ofPrincipal] = await Promise.all([
    readCredentials(signsIn, services),
    principal && readPrincipal(principal, scopes, factoryOf(target, desired), services),
  ])
  const { owners, hidden, ...held } = ofPrincipal ?? nothingHeld
  return {
    environment: desired.environment,
    kind: desired.kind,
    clientId,
    displayName: application?.displayName ?? principal?.displayName ?? clientId,
    principal: signsIn,
    credentials: credentials.found,
    hidden: [...credentials.hidden, ...hidden],
    owners: [
      ...(application?.owners ?? []).map((one) => ({ ...one, of: 'application' as const })),
      ...owners.map((one) => ({ ...one, of: 'servicePrincipal' as const })),
    ].map((one) => ({ ...one, isSelf: sameText(one.objectId, services.self ?? '') })),
    secrets: [
      ...(application?.secrets ?? []).map((one) => ({ ...one, of: 'application' as const })),
      ...(principal?.secrets ?? []).map((one) => ({ ...one, of: 'servicePrincipal' as const })),
    ],
    objectId: principal?.objectId,
    ...held,
  }
}

/** What there is of something; or that it may not be seen. */
interface Seen<Found> {
  readonly found: readonly Found[]
  readonly hidden: readonly string[]
}

/** Where somebody may not look, nothing is found, and `what` is hidden. */
async function seen<Found>(what: string, read: () => Promise<readonly Found[]>): Promise<Seen<Found>> {
  const found = await unlessForbidden(read, undefined)
  return found === undefined ? { found: [], hidden: [what] } : { found, hidden: [] }
}

type OfPrincipal = Pick<ActualIdentity, 'permissions' | 'roles' | 'directoryRoles' | 'hidden'> & {
  readonly owners: readonly DirectoryObject[]
}

const nothingHeld: OfPrincipal = { permissions: [], roles: [], directoryRoles: [], owners: [], hidden: [] }

/** What the service principal of an identity holds, and who owns it. */
async function readPrincipal(
  principal: ServicePrincipal,
  scopes: readonly string[],
  factory: ResolvedFactory | undefined,
  services: SetupServices,
): Promise<OfPrincipal> {
  const { principals } = services
  const [permissions, roles, owners, directoryRoles] = await Promise.all([
    readPermissions(principal, services),
    readRoles(principal, scopes, factory, services),
    principals.owners(principal.objectId),
    seen('roles in the directory', () => principals.directoryRoles(principal.objectId)),
  ])
  return {
    permissions,
    owners,
    roles: roles.found,
    directoryRoles: directoryRoles.found,
    hidden: [...roles.hidden, ...directoryRoles.hidden],
  }
}

const factoryOf = (
  { environments }: SetupTarget,
  { environment }: DesiredIdentity,
): ResolvedFactory | undefined =>
  environments.find(({ factory }) => factory.environment === environment)?.factory

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
): Promise<Candidate | undefined> {
  if (clientId !== undefined) {
    const application = await applications.withClientId(clientId)
    return application === undefined ? undefined : { kind: 'ours', application }
  }
  const found = await applications.named(name)
  const [first, second] = found
  if (first === undefined) return undefined
  const credentials = await applications.credentials(first.objectId)
  const isOurs =
    second === undefined &&
    first.secrets.length === 0 &&
    first.owners.every(({ objectId }) => sameText(objectId, self ?? '')) &&
    credentials.every(({ issuer, subject }) => issuer === credential.issuer && subject === credential.subject)
  const principal = isOurs ? await principals.withClientId(first.clientId) : undefined
  // Nobody owns what an Application Administrator registers. Whoever owns its service principal could sign in with it, too.
  const isPrincipalOurs =
    principal === undefined || (first.owners.length > 0 && principal.secrets.length === 0)
  if (isOurs && isPrincipalOurs) return { kind: 'ours', application: first }
  return { kind: 'strange', clientIds: found.map((one) => one.clientId) }
}

const strangeApplications = (
  strange: readonly { readonly one: DesiredIdentity; readonly clientIds: readonly string[] }[],
): UserError =>
  new UserError({
    what: `There are already applications of these names: ${strange.map(({ one, clientIds }) => `'${one.name}' (${clientIds.join(', ')})`).join('; ')}.`,
    why: 'Anybody may register an application under any name. These have other owners, secrets, or credentials than set-up gives them, so somebody else could sign in with them. A run of a colleague that broke off leaves such ones too.',
    fix: `Let whoever began go on. Or, where they are yours, write the client ids into factory.yml (${strange.map(({ one }) => keyOf(one)).join(', ')}) and run set-up again; where they are not, have them deleted.`,
  })

const keyOf = ({ environment, kind }: IdentityId): string =>
  kind === 'deliver'
    ? `environments.${environment}.clientId`
    : `environments.${environment}.identities.${kind}.clientId`

const credentialPrincipal = (
  application: Application | undefined,
  principal: ServicePrincipal | undefined,
): CredentialPrincipal | undefined => {
  if (application !== undefined) return { kind: 'application', objectId: application.objectId }
  const resourceId = principal?.managedIdentityId
  return resourceId === undefined ? undefined : { kind: 'managedIdentity', resourceId }
}

function unknownIdentity(desired: DesiredIdentity, { manifest }: SetupTarget): UserError {
  return new UserError({
    what: `The tenant has neither an application nor a managed identity with the client id ${desired.clientId}.`,
    where: manifest.at(keyOf(desired)),
    why: 'It was deleted, or it is an object id, or of another tenant.',
    fix: 'Correct it; or remove the line, and set-up registers a new application.',
  })
}

const readCredentials = (
  principal: CredentialPrincipal,
  { applications, managedCredentials }: SetupServices,
): Promise<Seen<ActualIdentity['credentials'][number]>> =>
  seen('federated credentials', () =>
    principal.kind === 'application'
      ? applications.credentials(principal.objectId)
      : managedCredentials.list(principal.resourceId),
  )

/** Permissions of Microsoft Graph, and of other services. */
async function readPermissions(
  { objectId }: ServicePrincipal,
  { principals, graph }: SetupServices,
): Promise<readonly GrantedPermission[]> {
  const names = new Map([...graph.permissionIds].map(([name, id]) => [id, name]))
  const grants = await principals.grants(objectId)
  return grants.map(({ id, appRoleId, resourceId, resourceName }) =>
    sameText(resourceId, graph.objectId)
      ? { id, name: names.get(appRoleId) ?? appRoleId, service: undefined }
      : { id, name: appRoleId, service: resourceName },
  )
}

/** What it holds in the subscriptions of all environments, and above them. */
async function readRoles(
  { objectId }: ServicePrincipal,
  scopes: readonly string[],
  factory: ResolvedFactory | undefined,
  { roles }: SetupServices,
): Promise<Seen<HeldRole>> {
  const places = await Promise.all(
    scopes.map((place) =>
      seen(`roles on ${place}`, async () =>
        (await roles.heldBy(objectId, place)).map((role) => ({ role, place })),
      ),
    ),
  )
  const held = Map.groupBy(
    places.flatMap(({ found }) => found),
    ({ role }) => `${role.scope} ${role.assignment}`.toLowerCase(),
  )
  const found = await Promise.all(
    [...held.values()].map(async (all): Promise<readonly HeldRole[]> => {
      const [first] = all
      if (first === undefined) return []
      const reach = await unlessForbidden(
        () => roles.reachOf(first.place, first.role.roleId),
        'changes' as const,
      )
      const seenFrom = all.map(({ place }) => place)
      return [{ ...first.role, condition: conditionOf(first.role, factory), reach, seenFrom }]
    }),
  )
  return { found: found.flat(), hidden: places.flatMap(({ hidden }) => hidden) }
}

function conditionOf(
  { condition, roleId }: PrincipalRole,
  factory: ResolvedFactory | undefined,
): HeldRole['condition'] {
  if (condition === '') return 'none'
  const isAdministrator = sameText(roleId, setupRoles['Role Based Access Control Administrator'])
  return isAdministrator && factory !== undefined && isRightCondition(condition, factory) ? 'right' : 'other'
}
