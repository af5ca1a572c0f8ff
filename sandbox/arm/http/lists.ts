import type { StoredResource } from '../../contracts.ts'
import { parseAddress, sameId } from '../address.ts'
import { badRequest, groupNotFound, refusal } from '../errors.ts'
import { isPublished } from '../gate/types.ts'
import { at, record, text } from '../json.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { type Condition, holds, parseFilter } from './filter.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const groupType = 'Microsoft.Resources/resourceGroups'
const root = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?\/(resourceGroups|resources)$/i
const typed = /^(.*)\/providers\/([^/]+)\/(.+)$/i

/** Lists: resource groups, resources with filters, resources of one type, children. */
export const listHandler: Handler = async (request, context) => {
  if (request.method !== 'GET') return undefined
  const match = root.exec(request.path)
  if (match !== null) {
    checkSubscription(match[1], context)
    const isGroups = match[3]?.toLowerCase() === 'resourcegroups'
    return isGroups ? listGroups(request, context) : listResources(request, context)
  }
  return listOfType(request, context)
}

function listGroups(request: ArmRequest, context: ArmContext): Response {
  const subscription = request.path.slice(0, request.path.lastIndexOf('/'))
  const conditions = conditionsOf(request)
  const groups = context.world.store
    .ofType(groupType)
    .filter((group) => group.id.toLowerCase().startsWith(`${subscription.toLowerCase()}/`))
    .filter((group) => isReadable(group, request, context) && matches(group, conditions))
  return page(groups.map(context.engine.render), request.exchange)
}

function listResources(request: ArmRequest, context: ArmContext): Response {
  const scope = request.path.slice(0, request.path.lastIndexOf('/'))
  checkGroup(scope, context)
  const conditions = conditionsOf(request)
  const resources = context.world.store
    .within(scope)
    .filter(isTracked)
    .filter((resource) => isReadable(resource, request, context) && matches(resource, conditions))
  const expanded = request.query.get('$expand') ?? ''
  return page(
    resources.map((resource) => expand(resource, expanded)),
    request.exchange,
  )
}

/** A list is short: https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group */
function expand(resource: StoredResource, expanded: string) {
  if (expanded.includes('properties')) return resource
  const { provisioningState } = resource.properties ?? {}
  return {
    ...summary(resource),
    ...(expanded.includes('provisioningState') && { provisioningState }),
  }
}

/** Azure lists what has a location: resources of their own, not parts of others, nor groups. */
function isTracked(resource: StoredResource): boolean {
  const extension = parseAddress(resource.id)?.extension === true
  return resource.location !== undefined && resource.type !== groupType && !extension
}

function summary(resource: StoredResource) {
  const { properties: _properties, etag: _etag, ...rest } = resource
  return rest
}

function listOfType(request: ArmRequest, context: ArmContext): Response | undefined {
  const match = typed.exec(request.path)
  if (match === null) return undefined
  const [, scope = '', namespace = '', rest = ''] = match
  const segments = rest.split('/')
  if (segments.length % 2 === 0) return undefined
  const type = [namespace, ...segments.filter((_, index) => index % 2 === 0)].join('/')
  if (!isPublished(type)) return undefined
  checkSubscription(/^\/subscriptions\/([^/]+)/i.exec(scope)?.[1], context)
  checkGroup(scope, context)
  const parent = segments.length > 1 ? request.path.slice(0, request.path.lastIndexOf('/')) : undefined
  const place = parent ?? scope
  requireRight(context, request.caller, place, `${type}/read`)
  if (parent !== undefined && context.engine.get(parent) === undefined) {
    const address = parseAddress(parent)
    throw refusal(
      404,
      'ParentResourceNotFound',
      `Failed to perform 'read' on resource(s) of type '${type.slice(type.indexOf('/') + 1)}', because the parent resource '${address?.id ?? parent}' could not be found.`,
    )
  }
  const found = context.world.store
    .ofType(type)
    .filter((resource) => liesIn(resource, place, parent !== undefined))
    .map(context.engine.render)
  return page(found, request.exchange)
}

/** https://learn.microsoft.com/rest/api/resources/management-locks/list-at-subscription-level */
const isLock = ({ type }: StoredResource): boolean => type === 'Microsoft.Authorization/locks'

/**
 * A child lies in its parent directly; an extension in exactly what it extends, unless it is a lock; all else anywhere
 * below the scope.
 */
function liesIn(resource: StoredResource, place: string, isChildList: boolean): boolean {
  const address = parseAddress(resource.id)
  if (address === undefined) return false
  if (isChildList) return sameId(address.parent, place)
  if (address.extension && !isLock(resource)) return sameId(address.scope, place)
  return `${address.scope.toLowerCase()}/`.startsWith(`${place.toLowerCase()}/`)
}

/** Throws when the scope is in a resource group that does not exist. */
export function checkGroup(scope: string, context: ArmContext): void {
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(scope)
  if (group !== null && context.world.store.get(group[0]) === undefined) throw groupNotFound(group[1] ?? '')
}

function isReadable(resource: StoredResource, request: ArmRequest, context: ArmContext): boolean {
  return context.authorization.allows(request.caller, resource.id, `${resource.type}/read`)
}

function conditionsOf(request: ArmRequest): readonly Condition[] {
  const filter = request.query.get('$filter')
  const conditions = parseFilter(filter)
  if (conditions === undefined)
    throw badRequest(
      'InvalidFilterInQueryString',
      `Invalid $filter '${filter ?? ''}' specified in the query string.`,
    )
  return conditions
}

function matches(resource: StoredResource, conditions: readonly Condition[]): boolean {
  const tagName = conditions.find((condition) => condition.kind === 'equals' && condition.key === 'tagname')
  return conditions.every((condition) => {
    if (condition.kind === 'call') return true
    const tags = record(resource.tags)
    switch (condition.key) {
      case 'tagname':
        return Object.keys(tags).some((key) => holds(condition, key))
      case 'tagvalue':
        return Object.entries(tags).some(
          ([key, value]) => (tagName === undefined || holds(tagName, key)) && holds(condition, text(value)),
        )
      case 'resourcetype':
        return holds(condition, resource.type)
      case 'resourcegroup':
        return holds(condition, parseAddress(resource.id)?.resourceGroup)
      default:
        return holds(condition, text(at(resource, condition.key)))
    }
  })
}
