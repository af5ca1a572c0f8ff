import type { DirectoryStore } from '../entra/directory.ts'
import type { ServicePrincipal } from '../entra/model.ts'
import { appRoleAssignments } from './app-roles.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  type Key,
  noContent,
  objectBody,
} from './http.ts'
import { memberGroups } from './member-groups.ts'
import { owners } from './owners.ts'
import { passwords } from './passwords.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { memberships } from './relationships.ts'
import { showServicePrincipal } from './representation.ts'
import { servicePrincipalType } from './resource-types.ts'

const details = {
  alternativeNames: fits.texts,
  appRoleAssignmentRequired: fits.flag,
  description: fits.nullableText(1024),
  homepage: fits.nullableText(1024),
  loginUrl: fits.nullableText(1024),
  notes: fits.nullableText(1024),
  notificationEmailAddresses: fits.texts,
  preferredSingleSignOnMode: fits.nullableText(64),
  replyUrls: fits.texts,
  tags: fits.texts,
}

/** https://learn.microsoft.com/graph/api/resources/serviceprincipal#properties */
const checks = {
  ...details,
  accountEnabled: fits.flag,
  appId: fits.text(36, 36),
  displayName: fits.text(256, 1),
}

/** `/servicePrincipals…`: by object id, by client id in parentheses, or filtered. */
export function servicePrincipals(
  context: GraphContext,
  request: GraphRequest,
  key: Key | undefined,
  rest: readonly string[],
): GraphResponse {
  const { directory } = context
  const show = (principal: ServicePrincipal) => showServicePrincipal(principal, directory.state)
  if (key === undefined || key.value === '$count') {
    if (request.method === 'POST' && key === undefined) return create(context, request)
    demandRead(request)
    request.rights.demand('readApplication')
    const all = directory.servicePrincipals().map(show)
    return key
      ? respondWithCount(request, all, servicePrincipalType)
      : respondWithMany(request, all, servicePrincipalType, 'servicePrincipals')
  }
  request.rights.demand('readApplication')
  const principal = find(directory.servicePrincipals(), key)
  if (rest.length === 0) return item(directory, request, principal)
  const target = { kind: 'ServicePrincipal', value: principal } as const
  return (
    appRoleAssignments(context, request, principal, rest) ??
    passwords(context, request, target, rest) ??
    owners(context, request, target, rest) ??
    memberGroups(directory, request, principal.id, rest) ??
    memberships(directory, request, principal.id, rest)
  )
}

function find(all: readonly ServicePrincipal[], key: Key): ServicePrincipal {
  const property = key.property === 'appId' ? 'appId' : 'id'
  const principal = all.find((candidate) => candidate[property].toLowerCase() === key.value.toLowerCase())
  if (!principal) throw refusals.notFound(key.value)
  return principal
}

function item(directory: DirectoryStore, request: GraphRequest, principal: ServicePrincipal): GraphResponse {
  if (request.method === 'GET') {
    const shown = showServicePrincipal(principal, directory.state)
    return respondWithOne(request, shown, servicePrincipalType, 'servicePrincipals/$entity')
  }
  const target = { kind: 'ServicePrincipal', value: principal } as const
  request.rights.demand('changeApplication', target)
  if (request.method === 'DELETE') {
    if (principal.servicePrincipalType === 'ManagedIdentity') throw refusals.denied()
    directory.remove(target)
    return noContent
  }
  if (request.method !== 'PATCH') throw refusals.noMethod(request.method)
  const { displayName, accountEnabled, appId, ...others } = readKnown(
    objectBody(request),
    checks,
    'ServicePrincipal',
  )
  if (appId !== undefined && appId !== principal.appId) throw refusals.readOnly('appId', 'ServicePrincipal')
  directory.update(principal, {
    displayName: displayName === undefined ? principal.displayName : textOf(displayName),
    accountEnabled:
      accountEnabled === undefined ? (principal.accountEnabled ?? true) : accountEnabled === true,
    details: { ...principal.details, ...others },
  })
  return noContent
}

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-serviceprincipals */
function create({ directory, clock, identifiers }: GraphContext, request: GraphRequest): GraphResponse {
  const { rights } = request
  const body = readKnown(objectBody(request), checks, 'ServicePrincipal')
  demandAll(body, ['appId'], 'ServicePrincipal')
  const appId = textOf(body['appId'])
  const application = directory.application(appId)
  // Who may manage only its own applications makes service principals of those alone.
  const target = application && ({ kind: 'Application', value: application } as const)
  const isOwn = target !== undefined && rights.may('createApplication') && rights.owns(target)
  if (!isOwn) rights.demand('changeApplication', target)
  if (application === undefined) {
    throw refusals.badRequest(
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    )
  }
  if (directory.servicePrincipalOf(appId)) {
    throw refusals.conflict(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    )
  }
  const { accountEnabled, displayName, appId: _appId, ...others } = body
  const principal: ServicePrincipal = {
    id: identifiers.uuid(),
    appId,
    displayName: displayName === undefined ? application.displayName : textOf(displayName),
    servicePrincipalType: 'Application',
    accountEnabled: accountEnabled !== false,
    owners: application.owners ?? [],
    createdDateTime: clock.now().toISOString(),
    details: others,
  }
  directory.add({ kind: 'ServicePrincipal', value: principal })
  const shown = showServicePrincipal(principal, directory.state)
  return respondWithOne(request, shown, servicePrincipalType, 'servicePrincipals/$entity', 201)
}
