import { lastSegment } from '../address.ts'
import { refusal, subscriptionNotFound } from '../errors.ts'
import {
  deleteGroup,
  findGroup,
  groupNotFound,
  type ManagementGroup,
  managementGroups,
  subscriptionsIn,
  writeGroup,
} from '../governance/management-groups.ts'
import { managementGroupId, managementGroupType } from '../governance/scopes.ts'
import { at, text } from '../json.ts'
import { holdsAnyRole } from '../rbac/authorization.ts'
import { type ArmContext, type ArmRequest, demandRead, type Handler, requireRight } from './context.ts'
import { descendantsOf, showGroup, showMember } from './management-group-views.ts'

const path =
  /^\/providers\/Microsoft\.Management\/managementGroups(?:\/([^/]+)(?:\/(descendants|subscriptions)(?:\/([^/]+))?)?)?$/i
const deployment =
  /^(?:\/providers\/Microsoft\.Management\/managementGroups\/[^/]+)?\/providers\/Microsoft\.Resources\/(?:deployments|deploymentStacks)(?:\/|$)/i

/** Management groups, and what the tenant has in them. */
export const managementGroupHandler: Handler = async (request, context) => {
  if (deployment.test(request.path))
    throw refusal(
      404,
      'SandboxUnknownAddress',
      'The sandbox deploys to subscriptions and resource groups, not to management groups or the tenant.',
    )
  if (/^\/providers\/Microsoft\.Management\/getEntities$/i.test(request.path) && request.method === 'POST')
    return listEntities(request, context)
  const match = path.exec(request.path)
  if (match === null) return undefined
  const [, name, part, subscriptionId] = match
  if (name === undefined) return listGroups(request, context)
  if (part?.toLowerCase() === 'descendants') return listDescendants(name, request, context)
  if (part !== undefined) return ofSubscription(name, subscriptionId, request, context)
  return ofGroup(name, request, context)
}

const isVisible = (scope: string, { caller }: ArmRequest, { world, directory }: ArmContext): boolean =>
  holdsAnyRole(world.store, directory, caller, scope)

function listGroups(request: ArmRequest, context: ArmContext): Response {
  demandRead(request)
  const value = managementGroups(context.world)
    .filter(({ name }) => isVisible(managementGroupId(name), request, context))
    .map(({ name, displayName }) => ({
      id: managementGroupId(name),
      type: managementGroupType,
      name,
      properties: { tenantId: context.world.tenantId, displayName },
    }))
  return Response.json({ value })
}

async function ofGroup(
  name: string,
  request: ArmRequest,
  context: ArmContext,
): Promise<Response | undefined> {
  const { world } = context
  const scope = managementGroupId(name)
  const existing = findGroup(name, world)
  if (request.method === 'PUT' || request.method === 'PATCH') return write(name, existing, request, context)
  if (request.method === 'GET') {
    requireRight(context, request.caller, scope, `${managementGroupType}/read`)
    if (existing === undefined) throw groupNotFound(name)
    return Response.json(showGroup(existing, request.query, world))
  }
  if (request.method !== 'DELETE') return undefined
  requireRight(context, request.caller, scope, `${managementGroupType}/delete`)
  if (existing === undefined) return new Response(null, { status: 204 })
  deleteGroup(name, world)
  return new Response(null, { status: 200 })
}

/** PUT takes the whole, PATCH its two properties by names of their own. */
async function write(
  name: string,
  existing: ManagementGroup | undefined,
  request: ArmRequest,
  context: ArmContext,
): Promise<Response> {
  const { world } = context
  const right = (group: string) =>
    requireRight(context, request.caller, managementGroupId(group), `${managementGroupType}/write`)
  if (existing === undefined && request.method === 'PATCH') throw groupNotFound(name)
  const body = await request.body()
  const parentId = text(at(body, 'properties.details.parent.id')) ?? text(body['parentGroupId'])
  const parent = parentId === undefined ? undefined : lastSegment(parentId)
  right(existing?.name ?? parent ?? world.tenantId)
  if (parent !== undefined) right(parent)
  const displayName = text(at(body, 'properties.displayName')) ?? text(body['displayName'])
  writeGroup(name, { displayName, parent }, world)
  const written = findGroup(name, world)
  if (written === undefined) throw groupNotFound(name)
  return Response.json(showGroup(written, request.query, world))
}

function listDescendants(name: string, request: ArmRequest, context: ArmContext): Response {
  demandRead(request)
  requireRight(context, request.caller, managementGroupId(name), `${managementGroupType}/descendants/read`)
  if (findGroup(name, context.world) === undefined) throw groupNotFound(name)
  return Response.json({ value: descendantsOf(name, context.world) })
}

/** A subscription moves with the right on both management groups, and the right to assign roles on itself. */
async function ofSubscription(
  name: string,
  subscriptionId: string | undefined,
  request: ArmRequest,
  context: ArmContext,
): Promise<Response | undefined> {
  const { world } = context
  const scope = managementGroupId(name)
  const right = (verb: string, at = scope) =>
    requireRight(context, request.caller, at, `${managementGroupType}/subscriptions/${verb}`)
  if (findGroup(name, world) === undefined) throw groupNotFound(name)
  if (subscriptionId === undefined) {
    demandRead(request)
    right('read')
    return Response.json({ value: subscriptionsIn(name, world).map((one) => showMember(one, name, world)) })
  }
  const subscription = world.store.state.subscriptions[subscriptionId.toLowerCase()]
  if (subscription === undefined) throw subscriptionNotFound(subscriptionId)
  const present = managementGroupId(subscription.managementGroup ?? world.tenantId)
  const checkMember = () => {
    if (present.toLowerCase() !== scope.toLowerCase())
      throw groupNotFound(`${name}/subscriptions/${subscriptionId}`)
  }
  switch (request.method) {
    case 'GET':
      right('read')
      checkMember()
      return Response.json(showMember(subscription, name, world))
    case 'PUT':
      right('write')
      right('write', present)
      requireRight(
        context,
        request.caller,
        `/subscriptions/${subscriptionId}`,
        'Microsoft.Authorization/roleAssignments/write',
      )
      subscription.managementGroup = findGroup(name, world)?.name ?? name
      return Response.json(showMember(subscription, name, world))
    case 'DELETE':
      right('delete')
      checkMember()
      subscription.managementGroup = world.tenantId
      return new Response(null, { status: 200 })
    default:
      return undefined
  }
}

/** All that the caller sees of the tenant, with what lies above each. */
function listEntities(request: ArmRequest, context: ArmContext): Response {
  const { world } = context
  const chain = (scope: string) =>
    world.store
      .scopesAbove(scope)
      .slice(1, -1)
      .map((id) => findGroup(lastSegment(id), world)?.name ?? lastSegment(id))
      .reverse()
  const entity = (
    id: string,
    type: string,
    name: string,
    displayName: string,
    parent: string | undefined,
  ) => ({
    id,
    type,
    name,
    properties: {
      tenantId: world.tenantId,
      displayName,
      ...(parent === undefined ? {} : { parent: { id: managementGroupId(parent) } }),
      parentNameChain: chain(id),
      permissions: 'view',
    },
  })
  const groups = managementGroups(world).map(({ name, displayName, parent }) =>
    entity(managementGroupId(name), managementGroupType, name, displayName, parent),
  )
  const subscriptions = Object.values(world.store.state.subscriptions).map(
    ({ subscriptionId, displayName, managementGroup }) =>
      entity(
        `/subscriptions/${subscriptionId}`,
        '/subscriptions',
        subscriptionId,
        displayName,
        managementGroup ?? world.tenantId,
      ),
  )
  const value = [...groups, ...subscriptions].filter(({ id }) => isVisible(id, request, context))
  return Response.json({ value, count: value.length })
}
