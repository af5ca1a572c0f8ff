import { sameId } from '../address.ts'
import { badRequest } from '../errors.ts'
import { normaliseLocation, regions } from '../locations.ts'
import { computeReads } from '../reads/compute-reads.ts'
import { networkReads } from '../reads/network-reads.ts'
import type { Place, Read } from '../reads/read.ts'
import { serviceReads } from '../reads/service-reads.ts'
import { type ArmContext, type ArmRequest, type Handler, requireRight } from './context.ts'
import { checkGroup } from './lists.ts'
import { page } from './paging.ts'
import { checkSubscription } from './resources.ts'

const reads = new Map(
  [...networkReads, ...computeReads, ...serviceReads].map((read) => [read.path.toLowerCase(), read]),
)
const pattern =
  /^(?<subscription>\/subscriptions\/(?<subscriptionId>[^/]+))(?<group>\/resourceGroups\/[^/]+)?\/providers\/(?<namespace>[^/]+)(?:\/locations\/(?<location>[^/]+))?\/(?<what>[^/]+)(?:\/(?<one>[^/]+))?$/i

/** What a provider offers and counts in a subscription or a region: lists that are not of resources. */
export const providerReadHandler: Handler = async (request, context) => {
  const groups = pattern.exec(request.path)?.groups
  if (request.method !== 'GET' || groups === undefined) return undefined
  const { namespace = '', location, what = '', group = '', one } = groups
  const path = [namespace, ...(location === undefined ? [] : ['locations']), what].join('/')
  const read = reads.get(path.toLowerCase())
  if (read === undefined || (group !== '' && read.inGroups !== true)) return undefined
  const { subscription = '', subscriptionId = '' } = groups
  checkSubscription(subscriptionId, context)
  checkGroup(`${subscription}${group}`, context)
  requireRight(context, request.caller, `${subscription}${group}`, `${read.path}/read`)
  checkRegion(location, read)
  const place = {
    subscription,
    subscriptionId,
    location: normaliseLocation(location ?? ''),
    query: request.query,
  }
  return answer(read, place, one, request, context)
}

function checkRegion(location: string | undefined, { path }: Read): void {
  if (location === undefined || regions.some(([name]) => name === normaliseLocation(location))) return
  throw badRequest(
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and type '${path.slice(path.indexOf('/') + 1)}'. The supported locations are '${regions.map(([name]) => name).join(', ')}'.`,
  )
}

function answer(
  read: Read,
  place: Place,
  one: string | undefined,
  { exchange }: ArmRequest,
  { world }: ArmContext,
): Response | undefined {
  const found = read.answer(place, world)
  if (!Array.isArray(found)) return one === undefined ? Response.json(found) : undefined
  if (one === undefined) return page(found, exchange)
  const item = found.find(({ name }) => sameId(typeof name === 'string' ? name : name?.value, one))
  return item === undefined ? undefined : Response.json(item)
}
