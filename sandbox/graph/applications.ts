import type { DirectoryStore } from '../entra/directory.ts'
import type { Application } from '../entra/model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { federatedCredentials } from './federated-credentials.ts'
import {
  demandRead,
  type GraphContext,
  type GraphRequest,
  type GraphResponse,
  type Key,
  noContent,
  objectBody,
} from './http.ts'
import { owners } from './owners.ts'
import { passwords } from './passwords.ts'
import { respondWithCount, respondWithMany, respondWithOne } from './query.ts'
import { showApplication } from './representation.ts'
import { applicationType } from './resource-types.ts'

const details = {
  api: fits.object,
  appRoles: fits.objects,
  description: fits.nullableText(1024),
  groupMembershipClaims: fits.nullableText(64),
  identifierUris: fits.texts,
  info: fits.object,
  isDeviceOnlyAuthSupported: fits.nullableFlag,
  isFallbackPublicClient: fits.nullableFlag,
  keyCredentials: fits.objects,
  notes: fits.nullableText(1024),
  optionalClaims: fits.object,
  parentalControlSettings: fits.object,
  publicClient: fits.object,
  requiredResourceAccess: fits.objects,
  serviceManagementReference: fits.nullableText(256),
  signInAudience: (value: unknown) => audiences.includes(String(value)),
  spa: fits.object,
  tags: fits.texts,
  web: fits.object,
}
const audiences = [
  'AzureADMyOrg',
  'AzureADMultipleOrgs',
  'AzureADandPersonalMicrosoftAccount',
  'PersonalMicrosoftAccount',
]

/** https://learn.microsoft.com/graph/api/resources/application#properties */
const checks = { ...details, displayName: fits.text(256, 1) }

/** `/applications…`: by object id, by client id in parentheses, or filtered. */
export function applications(
  context: GraphContext,
  request: GraphRequest,
  key: Key | undefined,
  rest: readonly string[],
): GraphResponse {
  const { directory } = context
  if (key === undefined || key.value === '$count') {
    if (request.method === 'POST' && key === undefined) return createApplication(context, request)
    demandRead(request)
    request.rights.demand('readApplication')
    const all = directory.state.applications.map(showApplication)
    return key
      ? respondWithCount(request, all, applicationType)
      : respondWithMany(request, all, applicationType, 'applications')
  }
  if (rest.length === 0) return applicationItem(directory, request, key)
  request.rights.demand('readApplication')
  const application = findApplication(directory, key)
  const target = { kind: 'Application', value: application } as const
  const answer =
    federatedCredentials(context, request, application, rest) ??
    passwords(context, request, target, rest) ??
    owners(context, request, target, rest)
  if (answer === undefined) throw refusals.noSegment(rest[0] ?? '')
  return answer
}

/** @throws GraphError 404 */
function findApplication(directory: DirectoryStore, key: Key): Application {
  const property = key.property === 'appId' ? 'appId' : 'id'
  const wanted = key.value.toLowerCase()
  const found = directory.state.applications.find((candidate) => candidate[property].toLowerCase() === wanted)
  if (!found) throw refusals.notFound(key.value)
  return found
}

function applicationItem(directory: DirectoryStore, request: GraphRequest, key: Key): GraphResponse {
  request.rights.demand('readApplication')
  const application = findApplication(directory, key)
  if (request.method === 'GET') {
    return respondWithOne(request, showApplication(application), applicationType, 'applications/$entity')
  }
  const target = { kind: 'Application', value: application } as const
  request.rights.demand('changeApplication', target)
  if (request.method === 'DELETE') {
    directory.remove(target)
    const principal = directory.servicePrincipalOf(application.appId)
    if (principal) directory.remove({ kind: 'ServicePrincipal', value: principal })
    return noContent
  }
  if (request.method !== 'PATCH') throw refusals.noMethod(request.method)
  const { displayName = application.displayName, ...changes } = readKnown(
    objectBody(request),
    checks,
    'Application',
  )
  demandUris(directory, changes, application)
  const principal = directory.servicePrincipalOf(application.appId)
  if (principal?.displayName === application.displayName) {
    directory.update(principal, { displayName: textOf(displayName) })
  }
  directory.update(application, {
    displayName: textOf(displayName),
    details: { ...application.details, ...changes },
  })
  return noContent
}

/** https://learn.microsoft.com/graph/api/application-post-applications */
function createApplication(
  { directory, clock, identifiers }: GraphContext,
  request: GraphRequest,
): GraphResponse {
  const { rights } = request
  rights.demand('createApplication')
  const body = readKnown(objectBody(request), checks, 'Application')
  demandAll(body, ['displayName'], 'Application')
  demandUris(directory, body, undefined)
  const { displayName, ...others } = body
  const isOwner = ownsWhatItCreates(request)
  const application: Application = {
    id: identifiers.uuid(),
    appId: identifiers.uuid(),
    displayName: textOf(displayName),
    details: others,
    owners: isOwner ? [rights.objectId] : [],
    createdDateTime: clock.now().toISOString(),
  }
  directory.add({ kind: 'Application', value: application })
  return respondWithOne(request, showApplication(application), applicationType, 'applications/$entity', 201)
}

/**
 * Members of the tenant, and whoever may manage only their own, own what they create. A role with the right to create any
 * makes nobody an owner, also of somebody who has both.
 * https://learn.microsoft.com/entra/identity/role-based-access-control/custom-available-permissions#applicationscreate
 */
const ownsWhatItCreates = ({ rights }: GraphRequest): boolean =>
  rights.isPerson ? !rights.hasRole(creatorsOfAny) : !rights.has('Application.ReadWrite.All')

const creatorsOfAny = [
  'Global Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
] as const

function demandUris(
  { state }: DirectoryStore,
  { identifierUris }: Readonly<Record<string, unknown>>,
  self: Application | undefined,
): void {
  if (!Array.isArray(identifierUris)) return
  const others = state.applications.filter((application) => application !== self)
  const taken = new Set(others.flatMap((application) => application.details?.['identifierUris'] ?? []))
  if (identifierUris.some((uri) => taken.has(uri))) {
    throw refusals.badRequest(
      'Another object with the same value for property identifierUris already exists.',
    )
  }
}
