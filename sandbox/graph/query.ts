import { refusals } from './errors.ts'
import { advancedPart, matches, parseFilter, propertiesOf } from './filter.ts'
import type { GraphRequest, GraphResponse } from './http.ts'
import type { Representation } from './representation.ts'
import type { ResourceType } from './resource-types.ts'

const defaultPage = 100
const maximumPage = 999

/** Answers with one object, as `$select` asks. `context` is what `@odata.context` names, e.g. `users/$entity`. */
export function respondWithOne(
  request: GraphRequest,
  object: Representation,
  type: ResourceType,
  context: string,
  status = 200,
): GraphResponse {
  const shown = selector(request, type)(object)
  return { status, body: { '@odata.context': `${request.root}/$metadata#${context}`, ...shown } }
}

/**
 * Answers with a page of a collection: filtered, searched, sorted, counted and selected as the query says.
 * https://learn.microsoft.com/graph/query-parameters, https://learn.microsoft.com/graph/aad-advanced-queries
 * @throws GraphError 400 for a query that Graph refuses
 */
export function respondWithMany(
  request: GraphRequest,
  objects: readonly Representation[],
  type: ResourceType,
  context: string,
): GraphResponse {
  const { query } = request
  const found = sorted(request, searched(request, filtered(request, objects, type)), type)
  const size = pageSize(query.get('$top'))
  const start = offset(query.get('$skiptoken'))
  const page = found.slice(start, start + size)
  const next = start + size < found.length ? nextLink(request, start + size) : undefined
  return {
    status: 200,
    body: {
      '@odata.context': `${request.root}/$metadata#${context}`,
      ...(isAdvanced(request) && { '@odata.count': found.length }),
      ...(next !== undefined && { '@odata.nextLink': next }),
      value: page.map(selector(request, type)),
    },
  }
}

/** Answers `…/$count` with the bare number. @throws GraphError 400 without `ConsistencyLevel: eventual` */
export function respondWithCount(
  request: GraphRequest,
  objects: readonly Representation[],
  type: ResourceType,
): GraphResponse {
  if (!isEventual(request)) throw refusals.needsAdvanced('Operator $count')
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain' },
    body: filtered(request, objects, type).length,
  }
}

function filtered(
  request: GraphRequest,
  objects: readonly Representation[],
  type: ResourceType,
): readonly Representation[] {
  const text = request.query.get('$filter')
  if (text === null) return objects
  const filter = parseFilter(text)
  const known = [...type.properties, ...type.onRequest]
  const unknown = propertiesOf(filter).find((property) => !known.includes(property))
  if (unknown !== undefined) throw refusals.unsupportedFilter(unknown, type.name)
  const advanced = advancedPart(filter)
  if (advanced !== undefined && !isAdvanced(request) && !request.address.includes('/$count')) {
    throw refusals.needsAdvanced(advanced)
  }
  return objects.filter((object) => matches(filter, object))
}

/** `$search="displayName:words"`: every word starts a word of the property. */
function searched(request: GraphRequest, objects: readonly Representation[]): readonly Representation[] {
  const text = request.query.get('$search')
  if (text === null) return objects
  if (!isEventual(request)) throw refusals.needsAdvanced('$search')
  const match = /^"([A-Za-z]+):(.*)"$/.exec(text.trim())
  if (!match) throw refusals.badRequest(`Syntax error in the $search clause ${text}.`)
  const [, property = '', words = ''] = match
  const wanted = wordsOf(words)
  return objects.filter((object) => {
    const present = wordsOf(String(object[property] ?? ''))
    return wanted.every((word) => present.some((candidate) => candidate.startsWith(word)))
  })
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

function sorted(
  request: GraphRequest,
  objects: readonly Representation[],
  type: ResourceType,
): readonly Representation[] {
  const text = request.query.get('$orderby')
  if (text === null) return objects
  const [property = '', direction = 'asc'] = text.trim().split(/\s+/)
  if (!type.properties.includes(property)) throw refusals.unsupportedFilter(property, type.name)
  if (request.query.has('$filter') && !isAdvanced(request))
    throw refusals.needsAdvanced('Sorting with a filter')
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1
  return objects.toSorted(
    (one, other) => sign * String(one[property]).localeCompare(String(other[property]), 'en'),
  )
}

function selector(request: GraphRequest, type: ResourceType): (object: Representation) => Representation {
  const text = request.query.get('$select')
  const wanted = text ? text.split(',').map((property) => property.trim()) : type.properties
  const unknown = wanted.find((property) => ![...type.properties, ...type.onRequest].includes(property))
  if (unknown !== undefined && type.name !== 'DirectoryObject') {
    throw refusals.badRequest(
      `Could not find a property named '${unknown}' on type 'microsoft.graph.${type.name}'.`,
    )
  }
  const names = new Set([...wanted, '@odata.type'])
  return (object) => Object.fromEntries(Object.entries(object).filter(([name]) => names.has(name)))
}

function pageSize(text: string | null): number {
  if (text === null) return defaultPage
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1 || size > maximumPage) throw refusals.invalidTop(text)
  return size
}

function offset(token: string | null): number {
  if (token === null) return 0
  const start = Number(Buffer.from(token, 'base64url').toString('utf8'))
  if (!Number.isInteger(start) || start < 0) throw refusals.badRequest('Invalid $skiptoken.')
  return start
}

function nextLink(request: GraphRequest, start: number): string {
  const query = new URLSearchParams(request.query)
  query.set('$skiptoken', Buffer.from(String(start)).toString('base64url'))
  return `${request.root}${request.address.replace(/\?.*$/, '')}?${query}`
}

function isEventual(request: GraphRequest): boolean {
  return request.headers.get('consistencylevel')?.toLowerCase() === 'eventual'
}

function isAdvanced(request: GraphRequest): boolean {
  return isEventual(request) && request.query.get('$count')?.toLowerCase() === 'true'
}
