import type { StoredResource } from '../../contracts.ts'
import { parseAddress } from '../address.ts'
import { durationOf } from '../durations.ts'
import { badRequest, groupNotFound, refusal, resourceNotFound, subscriptionNotFound } from '../errors.ts'
import { isRecord, mergePatch } from '../json.ts'
import { removeGroup } from '../resource-groups.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

/** One resource by its id: GET, HEAD, PUT, PATCH, DELETE. */
export const resourceHandler: Handler = async (request, context) => {
  const address = parseAddress(request.path)
  if (address === undefined) return undefined
  checkSubscription(address.subscriptionId, context)
  switch (request.method) {
    case 'GET':
      return show(request, context)
    case 'HEAD':
      return exists(request, context)
    case 'PUT':
      return write(request, context, await request.body())
    case 'PATCH':
      return write(request, context, await patched(request, context))
    case 'DELETE':
      return remove(request, context)
    default:
      return undefined
  }
}

/** Throws when the subscription is none of the sandbox's. */
export function checkSubscription(subscriptionId: string | undefined, context: ArmContext): void {
  if (subscriptionId === undefined) return
  if (context.world.store.state.subscriptions[subscriptionId.toLowerCase()] === undefined)
    throw subscriptionNotFound(subscriptionId)
}

function readable(request: ArmRequest, context: ArmContext): StoredResource {
  const address = parseAddress(request.path)
  if (address === undefined) throw badRequest('InvalidResourceId', `'${request.path}' is no resource id.`)
  requireRight(context, request.caller, address.id, `${address.type}/read`)
  const found = context.engine.get(address.id)
  if (found !== undefined) return found
  const group = `/subscriptions/${address.subscriptionId}/resourceGroups/${address.resourceGroup}`
  if (address.resourceGroup !== undefined && context.world.store.get(group) === undefined)
    throw groupNotFound(address.resourceGroup)
  throw resourceNotFound(address)
}

function show(request: ArmRequest, context: ArmContext): Response {
  const resource = readable(request, context)
  return resourceResponse(resource, 200)
}

function exists(request: ArmRequest, context: ArmContext): Response {
  const address = parseAddress(request.path)
  if (address === undefined) return new Response(null, { status: 404 })
  requireRight(context, request.caller, address.id, `${address.type}/read`)
  return new Response(null, { status: context.engine.get(address.id) === undefined ? 404 : 204 })
}

async function patched(request: ArmRequest, context: ArmContext): Promise<Record<string, unknown>> {
  const address = parseAddress(request.path)
  const before = context.world.store.get(request.path)
  if (before === undefined || address === undefined)
    throw address === undefined ? badRequest('InvalidResourceId', request.path) : resourceNotFound(address)
  const patch = await request.body()
  const merged = mergePatch(before, patch)
  if (!isRecord(merged)) return {}
  // Tags are replaced as a whole by a PATCH of a resource, unlike its properties.
  return patch['tags'] === undefined ? merged : { ...merged, tags: patch['tags'] }
}

async function write(
  request: ArmRequest,
  context: ArmContext,
  body: Record<string, unknown>,
): Promise<Response> {
  checkNoneMatch(request, context)
  const begun = context.engine.begin(request.path, request.apiVersion, body, request.caller, request.ifMatch)
  const { resource, created } = begun
  const status = created ? 201 : 200
  const duration = durationOf(resource.type)
  if (duration === undefined || (duration.create === 0 && created)) {
    return resourceResponse(await begun.finish(), status)
  }
  const subscription = parseAddress(resource.id)?.subscriptionId ?? ''
  const { headers } = context.operations.begin(subscription, request.caller, async () => ({
    status: 'Succeeded',
    result: await begun.finish(),
  }))
  if (duration.style === 'location' && created) {
    const { 'Azure-AsyncOperation': _status, ...rest } = headers
    return new Response(null, { status: 202, headers: rest })
  }
  const { Location: _result, ...rest } = headers
  return resourceResponse(resource, status, rest)
}

function checkNoneMatch(request: ArmRequest, context: ArmContext): void {
  if (request.ifNoneMatch === '*' && context.world.store.get(request.path) !== undefined)
    throw refusal(
      412,
      'PreconditionFailed',
      `The resource '${request.path}' exists already (If-None-Match: *).`,
    )
}

async function remove(request: ArmRequest, context: ArmContext): Promise<Response> {
  const address = parseAddress(request.path)
  const resource = context.world.store.get(request.path)
  const isGroup = address?.type === 'Microsoft.Resources/resourceGroups'
  const removal = isGroup
    ? removeGroup(request.path, request.caller, context)
    : context.engine.beginRemoval(request.path, request.caller, request.ifMatch)
  if (removal === undefined) {
    if (isGroup) throw groupNotFound(address.name)
    return new Response(null, { status: 204 })
  }
  if (durationOf(resource?.type ?? '') === undefined) {
    await removal.finish()
    return resource?.type === 'Microsoft.Authorization/roleAssignments'
      ? Response.json(resource)
      : new Response(null, { status: 200 })
  }
  const { headers } = context.operations.begin(address?.subscriptionId ?? '', request.caller, async () => {
    await removal.finish()
    return { status: 'Succeeded' }
  })
  if (!isGroup) return new Response(null, { status: 202, headers })
  const { 'Azure-AsyncOperation': _status, ...rest } = headers
  return new Response(null, { status: 202, headers: rest })
}

function resourceResponse(
  resource: StoredResource,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const etag = resource['etag']
  return Response.json(resource, {
    status,
    headers: { ...headers, ...(typeof etag === 'string' ? { ETag: etag } : {}) },
  })
}
