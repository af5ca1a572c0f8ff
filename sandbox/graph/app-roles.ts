import type { DirectoryStore } from '../entra/directory.ts'
import { graphPermission, graphPermissions } from '../entra/graph-permissions.ts'
import { graphAppId } from '../entra/graph-service-principal.ts'
import type { AppRoleAssignment, ServicePrincipal } from '../entra/model.ts'
import { demandAll, fits, readKnown, textOf } from './body.ts'
import { refusals } from './errors.ts'
import { type GraphContext, type GraphRequest, type GraphResponse, noContent, objectBody } from './http.ts'
import { respondWithMany, respondWithOne } from './query.ts'
import type { Representation } from './representation.ts'
import { appRoleAssignmentType } from './resource-types.ts'

const resource = 'AppRoleAssignment'
const noRole = '00000000-0000-0000-0000-000000000000'
const checks = { appRoleId: fits.text(36, 36), principalId: fits.text(36, 36), resourceId: fits.text(36, 36) }

/**
 * `/servicePrincipals/{id}/appRoleAssignments…`, what it was granted, and `…/appRoleAssignedTo…`, what it has granted.
 * Granting an application permission of Microsoft Graph this way takes effect.
 * https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 */
export function appRoleAssignments(
  context: GraphContext,
  request: GraphRequest,
  principal: ServicePrincipal,
  [name, id]: readonly string[],
): GraphResponse | undefined {
  if (name !== 'appRoleAssignments' && name !== 'appRoleAssignedTo') return undefined
  const { directory } = context
  const all = granted(directory).filter(({ holder, assignment }) =>
    name === 'appRoleAssignments' ? holder === principal : assignment.resourceId === principal.id,
  )
  const place = `servicePrincipals('${principal.id}')/${name}`
  if (request.method === 'GET') {
    const shown = all.map((one) => show(one, directory))
    if (id === undefined) return respondWithMany(request, shown, appRoleAssignmentType, place)
    const found = shown.find((one) => one['id'] === id)
    if (found === undefined) throw refusals.notFound(id)
    return respondWithOne(request, found, appRoleAssignmentType, `${place}/$entity`)
  }
  request.rights.demand('grantAppRole')
  if (request.method === 'POST' && id === undefined) return grant(context, request, principal, name)
  if (request.method !== 'DELETE' || id === undefined) throw refusals.noMethod(request.method)
  const found = all.find(({ assignment }) => assignment.id === id)
  if (found === undefined) throw refusals.notFound(id)
  directory.update(found.holder, {
    appRoleAssignments: (found.holder.appRoleAssignments ?? []).filter((one) => one.id !== id),
    graphRoles: (found.holder.graphRoles ?? []).filter((name) => seededId(found.holder, name) !== id),
  })
  return noContent
}

interface Granted {
  readonly holder: ServicePrincipal
  readonly assignment: AppRoleAssignment
}

const granted = (directory: DirectoryStore): readonly Granted[] =>
  directory.state.servicePrincipals.flatMap((holder) =>
    [...(holder.appRoleAssignments ?? []), ...seeded(holder, directory)].map((assignment) => ({
      holder,
      assignment,
    })),
  )

const seededId = (holder: ServicePrincipal, name: string): string => `${holder.id}_${name}`

/** What a seed grants by name, as Graph would have kept it. */
const seeded = (holder: ServicePrincipal, directory: DirectoryStore): readonly AppRoleAssignment[] =>
  (holder.graphRoles ?? []).flatMap((name) => {
    const [, appRoleId] = Object.entries(graphPermissions).find(([known]) => known === name) ?? []
    const resourceId = directory.servicePrincipalOf(graphAppId)?.id
    return appRoleId === undefined || resourceId === undefined
      ? []
      : [{ id: seededId(holder, name), appRoleId, resourceId, createdDateTime: '2026-01-01T00:00:00Z' }]
  })

function grant(
  { directory, clock, identifiers }: GraphContext,
  request: GraphRequest,
  principal: ServicePrincipal,
  name: 'appRoleAssignments' | 'appRoleAssignedTo',
): GraphResponse {
  const body = readKnown(objectBody(request), checks, resource)
  demandAll(body, ['principalId', 'resourceId', 'appRoleId'], resource)
  const [principalId, resourceId, appRoleId] = [
    body['principalId'],
    body['resourceId'],
    body['appRoleId'],
  ].map(textOf)
  if (principal.id !== (name === 'appRoleAssignments' ? principalId : resourceId)) {
    throw refusals.badRequest(`The ${name} of '${principal.id}' must name it.`)
  }
  const holder = directory.lookup(principalId ?? '')
  const offering = directory.lookup(resourceId ?? '')
  if (holder?.kind !== 'ServicePrincipal') throw refusals.notFound(principalId ?? '')
  if (offering?.kind !== 'ServicePrincipal') throw refusals.notFound(resourceId ?? '')
  if (!offers(offering.value, appRoleId ?? '')) {
    throw refusals.badRequest('Permission being assigned was not found on application')
  }
  const before = holder.value.appRoleAssignments ?? []
  if (
    [...before, ...seeded(holder.value, directory)].some(
      (one) => one.appRoleId === appRoleId && one.resourceId === resourceId,
    )
  ) {
    throw refusals.badRequest('Permission being assigned already exists on the object')
  }
  const made: AppRoleAssignment = {
    id: identifiers.uuid(),
    appRoleId: appRoleId ?? '',
    resourceId: offering.value.id,
    createdDateTime: clock.now().toISOString(),
  }
  directory.update(holder.value, { appRoleAssignments: [...before, made] })
  const shown = show({ holder: holder.value, assignment: made }, directory)
  return respondWithOne(
    request,
    shown,
    appRoleAssignmentType,
    `servicePrincipals('${principal.id}')/${name}/$entity`,
    201,
  )
}

function offers(principal: ServicePrincipal, appRoleId: string): boolean {
  if (appRoleId === noRole) return true
  return principal.appId === graphAppId && graphPermission(appRoleId) !== undefined
}

const show = ({ holder, assignment }: Granted, directory: DirectoryStore): Representation => ({
  id: assignment.id,
  deletedDateTime: null,
  appRoleId: assignment.appRoleId,
  createdDateTime: assignment.createdDateTime,
  principalDisplayName: holder.displayName,
  principalId: holder.id,
  principalType: 'ServicePrincipal',
  resourceDisplayName: directory.lookup(assignment.resourceId)?.value.displayName ?? '',
  resourceId: assignment.resourceId,
})
