import type { StoredResource } from '../../contracts.ts'
import { type Address, parseAddress } from '../address.ts'
import { answerOf, type Poll } from '../answers.ts'
import { isNotModified } from '../conditions.ts'
import { badRequest, groupNotFound, resourceNotFound, subscriptionNotFound } from '../errors.ts'
import { isRecord, memberOf, mergePatch } from '../json.ts'
import { removeGroup } from '../resource-groups.ts'
import { forgetDeleted } from '../soft-delete/deleted-resources.ts'
import { softDeleteKindOf } from '../soft-delete/kinds.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'

/** Types whose DELETE answers with what was deleted. */
const answersWithResource = new Set(
  ['roleassignments', 'roledefinitions', 'policyassignments'].map(
    (kind) => `microsoft.authorization/${kind}`,
  ),
)

/** One resource by its id: GET, HEAD, PUT, PATCH, DELETE. */
export const resourceHandler: Handler = async (request, context) => {
  const address = parseAddress(request.path)
  if (address === undefined) return undefined
  checkSubscription(address.subscriptionId, context)
  switch (request.method) {
    case 'GET':
      return show(request, context)
    case 'HEAD':
      return answerHead(request, context)
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
  return isNotModified(resource, request.ifNoneMatch)
    ? new Response(null, { status: 304, headers: { ETag: String(resource['etag']) } })
    : resourceResponse(resource, 200)
}

function answerHead(request: ArmRequest, context: ArmContext): Response {
  const address = parseAddress(request.path)
  if (address === undefined) return new Response(null, { status: 404 })
  requireRight(context, request.caller, address.id, `${address.type}/read`)
  return new Response(null, { status: context.engine.get(address.id) === undefined ? 404 : 204 })
}

/** What a PATCH makes of the resource as a reader sees it, its children included. */
async function patched(request: ArmRequest, context: ArmContext): Promise<Record<string, unknown>> {
  const address = parseAddress(request.path)
  if (address === undefined) throw badRequest('InvalidResourceId', request.path)
  const before = context.engine.get(address.id)
  if (before === undefined) {
    requireRight(context, request.caller, address.id, `${address.type}/write`)
    throw resourceNotFound(address)
  }
  const patch = await request.body()
  const merged = mergePatch(before, patch)
  if (!isRecord(merged)) return {}
  // Tags are replaced as a whole by a PATCH of a resource, unlike its properties.
  const tags = memberOf(patch, 'tags')
  return tags === undefined ? merged : { ...merged, tags }
}

async function write(
  request: ArmRequest,
  context: ArmContext,
  body: Record<string, unknown>,
): Promise<Response> {
  const { ifMatch, ifNoneMatch } = request
  const how = { ifMatch, ifNoneMatch, isPatch: request.method === 'PATCH' }
  const begun = context.engine.begin(request.path, request.apiVersion, body, request.caller, how)
  const { resource, created } = begun
  const change = how.isPatch ? 'patch' : created ? 'create' : 'update'
  const [status, poll] = answerOf(resource.type, change)
  if (poll === undefined) return resourceResponse(await begun.finish(), status)
  const subscription = parseAddress(resource.id)?.subscriptionId ?? ''
  const { headers } = context.operations.begin(subscription, request.caller, async () => ({
    status: 'Succeeded',
    result: await begun.finish(),
  }))
  const polled = pollHeaders(headers, poll)
  return status === 202
    ? new Response(null, { status, headers: polled })
    : resourceResponse(resource, status, polled)
}

/** Of the headers of an operation those that lead the client to where it asks. */
function pollHeaders(
  {
    'Azure-AsyncOperation': operation = '',
    Location: location = '',
    ...rest
  }: Readonly<Record<string, string>>,
  poll: Poll,
): Readonly<Record<string, string>> {
  if (poll === 'resource') return rest
  return {
    ...rest,
    ...(poll === 'location' ? {} : { 'Azure-AsyncOperation': operation }),
    ...(poll === 'operation' ? {} : { Location: location }),
  }
}

async function remove(request: ArmRequest, context: ArmContext): Promise<Response> {
  const address = parseAddress(request.path)
  const resource = context.world.store.get(request.path)
  const isGroup = address?.type === 'Microsoft.Resources/resourceGroups'
  const removal = isGroup
    ? removeGroup(request.path, request.caller, context)
    : context.engine.beginRemoval(request.path, request.caller, request.ifMatch, purges(request, address))
  if (removal === undefined) {
    if (isGroup) throw groupNotFound(address.name)
    if (address !== undefined) {
      // Azure authorizes before it looks whether there is anything.
      requireRight(context, request.caller, address.id, `${address.type}/delete`)
      if (purges(request, address)) forgetDeleted(address.id, context.world)
    }
    return new Response(null, { status: 204 })
  }
  const [status, poll] = answerOf(address?.type ?? '', 'remove')
  if (poll === undefined) {
    await removal.finish()
    return answersWithResource.has(address?.type.toLowerCase() ?? '')
      ? Response.json(resource)
      : new Response(null, { status })
  }
  const { headers } = context.operations.begin(address?.subscriptionId ?? '', request.caller, async () => {
    await removal.finish()
    return { status: 'Succeeded' }
  })
  return new Response(null, { status, headers: pollHeaders(headers, poll) })
}

/** Whether the DELETE says that nothing shall be kept softly. */
function purges(request: ArmRequest, address: Address | undefined): boolean {
  const parameter = softDeleteKindOf(address?.type ?? '')?.purgesAtOnce
  return parameter !== undefined && request.query.get(parameter)?.toLowerCase() === 'true'
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
